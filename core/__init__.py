"""The numbers: networks, data and training, computed by torch and handed out as frozen records.

Nothing here knows Manim or Qt. What parameters, networks and data are made of loads no torch, so
that the window can use the models without paying for it; :mod:`core.network.steps` and what
computes with it do.
"""
