"""What a step's formulas say for networks of one sample, many units, fixed biases, and classes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from backprop_studio.core.json_ready import plain as as_plain
from backprop_studio.core.network.story.unit import unit_of
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


def plain(formula):
    """Return a formula without the names of its parts, and without colours."""
    return re.sub(COLOUR, r"\1", re.sub(r'#part\("\w+"\)\[\$(.*?)\$\]', r"\1", formula))


COLOUR = r'#text\(fill: rgb\("#\w+"\)\)\[\$(.*?)\$\]'


def test_the_loss_of_one_sample_is_written_once():
    """L = (1 * 2 - 4)^2 = 4."""
    written = formulas(**ONE_WEIGHT)
    assert plain(written.own_loss()) == "$ L = (−2.000)^2 = 4.0000 $"


def test_the_loss_of_a_batch_is_the_mean_of_its_samples():
    written = formulas(network={"preset": "notes"})
    losses = written.record.before.sample_losses
    # With three decimals they would make 1.0323.
    mean = " + ".join(f"{loss:.4f}" for loss in losses)
    assert f"({mean}) / {len(losses)} = {np.mean(losses):.4f}" in plain(written.loss())
    assert "ell_(1)" in written.loss()


def test_gradients_are_handed_back_by_the_transposed_matrix_and_the_slopes():
    """What stands there is W^T g, and that times the slopes is what torch has for dL/dz."""
    written = formulas(network={"preset": "notes"})
    behind = written.record.layers[1]
    arriving = behind.weight.T @ behind.dL_dz[0]
    slopes = written.record.layers[0].z[0] > 0
    assert f"= {column(arriving)} $" in plain(written.arriving(1))
    assert "W_2^T" in written.arriving(1)
    assert f"= {column(arriving * slopes)} $" in plain(written.through_slopes(1))


def column(values):
    """Return a vector as it is written."""
    return f"mat({' ; '.join(f'{it:.3f}'.replace('-', '−') for it in values)})"


def test_a_unit_is_written_out_term_by_term():
    """z = 0.1 * 0.05 + 0.2 * ... of the published example: 0.3775 in its first unit."""
    _, record, sheet = recorded(network={"preset": "two_layer_sigmoid"})
    sheet["unit"] = as_plain(unit_of(record, 0, 0, 0))
    written = StepFormulas(Writer(sheet, THEMES["dark"], str), record, 0)
    assert "z_(1,1) = 0.1500 dot 0.05 + 0.2000 dot 0.1 + 0.3500" in plain(written.unit_sum(0))
    assert plain(written.unit_sum(0)).endswith("= 0.0075 + 0.0200 + 0.3500 = 0.378 $")


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
