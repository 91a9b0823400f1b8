"""Backprop Studio turns the training of small neural networks into lecture videos.

The rooms, one below the other: :mod:`~core` computes,
:mod:`~scenes` draws, :mod:`~render` makes files, and
:mod:`~gui` and :mod:`~cli` are what a person uses.
"""
