"""Which data set takes which option, and what each option does."""

from __future__ import annotations

from typing import get_args

import pytest

from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.core.datasets import synthetic
from backprop_studio.core.datasets.choice import (
    DatasetChoice,
    DatasetName,
    check_options,
    load_dataset,
)

MADE = ("double", "line", "xor", "two_moons", "spirals", "blobs")
PICTURES = ("mnist", "fashion_mnist")
OPTIONS = {
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


def taken(name):
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
def test_each_set_takes_its_options_and_no_other(name, option, says):
    file = "table.csv" if name is None else None
    choice = DatasetChoice(name=name, file=file, **{option: OPTIONS[option]})
    if option in taken(name):
        check_options(choice)
    else:
        says(lambda: load_dataset(choice), f"{option}: ", f"takes no {option}", *taken(name))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *((name, {}) for name in MADE),
        ("line", {"points": 9, "noise": 0.0, "seed": 2}),
        ("spirals", {"points": 9, "classes": 3, "noise": 0.0}),
        ("blobs", {"points": 9, "classes": 4, "noise": 0.1, "seed": 1}),
    ],
)
def test_a_set_is_what_its_maker_makes_of_the_options(name, options):
    ours = load_dataset(DatasetChoice(name, **options))
    makers = getattr(synthetic, name)(**options)
    assert ours.inputs.tobytes() == makers.inputs.tobytes()
    assert ours.targets.tobytes() == makers.targets.tobytes()


def test_a_table_is_read_with_its_options_and_again_when_it_changes(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_text("1,2\n3,4\n5,6\n")
    options = {"header": False, "target_column": 1, "held_out": 1, "standardise": True}
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))  # where a relative path starts
    choice = DatasetChoice(file="table.csv", **options)
    first = load_dataset(choice)
    assert load_dataset(choice) is first
    assert (len(first.test), first.feature_names) == (1, ("column 2",))
    assert first.inputs[first.train].tolist() == [[-1.0], [1.0]]
    path.write_text("1,2\n3,4\n5,6\n7,8\n")
    assert load_dataset(choice).size == 4
