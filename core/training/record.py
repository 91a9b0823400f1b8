"""What a training run is asked to do, its record, and the record as an answer sheet.

"Step k" means the state after k updates: step 0 is the network as drawn. The gradients of a step
are those of which the next update is made, so the next weights can be worked out by hand from the
record. Every number in a record is finite: a run ends before the first that is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from backprop_studio.core.answer_sheet import versions
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.json_ready import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import numpy.typing as npt

    from backprop_studio.core.answer_sheet import ShownNumber
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.optimizers import OptimizerSpec, OptimizerVectors
    from backprop_studio.core.network.spec import NetworkSpec

__all__ = [
    "Divergence",
    "GradientHistogram",
    "Score",
    "TrainedLayer",
    "TrainingPlan",
    "TrainingRecord",
    "TrainingStep",
    "kept_steps",
    "steps_for_epochs",
    "training_sheet",
]

MAX_STEPS = 1_000_000
MOST_KEPT = 60


def kept_steps(steps: int, most: int = MOST_KEPT) -> tuple[int, ...]:
    """Choose which of the steps 0 to ``steps`` to keep: all, or ``most`` of them, evenly spread.

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
    """How a network is trained.

    Attributes
    ----------
    steps : int
        How many updates, 1 to 1000000.
    batch_size : int or None
        Samples per update: None for all at once, 1 for one by one. The last batch of an epoch holds
        what is left.
    shuffle : bool
        Whether batches are drawn in a new order in each epoch, or taken as the data stand.
    seed : int
        Draws the order.
    keep : tuple of int, or None
        Steps to record; the first and the last are added. None for :func:`kept_steps`.

    Raises
    ------
    InputError
        If a number is out of its bounds.
    """

    steps: int
    batch_size: int | None = None
    shuffle: bool = True
    seed: int = 0
    keep: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= MAX_STEPS:
            raise InputError(f"steps: allowed are 1 to {MAX_STEPS}, found {self.steps}.")
        keep = kept_steps(self.steps) if self.keep is None else self.keep
        for step in keep:
            if not 0 <= step <= self.steps:
                raise InputError(f"keep: allowed are steps 0 to {self.steps}, found {step}.")
        object.__setattr__(self, "keep", tuple(sorted({0, *keep, self.steps})))


class Score(NamedTuple):
    """How well a network answers: the loss and, where the targets are classes, the accuracy.

    Attributes
    ----------
    loss : float
        L over all samples.
    accuracy : float or None
        Share of samples answered rightly, 0 to 1: the largest output for cross-entropy, every
        output on the right side of 0.5 for binary cross-entropy with targets 0 and 1.
    """

    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class TrainedLayer:
    """A layer at one step of a run.

    Attributes
    ----------
    weight, dL_dW : (n_out, n_in) float64
        W, and the gradient of which the next update is made.
    bias : (n_out,) float64
        b.
    dL_db : (n_out,) float64, or None
        None where biases are not trained.
    norm_dL_dW : float
        Euclidean length of dL_dW.
    norm_dL_db : float or None
        Euclidean length of dL_db.
    """

    weight: Array
    bias: Array
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
    vectors : OptimizerVectors
        What the optimizer remembers.
    """

    step: int
    rows: npt.NDArray[np.int64]
    score: Score
    held_out: Score | None
    layers: tuple[TrainedLayer, ...]
    vectors: OptimizerVectors


@dataclass(frozen=True)
class GradientHistogram:
    """How a layer's weight gradients spread, on one scale for the whole run.

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
class Divergence:
    """Where a run left the numbers a computer can hold.

    Attributes
    ----------
    step : int
        The first step with inf or nan; the run's last kept step is the one before.
    reason : str
        What was not finite first: weights or biases, what the optimizer remembers, the loss (of the
        batch, or at a kept step of all samples or the held-out ones), or a gradient's length.
    """

    step: int
    reason: Literal["weights", "optimizer", "loss", "gradient"]


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


def training_sheet(
    scene: str,
    parameters: Mapping[str, Any],
    record: TrainingRecord,
    shown: Iterable[ShownNumber],
) -> dict[str, Any]:
    """Write a training run as an answer sheet.

    ``kept`` is a list over kept steps; what is not there (held-out samples, biases that are not
    trained, vectors the optimizer has not) is None. Every float survives JSON to the last bit.

    Examples
    --------
    >>> from backprop_studio.core.training.run import run_training
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "small"}})
    >>> asked = (params.network_spec(), params.batch(), OptimizerSpec("adam", 0.1))
    >>> record = run_training(*asked, TrainingPlan(20))
    >>> sheet = training_sheet("optimizers", {}, record, [])
    >>> len(sheet["losses"]), len(sheet["kept"]), sheet["divergence"]
    (21, 21, None)
    """
    held_out = record.held_out
    return {
        "scene": scene,
        "parameters": dict(parameters),
        "versions": versions(),
        "inputs": plain(record.batch.inputs),
        "targets": plain(record.batch.targets),
        "held_out_inputs": None if held_out is None else plain(held_out.inputs),
        "held_out_targets": None if held_out is None else plain(held_out.targets),
        "network": {
            "sizes": list(record.network.sizes),
            "activations": list(record.network.activations),
            "loss": record.network.loss,
        },
        "optimizer": plain(record.optimizer),
        "plan": plain(record.plan),
        "losses": plain(record.losses),
        "kept": [_step(step) for step in record.kept],
        "histograms": plain(record.histograms),
        "divergence": plain(record.divergence),
        "shown": plain(list(shown)),
    }


def _step(step: TrainingStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "rows": plain(step.rows),
        **step.score._asdict(),
        "held_out": plain(step.held_out),
        "layers": plain(step.layers),
        "optimizer": plain(step.vectors),
    }
