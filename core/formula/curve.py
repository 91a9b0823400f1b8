"""A formula of one variable as a curve, and where the curve has to be interrupted.

A curve has a gap where the formula has no value (``log(-1)``), where it is infinite (``1/0``), and
between two samples where it jumps: without that, ``1/w`` would be drawn with a vertical line. A
pole with one sign, as of ``1/w^2``, is a gap only where a sample hits it; its line leaves the
picture and comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula.evaluate import evaluate_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backprop_studio.core.formula.parse import Formula

GapReason: TypeAlias = Literal["undefined", "infinite", "jump"]

_HALVINGS = 48
"""A step between samples ends at the last digits of x."""

_SPLIT = 0.48
"""Not quite a half: a hole in the very middle, as of sin(w)/w, is not worth a gap."""

_ROUNDING = 1e-6
"""Changes below this share of the values are rounding, not a jump."""


@dataclass(frozen=True)
class Gap:
    """Where a curve is interrupted.

    Attributes
    ----------
    left, right : float
        From the last sample before it to the first behind it, or to the end of the curve.
    reason : {"undefined", "infinite", "jump"}
        nan, inf, or values that do not meet.
    """

    left: float
    right: float
    reason: GapReason


@dataclass(frozen=True)
class Curve:
    """Samples of a formula along one variable.

    Attributes
    ----------
    variable : str
        What runs along x.
    held : dict
        The values of the other variables.
    x, y : (K,) float64
        Samples; y is nan or inf where there is no value.
    pieces : tuple of (int, int)
        Index ranges to be drawn as one line each: ``x[start:stop]``.
    gaps : tuple of Gap
        What lies between and beside the pieces.
    """

    variable: str
    held: Mapping[str, float] = field(hash=False)
    x: Array
    y: Array
    pieces: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]


def sample_curve(
    formula: Formula,
    variable: str,
    low: float,
    high: float,
    *,
    count: int = 401,
    held: Mapping[str, float] | None = None,
) -> Curve:
    """Sample a formula along one variable, evenly, both ends included.

    Parameters
    ----------
    formula : Formula
        What is drawn.
    variable : str
        What runs.
    low, high : float
        From where to where.
    count : int
        How many samples, at least 2.
    held : mapping, optional
        Values of the other variables.

    Raises
    ------
    InputError
        If the range is empty or not finite.
    KeyError
        If a variable has no value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> curve = sample_curve(parse_formula("1/w", ["w"]), "w", -1, 1, count=10)
    >>> curve.pieces, curve.gaps[0].reason
    (((0, 5), (5, 10)), 'jump')
    """
    if not (np.isfinite(low) and np.isfinite(high) and np.isfinite(high - low) and low < high):
        text = N_("the range of {variable} is wrong: {low} to {high} is no range")
        bounds = {"low": f"{low:g}", "high": f"{high:g}"}
        raise InputError("curve.range", text, variable=variable, **bounds)
    held = {name: float(value) for name, value in (held or {}).items() if name != variable}

    def value(x: Array) -> Array:
        return evaluate_array(formula, {**held, variable: x})

    x = np.linspace(low, high, count)
    y = value(x)
    is_drawn = np.isfinite(y)
    has_jump = jumps(value, x, y)
    pieces = _pieces(is_drawn, has_jump)
    steps = [Gap(float(x[k]), float(x[k + 1]), "jump") for k in np.flatnonzero(has_jump)]
    gaps = sorted([*_holes(x, y), *steps], key=lambda gap: gap.left)
    return Curve(variable, held, frozen(x), frozen(y), pieces, tuple(gaps))


def jumps(value: Callable[[Array], Array], x: Array, y: Array) -> npt.NDArray[np.bool_]:
    """Return for each step between neighbours, shape (K - 1,), whether a function jumps in it.

    Every step is halved again and again, and the half in which more happens is kept. Where the
    formula is continuous nothing is left in the end; at a jump or a pole all of it is.

    Examples
    --------
    >>> x = np.array([-2.0, -1.0, 1.0])
    >>> jumps(np.sign, x, np.sign(x)).tolist()
    [False, True]
    """
    left, right, below, above = x[:-1], x[1:], y[:-1], y[1:]
    is_step = np.isfinite(below) & np.isfinite(above)
    change = np.abs(above - below)
    with np.errstate(all="ignore"):
        for _ in range(_HALVINGS):
            middle = left + (right - left) * _SPLIT
            between = value(middle)
            # Not a number in between is a hole too narrow for the samples: it wins at once.
            first = ~(np.abs(between - below) < np.abs(above - between))
            right, above = np.where(first, middle, right), np.where(first, between, above)
            left, below = np.where(first, left, middle), np.where(first, below, between)
        rest = np.abs(above - below)
        scale = np.maximum(np.abs(below), np.abs(above))
        is_smooth = np.isfinite(rest) & ((rest <= change / 2) | (rest <= _ROUNDING * scale))
    return np.asarray(is_step & ~is_smooth)


def _pieces(
    is_drawn: npt.NDArray[np.bool_], has_jump: npt.NDArray[np.bool_]
) -> tuple[tuple[int, int], ...]:
    drawn = np.flatnonzero(is_drawn)
    is_end = (np.diff(drawn) > 1) | has_jump[drawn[:-1]]
    runs = np.split(drawn, np.flatnonzero(is_end) + 1)
    return tuple((int(run[0]), int(run[-1]) + 1) for run in runs if len(run))


def _holes(x: Array, y: Array) -> Iterator[Gap]:
    """Find runs of samples without a value."""
    is_hole = ~np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_hole, [False])).astype(int)))
    for start, stop in edges.reshape(-1, 2):
        left, right = float(x[max(start - 1, 0)]), float(x[min(stop, len(x) - 1)])
        yield Gap(left, right, "undefined" if np.isnan(y[start:stop]).any() else "infinite")
