"""Data with classes: chosen by the parameters, split and standardised, and how they are learned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean
from backprop_studio.core.base.validation_messages import nearest_name, shown
from backprop_studio.core.datasets.choice import sets_with
from backprop_studio.core.datasets.record import Dataset
from backprop_studio.core.datasets.split import hold_out, standardise
from backprop_studio.core.network.batch import resolve_dataset

if TYPE_CHECKING:
    from backprop_studio.core.datasets.params import DataParams

MOST_CLASSES = 100
MANY = 1000
"""Rows from which on a set is learned in larger batches and fewer epochs."""


@dataclass(frozen=True)
class Recipe:
    """What suits a data set: layers, learning rate, batches, epochs and held-out rows.

    Attributes
    ----------
    hidden : tuple of int
        Units of the hidden layers.
    learning_rate : float
        eta.
    batch_size, epochs : int
        Samples per update, and how often all samples are gone through.
    held_out : int or None
        Rows to test on; None leaves it to the set's own split.
    standardise : bool
        Whether columns get mean 0 and deviation 1.
    features : (int, int)
        The two columns that a picture shows best, counted from 0.
    """

    hidden: tuple[int, ...]
    learning_rate: float
    batch_size: int
    epochs: int
    held_out: int | None = None
    standardise: bool = False
    features: tuple[int, int] = (0, 1)


_PICTURES = Recipe((), 0.1, 256, 10)
_RECIPES = {
    # The lecture notes': 4-2-3, eta 0.5, 100 epochs. All flowers at once, as with so large an eta
    # small batches throw the loss about. The last two columns tell the species apart best.
    "iris": Recipe((2,), 0.5, 150, 100, held_out=20, standardise=True, features=(2, 3)),
    "digits": Recipe((), 0.5, 32, 20, held_out=297),
    "fashion_mnist": _PICTURES,
    "mnist": _PICTURES,
    # Four points: none can be spared, and all are one batch.
    "xor": Recipe((8,), 0.5, 4, 200, held_out=0),
}


def recipe_for(name: str | None, rows: int, *, is_table: bool = False) -> Recipe:
    """Return the recipe of a set of so many rows.

    Of sets that are drawn and of tables a fifth is held out.

    Examples
    --------
    >>> recipe_for("fashion_mnist", 70_000).learning_rate, recipe_for("iris", 150).hidden
    (0.1, (2,))
    >>> recipe_for(None, 100_000).batch_size
    256
    """
    if name in _RECIPES:
        return _RECIPES[name]
    size, epochs = (16, 100) if rows <= MANY else (256, 20)
    return Recipe((16,), 0.3, size, epochs, held_out=rows // 5, standardise=is_table)


def classes_to_learn(asked: DataParams, seed: int) -> tuple[Dataset, Recipe]:
    """Return a data set with classes as it was measured, split, and what suits it.

    Parameters
    ----------
    asked : DataParams
        Without a name, a file or rows it is iris.
    seed : int
        Draws what the data have no seed of their own for.

    Raises
    ------
    InputError
        If the data have no classes, a file is wrong, or an option does not go with them.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> data, recipe = classes_to_learn(DataParams(name="digits"), 0)
    >>> len(data.train), len(data.test), recipe.hidden
    (1500, 297, ())
    """
    if asked.inputs is not None and asked.targets is not None:
        rows = _written(asked)
        return rows, recipe_for(None, rows.size)
    name = asked.name if asked.file is None and asked.name is not None else "iris"
    is_folder = asked.file is None and name in sets_with("folder")
    more: dict[str, object] = {} if asked.file is not None else {"name": name}
    if asked.file is not None and asked.target_kind is None:
        more["target_kind"] = "classes"
    if not is_folder:
        # The seed draws what is not drawn by a seed of its own; rows are held out below.
        seed = seed if asked.seed is None else asked.seed
        more |= {"seed": seed, "held_out": None, "standardise": None}
    try:
        data = resolve_dataset(asked.model_copy(update=more), None)
    except ParameterError as error:
        raise InputError(error.message) from error
    if data is None or not data.class_names:
        text = N_(
            "{field}: {data} has numbers as targets; expected classes, as in iris, digits or "
            "two_moons"
        )
        data_name = "" if data is None else data.name
        raise InputError("data.no_classes", text, field=field_of(asked), data=data_name)
    is_table = asked.file is not None
    recipe = recipe_for(None if is_table else name, data.size, is_table=is_table)
    if is_folder:
        return data, recipe
    held_out = recipe.held_out or 0 if asked.held_out is None else asked.held_out
    if held_out >= data.size:
        text = N_("{field}: of {rows} rows 0 to {most} can be held out, found {found}")
        fields = {"field": "data.held_out", "rows": data.size, "most": data.size - 1}
        raise InputError("split.rows", text, **fields, found=held_out)
    return _held_out(data, held_out, seed if asked.seed is None else asked.seed), recipe


def as_shown(raw: Dataset, asked: DataParams, recipe: Recipe) -> Dataset:
    """Return the data set as the network is shown it: standardised, if that is asked for.

    Raises
    ------
    InputError
        If a column's numbers are too far apart.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> raw, recipe = classes_to_learn(DataParams(), 0)
    >>> as_shown(raw, DataParams(), recipe).mean.round(1).tolist()
    [5.8, 3.1, 3.7, 1.2]
    """
    if not (recipe.standardise if asked.standardise is None else asked.standardise):
        return raw
    try:
        return _standardised(raw)
    except InputError as error:
        raise InputError(error.message.with_fields(field="data.standardise")) from error


def field_of(asked: DataParams) -> str:
    """Return which field says what the data are, for a message.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> field_of(DataParams(file="flowers.csv"))
    'data.file'
    """
    if asked.inputs is not None:
        return "data.inputs"
    return "data.name" if asked.file is None else "data.file"


@lru_cache(maxsize=4)
def _held_out(data: Dataset, held_out: int, seed: int) -> Dataset:
    """Split once: what comes of the same rows is then the same object, and learned once."""
    return hold_out(data, held_out, seed)


@lru_cache(maxsize=4)
def _standardised(data: Dataset) -> Dataset:
    return standardise(data)


@lru_cache(maxsize=4)
def _written(asked: DataParams) -> Dataset:
    """Return rows that were written out as a data set, nothing of it held out."""
    inputs, targets = asked.inputs or (), asked.targets or ()
    if any(isinstance(it, tuple) or it < 0 for it in targets):
        text = N_("{field}: expected class indices 0, 1, 2 and so on")
        raise InputError("data.indices", text, field="data.targets")
    if len(targets) != len(inputs):
        text = N_("{field}: expected one per row of inputs, {expected}, found {found}")
        fields = {"field": "data.targets", "expected": len(inputs), "found": len(targets)}
        raise InputError("data.target_count", text, **fields)
    widths = {len(row) for row in inputs}
    if len(widths) != 1 or not min(widths):
        text = N_("{field}: expected rows of equal length")
        raise InputError("data.lengths", text, field="data.inputs")
    classes = np.array(targets, dtype=np.int64)
    if len(set(classes.tolist())) < 2 or classes.max() >= MOST_CLASSES:
        text = N_("{field}: expected two or more classes, from 0 to at most {most}")
        raise InputError("data.classes", text, field="data.targets", most=MOST_CLASSES - 1)
    return Dataset(
        name="rows",
        inputs=np.array(inputs, dtype=np.float64),
        targets=classes,
        feature_names=tuple(f"x{k + 1}" for k in range(min(widths))),
        target_names=("class",),
        class_names=tuple(map(str, range(int(classes.max()) + 1))),
    )


def column_of(data: Dataset, wanted: str | int) -> int:
    """Return which input a name or a number from 1 on stands for, counted from 0.

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> column_of(classes_to_learn(DataParams(), 0)[0], "petal width")
    3
    """
    names = data.feature_names
    if isinstance(wanted, str) and wanted in names:
        return names.index(wanted)
    allowed = Message.of("features.allowed", N_("allowed are 1 to {most}"), most=len(names))
    if isinstance(wanted, str):
        near = nearest_name(wanted, names)
        text = N_("{field}: {data} has no input {found}; {hint}")
        fields = {"field": "features", "data": data.name, "found": shown(wanted)}
        hint = did_you_mean(shown(near)) if near else allowed
        raise InputError("features.unknown", text, **fields, hint=hint)
    if not 1 <= wanted <= len(names):
        text = N_("{field}: {allowed}, found {found}")
        raise InputError("features.number", text, field="features", allowed=allowed, found=wanted)
    return wanted - 1
