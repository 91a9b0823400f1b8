"""Claims: what a lesson's sentence says became of the numbers, decided from the numbers alone.

A claim has a name and one verdict out of a closed set; every set has a place for what is easily
forgotten: equal, a gradient of zero, not yet arrived, one of one. The predicates are pure functions
of what a record holds, and compare numbers as they are shown, so that no sentence tells two apart
that are printed alike. A scene has one sentence for each verdict (``scenes/lesson/sentences.py``).
"""
