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


def test_the_known_factors_of_the_one_weight_are_the_lectures():
    """The slope of the identity is 1, and x = 2; what is below the loss is still open."""
    text = unnamed(formulas((0, 0, 0), **ONE_WEIGHT).known_links(0))
    below = re.findall(r"underbrace\(.*?\), ([^()]+)\)(?: dot| \$)", text)
    assert below == ['"?"', "1", "2.000"]
    assert "sum" not in text


def test_a_batch_is_summed_up():
    """Each part is the product above it, and the sum is torch's gradient."""
    written = formulas((0, 0, 0), network={"preset": "notes"})
    assert 'sum_"samples"' in written.known_links(0)
    text = written.sum_of_samples(0, products=True)
    parts = [float(it.strip("()").replace("−", "-")) for it in named_parts(text, "p")]
    ends, starts = (
        [float(it.strip("()").replace("−", "-")) for it in named_parts(text, name)] for name in "ga"
    )
    products = [g * a for g, a in zip(ends, starts, strict=True)]
    assert parts == pytest.approx(products, abs=0.0002)
    gradient = float(written.record.layers[0].dL_dW[0, 0])
    assert sum(parts) == pytest.approx(gradient, abs=0.0002)
    assert written.sum_of_samples(0, products=False).count(" + ") == 2


def named_parts(text, letter):
    """Return what stands in the parts of a letter, sample by sample."""
    return re.findall(rf'#part\("{letter}\d"\)\[\$(.*?)\$\]', text)


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
