"""Descent trajectories on a landscape, by torch.optim's own steps.

"Step k" means the state after k updates; step 0 is the start. Every number in a record is finite: a
path ends before the first that is not.

Each start has a leaf and an optimizer of its own. One tensor with a row per start would be one call
instead of several, but torch takes other instructions for long arrays than for short ones, and
those differ in the last bit: with sigmoid, log or Adam's mean of moments the path of a start would
depend on its company. So several starts at once are each start alone, by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.core.network.optimizer_state import (
    OptimizerState,
    lecture_velocity,
    read_state,
)
from backprop_studio.core.network.optimizers import OptimizerSpec, build_optimizer
from backprop_studio.core.network.passes import Parameters, single_thread
from backprop_studio.core.network.training_loop import Divergence, counted_updates
from backprop_studio.core.surfaces.landscape import differentiate, first_outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backprop_studio.core.network.training_loop import Reason
    from backprop_studio.core.surfaces.landscape import Landscape
    from backprop_studio.core.surfaces.ranges import Range

Cause: TypeAlias = Literal["point", "optimizer", "value", "gradient"]

_CAUSES: dict[Reason, tuple[Cause, str]] = {
    "weights": ("point", N_("the point")),
    "optimizer": ("optimizer", N_("the optimizer")),
    "loss": ("value", N_("the value")),
    "gradient": ("gradient", N_("the gradient")),
}
"""What a surface calls it: it has no weights, and its height need not be a loss."""


@dataclass(frozen=True)
class PathVectors:
    """The optimizer's state along a path, (K, n) float64 each; None for what it has not.

    As :class:`core.network.optimizers.OptimizerState`, and zero at step 0.

    Attributes
    ----------
    velocity : of momentum and Nesterov, as torch defines it: v <- gamma v + g, w <- w - eta v
    square_sum : of Adagrad
    square_mean : of RMSprop
    first_moment, second_moment : of Adam and AdamW, not yet corrected for their start at zero
    first_moment_hat, second_moment_hat : the same, corrected
    lecture_velocity : as the lecture writes a velocity: v <- gamma v + eta g, w <- w - v
    """

    velocity: Array | None = None
    square_sum: Array | None = None
    square_mean: Array | None = None
    first_moment: Array | None = None
    second_moment: Array | None = None
    first_moment_hat: Array | None = None
    second_moment_hat: Array | None = None
    lecture_velocity: Array | None = None


@dataclass(frozen=True)
class Path:
    """A trajectory from one start, K = steps + 1 points or fewer.

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


@dataclass(frozen=True)
class DescentRecord:
    """Trajectories of one optimizer from several starts.

    Attributes
    ----------
    ranges : tuple of (float, float)
        What the picture shows.
    optimizer : OptimizerSpec
        The rule of the steps.
    steps : int
        How many were asked for.
    paths : tuple of Path
        One per start.
    """

    ranges: tuple[Range, ...]
    optimizer: OptimizerSpec
    steps: int
    paths: tuple[Path, ...]


def descend(
    landscape: Landscape, optimizer: OptimizerSpec, starts: Iterable[Sequence[float]], steps: int
) -> DescentRecord:
    """Return the trajectories of an optimizer from several starts, each by itself.

    Parameters
    ----------
    landscape : Landscape
        A formula, or a slice of a network's loss; of one coordinate or two.
    optimizer : OptimizerSpec
        The rule of the steps, torch.optim's own.
    starts : iterable of (n,) floats
        From where.
    steps : int
        How many.

    Raises
    ------
    InputError
        If the landscape has no value or gradient at a start.

    Examples
    --------
    On w^2 a step multiplies w by 1 - 2 eta; with eta = 1.1 that is -1.2, and 1.2^7 is above 3:

    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> record = descend(square, OptimizerSpec("sgd", 1.1), [[1.0]], 10)
    >>> record.paths[0].points[:3, 0].round(12).tolist(), record.paths[0].left_at
    ([1.0, -1.2, 1.44], 7)
    """
    found = [tuple(float(part) for part in start) for start in starts]
    with single_thread():
        paths = tuple(_follow(landscape, optimizer, start, steps) for start in found)
    return DescentRecord(landscape.ranges, optimizer, steps, paths)


def compare(
    landscape: Landscape,
    optimizers: Iterable[OptimizerSpec],
    starts: Iterable[Sequence[float]],
    steps: int,
) -> tuple[DescentRecord, ...]:
    """Return the trajectories of several optimizers from the same starts.

    Parameters
    ----------
    landscape, starts, steps
        As in :func:`descend`.
    optimizers : iterable of OptimizerSpec
        Several rules, or one with several learning rates.

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
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> optimizers = [OptimizerSpec("sgd", rate) for rate in (0.01, 0.1, 1.0)]
    >>> records = compare(CurveParams(name="square").landscape(), optimizers, [[1.0]], 2)
    >>> [record.paths[0].points[-1].round(12).item() for record in records]
    [0.9604, 0.64, 1.0]
    """
    given = [tuple(start) for start in starts]
    return tuple(descend(landscape, it, given, steps) for it in optimizers)


def _follow(landscape: Landscape, spec: OptimizerSpec, start: Sequence[float], steps: int) -> Path:
    leaf = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(spec, [leaf])
    # An optimizer's vectors are read per layer; the point is a layer of one, without biases.
    layer = Parameters((leaf,), (torch.empty(0),))
    kept: list[tuple[Array, float, Array, OptimizerState]] = []
    divergence = None
    for step in counted_updates(optimizer, steps):
        value, slope = differentiate(landscape, leaf)
        point, gradient = frozen(leaf.detach().numpy()), frozen(slope.numpy())
        vectors = read_state(spec, optimizer, layer)
        remembered = dict(_arrays(vectors)).values()
        divergence = Divergence.first(
            step, weights=[point], optimizer=remembered, loss=[value], gradient=[gradient]
        )
        if divergence:
            break
        kept.append((point, value, gradient, vectors))
        leaf.grad = slope
    if divergence and not kept:
        raise _no_start(landscape, start, divergence.reason)
    points = frozen([it[0] for it in kept])
    return Path(
        points=points,
        values=frozen([it[1] for it in kept]),
        gradients=frozen([it[2] for it in kept]),
        vectors=_stacked(spec, [it[3] for it in kept]),
        left_at=first_outside(points, landscape.ranges),
        diverged_at=None if divergence is None else divergence.step,
        cause=None if divergence is None else _CAUSES[divergence.reason][0],
    )


def _no_start(landscape: Landscape, start: Sequence[float], reason: Reason) -> InputError:
    where = [f"{name} = {at:g}" for name, at in zip(landscape.names, start, strict=True)]
    what = Message.of(f"descent.{reason}", _CAUSES[reason][1])
    text = N_("no descent can start at {where}: {what} is not finite there")
    return InputError("descent.no_start", text, where=listed(where), what=what)


def _arrays(vectors: OptimizerState) -> Iterator[tuple[str, Array]]:
    """Yield the vectors of the point that an optimizer has, with their names."""
    for name, layers in vars(vectors).items():
        if isinstance(layers, tuple):
            yield name, layers[0].weight


def _stacked(spec: OptimizerSpec, vectors: list[OptimizerState]) -> PathVectors:
    steps = [dict(_arrays(it)) for it in vectors]
    found = {name: [step[name] for step in steps] for name in steps[0]}
    if "velocity" in found:
        found["lecture_velocity"] = [lecture_velocity(spec, it)[0].weight for it in vectors]
    return PathVectors(**{name: frozen(arrays) for name, arrays in found.items()})
