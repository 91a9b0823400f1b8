"""Formulas are broken between parts and steps, never inside brackets."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.line_breaks import arrangements
from backprop_studio.scenes.lesson.type_block import formula_block
from backprop_studio.scenes.paint.style import THEMES


@pytest.mark.parametrize(
    ("source", "ways"),
    [
        ("$ a = b $", ["$ a = b $"]),
        ("$ a quad b $", ["$ a quad b $", r"$ a \ b $"]),
        ("$ a = b = c $", ["$ a = b = c $", r"$ a = b \ = c $"]),
        ("$ mat(1; 2 = 3) = f[a = b wide c] $", ["$ mat(1; 2 = 3) = f[a = b wide c] $"]),
        ("no formula = a wide b", ["no formula = a wide b"]),
        ("$ a != b <= c $", ["$ a != b <= c $"]),
    ],
)
def test_ways(source, ways):
    assert arrangements(source) == ways


def test_every_way_can_be_set_and_each_is_narrower():
    source = "$ z_1 = W_1 x + b_1 = mat(1, 2; 3, 4) vec(1, 2) = vec(5, 11) quad a_1 = tanh(z_1) $"
    ways = arrangements(source)
    widths = [formula_block(it, (9.0, 4.0), THEMES["dark"].text).ink.width for it in ways]
    assert len(widths) == 3
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.6 * widths[0]
