"""Data with classes: chosen by the parameters, split and standardised."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean
from backprop_studio.core.base.validation_messages import nearest_name, shown
from backprop_studio.core.classification.recipes import Recipe, recipe_for
from backprop_studio.core.datasets.choice import sets_with
from backprop_studio.core.datasets.record import Dataset
from backprop_studio.core.datasets.split import hold_out, standardise
from backprop_studio.core.network.batch import resolve_dataset

if TYPE_CHECKING:
    from backprop_studio.core.datasets.params import DataParams

MOST_CLASSES = 100


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
        train=np.arange(len(classes)),
        test=np.arange(0),
        source="Written out by the user.",
        licence="as the user's rows",
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
