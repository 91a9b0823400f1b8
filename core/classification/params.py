"""Parameters of learning to classify, and the complete settings made of them.

A data set brings what suits it: layers, learning rate, batches, epochs and how much is held out.
What the user gives goes before. No torch before something is computed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import AfterValidator, ConfigDict, Field

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.fields import Finite, Seed, hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import MAX_UNITS, parameter_count
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.classification.data import as_shown, classes_to_learn, column_of, field_of
from backprop_studio.core.datasets.choice import PICTURES, DatasetName
from backprop_studio.core.datasets.params import SET_LABELS, DataParams, resolved_data
from backprop_studio.core.network.spec import ACTIVATIONS, Activation, NetworkSpec
from backprop_studio.core.training.record import steps_for_epochs

if TYPE_CHECKING:
    from pydantic.config import JsonValue

    from backprop_studio.core.classification.data import Recipe
    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.datasets.report import DataReport

MAX_HIDDEN = 3
MAX_WIDTH = 128
MAX_EPOCHS = 500
MAX_TOLD = 8
MAX_UPDATES = 10_000
MAX_WORK = 2e10
"""Samples times parameters times epochs: about half a minute."""


_NO_PICTURES: list[JsonValue] = [
    {"/data.name": [name for name in get_args(DatasetName) if name not in PICTURES]},
    {"/data.file": True},
    {"/data.inputs": True},
]


def _check_hidden(found: tuple[int, ...]) -> tuple[int, ...]:
    if len(found) > MAX_HIDDEN:
        text = N_("allowed are at most {most} hidden layers, found {found}")
        raise ParameterError("hidden.layers", text, most=MAX_HIDDEN, found=len(found))
    for units in found:
        if not 1 <= units <= MAX_WIDTH:
            text = N_("allowed are 1 to {most} units per layer, found {found}")
            raise ParameterError("network.units", text, most=MAX_WIDTH, found=units)
    return found


def _check_told(found: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(found) <= MAX_TOLD:
        text = N_("allowed are 1 to {most} epochs, found {found}")
        raise ParameterError("told.count", text, most=MAX_TOLD, found=len(found))
    for epoch in found:
        if not 1 <= epoch <= MAX_EPOCHS:
            text = N_("allowed are epochs 1 to {most}, found {found}")
            raise ParameterError("told.epoch", text, most=MAX_EPOCHS, found=epoch)
    return found


Hidden = Annotated[tuple[int, ...], AfterValidator(_check_hidden)]
Told = Annotated[tuple[int, ...], AfterValidator(_check_told)]


@dataclass(frozen=True)
class ClassificationSettings:
    """The settings of learning to classify, with nothing left open.

    Attributes
    ----------
    data : Dataset
        Split and, if asked for, standardised.
    raw : Dataset
        The same rows in the units they were measured in.
    network : NetworkSpec
        From as many inputs as the data have to one output per class, with cross-entropy.
    learning_rate : float
        eta of plain SGD.
    batch_size, epochs : int
        As in :class:`Recipe`; a batch is never larger than the training part.
    seed : int
        Draws the order of the batches.
    told : tuple of int
        Epochs that the lesson stops at, ascending; 0, untrained, and the last are among them.
    features : (int, int) or None
        Columns that the picture shows, counted from 0; None of pictures. A set of one column has
        it twice.
    sample : int
        The sample that is followed, counted from 0 among those held out, or among those learned
        from if none are.
    """

    data: Dataset
    raw: Dataset
    network: NetworkSpec
    learning_rate: float
    batch_size: int
    epochs: int
    seed: int
    told: tuple[int, ...]
    features: tuple[int, int] | None
    sample: int

    @property
    def updates_per_epoch(self) -> int:
        """How many updates go through all training samples once."""
        return steps_for_epochs(1, len(self.data.train), self.batch_size)


class ClassificationGroup(LessonParams):
    """Parameters of a data set with classes, and of how a network learns it."""

    model_config = ConfigDict(
        json_schema_extra=hints(
            order=["learning_rate", "epochs", "hidden", "activation", "batch_size", "seed", "data"]
        )
    )

    data: DataParams = Field(
        default_factory=lambda: DataParams(),
        title=N_("Data"),
        json_schema_extra=hints(
            fields={"name": hints(labels={**SET_LABELS, "None": N_("Automatic")})}
        ),
    )
    hidden: Hidden | None = param(
        None,
        N_("Hidden layers"),
        N_("Units of each hidden layer, for example 16-8; [] for none. Open: as usual."),
        separator="-",
        example="16-8",
    )
    learning_rate: Finite | None = param(
        None,
        N_("Learning rate"),
        N_("How far one step goes against the gradient (eta); open: what suits."),
        gt=0,
        le=1000,
        widget="log_slider",
        range=[1e-4, 10.0],
    )
    batch_size: int | None = param(
        None,
        N_("Batch size"),
        N_("How many samples make one update; open: what suits the data."),
        ge=1,
        le=100_000,
    )
    epochs: int | None = param(
        None,
        N_("Epochs"),
        N_("How often all training samples are gone through."),
        ge=1,
        le=MAX_EPOCHS,
    )
    seed: Seed = param(
        0, N_("Seed"), N_("Draws the weights, the batches and which samples are held out.")
    )
    activation: Activation = param(
        "relu",
        N_("Activation"),
        N_("Activation of the hidden layers."),
        labels={name: name for name in ACTIVATIONS},
    )
    features: tuple[str | int, str | int] | None = param(
        None,
        N_("Features in the picture"),
        N_("Names or numbers of two inputs, across and up, for example 3, 4."),
        level="advanced",
        when=_NO_PICTURES,
    )
    told: Told | None = param(
        None,
        N_("Epochs shown"),
        N_("Epochs at which the lesson stops, for example 1, 10, 100."),
        level="advanced",
    )
    sample: int = param(
        1,
        N_("Followed sample"),
        N_("Which of the held-out samples is followed, counted from 1."),
        ge=1,
        le=1_000_000,
        level="advanced",
    )

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        made = self.settings()
        found = {
            "hidden": list(made.network.sizes[1:-1]),
            "learning_rate": made.learning_rate,
            "batch_size": made.batch_size,
            "epochs": made.epochs,
            "told": [epoch for epoch in made.told if epoch],
        }
        if made.features is not None:
            found["features"] = [column + 1 for column in made.features]
        data = {} if self.data.inputs is not None else resolved_data(made.data, self.data)
        named = {f"data.{name}": value for name, value in data.items()}
        return {**super().resolved(), **found, **named}

    def data_report(self) -> DataReport | None:
        """Return what was read of the user's table and how, or None if there is none."""
        return self.settings().raw.report

    def settings(self) -> ClassificationSettings:
        """Return what is learned and how, with nothing left open.

        Raises
        ------
        InputError
            If the data have no classes, a file is wrong, an option does not go with the data, or
            the training would take too long.

        Examples
        --------
        >>> settings = ClassificationGroup().settings()
        >>> settings.network.sizes, settings.told
        ((4, 2, 3), (0, 1, 3, 10, 32, 100))
        >>> ClassificationGroup(epochs=5, told=(2, 9)).settings()
        Traceback (most recent call last):
        ...
        backprop_studio.core.base.errors.InputError: told: expected epochs from 1 to 5, found 9.
        """
        raw, recipe = classes_to_learn(self.data, self.seed)
        data = as_shown(raw, self.data, recipe)
        epochs = self.epochs or recipe.epochs
        batch_size = min(self.batch_size or recipe.batch_size, len(data.train))
        hidden = recipe.hidden if self.hidden is None else self.hidden
        inputs = data.inputs.shape[1]
        if inputs > MAX_UNITS:
            text = N_("{field}: {data} has {found} inputs; expected at most {most}")
            fields = {"field": field_of(self.data), "data": data.name, "most": MAX_UNITS}
            raise InputError("data.inputs", text, **fields, found=inputs)
        sizes = (inputs, *hidden, len(data.class_names))
        _check_work(epochs, batch_size, len(data.train), sizes)
        activations: tuple[Activation, ...] = (*[self.activation] * len(hidden), "identity")
        return ClassificationSettings(
            data=data,
            raw=raw,
            network=NetworkSpec(sizes, activations, "cross_entropy", "torch", self.seed),
            learning_rate=self.learning_rate or recipe.learning_rate,
            batch_size=batch_size,
            epochs=epochs,
            seed=self.seed,
            told=self._told(epochs),
            features=self._features(data, recipe),
            sample=self._sample(data),
        )

    def _told(self, epochs: int) -> tuple[int, ...]:
        if self.told is None:
            found = {round(epochs ** (k / 4)) for k in range(5)}
        else:
            found = set(self.told)
            if max(found) > epochs:
                text = N_("{field}: expected epochs from 1 to {most}, found {found}")
                fields = {"field": "told", "most": epochs, "found": max(found)}
                raise InputError("told.late", text, **fields)
        return tuple(sorted({0, epochs} | found))

    def _features(self, data: Dataset, recipe: Recipe) -> tuple[int, int] | None:
        columns = data.inputs.shape[1]
        if data.image_shape is not None:
            if self.features is not None:
                text = N_("{field}: {data} are pictures, they are shown as they are; leave it open")
                raise InputError("features.pictures", text, field="features", data=data.name)
            return None
        if self.features is None:
            first, second = recipe.features
            return min(first, columns - 1), min(second, columns - 1)
        first, second = (column_of(data, feature) for feature in self.features)
        if first == second and columns > 1:
            text = N_("{field}: expected two different inputs, found {found} twice")
            found = shown(self.features[0])
            raise InputError("features.twice", text, field="features", found=found)
        return first, second

    def _sample(self, data: Dataset) -> int:
        part = data.test if len(data.test) else data.train
        if self.sample > len(part):
            text = (
                N_("{field}: {most} samples are held out; allowed are 1 to {most}, found {found}")
                if len(data.test)
                else N_(
                    "{field}: {most} samples are learned from; allowed are 1 to {most}, "
                    "found {found}"
                )
            )
            code = "sample.held_out" if len(data.test) else "sample.learned"
            raise InputError(code, text, field="sample", most=len(part), found=self.sample)
        return self.sample - 1


def _check_work(epochs: int, batch_size: int, samples: int, sizes: tuple[int, ...]) -> None:
    updates = steps_for_epochs(epochs, samples, batch_size)
    if updates > MAX_UPDATES:
        text = N_(
            "{field}: {epochs} epochs of {batches} batches are {updates} updates; expected at most "
            "{most}, so fewer epochs or a larger {other}"
        )
        fields = {"batches": math.ceil(samples / batch_size), "most": MAX_UPDATES}
        names = {"field": "epochs", "other": "batch_size"}
        raise InputError("epochs.updates", text, epochs=epochs, updates=updates, **fields, **names)
    weights = parameter_count(sizes)
    work = float(epochs) * samples * weights
    if work > MAX_WORK:
        text = N_(
            "{field}: {epochs} epochs of {samples} samples and {weights} weights take too long; "
            "expected at most {most}, or a smaller network"
        )
        fields = {"weights": weights, "most": max(math.floor(epochs * MAX_WORK / work), 1)}
        raise InputError(
            "epochs.work", text, field="epochs", epochs=epochs, samples=samples, **fields
        )
