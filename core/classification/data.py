"""Data with classes: chosen by a form, split, and standardised, each with a sentence if wrong."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.validation_messages import nearest_name, one_line, shown
from backprop_studio.core.classification.recipes import Recipe, recipe_for
from backprop_studio.core.datasets.choice import sets_with
from backprop_studio.core.datasets.record import Dataset
from backprop_studio.core.datasets.split import hold_out, standardise
from backprop_studio.core.network.batch import DataParams, resolve_dataset

__all__ = ["as_shown", "classes_to_learn", "column_of", "field_of"]

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
    >>> data, recipe = classes_to_learn(DataParams(name="digits"), 0)
    >>> len(data.train), len(data.test), recipe.hidden
    (1500, 297, ())
    """
    if asked.inputs is not None and asked.targets is not None:
        data = _written(asked)
        return data, recipe_for(None, data.size)
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
        found = resolve_dataset(asked.model_copy(update=more), None)
    except ValueError as error:
        raise InputError(f"{one_line(str(error))}.") from error
    assert found is not None  # it has a name or a file
    data = found
    if not data.class_names:
        raise InputError(
            f"{field_of(asked)}: {data.name} has numbers as targets; expected classes, as in "
            "iris, digits or two_moons."
        )
    recipe = recipe_for(None if asked.file is not None else name, data.size,
                        is_table=asked.file is not None)  # fmt: skip
    if is_folder:
        return data, recipe
    held_out = recipe.held_out or 0 if asked.held_out is None else asked.held_out
    if held_out >= data.size:
        raise InputError(
            f"data.held_out: of {data.size} rows 0 to {data.size - 1} can be held out, "
            f"found {held_out}."
        )
    return _held_out(data, held_out, seed if asked.seed is None else asked.seed), recipe


def as_shown(raw: Dataset, asked: DataParams, recipe: Recipe) -> Dataset:
    """Return the data set as the network is shown it: standardised, if that is asked for.

    Raises
    ------
    InputError
        If a column's numbers are too far apart.

    Examples
    --------
    >>> raw, recipe = classes_to_learn(DataParams(), 0)
    >>> as_shown(raw, DataParams(), recipe).mean.round(1).tolist()
    [5.8, 3.1, 3.7, 1.2]
    """
    if not (recipe.standardise if asked.standardise is None else asked.standardise):
        return raw
    try:
        return _standardised(raw)
    except InputError as error:
        raise InputError(f"data.{error}") from error


def field_of(asked: DataParams) -> str:
    """Return which field says what the data are, for a message.

    Examples
    --------
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
    assert asked.inputs is not None
    assert asked.targets is not None
    targets = asked.targets
    if any(isinstance(it, tuple) or it < 0 for it in targets):
        raise InputError("data.targets: expected class indices 0, 1, 2 and so on.")
    if len(targets) != len(asked.inputs):
        raise InputError(
            f"data.targets: expected one per row of inputs, {len(asked.inputs)}, found "
            f"{len(targets)}."
        )
    widths = {len(row) for row in asked.inputs}
    if len(widths) != 1 or not min(widths):
        raise InputError("data.inputs: expected rows of equal length.")
    classes = np.array(targets, dtype=np.int64)
    if len(set(classes.tolist())) < 2 or classes.max() >= MOST_CLASSES:
        raise InputError("data.targets: expected two or more classes, from 0 to at most 99.")
    return Dataset(
        name="rows",
        inputs=np.array(asked.inputs, dtype=np.float64),
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
    >>> column_of(classes_to_learn(DataParams(), 0)[0], "petal width")
    3
    """
    names = data.feature_names
    if isinstance(wanted, str):
        if wanted in names:
            return names.index(wanted)
        near = nearest_name(wanted, names)
        hint = f"did you mean {shown(near)}?" if near else f"allowed are 1 to {len(names)}."
        raise InputError(one_line(f"features: {data.name} has no input {shown(wanted)}; {hint}"))
    if not 1 <= wanted <= len(names):
        raise InputError(f"features: allowed are 1 to {len(names)}, found {wanted}.")
    return wanted - 1
