"""Secants that close in on a tangent, and the slices of a surface along its variables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.derivatives.records import PartialsRecord, SecantsRecord
from backprop_studio.core.formula.curve import sample_curve
from backprop_studio.core.formula.point import along, check_finite, checked_point, derivative_at
from backprop_studio.core.formula.symbolic import symbolic_derivative
from backprop_studio.core.network.passes import single_thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.formula import Formula

_CLOSE, _CLOSER = 1e-4, 1e-6
"""Distances at which the slopes to either side are compared."""

_SHARE = 1e-8
"""Of a large variable: a smaller distance beside it would be lost in rounding."""

_SAME_SLOPE = 1e-7
"""A difference of slopes, as a share of them, that rounding alone explains."""

_EPSILON = float(np.finfo(float).eps)


def secants(
    formula: Formula, point: Mapping[str, float], eps: Iterable[float], variable: str | None = None
) -> SecantsRecord:
    """Return the tangent at a point and secants through it.

    Parameters
    ----------
    formula : Formula
        y.
    point : mapping
        A number for each name of the formula.
    eps : iterable of float
        How far the secants reach; not 0.
    variable : str, optional
        What moves; the formula's first name if not given.

    Raises
    ------
    InputError
        If the formula has no value or no finite slope at the point, or eps is 0 or not finite.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = secants(parse_formula("w^2", ["w"]), {"w": 3}, [0.02, 0.01])
    >>> record.y_eps.round(12).tolist(), record.slope, record.derivative.text
    ([9.1204, 9.0601], 6.0, '2*w')
    >>> record.taylor.tolist()
    [9.0, 6.0, 1.0]
    """
    variable = variable or formula.names[0]
    point = checked_point(formula.names, point)
    reach = checked_eps(eps)
    x = point[variable]
    with single_thread():
        y, slope, second = (derivative_at(formula, point, variable, k) for k in range(3))
        y_eps = along(formula, point, variable, x + reach)
        is_smooth = _is_smooth(formula, point, variable)
    check_finite(formula, point, {N_("value"): y, N_("finite slope"): slope})
    with np.errstate(all="ignore"):
        rises = y_eps - y
        expansion = y + slope * reach + second / 2 * reach**2
        slopes = rises / reach
    return SecantsRecord(
        formula=formula,
        variable=variable,
        point=point,
        derivative=symbolic_derivative(formula, variable),
        x=x,
        y=y,
        slope=slope,
        intercept=y - slope * x,
        is_smooth=is_smooth,
        taylor=frozen([y, slope, second / 2]),
        eps=frozen(reach),
        x_eps=frozen(x + reach),
        y_eps=frozen(y_eps),
        rises=frozen(rises),
        slopes=frozen(slopes),
        errors=frozen(slopes - slope),
        expansion=frozen(expansion),
    )


def partials(
    formula: Formula,
    point: Mapping[str, float],
    eps: Iterable[float] = (),
    *,
    reach: float = 2.0,
    count: int = 201,
) -> PartialsRecord:
    """Return the slices through a point in which one variable moves and the others are held.

    Parameters
    ----------
    formula : Formula
        z.
    point : mapping
        A number for each name of the formula.
    eps : iterable of float
        How far the secants of each slice reach.
    reach : float
        How far the slices' curves go to either side of the point.
    count : int
        Samples of each curve.

    Raises
    ------
    InputError
        If the formula has no value or no finite slope at the point.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = partials(parse_formula("x^2 + y^2", ["x", "y"]), {"x": 1, "y": 2})
    >>> record.value, record.partials.tolist(), [it.derivative.text for it in record.slices]
    (5.0, [2.0, 4.0], ['2*x', '2*y'])
    """
    given = tuple(eps)
    point = checked_point(formula.names, point)
    slices = tuple(secants(formula, point, given, name) for name in formula.names)
    spans = [(name, point[name] - reach, point[name] + reach) for name in formula.names]
    curves = tuple(sample_curve(formula, *span, count=count, held=point) for span in spans)
    slopes = frozen([it.slope for it in slices])
    return PartialsRecord(formula, point, slices[0].y, slopes, slices, curves)


def checked_eps(eps: Iterable[float]) -> Array:
    """Return how far secants reach as an array (K,), if each of them can.

    Raises
    ------
    InputError
        If one is 0 or not finite.

    Examples
    --------
    >>> checked_eps([0.1, -0.5]).tolist()
    [0.1, -0.5]
    """
    found = np.array([float(value) for value in eps], dtype=np.float64)
    for value in found.tolist():
        if not math.isfinite(value) or value == 0:
            text = N_("a secant cannot reach {value} far; expected any number but 0")
            raise InputError("secant.reach", text, value=f"{value:g}")
    return found


def _is_smooth(formula: Formula, point: Mapping[str, float], variable: str) -> bool:
    """Whether slopes from the left and from the right approach each other."""
    x = point[variable]
    close, closer = max(_CLOSE, _SHARE * abs(x)), max(_CLOSER, _SHARE * _CLOSER / _CLOSE * abs(x))
    reach = np.array([close, -close, closer, -closer, 0.0])
    with np.errstate(all="ignore"):
        values = along(formula, point, variable, x + reach)
        right, left, nearer_right, nearer_left = (values - values[-1])[:-1] / reach[:-1]
        far, near = abs(right - left), abs(nearer_right - nearer_left)
        noise = 8 * _EPSILON * abs(float(values[-1])) / closer
        share = _SAME_SLOPE + 8 * _EPSILON * abs(x) / closer
        small = share * max(abs(nearer_right), abs(nearer_left)) + noise
        return bool(near <= max(far / 2, small))
