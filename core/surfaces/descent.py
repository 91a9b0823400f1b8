"""Points that run down a landscape by torch.optim's own steps.

"Step k" means the state after k updates; step 0 is the start. Every number in a record is finite: a
path ends before the first that is not.

Each start has a leaf and an optimizer of its own. One tensor with a row per start would be one call
instead of several, but torch takes other instructions for long arrays than for short ones, and
those differ in the last bit: with sigmoid, log or Adam's mean of moments the path of a start would
depend on its company. So several starts at once are each start alone, by construction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.optimizers import (
    LayerVectors,
    OptimizerSpec,
    OptimizerVectors,
    build_optimizer,
    lecture_velocity,
    read_vectors,
)
from backprop_studio.core.network.passes import Parameters, single_thread
from backprop_studio.core.surfaces.landscape import checked_ranges, differentiate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.core.surfaces.landscape import Landscape
    from backprop_studio.core.surfaces.named import Range

__all__ = ["DescentRecord", "Path", "PathVectors", "descend", "lecture_velocities", "race"]

MAX_STEPS = 100_000
MAX_STARTS = 100

Cause: TypeAlias = Literal["point", "optimizer", "value", "gradient"]


@dataclass(frozen=True)
class PathVectors:
    """What the optimizer remembers along a path, (K, n) float64 each; None for what it has not.

    As :class:`core.network.optimizers.OptimizerVectors`, and zero at step 0.

    Attributes
    ----------
    velocity : of momentum and Nesterov, as torch defines it: v <- gamma v + g, w <- w - eta v
    square_sum : of Adagrad
    square_mean : of RMSprop
    first_moment, second_moment : of Adam and AdamW, not yet corrected for their start at zero
    """

    velocity: Array | None = None
    square_sum: Array | None = None
    square_mean: Array | None = None
    first_moment: Array | None = None
    second_moment: Array | None = None


@dataclass(frozen=True)
class Path:
    """The way down from one start, K = steps + 1 points or fewer.

    Attributes
    ----------
    points : (K, n) float64
        The start and every point after it.
    values : (K,) float64
        Heights.
    gradients : (K, n) float64
        Of which the next step is made.
    vectors : PathVectors
        What the optimizer remembers before the next step.
    left_at : int or None
        First step at which the point is outside the ranges; it may come back.
    diverged_at : int or None
        First step at which a number is not finite; the record ends before it.
    cause : {"point", "optimizer", "value", "gradient"} or None
        Which number that is: a coordinate, a vector of the optimizer, the height or the gradient.
    """

    points: Array
    values: Array
    gradients: Array
    vectors: PathVectors
    left_at: int | None
    diverged_at: int | None
    cause: Cause | None

    @property
    def start(self) -> Array:
        """The point of step 0, (n,)."""
        return frozen(self.points[0])


@dataclass(frozen=True)
class DescentRecord:
    """Descents by one optimizer from several starts.

    Attributes
    ----------
    names : tuple of str
        What the n coordinates are called.
    ranges : tuple of (float, float)
        What the picture shows.
    optimizer : OptimizerSpec
        The rule of the steps.
    steps : int
        How many were asked for.
    paths : tuple of Path
        One per start.
    """

    names: tuple[str, ...]
    ranges: tuple[Range, ...]
    optimizer: OptimizerSpec
    steps: int
    paths: tuple[Path, ...]


def descend(
    landscape: Landscape,
    optimizer: OptimizerSpec,
    starts: Iterable[Sequence[float]],
    steps: int,
    *,
    ranges: Sequence[Range] | None = None,
) -> DescentRecord:
    """Let points run down a landscape, each by itself.

    Parameters
    ----------
    landscape : Landscape
        A formula, or a slice of a network's loss; of one coordinate or two.
    optimizer : OptimizerSpec
        The rule of the steps, torch.optim's own.
    starts : iterable of (n,) floats
        From where; 1 to 100.
    steps : int
        How many, 1 to 100000.
    ranges : sequence of (float, float), optional
        What the picture shows, if not what the landscape does.

    Raises
    ------
    InputError
        If a number is out of its bounds, or the landscape has no value or gradient at a start.

    Examples
    --------
    On w^2 a step multiplies w by 1 - 2 eta; with eta = 1.1 that is -1.2, and 1.2^7 is above 3:

    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> record = descend(named_landscape("square"), OptimizerSpec("sgd", 1.1), [[1.0]], 10)
    >>> record.paths[0].points[:3, 0].round(12).tolist(), record.paths[0].left_at
    ([1.0, -1.2, 1.44], 7)
    """
    if not 1 <= steps <= MAX_STEPS:
        raise InputError(f"steps: allowed are 1 to {MAX_STEPS}, found {steps}.")
    found = [tuple(float(part) for part in start) for start in starts]
    if not 1 <= len(found) <= MAX_STARTS:
        raise InputError(f"starts: allowed are 1 to {MAX_STARTS}, found {len(found)}.")
    for start in found:
        if len(start) != len(landscape.names) or not all(map(math.isfinite, start)):
            raise InputError(
                f"starts: expected {len(landscape.names)} finite numbers each, "
                f"found {', '.join(f'{part:g}' for part in start) or 'none'}."
            )
    shown = checked_ranges(landscape.names, landscape.ranges if ranges is None else ranges)
    with single_thread():
        paths = tuple(_follow(landscape, optimizer, start, steps, shown) for start in found)
    return DescentRecord(tuple(landscape.names), shown, optimizer, steps, paths)


def race(
    landscape: Landscape,
    optimizers: Iterable[OptimizerSpec],
    starts: Iterable[Sequence[float]],
    steps: int,
    *,
    ranges: Sequence[Range] | None = None,
) -> tuple[DescentRecord, ...]:
    """Let several optimizers, or one with several learning rates, run from the same starts.

    Parameters
    ----------
    landscape, starts, steps, ranges
        As in :func:`descend`.
    optimizers : iterable of OptimizerSpec
        Who runs.

    Returns
    -------
    tuple of DescentRecord
        One per optimizer.

    Raises
    ------
    InputError
        As :func:`descend`.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> runners = [OptimizerSpec("sgd", rate) for rate in (0.01, 0.1, 1.0)]
    >>> records = race(named_landscape("square"), runners, [[1.0]], 2)
    >>> [record.paths[0].points[-1].round(12).item() for record in records]
    [0.9604, 0.64, 1.0]
    """
    given = [tuple(start) for start in starts]
    return tuple(descend(landscape, it, given, steps, ranges=ranges) for it in optimizers)


def lecture_velocities(optimizer: OptimizerSpec, path: Path) -> Array:
    """Return the velocities (K, n) as the lecture writes them: v <- gamma v + eta g, w <- w - v.

    Raises
    ------
    ValueError
        If the optimizer keeps no velocity.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> momentum = OptimizerSpec("momentum", 0.1)
    >>> path = descend(named_landscape("square"), momentum, [[1.0]], 2).paths[0]
    >>> lecture_velocities(momentum, path)[:, 0].round(12).tolist()  # 0.9 * 0.2 + 0.1 * 1.6
    [0.0, 0.2, 0.34]
    """
    kept = path.vectors.velocity
    own = OptimizerVectors(velocity=None if kept is None else (LayerVectors(kept, None),))
    return lecture_velocity(optimizer, own)[0].weight


def _follow(
    landscape: Landscape,
    spec: OptimizerSpec,
    start: Sequence[float],
    steps: int,
    ranges: tuple[Range, ...],
) -> Path:
    leaf = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(spec, [leaf])
    # An optimizer's vectors are read per layer; the point is a layer of one, without biases.
    layer = Parameters((leaf,), (torch.empty(0),))
    kept: list[tuple[Array, float, Array, OptimizerVectors]] = []
    diverged_at = cause = None
    for step in range(steps + 1):
        if step:
            optimizer.step()
        value, slope = differentiate(landscape, leaf)
        state = (frozen(leaf.detach().numpy()), value, frozen(slope.numpy()))
        vectors = read_vectors(spec, optimizer, layer)
        cause = _not_finite(*state, vectors)
        if cause is not None:
            diverged_at = step
            break
        kept.append((*state, vectors))
        leaf.grad = slope
    if diverged_at == 0:
        where = ", ".join(f"{n} = {v:g}" for n, v in zip(landscape.names, start, strict=True))
        raise InputError(f"No descent can start at {where}: the {cause} is not finite there.")
    points = frozen([it[0] for it in kept])
    outside = np.zeros(len(kept), dtype=bool)
    for column, (low, high) in zip(points.T, ranges, strict=True):
        outside |= (column < low) | (column > high)
    return Path(
        points=points,
        values=frozen([it[1] for it in kept]),
        gradients=frozen([it[2] for it in kept]),
        vectors=_stacked([it[3] for it in kept]),
        left_at=int(outside.argmax()) if outside.any() else None,
        diverged_at=diverged_at,
        cause=cause,
    )


_VECTORS = tuple(PathVectors.__dataclass_fields__)


def _not_finite(
    point: Array, value: float, slope: Array, vectors: OptimizerVectors
) -> Cause | None:
    remembered = [getattr(vectors, name) for name in _VECTORS]
    parts: dict[Cause, bool] = {
        "point": bool(np.isfinite(point).all()),
        "optimizer": all(it is None or bool(np.isfinite(it[0].weight).all()) for it in remembered),
        "value": math.isfinite(value),
        "gradient": bool(np.isfinite(slope).all()),
    }
    return next((cause for cause, is_finite in parts.items() if not is_finite), None)


def _stacked(vectors: list[OptimizerVectors]) -> PathVectors:
    return PathVectors(
        **{
            name: frozen([getattr(it, name)[0].weight for it in vectors])
            for name in _VECTORS
            if getattr(vectors[0], name) is not None
        }
    )
