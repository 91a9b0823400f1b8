"""Derivatives of formulas at a point: what chapter 1 is told with.

Every function takes a formula and a point, a mapping from each of its names to a number. Slopes
come from torch autograd; the secants that a lesson shows on the way to them are computed with the
same formula in the same float64. :mod:`core.derivatives.secants` has tangents and slices,
:mod:`core.derivatives.directions` the slopes to all sides, :mod:`core.derivatives.gradients` many
points at once, and :mod:`core.derivatives.differences` central differences over a ladder of steps.
:mod:`core.derivatives.records`, what they return, loads no torch.
"""
