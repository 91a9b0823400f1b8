"""Jobs on a running Dask cluster, for work that one machine is too small for.

Dask brings the machines, the queue and the second try when one of them is lost. Here is what it
cannot know: which files travel with a job, that both sides must draw the same, and how a video
comes back.
"""
