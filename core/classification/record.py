"""The record of a lesson on classification: data, course of the training, regions, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.record import Dataset, Indices
    from backprop_studio.core.network.training_loop import Divergence

Classes: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DataFacts:
    """Facts of a data set and of the network that learns it.

    Attributes
    ----------
    name : str
        Of the set.
    count, train, held_out : int
        Samples in all, learned from, and held out.
    features, classes : int
        How many inputs a sample has, and how many classes there are.
    per_class : (classes,) int64
        Samples of each class, held out or not.
    sizes : tuple of int
        Units per layer, the input first.
    parameters : int
        Weights and biases.
    learning_rate : float
    batch_size, updates_per_epoch, epochs : int
    """

    name: str
    count: int
    train: int
    held_out: int
    features: int
    classes: int
    per_class: Classes
    sizes: tuple[int, ...]
    parameters: int
    learning_rate: float
    batch_size: int
    updates_per_epoch: int
    epochs: int


@dataclass(frozen=True)
class Tally:
    """The loss, and how many samples were classified correctly.

    Attributes
    ----------
    loss : float
        L, the mean cross-entropy.
    right, wrong, count : int
        How many samples were classified correctly and wrongly, and how many there are.
    accuracy : float
        right / count.
    """

    loss: float
    right: int
    wrong: int
    count: int
    accuracy: float


@dataclass(frozen=True)
class Moment:
    """Losses, accuracies and gradients after some updates.

    Attributes
    ----------
    step : int
        Updates made.
    epoch : float
        Times the training samples were gone through; whole but where a run ended early.
    train : Tally
    held_out : Tally or None
    norms : tuple of float
        Length of dL/dW of the next batch, per layer.
    """

    step: int
    epoch: float
    train: Tally
    held_out: Tally | None
    norms: tuple[float, ...]


@dataclass(frozen=True)
class Course:
    """The course of a training run.

    Attributes
    ----------
    moments : tuple of Moment
        At the end of epochs, first and last among them.
    told : tuple of int
        Which of the moments the lesson stops at, counted from 0.
    chance : float
        ln C, the loss of one who gives C classes the same probability.
    divergence : Divergence or None
        Where the numbers left float64.
    """

    moments: tuple[Moment, ...]
    told: tuple[int, ...]
    chance: float
    divergence: Divergence | None


@dataclass(frozen=True)
class GradientSpread:
    """Histograms of a layer's weight gradients, early and late in the run.

    Attributes
    ----------
    edges : (bins + 1,) float64
        Symmetric about zero, as wide as the largest at any recorded moment.
    early, late : (bins,) int64
        How many entries of dL/dW lie between two edges, over the moments of each window.
    largest_early, largest_late : float
        The largest size of an entry in each window.
    """

    edges: Array
    early: Classes
    late: Classes
    largest_early: float
    largest_late: float


@dataclass(frozen=True)
class Spreads:
    """The gradient histograms of all layers.

    Attributes
    ----------
    layers : tuple of GradientSpread
    early_from, early_until, late_from, late_until : float
        Epochs where the two windows begin and end.
    """

    layers: tuple[GradientSpread, ...]
    early_from: float
    early_until: float
    late_from: float
    late_until: float


@dataclass(frozen=True)
class Followed:
    """One sample that is looked at throughout.

    Attributes
    ----------
    row : int
        Its row in the data set, counted from 0.
    raw, inputs : (n,) float64
        As measured, and as the network is shown it.
    mean, std : (n,) float64, or None
        What was subtracted from it and what it was then divided by.
    target : int
        Its class.
    probabilities : (K, classes) float64
        What the network gave at each moment told.
    losses : (K,) float64
        -ln of the target's probability, from the logits by log-sum-exp.
    """

    row: int
    raw: Array
    inputs: Array
    mean: Array | None
    std: Array | None
    target: int
    probabilities: Array
    losses: Array


@dataclass(frozen=True)
class Answers:
    """Predictions of the trained network, counted.

    Attributes
    ----------
    confusion : (classes, classes) int64
        How many samples of the row's class were taken for the column's.
    tally : Tally
        Of the same samples.
    is_held_out : bool
        Whether they were held out, or learned from because none were.
    wrong : (n,) int64
        Rows of the data set that were classified wrongly.
    """

    confusion: Classes
    tally: Tally
    is_held_out: bool
    wrong: Indices


@dataclass(frozen=True)
class Plane:
    """The plane of two features, in the units they were measured in.

    Attributes
    ----------
    features : tuple of int
        Across and up, counted from 0; a set of one feature has one, and lanes up,
        class k's at k + 1.
    held : int
        How many other features are held at their mean over the training samples.
    x, y : (float, float)
        From where to where the picture goes.
    probabilities : (K, rows, columns, classes) float64
        At each moment told; the first row is at the lowest y.
    """

    features: tuple[int, ...]
    held: int
    x: tuple[float, float]
    y: tuple[float, float]
    probabilities: Array


@dataclass(frozen=True)
class ClassificationRecord:
    """The record of learning to classify.

    Attributes
    ----------
    data, raw : Dataset
        As the network is shown it, and as measured.
    facts, course, spreads, followed, answers
        See there; these are the answer sheet.
    plane : Plane or None
        None of pictures.
    predicted : (K, N) int64
        The class of every row of the data set at each moment told.
    """

    data: Dataset
    raw: Dataset
    facts: DataFacts
    course: Course
    spreads: Spreads
    followed: Followed
    answers: Answers
    plane: Plane | None
    predicted: Classes
