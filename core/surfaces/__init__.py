"""Surfaces to descend on: formulas, and the loss of a network as a slice of two dimensions.

A :class:`~core.surfaces.landscape.Landscape` is what can be descended on. There are two kinds: a
formula (:mod:`core.surfaces.landscape`, the well-known ones in :mod:`core.surfaces.named`), and the
loss of a network over two of its parameters or two random directions
(:mod:`core.surfaces.slices`). :mod:`core.surfaces.grid` samples one, :mod:`core.surfaces.descent`
lets points run down, :mod:`core.surfaces.sheet` writes both as an answer sheet, and
:mod:`core.surfaces.params` is what a form shows; that one and ``named`` load no torch.
"""
