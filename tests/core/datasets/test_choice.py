"""Which data set takes which option, and what each option does."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from backprop_studio.core.datasets import synthetic
from backprop_studio.core.datasets.choice import (
    DatasetChoice,
    DatasetName,
    check_options,
    load_dataset,
)

MADE = ("double", "line", "xor", "two_moons", "spirals", "blobs")
PICTURES = ("mnist", "fashion_mnist")
OPTIONS: dict[str, Any] = {
    "points": 40,
    "classes": 4,
    "noise": 0.25,
    "seed": 7,
    "held_out": 1,
    "standardise": True,
    "folder": "pictures",
    "limit": 2,
    "header": True,
    "delimiter": ",",
    "encoding": "gbk",
    "input_columns": (1,),
    "target_column": 2,
    "target_kind": "numbers",
}
TABLE = {
    "seed", "held_out", "standardise", "header", "delimiter", "encoding",
    "input_columns", "target_column", "target_kind",
}  # fmt: skip


def taken(name: str | None) -> set[str]:
    """What the issue and the makers' own signatures say that a set takes."""
    if name is None:
        return TABLE
    if name in PICTURES:
        return {"folder", "limit", "held_out"}
    result = {"seed", "held_out", "standardise"}
    if name in {"line", "two_moons", "spirals", "blobs"}:
        result |= {"points", "noise"}
    if name in {"spirals", "blobs"}:
        result.add("classes")
    return result


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", [*get_args(DatasetName), None])
def test_each_set_takes_its_options_and_no_other(name: Any, option: str, says: Any) -> None:
    file = "table.csv" if name is None else None
    choice = DatasetChoice(name=name, file=file, **{option: OPTIONS[option]})
    if option in taken(name):
        check_options(choice)
    else:
        says(lambda: load_dataset(choice), f"{option}: ", f"takes no {option}", *taken(name))


@pytest.mark.parametrize("name", MADE)
def test_default_is_the_makers_own(name: Any) -> None:
    ours, makers = load_dataset(DatasetChoice(name)), getattr(synthetic, name)()
    assert ours.inputs.tobytes() == makers.inputs.tobytes()
    assert ours.targets.tobytes() == makers.targets.tobytes()


@pytest.mark.parametrize(
    ("choice", "made"),
    [
        (
            DatasetChoice("line", points=9, noise=0.0, seed=2),
            lambda: synthetic.line(9, noise=0.0, seed=2),
        ),
        (
            DatasetChoice("spirals", points=9, classes=3, noise=0.0),
            lambda: synthetic.spirals(9, arms=3, noise=0.0),
        ),
        (
            DatasetChoice("blobs", points=9, classes=4, noise=0.1, seed=1),
            lambda: synthetic.blobs(9, classes=4, spread=0.1, seed=1),
        ),
    ],
)
def test_options_reach_the_maker(choice: DatasetChoice, made: Any) -> None:
    assert load_dataset(choice).inputs.tobytes() == made().inputs.tobytes()


def test_rows_are_held_out_before_columns_are_standardised() -> None:
    data = load_dataset(DatasetChoice("iris", held_out=50, standardise=True, seed=5))
    assert (len(data.train), len(data.test)) == (100, 50)
    assert np.abs(data.inputs[data.train].mean(axis=0)).max() < 1e-12
    assert np.abs(data.inputs[data.test].mean(axis=0)).max() > 1e-3
    other = load_dataset(DatasetChoice("iris", held_out=50, seed=6))
    assert other.test.tolist() != data.test.tolist()


def test_same_choice_is_the_same_record() -> None:
    first, again = (load_dataset(DatasetChoice("blobs", seed=3)) for _ in range(2))
    assert first is again


def test_table_that_changes_is_read_again(tmp_path: Any) -> None:
    path = tmp_path / "table.csv"
    path.write_text("1,2\n3,4\n")
    choice = DatasetChoice(file=str(path))
    first = load_dataset(choice)
    assert load_dataset(choice) is first
    path.write_text("1,2\n3,4\n5,6\n")
    assert load_dataset(choice).size == 3
