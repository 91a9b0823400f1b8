"""What a step's formulas say for networks of one sample, many units, fixed biases, and classes."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.boards.step import LONGEST_NAME, StepFormulas, class_word
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.boards.steps import ONE_WEIGHT, recorded


def formulas(**values):
    params, record, sheet = recorded(**values)
    chosen = params.dataset()
    writer = Writer(sheet, THEMES["dark"], str)
    return StepFormulas(writer, record, 0, chosen.class_names if chosen else ())


LONG = "x" * (LONGEST_NAME - 1) + "…"


def test_biases_that_stay_have_no_gradient():
    moving = {**ONE_WEIGHT, "network": {"preset": "one_weight", "train_biases": True}}
    for values, moves in ((ONE_WEIGHT, False), (moving, True)):
        assert ("partial b_1" in formulas(**values).weight_gradient(1)) is moves


def test_the_loss_of_one_sample_is_written_once():
    """L = (1 * 2 - 4)^2 = 4; after the step w = 1 - 0.1 * 2 * (-2) * 2 = 1.8 and L = 0.16."""
    written = formulas(**ONE_WEIGHT)
    assert written.loss().count("4.000") == 1
    assert "4.0000" in written.loss()
    assert "ell" not in written.loss()
    assert written.loss_change().count("0.16") == 1


def test_the_loss_of_a_batch_is_the_mean_of_its_samples():
    written = formulas(network={"preset": "notes"})
    losses = written.record.before.sample_losses
    # With three decimals they would make 1.0323.
    mean = " + ".join(f"{loss:.4f}" for loss in losses)
    assert f"({mean}) / {len(losses)} = {np.mean(losses):.4f}" in written.loss()
    assert "ell_(1)" in written.loss()


def test_classes_are_called_as_their_data_set_calls_them():
    digits = formulas(network={"preset": "softmax"})
    first = int(digits.record.batch.targets[0])
    assert f'"class {first}"' in digits.batch()
    assert '"setosa"' in formulas(network={"preset": "iris"}).batch()
    assert '"class 2"' in formulas(network={"preset": "notes"}).batch()


@pytest.mark.parametrize(
    ("names", "word"), [("", "class 3"), ("abc", "c"), ("012", "class 2"), (["x" * 80] * 3, LONG)]
)
def test_name_of_a_class(names, word):
    assert class_word(2, names, str) == word
