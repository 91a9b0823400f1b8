"""Formulas are broken between parts and steps, never inside brackets."""

from __future__ import annotations

import doctest

import pytest

from backprop_studio.scenes.lesson import line_breaks
from backprop_studio.scenes.lesson.line_breaks import arrangements
from backprop_studio.scenes.lesson.type_block import formula_block
from backprop_studio.scenes.paint.style import THEMES


def test_the_examples_run() -> None:
    found = doctest.testmod(line_breaks)
    assert found.failed == 0
    assert found.attempted > 0


@pytest.mark.parametrize(
    ("source", "ways"),
    [
        ("$ x $", ["$ x $"]),
        ("$ a = b $", ["$ a = b $"]),
        ("$ a quad b $", ["$ a quad b $", r"$ a \ b $"]),
        ("$ a = b = c $", ["$ a = b = c $", r"$ a = b \ = c $"]),
        ("$ mat(1; 2 = 3) = f[a = b wide c] $", ["$ mat(1; 2 = 3) = f[a = b wide c] $"]),
        ("no formula = a wide b", ["no formula = a wide b"]),
        ("$ a != b <= c $", ["$ a != b <= c $"]),
    ],
)
def test_ways(source: str, ways: list[str]) -> None:
    assert arrangements(source) == ways


def test_every_way_can_be_set_and_each_is_narrower() -> None:
    source = "$ z_1 = W_1 x + b_1 = mat(1, 2; 3, 4) vec(1, 2) = vec(5, 11) quad a_1 = relu(z_1) $"
    source = source.replace("relu", '"relu"')
    widths = [
        formula_block(way, (9.0, 4.0), THEMES["dark"].text).ink.width
        for way in arrangements(source)
    ]
    assert len(widths) == 3
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.6 * widths[0]
