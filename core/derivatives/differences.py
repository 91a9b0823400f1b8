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
    from collections.abc import Iterable, Mapping

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
    formula: Formula,
    point: Mapping[str, float],
    variable: str | None = None,
    *,
    steps: npt.ArrayLike | None = None,
    step: float = 1e-6,
) -> DifferencesRecord:
    """Compare central differences over a ladder of steps with autograd.

    Parameters
    ----------
    formula : Formula
        f.
    point : mapping
        A number for each name of the formula.
    variable : str, optional
        What is moved; the formula's first name if not given.
    steps : (K,) array, optional
        Steps h, from large to small; :func:`step_ladder` if not given.
    step : float
        The one that is picked out.

    Raises
    ------
    InputError
        If the formula has no value or no finite slope at the point, or a step is not positive.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = central_differences(parse_formula("sin(w)", ["w"]), {"w": 1.0})
    >>> record.step_error < 1e-9, round(record.truncation_order, 1)
    (True, 2.0)
    """
    variable = variable or formula.names[0]
    point = checked_point(formula.names, point)
    h = np.asarray(step_ladder() if steps is None else steps, dtype=np.float64)
    _check_steps([*h.tolist(), step])
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
        h=frozen(h),
        above=frozen(above[:-1]),
        below=frozen(below[:-1]),
        differences=frozen(differences[:-1]),
        errors=frozen(errors[:-1]),
        truncation=frozen(truncation),
        rounding=frozen(rounding),
        best=_index_of_least(errors[:-1]),
        truncation_order=_order(h, errors[:-1], truncation > _CLEAR * rounding),
        rounding_order=_order(h, errors[:-1], rounding > _CLEAR * truncation),
        step=float(step),
        step_above=float(above[-1]),
        step_below=float(below[-1]),
        step_difference=float(differences[-1]),
        step_error=float(errors[-1]),
    )


def _check_steps(steps: Iterable[float]) -> None:
    for value in steps:
        if not (math.isfinite(value) and value > 0):
            text = N_("a step h of {value} is not possible; expected a positive number")
            raise InputError("difference.step", text, value=f"{value:g}")


def _index_of_least(errors: Array) -> int:
    return int(np.argmin(np.where(np.isnan(errors), np.inf, errors)))


def _order(h: Array, errors: Array, where: npt.NDArray[np.bool_]) -> float:
    """Return the slope of the line through (log h, log error), fitted by least squares."""
    usable = where & np.isfinite(errors) & (errors > 0)
    if usable.sum() < _FEWEST_ERRORS:
        return math.nan
    return float(np.polyfit(np.log10(h[usable]), np.log10(errors[usable]), 1)[0])
