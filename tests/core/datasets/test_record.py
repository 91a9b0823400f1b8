"""The record: read-only, checked, and the same after a trip through JSON."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.record import Dataset, dataset_from_sheet, dataset_sheet
from backprop_studio.core.datasets.split import hold_out, standardise
from backprop_studio.core.datasets.synthetic import blobs, double, line, xor

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def same(first: Dataset, second: Dataset) -> bool:
    for part in fields(Dataset):
        one, other = getattr(first, part.name), getattr(second, part.name)
        if isinstance(one, np.ndarray):
            if one.tobytes() != other.tobytes() or one.shape != other.shape:
                return False
            if one.dtype != other.dtype or other.flags.writeable:
                return False
        elif one != other:
            return False
    return True


def through_json(data: Dataset) -> Dataset:
    return dataset_from_sheet(json.loads(json.dumps(dataset_sheet(data), allow_nan=False)))


@pytest.mark.parametrize(
    "data",
    [double(), xor(), line(), standardise(hold_out(blobs(), 20, seed=1)), hold_out(xor(), 3, 0)],
)
def test_round_trip(data: Dataset) -> None:
    assert same(data, through_json(data))


@given(st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=20), st.text())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
def test_round_trip_of_any_numbers_and_names(
    rows: list[tuple[float, float, float]], name: str
) -> None:
    table = np.array(rows)
    data = Dataset(
        name=name,
        inputs=table[:, :2],
        targets=table[:, 2:],
        feature_names=(name, "b"),
        target_names=("y",),
        class_names=(),
        train=np.arange(len(rows)),
        test=np.arange(0),
        source="s",
        licence="l",
        image_shape=(1, 2),
    )
    assert same(data, through_json(data))


def test_the_record_keeps_a_copy() -> None:
    inputs = np.ones((3, 1))
    data = replace(double(), inputs=inputs)
    inputs[0, 0] = 5.0
    assert data.inputs[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        data.inputs[0, 0] = 5.0


def test_targets_as_rows() -> None:
    three = blobs(3)
    assert three.target_rows().tolist() == np.eye(3).tolist()
    assert line().target_rows().tobytes() == line().targets.tobytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inputs": np.ones(3)}, "inputs"),
        ({"inputs": np.ones((0, 1))}, "inputs"),
        ({"inputs": np.array([[1.0], [np.nan], [2.0]])}, "inputs: expected finite"),
        ({"targets": np.ones((2, 1))}, "targets"),
        ({"feature_names": ("a", "b")}, "feature_names"),
        ({"target_names": ()}, "targets"),
        ({"mean": np.ones(1)}, "mean and std"),
        ({"mean": np.ones(2), "std": np.ones(2)}, "mean"),
        ({"mean": np.ones(1), "std": np.zeros(1)}, "std: expected positive"),
        ({"train": np.array([0, 1])}, "once"),
        ({"train": np.array([0, 1, 2]), "test": np.array([2])}, "once"),
        ({"train": np.array([0, 2, 1])}, "ascending"),
        ({"train": np.arange(0), "test": np.arange(3)}, "at least one"),
        ({"class_names": ("a", "b")}, "whole numbers"),
        ({"class_names": ("a", "b"), "targets": np.array([0, 1, 2])}, "class indices 0 to 1"),
        ({"image_shape": (2, 2)}, "image_shape"),
    ],
)
def test_parts_that_do_not_fit_are_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(double(), **change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra": 1}, "unknown key 'extra'"),
        ({"inputs": [[1.0], [2.0, 3.0], [4.0]]}, "equal length"),
        ({"inputs": None}, "inputs"),
        ({"inputs": [["a"], ["b"], ["c"]]}, "expected a list of numbers"),
        ({"inputs": [[True], [False], [True]]}, "expected a list of numbers"),
        ({"inputs": [[float("inf")], [1.0], [2.0]]}, "finite"),
        ({"train": [0.0, 1.0, 2.0]}, "train"),
        ({"name": 3}, "name: expected a text"),
        ({"class_names": 3}, "wrong"),
        ({"image_shape": []}, "wrong"),
        ({"image_shape": "ab"}, "wrong"),
    ],
)
def test_wrong_sheets_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        dataset_from_sheet({**dataset_sheet(double()), **change})


def test_a_sheet_that_lacks_a_part_is_refused() -> None:
    sheet = dataset_sheet(double())
    del sheet["train"]
    with pytest.raises(InputError, match="lacks 'train'"):
        dataset_from_sheet(sheet)
