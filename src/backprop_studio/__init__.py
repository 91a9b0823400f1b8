"""Backprop Studio turns the training of small neural networks into lecture videos.

The rooms, one below the other: ``gui`` and ``cli`` are what a person uses, ``render`` makes files,
``scenes`` draws, and ``core`` computes. In the repository they lie at the top; here is a link to
each.
"""
