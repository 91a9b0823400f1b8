"""Typesetting: what is asked for appears, as outlines, and nothing else happens."""

from __future__ import annotations

import cairo
import numpy as np
import pytest
import typst

from backprop_studio.scenes.paint.typeset import escape, set_type

WHITE = (1.0, 1.0, 1.0)
RED = (1.0, 0.0, 0.0)


def drawn(source, colour=WHITE, **setting):
    """Draw at 40 px per em and return the pixels as Manim keeps them, RGBA."""
    ink = set_type(source, colour, **setting)  # type: ignore[arg-type]
    width, height = int(ink.width * 40) + 80, int(ink.height * 40) + 80
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    ctx = cairo.Context(surface)
    ctx.translate(width / 2, height / 2)
    ctx.scale(40, 40)
    ink.paint(ctx)
    surface.flush()
    return np.ndarray((height, width, 4), np.uint8, bytes(surface.get_data()))


@pytest.mark.parametrize("text", list("÷展示四运∂−×η反向传播Łß"))
def test_every_sign_has_ink_of_its_own(text):
    """A missing glyph would look like the one that stands for "missing"."""
    missing = drawn(escape("\U0010fffd"), language="zh")
    sign = drawn(escape(text), language="zh")
    assert sign[..., 3].any()
    assert sign.shape != missing.shape or not np.array_equal(sign, missing)


def test_division_sign_beside_chinese_is_no_nabla():
    assert not np.array_equal(drawn(escape("÷")), drawn(escape("∇")))


def test_escaped_text_is_shown_letter_by_letter():
    hostile = '$x$ #read("/etc/passwd") *b* \\ "q" [c] <l> @r // no comment'
    plain = set_type(escape(hostile), WHITE)
    assert plain.height == pytest.approx(set_type(escape("x"), WHITE).height)
    assert plain.width > 0.4 * len(hostile) * 0.7


def test_markup_cannot_read_files_outside_its_empty_root():
    for source in ('#read("/etc/passwd")', '#read("../../../../etc/passwd")'):
        with pytest.raises(typst.TypstError):
            set_type(source, WHITE)


def test_the_same_text_is_set_once():
    assert set_type("$z_1$", WHITE) is set_type("$z_1$", WHITE)
    assert set_type("$z_1$", WHITE) != set_type("$z_2$", WHITE)


def test_colours_arrive_unswapped():
    pixels = drawn(escape("■"), colour=RED)
    inside = pixels[pixels[..., 3] == 255]
    assert len(inside) > 100
    assert (inside[:, 0] == 255).all()
    assert (inside[:, 2] == 0).all()


def test_lines_break_at_the_width_in_both_languages():
    english = "every node weighs what comes in and adds its bias " * 2
    chinese = "每个节点对输入加权求和再加上偏置" * 4
    for text, language in ((english, "en"), (chinese, "zh")):
        ink = set_type(escape(text), WHITE, width=20, language=language)
        assert ink.width <= 20
        assert ink.height > 1.5


def test_formulae_have_lines_and_brackets():
    whole, *parts = (drawn(f"$ {it} $")[..., 3].sum() / 255 for it in ("a / b", "a", "b"))
    assert whole - sum(parts) > 10
    assert set_type("$ mat(1, 2 ; 3, 4) $", WHITE).height > 2 * set_type("$ 1 $", WHITE).height
