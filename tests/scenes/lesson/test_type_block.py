"""Text keeps to its box, its lines and its smallest size, and parts to the frame, in lessons."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.type_block import TypeBlock, caption_block, formula_block
from backprop_studio.scenes.paint.style import SIZES, THEMES
from tests.scenes.lesson_runs import SCENES, run_lesson

COLOUR = THEMES["dark"].text
LEAST_EM = 18 / 720 * 8
LANGUAGES = ("en", "zh")


@pytest.mark.parametrize(
    ("name", "language"), [(name, LANGUAGES[k % 2]) for k, name in enumerate(SCENES)]
)
def test_a_lesson_is_legible_and_inside_the_frame(name, language):
    check_lesson(name, language)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "language"), [(name, LANGUAGES[1 - k % 2]) for k, name in enumerate(SCENES)]
)
def test_so_is_it_in_the_other_language(name, language):
    check_lesson(name, language)


def check_lesson(name, language):
    parts = [part for it in run_lesson(name, language=language).moments for part in it.parts]
    blocks = [part for part in parts if isinstance(part, TypeBlock)]
    assert len({block.source for block in blocks}) > 10
    for block in blocks:
        assert block.drawn_size() >= LEAST_EM, block.source
        if block.wrap:
            assert block.drawn_size() == block.size, block.source
            assert block.ink.height <= 2.4, block.source
    for part in parts:
        assert -7.12 <= part.get_left()[0] <= part.get_right()[0] <= 7.12
        assert -4.0 <= part.get_bottom()[1] <= part.get_top()[1] <= 4.0


def test_long_captions_break_into_lines_of_like_length():
    text = "one two three four five six seven eight nine ten " * 2
    block = caption_block(text, 13.0, COLOUR, "en")
    assert block.ink.height > 1.2
    assert block.ink.width * SIZES.caption < 0.75 * 13.0


def test_a_formula_that_is_too_wide_is_set_smaller():
    short, long = (formula_block(f"$ {'x + ' * n} x $", (5.0, 1.0), COLOUR) for n in (0, 59))
    assert short.drawn_size() == SIZES.formula
    assert long.drawn_size() * long.ink.width == pytest.approx(5.0)
