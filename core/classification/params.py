"""What a form asks about learning to classify, and the complete settings made of it.

A data set brings what suits it: layers, learning rate, batches, epochs and how much is held out.
What the user gives goes before. No torch before something is computed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import MAX_UNITS, parameter_count
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.classification.data import as_shown, classes_to_learn, column_of, field_of
from backprop_studio.core.network.batch import DataParams
from backprop_studio.core.network.spec import Activation, NetworkParams, NetworkSpec
from backprop_studio.core.training.record import steps_for_epochs

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from backprop_studio.core.classification.recipes import Recipe
    from backprop_studio.core.datasets.record import Dataset

__all__ = ["ClassificationGroup", "ClassificationSettings"]

MAX_HIDDEN = 3
MAX_WIDTH = 128
MAX_EPOCHS = 500
MAX_TOLD = 8
MAX_UPDATES = 10_000
MAX_WORK = 2e10
"""Samples times parameters times epochs: about half a minute."""

INITIALISATION: Literal["torch"] = "torch"
_OF_NETWORK = NetworkParams.model_fields


def _check_hidden(found: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if found is None:
        return None
    if len(found) > MAX_HIDDEN:
        raise ValueError(f"allowed are at most {MAX_HIDDEN} hidden layers, found {len(found)}")
    for units in found:
        if not 1 <= units <= MAX_WIDTH:
            raise ValueError(f"allowed are 1 to {MAX_WIDTH} units per layer, found {units}")
    return found


def _check_told(found: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if found is None:
        return None
    if not 1 <= len(found) <= MAX_TOLD:
        raise ValueError(f"allowed are 1 to {MAX_TOLD} epochs, found {len(found)}")
    for epoch in found:
        if not 1 <= epoch <= MAX_EPOCHS:
            raise ValueError(f"allowed are epochs 1 to {MAX_EPOCHS}, found {epoch}")
    return found


Hidden = Annotated[tuple[int, ...] | None, AfterValidator(_check_hidden)]
Told = Annotated[tuple[int, ...] | None, AfterValidator(_check_told)]
_ADVANCED: JsonDict = {"x-level": "advanced"}


@dataclass(frozen=True)
class ClassificationSettings:
    """Learning to classify with nothing left open.

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

    @property
    def judged(self) -> str:
        """Which part the answers are judged on: ``test``, or ``train`` where nothing is held out.

        Examples
        --------
        >>> ClassificationGroup().settings().judged
        'test'
        """
        return "test" if len(self.data.test) else "train"


class ClassificationGroup(LessonParams):
    """A data set with classes, and how a network learns it."""

    data: DataParams = Field(default_factory=lambda: DataParams(), title=N_("Data"))
    hidden: Hidden = Field(
        None,
        title=N_("Hidden layers"),
        description=N_("Units of each hidden layer, for example [2]; [] for none. Open: as usual."),
    )
    learning_rate: float | None = Field(
        None,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta); open: what suits."),
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10.0]},
    )
    batch_size: int | None = Field(
        None,
        ge=1,
        le=100_000,
        title=N_("Batch size"),
        description=N_("How many samples make one update; open: what suits the data."),
    )
    epochs: int | None = Field(
        None,
        ge=1,
        le=MAX_EPOCHS,
        title=N_("Epochs"),
        description=N_("How often all training samples are gone through."),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("Draws the weights, the batches and which samples are held out."),
    )
    activation: Activation = Field(
        "relu",
        title=_OF_NETWORK["activation"].title,
        description=_OF_NETWORK["activation"].description,
        json_schema_extra=_OF_NETWORK["activation"].json_schema_extra,
    )
    features: tuple[str | int, str | int] | None = Field(
        None,
        title=N_("Features in the picture"),
        description=N_("Names or numbers of two inputs, across and up, for example [3, 4]."),
        json_schema_extra=_ADVANCED,
    )
    told: Told = Field(
        None,
        title=N_("Epochs shown"),
        description=N_("Epochs at which the lesson stops, for example [1, 10, 100]."),
        json_schema_extra=_ADVANCED,
    )
    sample: int = Field(
        1,
        ge=1,
        le=1_000_000,
        title=N_("Followed sample"),
        description=N_("Which of the held-out samples is followed, counted from 1."),
        json_schema_extra=_ADVANCED,
    )

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
            raise InputError(
                f"{field_of(self.data)}: {data.name} has {inputs} inputs; expected at most "
                f"{MAX_UNITS}."
            )
        sizes = (inputs, *hidden, len(data.class_names))
        _check_work(epochs, batch_size, len(data.train), sizes)
        return ClassificationSettings(
            data, raw,
            NetworkSpec(
                sizes, (self.activation,) * len(hidden) + ("identity",), "cross_entropy",
                INITIALISATION, self.seed,
            ),
            self.learning_rate or recipe.learning_rate, batch_size, epochs, self.seed,
            self._told(epochs), self._features(data, recipe), self._sample(data),
        )  # fmt: skip

    def _told(self, epochs: int) -> tuple[int, ...]:
        if self.told is None:
            found = {round(epochs ** (k / 4)) for k in range(5)}
        else:
            found = set(self.told)
            if max(found) > epochs:
                raise InputError(f"told: expected epochs from 1 to {epochs}, found {max(found)}.")
        return tuple(sorted({0, epochs} | found))

    def _features(self, data: Dataset, recipe: Recipe) -> tuple[int, int] | None:
        columns = data.inputs.shape[1]
        if data.image_shape is not None:
            if self.features is not None:
                raise InputError(
                    f"features: {data.name} are pictures, they are shown as they are; leave it "
                    "open."
                )
            return None
        if self.features is None:
            first, second = recipe.features
            return min(first, columns - 1), min(second, columns - 1)
        first, second = (column_of(data, feature) for feature in self.features)
        if first == second and columns > 1:
            raise InputError(
                f"features: expected two different inputs, found {shown(self.features[0])} twice."
            )
        return first, second

    def _sample(self, data: Dataset) -> int:
        part, what = (data.test, "held out") if len(data.test) else (data.train, "learned from")
        if self.sample > len(part):
            raise InputError(
                f"sample: {len(part)} samples are {what}; allowed are 1 to {len(part)}, "
                f"found {self.sample}."
            )
        return self.sample - 1


def _check_work(epochs: int, batch_size: int, samples: int, sizes: tuple[int, ...]) -> None:
    updates = steps_for_epochs(epochs, samples, batch_size)
    if updates > MAX_UPDATES:
        raise InputError(
            f"epochs: {epochs} epochs of {math.ceil(samples / batch_size)} batches are {updates} "
            f"updates; expected at most {MAX_UPDATES}, so fewer epochs or a larger batch_size."
        )
    work = float(epochs) * samples * parameter_count(sizes)
    if work > MAX_WORK:
        most = max(math.floor(epochs * MAX_WORK / work), 1)
        raise InputError(
            f"epochs: {epochs} epochs of {samples} samples and {parameter_count(sizes)} weights "
            f"take too long; expected at most {most}, or a smaller network."
        )
