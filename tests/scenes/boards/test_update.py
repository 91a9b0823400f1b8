"""What is written about one followed weight: its name, its factors, and each optimizer's rule."""

from __future__ import annotations

import re

import pytest

from backprop_studio.core.json_ready import plain
from backprop_studio.core.network.factors import parameter_factors
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.boards.steps import ONE_WEIGHT, recorded


def formulas(place, **values):
    _, record, sheet = recorded(**values)
    factors = parameter_factors(record, *place)
    sheet["factors"] = plain(factors)
    return UpdateFormulas(Writer(sheet, THEMES["dark"], str), record, factors)


def unnamed(text):
    return re.sub(r'#part\("\w+"\)\[\$(.*?)\$\]', r"\1", text)


@pytest.mark.parametrize(
    ("place", "network", "symbol"),
    [
        ((0, 1, 63), {"preset": "softmax"}, "w_(1,2,64)"),
        ((0, 0, 1), {"sizes": [10, 1]}, "w_(1,12)"),
        ((0, 0, 1), {"sizes": [9, 1]}, "w_(1,12)"),
        ((1, 2, None), {"sizes": [2, 2, 3]}, "b_(2,3)"),
    ],
)
def test_a_parameter_is_named_by_its_layer_and_units(place, network, symbol):
    assert formulas(place, network=network).symbol == symbol


def test_the_factors_of_the_one_weight_are_the_lectures():
    """dL/dy = 2 (2 - 4) = -4, the slope of the identity is 1, and x = 2."""
    text = unnamed(formulas((0, 0, 0), **ONE_WEIGHT).product(0))
    assert "(−4) dot 1 dot 2" in text
    assert "−8.0000" in text
    assert "sum" not in text


def test_a_batch_is_summed_up():
    written = formulas((0, 0, 0), network={"preset": "notes"})
    text = written.product(0)
    assert 'sum_"samples"' in text
    assert text.count(" + ") == 2


def test_plain_descent_puts_its_numbers_into_the_rule():
    """w = 1 - 0.1 * (-8) = 1.8."""
    text = unnamed(formulas((0, 0, 0), **ONE_WEIGHT).update())
    assert "1.0000 - 0.1 dot" in text
    assert text.endswith("= 1.8000 $")


@pytest.mark.parametrize(
    ("name", "memory"),
    [
        ("momentum", "v = −8.0000"),
        ("nesterov", "v = −8.0000"),
        ("adagrad", "s = 64.0000"),
        ("rmsprop", "s = 0.6400"),  # (1 - 0.99) 64
        ("adam", "hat(m) = −8.0000 quad hat(v) = 64.0000"),  # corrected, as the rule takes them
        ("adamw", "hat(m) = −8.0000 quad hat(v) = 64.0000"),
    ],
)
def test_an_optimizer_shows_what_it_remembers(name, memory):
    text = unnamed(formulas((0, 0, 0), optimizer={"name": name}, **ONE_WEIGHT).update())
    assert memory in text
    assert "1.0000 -> " in text


def test_the_rule_calls_units_by_where_they_stand_on_a_weights_line():
    text = formulas((0, 0, 0), network={"preset": "notes"}).rule()
    assert 'dot a_"start"' in text
    assert 'sum_"ends"' in text
    assert "relu" in text
    bias = formulas((0, 0, None), network={"preset": "notes"}).rule()
    assert "a_" not in bias
