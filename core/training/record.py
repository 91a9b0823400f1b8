"""The plan of a training run, and its record.

"Step k" means the state after k updates: step 0 is the network as drawn. The gradients of a step
are those of which the next update is made, so the next weights can be worked out by hand from the
record. Every number in a record is finite: a run ends before the first that is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from backprop_studio.core.network.record import LayerUpdate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.optimizer_state import OptimizerState
    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.network.spec import NetworkSpec
    from backprop_studio.core.network.training_loop import Divergence

MOST_KEPT = 60


def kept_steps(steps: int, most: int = MOST_KEPT) -> tuple[int, ...]:
    """Return which of the steps 0 to ``steps`` are kept: all, or ``most`` of them, evenly spread.

    The first and the last are always among them.

    Examples
    --------
    >>> kept_steps(4)
    (0, 1, 2, 3, 4)
    >>> kept_steps(3000, most=4)
    (0, 1000, 2000, 3000)
    """
    if steps < most:
        return tuple(range(steps + 1))
    count = max(most, 2)
    # In whole numbers, rounded half up, so that no machine rounds otherwise.
    return tuple((2 * k * steps + count - 1) // (2 * (count - 1)) for k in range(count))


def steps_for_epochs(epochs: int, samples: int, batch_size: int | None) -> int:
    """Return how many updates go through all samples that many times.

    Examples
    --------
    >>> steps_for_epochs(100, samples=3, batch_size=1)
    300
    """
    return epochs if batch_size is None else epochs * math.ceil(samples / batch_size)


@dataclass(frozen=True)
class TrainingPlan:
    """The plan of a training: how many steps, of which batches, which of them to keep.

    Attributes
    ----------
    steps : int
        How many updates, 1 or more.
    batch_size : int or None
        Samples per update: None for all at once, 1 for one by one, and no more than there are. The
        last batch of an epoch holds what is left.
    shuffle : bool
        Whether batches are drawn in a new order in each epoch, or taken as the data stand.
    seed : int
        Draws the order.
    keep : tuple of int, or None
        Steps to record; the first and the last are added. None for :func:`kept_steps`.

    Raises
    ------
    ValueError
        If there is no step, or one to keep that is not made.
    """

    steps: int
    batch_size: int | None = None
    shuffle: bool = True
    seed: int = 0
    keep: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        keep = kept_steps(self.steps) if self.keep is None else self.keep
        if self.steps < 1 or any(not 0 <= step <= self.steps for step in keep):
            raise ValueError(f"of {self.steps} steps, at least one, {keep} cannot be kept")
        object.__setattr__(self, "keep", tuple(sorted({0, *keep, self.steps})))


class Score(NamedTuple):
    """The loss of a network and, where the targets are classes, its accuracy.

    Attributes
    ----------
    loss : float
        L over all samples.
    accuracy : float or None
        Share of samples classified correctly, 0 to 1: the largest output for cross-entropy, every
        output on the right side of 0.5 for binary cross-entropy with targets 0 and 1.
    """

    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class TrainedLayer(LayerUpdate):
    """A layer at one step of a run.

    Attributes
    ----------
    dL_dW : (n_out, n_in) float64
        The gradient of which the next update is made.
    dL_db : (n_out,) float64, or None
        None where biases are not trained.
    norm_dL_dW : float
        Euclidean length of dL_dW.
    norm_dL_db : float or None
        Euclidean length of dL_db.
    """

    dL_dW: Array
    dL_db: Array | None
    norm_dL_dW: float
    norm_dL_db: float | None


@dataclass(frozen=True)
class TrainingStep:
    """The state after ``step`` updates.

    Attributes
    ----------
    step : int
        How many updates were made.
    rows : (n,) int64
        Samples of the next update's batch, counted from 0; the gradients are theirs.
    score, held_out : Score
        Over all training samples; and over the held-out ones, or None.
    layers : tuple of TrainedLayer
    vectors : OptimizerState
        What the optimizer remembers.
    """

    step: int
    rows: npt.NDArray[np.int64]
    score: Score
    held_out: Score | None
    layers: tuple[TrainedLayer, ...]
    vectors: OptimizerState


@dataclass(frozen=True)
class GradientHistogram:
    """The histogram of a layer's weight gradients, on one scale for the whole run.

    Attributes
    ----------
    edges : (bins + 1,) float64
        Symmetric about zero, as wide as the largest gradient at any kept step.
    counts : (K, bins) int64
        For each of K kept steps how many entries of dL_dW lie between two edges.
    """

    edges: Array
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingRecord:
    """A training run.

    Attributes
    ----------
    network, batch, optimizer, plan, held_out
        What the run was asked to do.
    losses : (steps made + 1,) float64
        At every step the loss of the batch of which the next update is made.
    kept : tuple of TrainingStep
        The first step, the last finite one, and those chosen between them.
    histograms : tuple of GradientHistogram
        One per layer.
    divergence : Divergence or None
    """

    network: NetworkSpec
    batch: Batch
    optimizer: OptimizerSpec
    plan: TrainingPlan
    held_out: Batch | None
    losses: Array
    kept: tuple[TrainingStep, ...]
    histograms: tuple[GradientHistogram, ...]
    divergence: Divergence | None
