"""The slope of a surface in the direction of a vector, and in all directions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.records import DirectionalRecord
from backprop_studio.core.derivatives.secants import checked_eps
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.point import check_finite, checked_point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backprop_studio.core.formula import Formula

_LARGEST_VECTOR = 1e100


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
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = directional(parse_formula("x^2 + y^2", ["x", "y"]), {"x": 1, "y": 2}, (3, 4))
    >>> record.cosines.tolist(), record.slope, round(record.steepness, 6)
    ([0.6, 0.8], 4.4, 4.472136)
    """
    if len(formula.names) != 2:
        raise ValueError(f"a direction needs two variables, not {len(formula.names)}")
    point = checked_point(formula.names, point)
    aim = frozen([float(part) for part in vector])
    length = math.hypot(*aim.tolist())
    if aim.shape != (2,) or not 1 / _LARGEST_VECTOR <= length <= _LARGEST_VECTOR:
        text = N_("the direction {direction} is none; give two numbers, not both 0")
        raise InputError("direction.zero", text, direction=shown(aim.tolist()))
    at = gradient(formula, point)
    check_finite(formula, point, {N_("value"): at.values, N_("gradient"): at.norms})
    cosines, slopes = aim / length, at.partials
    norm = float(at.norms)
    uphill = slopes / norm if norm > 0 else np.full(2, np.nan)
    slope = float(slopes @ cosines)
    far = checked_eps(eps)
    ends = _ray(formula, point, cosines, far)
    ray = np.linspace(-reach, reach, count)
    sweep = np.linspace(0.0, 2 * np.pi, directions + 1)
    with np.errstate(all="ignore"):
        quotients = (ends[:, 2] - float(at.values)) / far
    return DirectionalRecord(
        formula=formula,
        point=point,
        value=float(at.values),
        vector=aim,
        length=length,
        cosines=frozen(cosines),
        angles=frozen(np.arccos(cosines)),
        partials=slopes,
        terms=frozen(slopes * cosines),
        slope=slope,
        steepness=norm,
        uphill=frozen(uphill),
        downhill=frozen(-uphill),
        contour=frozen([-uphill[1], uphill[0]]),
        eps=frozen(far),
        ends=frozen(ends),
        slopes=frozen(quotients),
        errors=frozen(quotients - slope),
        ray=frozen(ray),
        ray_points=frozen(_ray(formula, point, cosines, ray)),
        sweep=frozen(sweep),
        sweep_slopes=frozen(slopes[0] * np.cos(sweep) + slopes[1] * np.sin(sweep)),
    )


def _ray(formula: Formula, point: Mapping[str, float], cosines: Array, t: Array) -> Array:
    """Return (x, y, z) at distances t from the point along a unit vector."""
    across = [point[name] + t * cosine for name, cosine in zip(point, cosines, strict=True)]
    tensors = dict(zip(point, map(torch.tensor, across), strict=True))
    with torch.no_grad():
        return np.stack([*across, evaluate(formula, tensors).numpy()], axis=-1)
