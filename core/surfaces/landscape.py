"""Landscapes to descend on: a differentiable value for every point, and fast on a whole grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.surfaces.ranges import checked_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.formula import Formula
    from backprop_studio.core.surfaces.ranges import Range
    from backprop_studio.core.surfaces.slices import NetworkSlice

Landscape: TypeAlias = "FormulaLandscape | NetworkSlice"
"""A loss over n coordinates, 1 or 2, and the part of it that a picture shows."""

_BLOCK = 2**18
"""Points that a formula is computed at together: a node of its tree then takes 2 MB, and the
deepest formula allowed stays below 256 MB."""


@dataclass(frozen=True)
class FormulaLandscape:
    """A formula of one variable as a curve, or of two as a surface.

    Attributes
    ----------
    formula : Formula
        The height.
    ranges : tuple of (float, float)
        Per variable what a picture shows.

    Raises
    ------
    ValueError
        If the formula has not as many variables as ranges.
    InputError
        If a range is empty or not finite.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> bowl = FormulaLandscape(parse_formula("x^2 + y^2", "xy"), ((-1, 1), (-1, 1)))
    >>> bowl.grid(np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0]))
    array([[ 0.,  1.,  4.],
           [ 9., 10., 13.]])
    """

    formula: Formula
    ranges: tuple[Range, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranges", checked_ranges(self.names, self.ranges))

    @property
    def names(self) -> tuple[str, ...]:
        """The formula's variables."""
        return self.formula.names

    def value(self, point: Tensor) -> Tensor:
        """Return the height at one point (n,), shape (), differentiable."""
        return evaluate(self.formula, dict(zip(self.names, point, strict=True)))

    def grid(self, x: Array, y: Array) -> Array:
        """Return the heights (ny, nx) over two axes, as they are: nan and inf where there are."""
        rows = max(1, _BLOCK // len(x))
        across = torch.tensor(x)[None, :]
        with torch.no_grad(), single_thread():
            blocks = [
                evaluate(self.formula, dict(zip(self.names, (across, part[:, None]), strict=True)))
                for part in torch.split(torch.tensor(y), rows)
            ]
            return np.array(torch.cat(blocks).numpy())


def differentiate(landscape: Landscape, leaf: Tensor) -> tuple[float, Tensor]:
    """Return value and gradient at a leaf, without touching its ``grad``.

    Parameters
    ----------
    landscape : Landscape
        What is differentiated.
    leaf : (n,) float64 tensor
        A point that requires a gradient.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import SurfaceParams
    >>> leaf = torch.tensor([3.0, 1.0], dtype=torch.float64, requires_grad=True)
    >>> value, slope = differentiate(SurfaceParams(name="bowl").landscape(), leaf)
    >>> value, slope.tolist()
    (10.0, [6.0, 2.0])
    """
    value = landscape.value(leaf)
    if not value.requires_grad:  # a formula without variables
        return value.item(), torch.zeros_like(leaf)
    (slope,) = torch.autograd.grad(value, leaf)
    return value.item(), slope


def gradient_at(landscape: Landscape, place: Sequence[float]) -> Array:
    """Return the gradient at a place, (n,).

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import SurfaceParams
    >>> gradient_at(SurfaceParams(name="bowl").landscape(), (3.0, 1.0))
    array([6., 2.])
    """
    leaf = torch.tensor(place, dtype=torch.float64, requires_grad=True)
    with single_thread():
        return frozen(differentiate(landscape, leaf)[1].numpy())


def first_outside(points: Array, ranges: Sequence[Range]) -> int | None:
    """Return the first of points (K, n) that is outside of the ranges, None if there is none.

    Examples
    --------
    >>> first_outside(np.array([[0.0], [2.0], [0.5]]), [(-1.0, 1.0)])
    1
    """
    low, high = np.array(ranges).T
    outside = ((points < low) | (points > high)).any(axis=1)
    return int(outside.argmax()) if outside.any() else None
