"""What a run is asked to do, and its answer sheet."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import ShownNumber, look_up
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.training.record import (
    TrainingPlan,
    kept_steps,
    steps_for_epochs,
    training_sheet,
)
from backprop_studio.core.training.run import run_training
from tests.core.specs import batch_for


def test_few_steps_are_all_kept():
    assert kept_steps(20) == tuple(range(21))
    assert kept_steps(59) == tuple(range(60))


def test_sixty_are_spread_over_three_thousand():
    steps = kept_steps(3000)
    assert (len(steps), steps[0], steps[-1]) == (60, 0, 3000)
    assert set(np.diff(steps)) <= {50, 51}  # 3000 / 59 = 50.8


@pytest.mark.parametrize("steps", [1, 2, 59, 60, 61, 100, 999, 10**6])
@pytest.mark.parametrize("most", [2, 3, 60])
def test_first_and_last_are_always_kept(steps, most):
    kept = kept_steps(steps, most)
    assert len(kept) == min(steps + 1, most)
    assert (kept[0], kept[-1]) == (0, steps)
    assert list(kept) == sorted(set(kept))
    assert np.ptp(np.diff(kept)) <= 1


def test_epochs():
    assert steps_for_epochs(100, 3, 1) == 300
    assert steps_for_epochs(10, 130, 16) == 90  # the ninth batch holds what is left
    assert steps_for_epochs(7, 130, None) == 7


def test_a_plan_keeps_what_is_chosen_and_both_ends():
    assert TrainingPlan(100, keep=(7, 3, 7)).keep == (0, 3, 7, 100)
    assert TrainingPlan(3000).keep == kept_steps(3000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, r"steps: allowed are 1 to 1000000, found 0\."),
        ({"steps": 10**7}, r"steps: allowed are 1 to 1000000, found 10000000\."),
        ({"steps": 5, "keep": (6,)}, r"keep: allowed are steps 0 to 5, found 6\."),
        ({"steps": 5, "keep": (-1,)}, r"keep: allowed are steps 0 to 5, found -1\."),
    ],
)
def test_plans_that_cannot_be(arguments, message):
    with pytest.raises(InputError, match=message):
        TrainingPlan(**arguments)


def made(name, loss="cross_entropy", rate=0.1, train_biases=True, **plan):
    output = "sigmoid" if loss == "binary_cross_entropy" else "identity"
    spec = NetworkSpec((3, 4, 2), ("tanh", output), loss, "torch", 5, train_biases=train_biases)
    batch = batch_for(spec, 6, np.random.default_rng(5))
    return run_training(spec, batch, OptimizerSpec(name, rate), TrainingPlan(12, 4, **plan), batch)


def same(array, values):
    return array.tobytes() == np.array(values, dtype=array.dtype).tobytes()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("train_biases", [True, False])
def test_json_keeps_every_number_to_the_last_bit(name, train_biases):
    record = made(name, train_biases=train_biases)
    sheet = training_sheet("optimizers", {"pace": 1.0}, record, [])
    text = json.dumps(sheet, allow_nan=False)
    back = json.loads(text)
    assert back == sheet
    assert same(record.losses, back["losses"])
    assert same(record.batch.inputs, back["inputs"])
    assert same(record.batch.targets, back["held_out_targets"])
    for step, written in zip(record.kept, back["kept"], strict=True):
        assert step.step == written["step"]
        assert same(step.rows, written["rows"])
        assert step.score == (written["loss"], written["accuracy"])
        assert step.held_out._asdict() == written["held_out"]
        for layer, values in zip(step.layers, written["layers"], strict=True):
            check(layer, values)
        assert step.vectors.step == written["optimizer"].pop("step")
        for key, layers in written["optimizer"].items():
            ours = getattr(step.vectors, key)
            assert (ours is None) == (layers is None)
            for layer, values in zip(ours or (), layers or (), strict=True):
                check(layer, values)
    for histogram, written in zip(record.histograms, back["histograms"], strict=True):
        assert same(histogram.edges, written["edges"])
        assert same(histogram.counts, written["counts"])


def check(layer, values):
    assert set(values) == set(vars(layer))
    for name, value in values.items():
        ours = getattr(layer, name)
        assert same(ours, value) if isinstance(ours, np.ndarray) else ours == value


def test_the_sheet_says_what_was_asked_and_shown():
    record = made("adam", seed=3)
    number = ShownNumber("race", "kept.12.layers.0.weight.0.1", "0.12", 0.125)
    sheet = training_sheet("optimizers", {"pace": 2.0}, record, [number])
    assert (sheet["scene"], sheet["parameters"]) == ("optimizers", {"pace": 2.0})
    assert sheet["optimizer"]["name"] == "adam"
    assert sheet["optimizer"]["beta2"] == 0.999
    assert sheet["plan"]["batch_size"] == 4
    assert sheet["plan"]["seed"] == 3
    assert sheet["network"]["sizes"] == [3, 4, 2]
    assert look_up(sheet, number.name) == record.kept[12].layers[0].weight[0, 1]
    assert (
        look_up(sheet, "kept.1.optimizer.first_moment.1.bias.0")
        == (record.kept[1].vectors.first_moment[1].bias[0])
    )
    assert sheet["shown"] == [vars(number)]


def test_a_diverged_run_is_valid_json():
    record = made("sgd", "mse", rate=1e100)
    sheet = training_sheet("learning_rate", {}, record, [])
    assert json.loads(json.dumps(sheet, allow_nan=False))["divergence"] == {
        "step": record.divergence.step,
        "reason": record.divergence.reason,
    }
    assert all(map(math.isfinite, sheet["losses"]))
