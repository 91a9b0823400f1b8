"""The marked line is the one that is executed, and code stays legible."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.paint.style import SIZES, THEMES
from backprop_studio.scenes.parts.charts.code_line import (
    LEAST_EM,
    CodeLines,
    code_ink,
    lines_height,
)
from tests.scenes.parts.chart_pictures import picture

THEME = THEMES["dark"]
LOOP = ["for x, t in loader:", "    loss = f(x, t)  # forward", "    loss.backward()"]


def listing(*lines, width=9.0):
    return CodeLines(lines or LOOP, width, THEME)


def test_lines_are_replaced():
    part = listing("y = f(x)", "y.backward()")
    start = part.copy()
    part.interpolate(start, part.copy().set_line(1, "x.grad"), 0.75)
    assert part.fades == [1.0, 0.5]
    assert part.texts() == ['#"y = f(x)"', '#"x.grad"']


def test_long_lines_are_set_smaller_alike_and_never_too_small():
    width = 9.0
    text = "a" * 66
    part = listing("x", text, width=width)
    assert LEAST_EM <= part.drawn_size() < SIZES.small
    assert code_ink(text, THEME.text).width * part.drawn_size() <= width
    with pytest.raises(ValueError, match="no room"):
        listing("a" * 90, width=width)


def test_the_box_has_the_height_of_its_lines():
    assert listing().height == pytest.approx(lines_height(3))
    with pytest.raises(ValueError, match="line"):
        listing().run(3)
    with pytest.raises(ValueError, match="one line"):
        CodeLines([], 9.0, THEME)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1", "x = 1"),
        ("x = 1  # one", "x = 1"),
        ("    # all", ""),
        ('print("a # b")', 'print("a # b")'),
    ],
)
def test_comments_stay_quiet_in_the_marked_line(text, code):
    """Only code is lit, which is all that a line without its comment is."""
    lit, alone = (picture(listing(it or " ").run(0)) for it in (text, code))
    bright = [int((pixels.min(axis=2) > 200).sum()) for pixels in (lit, alone)]
    assert bright[0] == bright[1]
