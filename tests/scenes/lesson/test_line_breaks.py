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
        (r"$ a = b = c \ d = e $", [r"$ a = b = c \ d = e $", r"$ a = b \ = c \ d = e $"]),
        (
            r"$ a = b = c \ w = x = d $",
            [
                r"$ a = b = c \ w = x = d $",
                r"$ a = b = c \ w = x \ = d $",
                r"$ a = b \ = c \ w = x \ = d $",
            ],
        ),
        (
            "$ a quad 1 + 2 + 3 wide b wide c $",
            [
                "$ a quad 1 + 2 + 3 wide b wide c $",
                r"$ a wide 1 + 2 + 3 \ b wide c $",
                r"$ a \ 1 + 2 + 3 \ b wide c $",
                r"$ a \ 1 + 2 + 3 \ b \ c $",
                r"$ a \ 1 + 2 \ + 3 \ b \ c $",
                r"$ a \ 1 \ + 2 \ + 3 \ b \ c $",
            ],
        ),
    ],
)
def test_ways(source, ways):
    assert list(arrangements(source)) == ways


def test_every_way_can_be_set_and_each_is_narrower():
    source = "$ z_1 = W_1 x + b_1 = mat(1, 2; 3, 4) vec(1, 2) = vec(5, 11) quad a_1 = tanh(z_1) $"
    ways = list(arrangements(source))
    widths = [formula_block(it, (9.0, 4.0), THEMES["dark"].text).ink.width for it in ways]
    assert len(widths) == 5
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.3 * widths[0]
