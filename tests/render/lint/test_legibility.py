from __future__ import annotations

import math

import cairo
import numpy as np
import pytest

from backprop_studio.render.lint.legibility import (
    contrast,
    is_covered,
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


def picture_of(text, ground):
    """Draw a text with its own outlines, independently of the lint's masks."""
    pixels = np.zeros((*ground.shape[:2], 4), dtype=np.uint8)
    pixels[:, :, :3] = ground[:, :, ::-1]
    pixels[:, :, 3] = 255
    surface = cairo.ImageSurface.create_for_data(
        pixels.data, cairo.FORMAT_ARGB32, ground.shape[1], ground.shape[0]
    )
    ctx = cairo.Context(surface)
    ctx.transform(cairo.Matrix(*text.matrix))
    ctx.translate(-text.ink.width / 2, -text.ink.height / 2)
    ctx.scale(0.01, 0.01)
    for run in text.ink.runs:
        ctx.append_path(run.path)
        ctx.set_source_rgba(*run.rgba[:3], run.rgba[3] * text.opacity)
        ctx.fill()
    surface.flush()
    return pixels[:, :, 2::-1]


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


def test_a_text_on_a_plain_ground_has_its_colours_contrast():
    text = placed(escape("Some words"), 200, 30, colour=grey("767676"))
    assert worst_contrast(text, flat(255), faded=True) == pytest.approx(4.54, abs=0.01)


def test_opacity_counts_only_when_asked_for():
    text = placed(escape("Some words"), 200, 30, colour=(0.0, 0.0, 0.0), opacity=0.5)
    assert worst_contrast(text, flat(255), faded=False) == pytest.approx(21)
    # Half black on white is grey 127.5.
    half = float(contrast((0.5, 0.5, 0.5), (1, 1, 1)))
    assert worst_contrast(text, flat(255), faded=True) == pytest.approx(half, rel=0.01)


def test_one_lost_letter_is_enough_but_a_hairline_is_not():
    text = placed(escape("A long line of words"), 200, 30)
    patch, hairline = flat(0), flat(0)
    patch[:, 190:220] = 255
    hairline[30:32] = 255
    assert worst_contrast(text, patch, faded=True) < 1.1
    assert worst_contrast(text, hairline, faded=True) == pytest.approx(21)


def test_a_ground_beside_the_text_does_not_count():
    text = placed(escape("Words"), 200, 30)
    ground = flat(0)
    left, _, right, _ = text.box
    ground[:, : int(left) - 4] = 255
    ground[:, int(right) + 5 :] = 255
    assert worst_contrast(text, ground, faded=True) == pytest.approx(21)


def test_a_text_out_of_the_frame_has_no_contrast():
    assert worst_contrast(placed("x", 1000, 30), flat(0), faded=True) == math.inf


def test_what_is_painted_over_is_covered():
    text = placed(escape("Words"), 200, 30, colour=(0.2, 0.6, 0.9))
    ground = flat(40)
    assert not is_covered(text, picture_of(text, ground), ground)
    assert is_covered(text, ground, ground)


def test_a_text_in_its_grounds_colour_is_not_covered_but_invisible():
    text = placed(escape("Words"), 200, 30, colour=(40 / 255,) * 3)
    ground = flat(40)
    assert not is_covered(text, picture_of(text, ground), ground)
    assert worst_contrast(text, ground, faded=True) == pytest.approx(1, abs=0.01)


def test_depth_of_upright_boxes_is_the_smaller_of_both_directions():
    first = placed(escape("HHHH"), 100, 50)
    left, top, right, bottom = first.box
    assert overlap_depth(first, placed(escape("HHHH"), 100, 50 + (bottom - top) - 5)) == (
        pytest.approx(5, abs=0.01)
    )
    assert overlap_depth(first, placed(escape("HHHH"), 100 + (right - left) - 3, 50)) == (
        pytest.approx(3, abs=0.01)
    )
    assert overlap_depth(first, placed(escape("HHHH"), 100, 50 + (bottom - top) + 5)) <= 0


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


def test_em_and_tight_box():
    text = placed(escape("H"), 100, 50, em=24)
    left, top, right, bottom = text.box
    assert text.em == pytest.approx(24)
    assert bottom - top == pytest.approx(24 * 0.733, abs=0.2)  # the face's cap height
    assert (left + right) / 2 == pytest.approx(100, abs=1)
    turned = placed(escape("H"), 100, 50, em=24, turn=math.pi / 2)
    assert turned.box[2] - turned.box[0] == pytest.approx(bottom - top, abs=0.01)
    assert turned.em == pytest.approx(24)
