"""Derivatives of formulas at a point: secants, slices, directions, the gradient.

Slopes come from torch autograd; the secants that a lesson shows on the way to them are computed
with the same formula in the same float64. Every function takes a formula and a point, a mapping
from each of its names to a number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from core.arrays import Array, frozen
from core.derivative_records import (
    DirectionalRecord,
    GradientRecord,
    PartialsRecord,
    SecantsRecord,
)
from core.engine import single_thread
from core.errors import InputError
from core.formula.curve import sample_curve
from core.formula.evaluate import evaluate
from core.formula.point import along, check_finite, checked_point, derivative_at
from core.formula.symbolic import symbolic_derivative

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from core.formula import Formula

__all__ = [
    "DirectionalRecord",
    "GradientRecord",
    "PartialsRecord",
    "SecantsRecord",
    "directional",
    "gradient",
    "partials",
    "secants",
]

_CLOSE, _CLOSER = 1e-4, 1e-6
"""Distances, as shares of the variable, at which the slopes to either side are compared."""

_SAME_SLOPE = 1e-7
"""A difference of slopes, as a share of them, that rounding alone explains."""

_LARGEST_VECTOR = 1e100

_EPSILON = float(np.finfo(float).eps)


def secants(
    formula: Formula,
    point: Mapping[str, float],
    eps: Iterable[float],
    variable: str | None = None,
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
    >>> from core.formula import parse_formula
    >>> record = secants(parse_formula("w^2", ["w"]), {"w": 3}, [0.02, 0.01])
    >>> record.y_eps.round(12).tolist(), record.slope, record.derivative.text
    ([9.1204, 9.0601], 6.0, '2*w')
    >>> record.taylor.tolist()
    [9.0, 6.0, 1.0]
    """
    variable = variable or formula.names[0]
    point = checked_point(formula, point)
    reach = _checked_eps(eps)
    x = point[variable]
    with single_thread():
        y, slope, second = (derivative_at(formula, point, variable, k) for k in range(3))
        y_eps = along(formula, point, variable, x + reach)
        is_smooth = _is_smooth(formula, point, variable)
    check_finite(formula, point, {"value": y, "finite slope": slope})
    with np.errstate(all="ignore"):
        rises = y_eps - y
        expansion = y + slope * reach + second / 2 * reach**2
        slopes = rises / reach
    return SecantsRecord(
        formula, variable, point, symbolic_derivative(formula, variable), x, y, slope,
        y - slope * x, is_smooth, frozen([y, slope, second / 2]), frozen(reach),
        frozen(x + reach), frozen(y_eps), frozen(rises), frozen(slopes), frozen(slopes - slope),
        frozen(expansion),
    )  # fmt: skip


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
    >>> from core.formula import parse_formula
    >>> record = partials(parse_formula("x^2 + y^2", ["x", "y"]), {"x": 1, "y": 2})
    >>> record.value, record.partials.tolist(), [it.derivative.text for it in record.slices]
    (5.0, [2.0, 4.0], ['2*x', '2*y'])
    """
    given = tuple(eps)
    point = checked_point(formula, point)
    slices = tuple(secants(formula, point, given, name) for name in formula.names)
    curves = tuple(
        sample_curve(
            formula, name, point[name] - reach, point[name] + reach, count=count, held=point
        )
        for name in formula.names
    )
    slopes = frozen([it.slope for it in slices])
    return PartialsRecord(formula, point, slices[0].y, slopes, slices, curves)


def directional(
    formula: Formula,
    point: Mapping[str, float],
    vector: Sequence[float],
    eps: Iterable[float] = (),
    *,
    reach: float = 2.0,
    count: int = 201,
    directions: int = 360,
) -> DirectionalRecord:
    """Return the slope of a surface in the direction of a vector, and in all directions.

    Parameters
    ----------
    formula : Formula
        z, of two names.
    point : mapping
        A number for both.
    vector : (p, q)
        Where to; its length does not matter.
    eps : iterable of float
        How far the secants reach along the direction.
    reach : float
        How far the curve in the vertical plane goes to either side.
    count, directions : int
        Samples of that curve, and of the turn.

    Raises
    ------
    InputError
        If the vector is zero, or the formula has no value or no gradient at the point.
    ValueError
        If the formula has not two names.

    Examples
    --------
    >>> from core.formula import parse_formula
    >>> record = directional(parse_formula("x^2 + y^2", ["x", "y"]), {"x": 1, "y": 2}, (3, 4))
    >>> record.cosines.tolist(), record.slope, round(record.steepness, 6)
    ([0.6, 0.8], 4.4, 4.472136)
    """
    if len(formula.names) != 2:
        raise ValueError(f"a direction needs two variables, not {len(formula.names)}")
    point = checked_point(formula, point)
    aim, length = _checked_vector(vector)
    at = gradient(formula, point)
    check_finite(formula, point, {"value": at.values, "gradient": at.norms})
    cosines, slopes = aim / length, at.partials
    norm = float(at.norms)
    uphill = slopes / norm if norm > 0 else np.full(2, np.nan)
    slope = float(slopes @ cosines)
    far = _checked_eps(eps)
    ends = _ray(formula, point, cosines, far)
    ray = np.linspace(-reach, reach, count)
    sweep = np.linspace(0.0, 2 * np.pi, directions + 1)
    with np.errstate(all="ignore"):
        quotients = (ends[:, 2] - float(at.values)) / far
    return DirectionalRecord(
        formula, point, float(at.values), aim, length, frozen(cosines), frozen(np.arccos(cosines)),
        slopes, frozen(slopes * cosines), slope, norm, frozen(uphill), frozen(-uphill),
        frozen([-uphill[1], uphill[0]]), frozen(far), frozen(ends), frozen(quotients),
        frozen(quotients - slope), frozen(ray), frozen(_ray(formula, point, cosines, ray)),
        frozen(sweep), frozen(slopes[0] * np.cos(sweep) + slopes[1] * np.sin(sweep)),
    )  # fmt: skip


def gradient(formula: Formula, values: Mapping[str, npt.ArrayLike]) -> GradientRecord:
    """Return values and gradients by torch autograd, at as many points as are given.

    Parameters
    ----------
    formula : Formula
        What is differentiated.
    values : mapping
        A number or array for each name; shapes broadcast.

    Returns
    -------
    GradientRecord
        Where the formula has no value, its partial derivatives are nan.

    Raises
    ------
    KeyError
        If a name has no value.

    Examples
    --------
    >>> from core.formula import parse_formula
    >>> record = gradient(parse_formula("x^2 * y", ["x", "y"]), {"x": [1, 2], "y": 3})
    >>> record.values.tolist(), record.partials.tolist()
    ([3.0, 12.0], [[6.0, 12.0], [1.0, 4.0]])
    """
    arrays = [np.asarray(values[name], dtype=np.float64) for name in formula.names]
    inputs = [np.array(array) for array in np.broadcast_arrays(*arrays)]
    leaves = [torch.tensor(array, requires_grad=True) for array in inputs]
    with single_thread():
        result = evaluate(formula, dict(zip(formula.names, leaves, strict=True)))
        slopes = _slopes(result, leaves)
    found = result.detach().numpy()
    slopes = np.where(np.isfinite(found), slopes, np.nan)
    norms = np.sqrt((slopes**2).sum(axis=0))
    return GradientRecord(formula, frozen(inputs), frozen(found), frozen(slopes), frozen(norms))


# Checks


def _checked_eps(eps: Iterable[float]) -> Array:
    found = np.array([float(value) for value in eps], dtype=np.float64)
    for value in found.tolist():
        if not math.isfinite(value) or value == 0:
            raise InputError(f"A secant cannot reach {value:g} far; expected any number but 0.")
    return found


def _checked_vector(vector: Sequence[float]) -> tuple[Array, float]:
    aim = frozen([float(part) for part in vector])
    length = math.hypot(*aim.tolist())
    if aim.shape != (2,) or not 1 / _LARGEST_VECTOR <= length <= _LARGEST_VECTOR:
        raise InputError(f"The direction {aim.tolist()} is none; give two numbers, not both 0.")
    return aim, length


# Numbers


def _slopes(result: Tensor, leaves: list[Tensor]) -> Array:
    if not result.requires_grad:  # a formula without variables
        return np.zeros((len(leaves), *result.shape))
    found = torch.autograd.grad(result.sum(), leaves, allow_unused=True, materialize_grads=True)
    return np.array([slope.numpy() for slope in found])


def _is_smooth(formula: Formula, point: Mapping[str, float], variable: str) -> bool:
    """Whether slopes from the left and from the right approach each other."""
    x = point[variable]
    size = max(1.0, abs(x))
    reach = size * np.array([_CLOSE, -_CLOSE, _CLOSER, -_CLOSER, 0.0])
    with np.errstate(all="ignore"):
        values = along(formula, point, variable, x + reach)
        right, left, nearer_right, nearer_left = (values - values[-1])[:-1] / reach[:-1]
        far, near = abs(right - left), abs(nearer_right - nearer_left)
        noise = 8 * _EPSILON * abs(float(values[-1])) / (size * _CLOSER)
        small = _SAME_SLOPE * max(abs(nearer_right), abs(nearer_left)) + noise
        return bool(near <= max(far / 2, small))


def _ray(formula: Formula, point: Mapping[str, float], cosines: Array, t: Array) -> Array:
    """Return (x, y, z) at distances t from the point along a unit vector."""
    across = [point[name] + t * cosine for name, cosine in zip(point, cosines, strict=True)]
    tensors = dict(zip(point, map(torch.tensor, across), strict=True))
    with torch.no_grad():
        return np.stack([*across, evaluate(formula, tensors).numpy()], axis=-1)
