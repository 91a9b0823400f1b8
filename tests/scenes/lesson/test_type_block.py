"""Text keeps to its box, its lines and its smallest size, in every lesson."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.type_block import TypeBlock, caption_block, formula_block
from backprop_studio.scenes.paint.style import SIZES, THEMES
from tests.scenes.lesson_runs import SCENES, run_lesson

COLOUR = THEMES["dark"].text
LEAST_EM = 18 / 720 * 8


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_set_too_small_or_over_two_lines(name: str, language: str) -> None:
    run = run_lesson(name, language=language)
    for moment in run.moments:
        for block in (part for part in moment.parts if isinstance(part, TypeBlock)):
            assert block.drawn_size() >= LEAST_EM, block.source
            if block.wrap:
                assert block.drawn_size() == block.size, block.source
                assert block.ink.height <= 2.4, block.source


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SCENES)
def test_every_part_is_inside_the_frame(name: str, language: str) -> None:
    run = run_lesson(name, language=language)
    for moment in run.moments:
        for part in moment.parts:
            assert abs(part.get_left()[0]) <= 7.12
            assert abs(part.get_right()[0]) <= 7.12
            assert abs(part.get_bottom()[1]) <= 4.0
            assert abs(part.get_top()[1]) <= 4.0


def test_long_captions_break_into_lines_of_like_length() -> None:
    text = "one two three four five six seven eight nine ten " * 2
    block = caption_block(text, 13.0, COLOUR, "en")
    assert block.ink.height > 1.2
    assert block.ink.width * SIZES.caption < 0.75 * 13.0


def test_a_formula_that_is_too_wide_is_set_smaller() -> None:
    short = formula_block("$ x $", (5.0, 1.0), COLOUR)
    long = formula_block("$ " + " + ".join("x" * 1 for _ in range(60)) + " $", (5.0, 1.0), COLOUR)
    assert short.drawn_size() == SIZES.formula
    assert long.drawn_size() * long.ink.width == pytest.approx(5.0)
