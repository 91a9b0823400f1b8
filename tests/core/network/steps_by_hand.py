"""Networks and batches that a test writes out, and how close numbers have to be."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.spec import NetworkSpec


def spec_of(sizes, activations, loss, weights=None, biases=None, **more):
    arrays = (None if group is None else tuple(map(np.array, group)) for group in (weights, biases))
    return NetworkSpec(sizes, activations, loss, more.pop("init", "torch"), 0, *arrays, **more)


def batch_of(inputs, targets):
    return Batch(np.array(inputs, dtype=float), np.array(targets))


def exactly(expected, digits=1e-15):
    return pytest.approx(expected, rel=digits, abs=digits)
