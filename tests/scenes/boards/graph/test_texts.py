"""How numbers and formulas of a graph are written."""

from __future__ import annotations

import pytest

from backprop_studio.core.answer_sheet import printed
from backprop_studio.core.graphs.reading import parse_steps
from backprop_studio.scenes.boards.graph.texts import fewest_decimals, whole_formula


def test_a_formula_that_would_be_endless_is_not_put_together():
    text = "; ".join(f"s{k} = s{k - 1}*s{k - 1}" for k in range(1, 12))
    assert whole_formula(parse_steps(f"s0 = a + 1; {text}", ["a"])) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(6.0, "6"), (-0.25, "−0.25"), (2 / 3, "0.667"), (1e-12, "0.000000"), (123.456, "123.5")],
)
def test_a_number_has_as_many_decimals_as_it_needs(value, text):
    assert printed(value, fewest_decimals(value, 3)) == text
