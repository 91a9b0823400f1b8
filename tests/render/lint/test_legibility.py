from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.render.lint.legibility import (
    contrast,
    overlap_depth,
    worst_contrast,
)
from backprop_studio.render.lint.texts import SeenText
from backprop_studio.scenes.paint.typeset import escape, set_type


def grey(code):
    return tuple(int(code[k : k + 2], 16) / 255 for k in (0, 2, 4))


def placed(markup, x, y, em=30.0, colour=(1.0, 1.0, 1.0), opacity=1.0, turn=0.0):
    cos, sin = em * math.cos(turn), em * math.sin(turn)
    ink = set_type(markup, colour)
    return SeenText(ink, (cos, sin, -sin, cos, x, y), opacity)


@pytest.mark.parametrize(
    ("colour", "ratio"),
    # The greys between which WCAG's own limits on white lie, as its tools publish them.
    [("777777", 4.48), ("767676", 4.54), ("949494", 3.03), ("595959", 7.0), ("ff0000", 4.0)],
)
def test_contrast_on_white_is_the_published_one(colour, ratio):
    assert float(contrast(grey(colour), (1, 1, 1))) == pytest.approx(ratio, abs=0.006)
    assert float(contrast((1, 1, 1), grey(colour))) == pytest.approx(ratio, abs=0.006)


def flat(value, size=(60, 400)):
    return np.full((*size, 3), value, dtype=np.uint8)


def test_opacity_counts_only_when_asked_for():
    text = placed(escape("Some words"), 200, 30, colour=(0.0, 0.0, 0.0), opacity=0.5)
    assert worst_contrast(text, flat(255), faded=False) == pytest.approx(21)
    # Half black on white is grey 127.5.
    half = float(contrast((0.5, 0.5, 0.5), (1, 1, 1)))
    assert worst_contrast(text, flat(255), faded=True) == pytest.approx(half, rel=0.01)


def test_one_lost_letter_is_enough_but_neither_a_hairline_nor_what_is_beside():
    text = placed(escape("A long line of words"), 200, 30)
    patch, hairline = flat(0), flat(0)
    patch[:, 190:220] = 255
    hairline[30:32] = 255
    assert worst_contrast(text, patch, faded=True) < 1.1
    assert worst_contrast(text, hairline, faded=True) == pytest.approx(21)
    beside = flat(0)
    beside[:, : int(text.box[0]) - 4] = 255
    beside[:, int(text.box[2]) + 5 :] = 255
    assert worst_contrast(text, beside, faded=True) == pytest.approx(21)


def test_a_text_out_of_the_frame_has_no_contrast():
    assert worst_contrast(placed("x", 1000, 30), flat(0), faded=True) == math.inf


def test_depth_of_upright_boxes_is_the_smaller_of_both_directions():
    first = placed(escape("HHHH"), 100, 50)
    left, top, right, bottom = first.box
    down, right = bottom - top, right - left
    for x, y, depth in ((0, down - 5, 5), (right - 3, 0, 3), (0, down + 5, -5)):
        moved = placed(escape("HHHH"), 100 + x, 50 + y)
        assert overlap_depth(first, moved) == pytest.approx(depth, abs=0.01)


def test_oblique_boxes_side_by_side_do_not_overlap():
    first = placed(escape("HHHHHH"), 100, 100, turn=0.8)
    height = first.ink.extents[3] - first.ink.extents[1]
    gap = height * 30 + 4
    beside = placed(
        escape("HHHHHH"), 100 - gap * math.sin(0.8), 100 + gap * math.cos(0.8), turn=0.8
    )
    assert first.box[2] > beside.box[0]
    assert first.box[3] > beside.box[1]
    assert overlap_depth(first, beside) == pytest.approx(-4, abs=0.01)
