"""Text keeps to its box and its lines."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.type_block import caption_block, formula_block
from backprop_studio.scenes.paint.style import SIZES, THEMES

COLOUR = THEMES["dark"].text


def test_long_captions_break_into_lines_of_like_length():
    text = "one two three four five six seven eight nine ten " * 2
    block = caption_block(text, 13.0, COLOUR, "en")
    assert block.ink.height > 1.2
    assert block.ink.width * SIZES.caption < 0.75 * 13.0


def test_a_formula_that_is_too_wide_is_set_smaller():
    short, long = (formula_block(f"$ {'x + ' * n} x $", (5.0, 1.0), COLOUR) for n in (0, 59))
    assert short.drawn_size() == SIZES.formula
    assert long.drawn_size() * long.ink.width == pytest.approx(5.0)
