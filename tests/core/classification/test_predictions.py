"""What a network answers, against the second implementation and lines that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from backprop_studio.core.classification.predictions import decision_regions, predict
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.record import LayerUpdate
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from tests.core import oracle
from tests.core.specs import QUICK, arrays_of, networks


def layers_of(weights, biases):
    pairs = zip(weights, biases, strict=True)
    return [LayerUpdate(np.array(w, dtype=float), np.array(b, dtype=float)) for w, b in pairs]


def of_line(inputs, count=40, margin=0.25, features=(0, 1), reach=None):
    reach = inputs if reach is None else reach
    return decision_regions(
        LINE, LINE_LAYERS, inputs, features, reach=reach, count=count, margin=margin
    )


@settings(QUICK, max_examples=40)
@given(networks())
def test_answers_are_those_of_the_second_implementation(drawn):
    spec, batch = drawn
    if spec.loss != "cross_entropy":
        return
    layers = run_step(spec, batch, 0.1).layers
    found = predict(spec, layers, batch.inputs)
    shape = spec.activations, spec.loss
    done = oracle.forward(*arrays_of(layers), *shape, batch.inputs, batch.targets)
    a = done.layers[-1].a
    assert found.outputs == pytest.approx(a, rel=1e-12, abs=1e-12)
    assert found.probabilities == pytest.approx(oracle.softmax(a), rel=1e-11)
    rows = np.arange(batch.size)
    assert (found.probabilities[rows, found.classes] == found.probabilities.max(axis=1)).all()


# Classes 0 and 1 meet where x = 2 y + 1: the logits are 0 and x - 2 y - 1.
LINE = NetworkSpec((2, 2), ("identity",), "cross_entropy", "zeros", 0)
LINE_LAYERS = layers_of([[[0, 0], [1, -2]]], [[0, -1]])
CORNERS = np.array([[-3.0, -2.0], [5.0, 2.0]])


def test_border_of_two_classes_is_the_line_that_it_is():
    regions = of_line(CORNERS)
    assert regions.xs[[0, -1]].tolist() == [-5.0, 7.0]
    assert regions.ys[[0, -1]].tolist() == [-3.0, 3.0]
    score = regions.xs[None, :] - 2 * regions.ys[:, None] - 1
    share = 1 / (1 + np.exp(-score))
    assert regions.probabilities == pytest.approx(np.stack([1 - share, share], axis=2))


def test_inputs_that_do_not_move_are_held_at_their_mean():
    # The class is that of the sign of x1 + x3 - x2, of which x1 goes up and x3 across.
    spec = NetworkSpec((3, 2), ("identity",), "cross_entropy", "zeros", 0)
    layers = layers_of([[[0, 0, 0], [1, -1, 1]]], [[0, 0]])
    inputs = np.array([[0.0, 3.0, 0.0], [4.0, 5.0, 8.0]])
    regions = decision_regions(spec, layers, inputs, (2, 0), reach=inputs, count=9, margin=0.0)
    assert (regions.xs[-1], regions.ys[-1]) == (8.0, 4.0)
    expected = regions.ys[:, None] + regions.xs[None, :] - 4.0 > 0
    assert (regions.probabilities.argmax(axis=2) == expected).all()


def test_picture_reaches_as_far_as_other_samples_than_those_of_the_mean():
    seen = np.array([[-3.0, -2.0], [9.0, 6.0]])
    regions = of_line(CORNERS, count=3, margin=0.0, reach=seen)
    assert regions.xs.tolist() == [-3.0, 3.0, 9.0]
    assert regions.ys.tolist() == [-2.0, 2.0, 6.0]


def test_feature_that_never_varies_still_has_a_picture():
    assert of_line(np.array([[1.0, 2.0], [3.0, 2.0]]), count=3).ys.tolist() == [1.0, 2.0, 3.0]


def test_a_steps_record_is_taken_as_it_is():
    record = run_step(LINE, Batch(CORNERS / 3, np.array([0, 1])), 0.5)
    found = predict(LINE, record.updated, record.batch.inputs)
    assert found.outputs.tobytes() == record.after.activations[-1].tobytes()
    assert found.probabilities.tobytes() == record.after.probabilities.tobytes()
