"""The two terms of a velocity: what is kept of the old one, and what is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen

if TYPE_CHECKING:
    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.surfaces.descent import Path

OPPOSED = 0.5


@dataclass(frozen=True)
class VelocityTerms:
    """The sum v <- gamma v + eta g of every step, (K, n) float64 each; zero at step 0.

    Attributes
    ----------
    kept : (K, n) float64
        gamma v, with the velocity before the step.
    added : (K, n) float64
        eta g, with the gradient before the step.
    velocities : (K, n) float64
        Their sum as torch has it; the step is w <- w - v.
    coasted : (K, n) float64
        Where the old velocity alone would have led: the point before the step minus gamma v.
    opposed_at : int or None
        The first step after the second at which what is added and what is kept largely cancel:
        -2 a b / (a^2 + b^2) of the two, which is 1 where they are equal and opposite, is at least
        a half. None if there is no such step.
    """

    kept: Array
    added: Array
    velocities: Array
    coasted: Array
    opposed_at: int | None


def velocity_terms(optimizer: OptimizerSpec, path: Path) -> VelocityTerms:
    """Return the terms of the velocities of a descent with momentum.

    Parameters
    ----------
    optimizer : OptimizerSpec
        Momentum, without weight decay.
    path : Path
        Its descent.

    Raises
    ------
    ValueError
        If the optimizer is another one.

    Examples
    --------
    On w^2 from 1 with eta = 0.1: v = 0.2, w = 0.8, then v = 0.9 * 0.2 + 0.1 * 1.6.

    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.descent import descend
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> momentum = OptimizerSpec("momentum", 0.1)
    >>> path = descend(CurveParams(name="square").landscape(), momentum, [[1.0]], 2).paths[0]
    >>> terms = velocity_terms(momentum, path)
    >>> terms.kept[:, 0].round(12).tolist(), terms.added[:, 0].round(12).tolist()
    ([0.0, 0.0, 0.18], [0.0, 0.2, 0.16])
    """
    gamma, velocities = optimizer.momentum, path.vectors.lecture_velocity
    is_momentum = optimizer.name == "momentum" and not optimizer.weight_decay
    if gamma is None or velocities is None or not is_momentum:
        raise ValueError(f"{optimizer.name} with weight decay or without momentum has another sum")
    nothing = np.zeros_like(velocities[:1])
    kept = np.concatenate([nothing, gamma * velocities[:-1]])
    added = np.concatenate([nothing, optimizer.learning_rate * path.gradients[:-1]])
    return VelocityTerms(
        kept=frozen(kept),
        added=frozen(added),
        velocities=velocities,
        coasted=frozen(np.concatenate([path.points[:1], path.points[:-1]]) - kept),
        opposed_at=_opposed(kept, added),
    )


def _opposed(kept: Array, added: Array) -> int | None:
    """Return the first step from the third at which two vectors are nearly opposite."""
    # As shares of the longer one, so that no square leaves float64.
    longest = np.maximum(np.abs(kept), np.abs(added)).max(axis=1, keepdims=True)[3:]
    a, b = (it[3:] / np.where(longest > 0, longest, 1.0) for it in (kept, added))
    squares = (a**2 + b**2).sum(axis=1)
    shares = -2 * (a * b).sum(axis=1) / np.where(squares > 0, squares, 1.0)
    found = np.flatnonzero(shares >= OPPOSED)
    return 3 + int(found[0]) if len(found) else None
