"""The marked line is the one that is executed, and code stays legible."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import SIZES, THEMES
from backprop_studio.scenes.parts.charts.code_line import (
    LEAST_EM,
    CodeLines,
    _parts,
    code_ink,
    lines_height,
)
from tests.scenes.parts.chart_pictures import UNIT, picture, play

THEME = THEMES["dark"]
LOOP = ["for x, t in loader:", "    loss = f(x, t)  # forward", "    loss.backward()"]


def listing(*lines: str, width: float = 9.0) -> CodeLines:
    return CodeLines(lines or LOOP, width, THEME)


def test_the_mark_is_behind_its_line() -> None:
    part = listing().run(2)
    assert part.y_of(2) < part.y_of(1) < part.y_of(0)
    column = picture(part)[:, 640 + int(4.3 * UNIT)].sum(axis=1)
    lit = np.nonzero(column > column.max() * 0.5)[0]
    assert lit.mean() == pytest.approx(360 - part.y_of(2) * UNIT, abs=1.5)


def test_the_mark_slides() -> None:
    part = listing().run(0)
    start, end = part.copy(), part.copy().run(2)
    part.interpolate(start, end, 0.5)
    assert part.state["row"] == pytest.approx(1)
    play(part, lambda it: it.run(1), lambda it: it.stop())
    assert part.state["running"] == 0
    assert signature(part) is not None


def test_the_marked_line_is_brighter_than_the_others() -> None:
    lines = ["a = 1", "a = 1"]
    pixels = picture(listing(*lines).run(0)).sum(axis=2)
    assert pixels[:360].max() > 1.3 * pixels[362:].max()


def test_indented_lines_begin_farther_right() -> None:
    def left(line: str) -> int:
        return int(np.nonzero(picture(listing(line)).max(axis=(0, 2)) > 90)[0].min())

    four = code_ink("mmmm", THEME.text).width * SIZES.small * UNIT
    assert left("    mm") - left("mm") == pytest.approx(four, abs=4)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x = 1", ("x = 1", "")),
        ("x = 1  # one", ("x = 1  ", "# one")),
        ("# all", ("", "# all")),
        ("    # all", ("    ", "# all")),
        ('print("a # b")', ('print("a # b")', "")),
    ],
)
def test_comments_are_told_from_code(text: str, parts: tuple[str, str]) -> None:
    assert _parts(text) == parts


def test_lines_and_results_are_replaced() -> None:
    part = listing("y = f(x)", "y.backward()")
    start = part.copy()
    end = part.copy().set_result(0, "28.0").set_line(1, "x.grad")
    part.interpolate(start, end, 0.75)
    assert part.results == ["28.0", ""]
    assert part.line_fades == [1.0, 0.5]
    assert part.texts() == ['#"y = f(x)"', '#"x.grad"', '#"28.0"']


def test_long_lines_are_set_smaller_alike_and_never_too_small() -> None:
    width = 9.0
    text = "a" * 66
    part = listing("x", text, width=width)
    assert LEAST_EM <= part.drawn_size() < SIZES.small
    assert code_ink(text, THEME.text).width * part.drawn_size() <= width
    with pytest.raises(ValueError, match="no room"):
        listing("a" * 90, width=width)
    with pytest.raises(ValueError, match="no room"):
        listing("a" * 60, width=width).set_result(0, "b" * 20)


def test_the_box_has_the_height_of_its_lines() -> None:
    assert listing().height == pytest.approx(lines_height(3))
    with pytest.raises(ValueError, match="line"):
        listing().run(3)
    with pytest.raises(ValueError, match="one line"):
        CodeLines([], 9.0, THEME)
