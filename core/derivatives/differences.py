"""Central differences over a ladder of steps: why neither a large h nor a tiny one is best."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.derivatives.records import DifferencesRecord
from backprop_studio.core.formula.point import along, check_finite, checked_point, derivative_at
from backprop_studio.core.network.passes import single_thread

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from backprop_studio.core.formula import Formula

_EPSILON = float(np.finfo(float).eps)

_CLEAR = 10.0
"""An arm of the error curve is fitted where its part is so much larger than the other."""

_FEWEST_ERRORS = 3


def step_ladder(per_decade: int = 4) -> Array:
    """Return steps h from 1 to 1e-15, evenly on a logarithmic axis; powers of ten are exact.

    Examples
    --------
    >>> step_ladder(1)[[0, 6, 15]].tolist()
    [1.0, 1e-06, 1e-15]
    """
    exact = [float(f"1e-{power}") for power in range(16)]
    exponents = range(15 * per_decade + 1)
    return frozen(
        [10.0 ** (-k / per_decade) if k % per_decade else exact[k // per_decade] for k in exponents]
    )


def central_differences(
    formula: Formula, point: Mapping[str, float], *, step: float = 1e-6
) -> DifferencesRecord:
    """Compare central differences over :func:`step_ladder` with autograd.

    Parameters
    ----------
    formula : Formula
        f.
    point : mapping
        A number for each name of the formula, of which the first is moved.
    step : float
        The step that is picked out.

    Raises
    ------
    InputError
        If the formula has no value or no finite slope at the point, or the step is not positive.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = central_differences(parse_formula("sin(w)", ["w"]), {"w": 1.0})
    >>> record.step_error < 1e-9, round(record.truncation_order, 1)
    (True, 2.0)
    """
    if not (math.isfinite(step) and step > 0):
        text = N_("a step h of {value} is not possible; expected a positive number")
        raise InputError("difference.step", text, value=f"{step:g}")
    variable, h = formula.names[0], step_ladder()
    point = checked_point(formula.names, point)
    w = point[variable]
    with single_thread():
        value, slope, third = (derivative_at(formula, point, variable, k) for k in (0, 1, 3))
        check_finite(formula, point, {N_("value"): value, N_("finite slope"): slope})
        # The step picked out goes last.
        every = np.append(h, step)
        above, below = (along(formula, point, variable, w + side * every) for side in (1, -1))
    with np.errstate(all="ignore"):
        differences = (above - below) / (2 * every)
        errors = np.abs(differences - slope)
        truncation = abs(third) / 6 * h**2
        rounding = _EPSILON * (abs(value) + abs(w * slope)) / h
    return DifferencesRecord(
        formula=formula,
        variable=variable,
        point=point,
        w=w,
        value=value,
        gradient=slope,
        w_moves=(slope < 0) - (slope > 0),
        h=h,
        above=frozen(above[:-1]),
        below=frozen(below[:-1]),
        differences=frozen(differences[:-1]),
        errors=frozen(errors[:-1]),
        truncation=frozen(truncation),
        rounding=frozen(rounding),
        best=int(np.argmin(np.where(np.isnan(errors), np.inf, errors)[:-1])),
        truncation_order=_order(h, errors[:-1], truncation > _CLEAR * rounding),
        rounding_order=_order(h, errors[:-1], rounding > _CLEAR * truncation),
        step=float(step),
        step_above=float(above[-1]),
        step_below=float(below[-1]),
        step_difference=float(differences[-1]),
        step_error=float(errors[-1]),
    )


def _order(h: Array, errors: Array, where: npt.NDArray[np.bool_]) -> float:
    """Return the slope of the line through (log h, log error), fitted by least squares."""
    usable = where & np.isfinite(errors) & (errors > 0)
    if usable.sum() < _FEWEST_ERRORS:
        return math.nan
    return float(np.polyfit(np.log10(h[usable]), np.log10(errors[usable]), 1)[0])
