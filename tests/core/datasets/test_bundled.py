"""The sets of scikit-learn, against what their publications print."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from backprop_studio.core.base.errors import MissingComponentError
from backprop_studio.core.datasets import bundled
from backprop_studio.core.datasets.bundled import digits, iris


def test_iris():
    pytest.importorskip("sklearn")
    data = iris()
    assert data.inputs.shape == (150, 4)
    assert data.feature_names == ("sepal length", "sepal width", "petal length", "petal width")
    # Means over all flowers, as printed in UCI's iris.names.
    assert data.inputs.mean(axis=0) == pytest.approx([5.84, 3.05, 3.76, 1.20], abs=0.01)
    # First and last flower, and the two (35 and 38) that UCI's file has wrong, as Fisher printed.
    assert data.inputs[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert data.inputs[149].tolist() == [5.9, 3.0, 5.1, 1.8]
    assert data.inputs[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert data.inputs[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert data.targets.tolist() == [0] * 50 + [1] * 50 + [2] * 50
    assert data.inputs.tobytes() == iris().inputs.tobytes()


def test_digits():
    pytest.importorskip("sklearn")
    data = digits()
    assert data.inputs.shape == (1797, 64)
    assert data.image_shape == (8, 8)
    assert (data.inputs.min(), data.inputs.max()) == (0.0, 1.0)
    np.testing.assert_array_equal(data.inputs * 16, np.round(data.inputs * 16))
    # Per digit, as printed in UCI's optdigits.names for the test part.
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(data.targets.astype(np.int64)).tolist() == counts


def test_without_scikit_learn_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingComponentError, match="pip install scikit-learn"):
        bundled.iris()
