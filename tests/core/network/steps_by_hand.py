"""Networks and batches that a test writes out, and how close numbers have to be."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step


def spec_of(sizes, activations, loss, weights=None, biases=None, **more):
    arrays = (None if group is None else tuple(map(np.array, group)) for group in (weights, biases))
    return NetworkSpec(sizes, activations, loss, more.pop("init", "torch"), 0, *arrays, **more)


def batch_of(inputs, targets):
    return Batch(np.array(inputs, dtype=float), np.array(targets))


def exactly(expected, digits=1e-15):
    return pytest.approx(expected, rel=digits, abs=digits)


def arrays_in(value):
    """Every array in a record, however deep; of leaves none is torch's."""
    if isinstance(value, np.ndarray):
        yield value
    elif dataclasses.is_dataclass(value):
        assert type(value).__dataclass_params__.frozen
        for field in dataclasses.fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_in(item)
    else:
        assert isinstance(value, float | int | str | None)


def mazurs_step():
    # Matt Mazur, "A Step by Step Backpropagation Example" (2015), typed in here again.
    weights = [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]]
    biases = [[0.35, 0.35], [0.60, 0.60]]
    spec = spec_of((2, 2, 2), ("sigmoid", "sigmoid"), "half_squared_error", weights, biases)
    return run_step(spec, batch_of([[0.05, 0.10]], [[0.01, 0.99]]), 0.5)


def printed(*texts):
    """What a page that prints these digits may mean, whether it rounds or cuts off."""
    numbers = [
        pytest.approx(float(text), abs=1.01 * 10.0 ** -len(text.partition(".")[2]), rel=0)
        for text in texts
    ]
    return numbers if len(numbers) > 1 else numbers[0]
