"""What a network answers, against the second implementation and lines that are known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.classification.predictions import decision_regions, predict
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.passes import draw_parameters
from backprop_studio.core.network.record import LayerUpdate
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from tests.core import oracle
from tests.core.specs import QUICK, arrays_of, networks


def layers_of(weights, biases):
    pairs = zip(weights, biases, strict=True)
    return [LayerUpdate(np.array(w, dtype=float), np.array(b, dtype=float)) for w, b in pairs]


@QUICK
@given(networks())
def test_answers_are_those_of_the_second_implementation(drawn):
    spec, batch = drawn
    start = draw_parameters(spec)
    layers = [
        LayerUpdate(weight.detach().numpy(), bias.detach().numpy())
        for weight, bias in zip(start.weights, start.biases, strict=True)
    ]
    found = predict(spec, layers, batch.inputs)
    weights, biases = arrays_of(layers)
    with np.errstate(all="ignore"):  # the loss of a saturated output is not asked for
        done = oracle.forward(
            weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
        )
    a = done.layers[-1].a
    assert found.outputs == pytest.approx(a, rel=1e-12, abs=1e-12)
    if spec.loss == "cross_entropy":
        assert found.probabilities == pytest.approx(oracle.softmax(a), rel=1e-11)
    elif spec.loss == "binary_cross_entropy" and spec.sizes[-1] == 1:
        assert found.probabilities == pytest.approx(np.hstack([1 - a, a]), abs=1e-12)
    else:
        assert found.probabilities is found.classes is found.confidence is None
        return
    rows = np.arange(batch.size)
    assert found.confidence == pytest.approx(found.probabilities.max(axis=1))
    assert (found.probabilities[rows, found.classes] == found.confidence).all()


# Classes 0 and 1 meet where x = 2 y + 1: the logits are 0 and x - 2 y - 1.
LINE = NetworkSpec((2, 2), ("identity",), "cross_entropy", "zeros", 0)
LINE_LAYERS = layers_of([[[0, 0], [1, -2]]], [[0, -1]])
CORNERS = np.array([[-3.0, -2.0], [5.0, 2.0]])


def test_border_of_two_classes_is_the_line_that_it_is():
    regions = decision_regions(LINE, LINE_LAYERS, CORNERS, count=40, margin=0.25)
    assert regions.xs[[0, -1]].tolist() == [-5.0, 7.0]
    assert regions.ys[[0, -1]].tolist() == [-3.0, 3.0]
    for row, y in enumerate(regions.ys):
        for column, x in enumerate(regions.xs):
            score = x - 2 * y - 1
            share = 1 / (1 + np.exp(-score))
            assert regions.classes[row, column] == (score > 0)
            assert regions.probabilities[row, column] == pytest.approx([1 - share, share])
    assert (regions.confidence == regions.probabilities.max(axis=2)).all()
    assert {0, 1} == set(regions.classes.ravel().tolist())


def test_one_output_for_yes_and_no():
    spec = NetworkSpec((2, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0)
    regions = decision_regions(spec, layers_of([[[1, -2]]], [[-1]]), CORNERS, count=40)
    two = decision_regions(LINE, LINE_LAYERS, CORNERS, count=40)
    assert (regions.classes == two.classes).all()
    assert regions.probabilities == pytest.approx(two.probabilities, abs=1e-12)


def test_inputs_that_do_not_move_are_held_at_their_mean():
    # The class is that of the sign of x1 + x3 - x2, of which x1 goes up and x3 across.
    spec = NetworkSpec((3, 2), ("identity",), "cross_entropy", "zeros", 0)
    layers = layers_of([[[0, 0, 0], [1, -1, 1]]], [[0, 0]])
    inputs = np.array([[0.0, 3.0, 0.0], [4.0, 5.0, 8.0]])
    regions = decision_regions(spec, layers, inputs, (2, 0), count=9, margin=0.0)
    assert (regions.first, regions.second) == (2, 0)
    assert regions.held.tolist() == [2.0, 4.0, 4.0]
    assert (regions.xs[-1], regions.ys[-1]) == (8.0, 4.0)
    expected = regions.ys[:, None] + regions.xs[None, :] - 4.0 > 0
    assert (regions.classes == expected).all()


def test_picture_reaches_as_far_as_other_samples_than_those_of_the_mean():
    seen = np.array([[-3.0, -2.0], [9.0, 6.0]])
    regions = decision_regions(LINE, LINE_LAYERS, CORNERS, count=3, margin=0.0, reach=seen)
    assert regions.xs.tolist() == [-3.0, 3.0, 9.0]
    assert regions.ys.tolist() == [-2.0, 2.0, 6.0]
    assert regions.held.tolist() == [1.0, 0.0]  # the mean of the corners


def test_feature_that_never_varies_still_has_a_picture():
    regions = decision_regions(LINE, LINE_LAYERS, np.array([[1.0, 2.0], [3.0, 2.0]]), count=3)
    assert regions.ys.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("features", "count", "error", "words"),
    [
        ((0, 2), 5, InputError, "features: allowed are 0 to 1, found 2."),
        ((-1, 0), 5, InputError, "found -1."),
        ((1, 1), 5, InputError, "two different inputs, found 1 twice."),
        ((0, 1), 1, ValueError, "count: allowed are 2 to 400, found 1"),
        ((0, 1), 401, ValueError, "found 401"),
    ],
)
def test_planes_that_cannot_be(features, count, error, words):
    with pytest.raises(error) as caught:
        decision_regions(LINE, LINE_LAYERS, CORNERS, features, count=count)
    assert words in str(caught.value)


def test_numbers_have_no_regions():
    spec = NetworkSpec((2, 2), ("identity",), "mse", "zeros", 0)
    with pytest.raises(InputError, match="Regions need classes"):
        decision_regions(spec, LINE_LAYERS, CORNERS)


def test_inputs_of_another_width_are_the_callers_fault():
    with pytest.raises(ValueError, match=r"shape \(N, 2\), found \(2, 3\)"):
        predict(LINE, LINE_LAYERS, np.zeros((2, 3)))


def test_a_steps_record_is_taken_as_it_is():
    record = run_step(LINE, Batch(CORNERS / 3, np.array([0, 1])), 0.5)
    found = predict(LINE, record.updated, record.batch.inputs)
    assert found.outputs.tobytes() == record.after.activations[-1].tobytes()
    assert found.probabilities.tobytes() == record.after.probabilities.tobytes()


def test_sheet_keeps_every_bit():
    regions = decision_regions(LINE, LINE_LAYERS, CORNERS / 3, count=4)
    sheet = records_sheet("classification", {}, regions=regions)
    back = json.loads(json.dumps(sheet, allow_nan=False))["regions"]
    assert np.array(back["probabilities"]).tobytes() == regions.probabilities.tobytes()
    assert np.array(back["classes"]).tobytes() == regions.classes.tobytes()
