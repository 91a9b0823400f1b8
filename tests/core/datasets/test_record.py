"""The record of a data set: read-only and checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backprop_studio.core.datasets.synthetic import blobs, double, line


def test_the_record_keeps_a_copy():
    inputs = np.ones((3, 1))
    data = replace(double(), inputs=inputs)
    inputs[0, 0] = 5.0
    assert data.inputs[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        data.inputs[0, 0] = 5.0


def test_what_is_not_held_out_is_learned_from():
    assert replace(blobs(5), test=np.array([1, 3])).train.tolist() == [0, 2, 4]


def test_targets_as_rows():
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
        ({"test": np.array([3])}, "rows 0 to 2"),
        ({"test": np.array([1, 1])}, "once"),
        ({"test": np.array([2, 0])}, "ascending"),
        ({"test": np.arange(3)}, "less than all"),
        ({"class_names": ("a", "b")}, "whole numbers"),
        ({"class_names": ("a", "b"), "targets": np.array([0, 1, 2])}, "class indices 0 to 1"),
        ({"image_shape": (2, 2)}, "image_shape"),
    ],
)
def test_parts_that_do_not_fit_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        replace(double(), **change)
