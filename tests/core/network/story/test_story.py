"""What a film tells besides the step, against arithmetic by hand and against sorting."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.network.factors import parameter_factors
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_steps
from backprop_studio.core.network.story.blame import MOST, blame
from backprop_studio.core.network.story.course import course_of
from backprop_studio.core.network.story.nudge import nudge
from backprop_studio.core.network.story.surprise import surprise_of
from backprop_studio.core.network.story.unit import unit_of


def steps(network, count=1, rate=0.1):
    params = NetworkGroup.model_validate({"network": network})
    return run_steps(params.network_spec(), params.batch(), rate, count)


def test_a_units_products_and_its_bias_add_up():
    """0.15 * 0.05 + 0.20 * 0.10 + 0.35 = 0.3775 in Mazur's example."""
    unit = unit_of(steps({"preset": "two_layer_sigmoid"})[0], 0, 0, 0)
    assert unit.products == pytest.approx([0.0075, 0.02])
    assert unit.z == pytest.approx(0.3775)
    assert unit.a == pytest.approx(1 / (1 + np.exp(-0.3775)))


@pytest.mark.parametrize("place", [(1, 0, 0), (0, 2, 1), (2, 1, None)])
def test_a_small_nudge_measures_the_gradient(place):
    record = steps({"preset": "notes"})[0]
    found = nudge(record, parameter_factors(record, *place), 0)
    here = record.layers[place[0]]
    gradient = here.dL_db[place[1]] if place[2] is None else here.dL_dW[place[1:]]
    assert found.ratio == pytest.approx(gradient, rel=0.03)
    moved = found.w.change * (1 if place[2] is None else here.a_in[0, place[2]])
    assert found.z.change == pytest.approx(moved)
    assert record.layers[place[0]].weight is here.weight


def test_a_nudge_behind_a_dark_relu_goes_no_further():
    """The second unit's z is -0.16 for the first sample: relu is flat there."""
    record = steps({"preset": "notes"})[0]
    found = nudge(record, parameter_factors(record, 0, 1, 0), 0)
    assert found.z.change > 0
    assert found.a.change == 0


@pytest.mark.parametrize("network", [{"preset": "notes"}, {"sizes": [3, 4, 2], "init": "zeros"}])
def test_blame_ranks_all_weights_and_biases(network):
    record = steps(network)[0]
    every = [it for layer in record.layers for it in (*layer.dL_dW.flat, *layer.dL_db)]
    found = blame(record)
    assert [abs(it.gradient) for it in found.top] == sorted(map(abs, every), reverse=True)[:MOST]
    assert (found.count, found.zeros) == (len(every), every.count(0.0))
    for share in found.top:
        layer = record.layers[share.layer]
        here = layer.dL_db if share.column is None else layer.dL_dW[:, share.column]
        assert here[share.row] == share.gradient


def test_the_notes_first_sample_is_right_from_the_thirteenth_step():
    records = steps({"preset": "notes"}, 20)
    found = course_of(records, 0)
    classes = [int(it.after.probabilities[0].argmax()) for it in records]
    assert (found.said, found.right_from) == (1, classes.index(0) + 1)
    assert found.answers[0] == "wrong"
    assert set(found.answers[13:]) == {"right"}


def test_what_is_right_before_training_becomes_right_at_no_step():
    assert course_of(steps({"preset": "notes"}, 2), 2).right_from is None


def test_every_sample_with_a_finite_loss_is_on_the_curve_of_surprise():
    record = steps({"preset": "notes"})[0]
    found = surprise_of(record, 0)
    assert found.costs == pytest.approx(-np.log(found.shares))
    assert found.costs.mean() == pytest.approx(record.loss)
    assert found.own == found.shares[0]
    assert found.curve_costs == pytest.approx(-np.log(found.curve_shares))
    assert found.curve_shares[0] <= min(0.1, found.shares.min())
    assert found.curve_costs[-1] == 0
    assert surprise_of(steps({"preset": "two_layer_sigmoid"})[0], 0) is None
