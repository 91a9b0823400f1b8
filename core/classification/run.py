"""Training a classifier, from a data set to counted predictions, as one record.

The training itself is :mod:`core.training.run`'s; here is what a lecture looks at: loss and
accuracy over the epochs, how gradients spread early and late, what each part of a plane is taken
for, and what was classified correctly in the end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.limits import parameter_count
from backprop_studio.core.classification import record
from backprop_studio.core.classification.predictions import axis_over, decision_regions, predict
from backprop_studio.core.network.batch import data_part
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.training.record import Score, TrainingPlan, kept_steps
from backprop_studio.core.training.run import run_training

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.classification.params import ClassificationSettings
    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.training.record import TrainingRecord, TrainingStep

MOST_MOMENTS = 50
WINDOW = 10
"""Moments whose gradients are looked at together: a small layer alone has but a few entries."""


@lru_cache(maxsize=2)
def classify(settings: ClassificationSettings) -> record.ClassificationRecord:
    """Return the record of a network that learns a data set's training part.

    The last records are kept: the same settings return the same one.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the first update.

    Examples
    --------
    >>> from backprop_studio.core.classification.params import ClassificationGroup
    >>> record = classify(ClassificationGroup().settings())
    >>> record.answers.tally.right, record.answers.tally.count
    (19, 20)
    """
    data, network = settings.data, settings.network
    per_epoch = settings.updates_per_epoch
    epochs = sorted({*kept_steps(settings.epochs, MOST_MOMENTS), *settings.told})
    plan = TrainingPlan(
        settings.epochs * per_epoch,
        settings.batch_size,
        seed=settings.seed,
        keep=tuple(epoch * per_epoch for epoch in epochs),
    )
    suited = (network.loss, len(data.class_names))
    batch = data_part(data, "train", *suited)
    held_out = data_part(data, "test", *suited) if len(data.test) else None
    optimizer = OptimizerSpec("sgd", settings.learning_rate)
    run = run_training(network, batch, optimizer, plan, held_out)
    moments = tuple(_moment(step, per_epoch, data) for step in run.kept)
    told = _told(run, settings)
    steps = [run.kept[k] for k in told]
    predicted = np.stack([_classes(settings, step) for step in steps])
    chance = float(np.log(len(data.class_names)))
    return record.ClassificationRecord(
        data=data,
        raw=settings.raw,
        facts=_facts(settings),
        course=record.Course(moments, told, chance, run.divergence),
        spreads=_spreads(run, moments),
        followed=_followed(settings, steps),
        answers=_answers(data, moments[-1], predicted[-1]),
        plane=_plane(settings, steps),
        predicted=frozen(predicted, np.int64),
    )


def _facts(settings: ClassificationSettings) -> record.DataFacts:
    data, sizes = settings.data, settings.network.sizes
    classes = len(data.class_names)
    per_class = np.bincount(data.targets.astype(np.int64), minlength=classes)
    return record.DataFacts(
        name=data.name,
        count=data.size,
        train=len(data.train),
        held_out=len(data.test),
        features=data.inputs.shape[1],
        classes=classes,
        per_class=frozen(per_class, np.int64),
        sizes=sizes,
        parameters=parameter_count(sizes),
        learning_rate=settings.learning_rate,
        batch_size=settings.batch_size,
        updates_per_epoch=settings.updates_per_epoch,
        epochs=settings.epochs,
    )


def _moment(step: TrainingStep, per_epoch: int, data: Dataset) -> record.Moment:
    train = _tally(step.score, len(data.train))
    held_out = None if step.held_out is None else _tally(step.held_out, len(data.test))
    norms = tuple(layer.norm_dL_dW for layer in step.layers)
    return record.Moment(step.step, step.step / per_epoch, train, held_out, norms)


def _tally(score: Score, count: int) -> record.Tally:
    accuracy = score.accuracy or 0.0  # there is one: targets are classes
    right = round(accuracy * count)
    return record.Tally(score.loss, right, count - right, count, accuracy)


def _told(run: TrainingRecord, settings: ClassificationSettings) -> tuple[int, ...]:
    """Return which kept steps are told: those asked for, and where the run really ended."""
    wanted = {epoch * settings.updates_per_epoch for epoch in settings.told}
    last = len(run.kept) - 1
    return tuple(k for k, step in enumerate(run.kept) if step.step in wanted or k == last)


def _classes(settings: ClassificationSettings, step: TrainingStep) -> record.Classes:
    return predict(settings.network, step.layers, settings.data.inputs).classes


def _spreads(run: TrainingRecord, moments: tuple[record.Moment, ...]) -> record.Spreads:
    count = max(min(WINDOW, len(moments) // 2), 1)
    early, late = slice(0, count), slice(len(moments) - count, len(moments))
    layers = []
    for number, histogram in enumerate(run.histograms):
        counts = [frozen(histogram.counts[it].sum(axis=0), np.int64) for it in (early, late)]
        largest = [
            max(float(np.abs(step.layers[number].dL_dW).max()) for step in run.kept[window])
            for window in (early, late)
        ]
        layers.append(
            record.GradientSpread(histogram.edges, counts[0], counts[1], largest[0], largest[1])
        )
    epochs = [moments[k].epoch for k in (0, count - 1, -count, -1)]
    return record.Spreads(tuple(layers), *epochs)


def _followed(settings: ClassificationSettings, steps: list[TrainingStep]) -> record.Followed:
    data = settings.data
    row = int((data.test if len(data.test) else data.train)[settings.sample])
    target = int(data.targets[row])
    probabilities, losses = [], []
    for step in steps:
        answer = predict(settings.network, step.layers, data.inputs[row : row + 1])
        probabilities.append(answer.probabilities[0])
        # The logits once more, as a probability that rounds to 0 has no logarithm.
        top = answer.outputs[0].max()
        losses.append(
            float(top + np.log(np.exp(answer.outputs[0] - top).sum()) - answer.outputs[0][target])
        )
    return record.Followed(
        row=row,
        raw=frozen(settings.raw.inputs[row]),
        inputs=frozen(data.inputs[row]),
        mean=data.mean,
        std=data.std,
        target=target,
        probabilities=frozen(probabilities),
        losses=frozen(losses),
    )


def _answers(data: Dataset, last: record.Moment, predicted: record.Classes) -> record.Answers:
    rows = data.test if len(data.test) else data.train
    classes = len(data.class_names)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (data.targets[rows].astype(np.int64), predicted[rows]), 1)
    return record.Answers(
        confusion=frozen(confusion, np.int64),
        tally=last.held_out or last.train,
        is_held_out=bool(len(data.test)),
        wrong=frozen(rows[predicted[rows] != data.targets[rows]], np.int64),
    )


def _plane(settings: ClassificationSettings, steps: list[TrainingStep]) -> record.Plane | None:
    data, features = settings.data, settings.features
    if features is None:
        return None
    if data.inputs.shape[1] == 1:
        return _lanes(settings, steps)
    known = data.inputs[data.train]
    views = [
        decision_regions(settings.network, step.layers, known, features, reach=data.inputs)
        for step in steps
    ]
    return record.Plane(
        features=features,
        held=data.inputs.shape[1] - 2,
        x=_measured(data, features[0], views[0].xs),
        y=_measured(data, features[1], views[0].ys),
        probabilities=frozen([it.probabilities for it in views]),
    )


def _lanes(settings: ClassificationSettings, steps: list[TrainingStep]) -> record.Plane:
    """Return the line of the only feature, drawn as broad as there are classes."""
    data = settings.data
    xs = axis_over(data.inputs)
    rows = []
    for step in steps:
        shares = predict(settings.network, step.layers, xs[:, None]).probabilities
        rows.append(np.stack([shares, shares]))
    lanes = (0.5, len(data.class_names) + 0.5)
    return record.Plane((0,), 0, _measured(data, 0, xs), lanes, frozen(rows))


def _measured(data: Dataset, feature: int, values: Array) -> tuple[float, float]:
    """Return the ends of an axis in the units of the measurement."""
    mean, std = (0.0, 1.0)
    if data.mean is not None and data.std is not None:
        mean, std = float(data.mean[feature]), float(data.std[feature])
    return float(values[0]) * std + mean, float(values[-1]) * std + mean
