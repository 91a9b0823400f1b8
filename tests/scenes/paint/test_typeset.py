"""Typesetting: what is asked for appears, as outlines, and nothing else happens."""

from __future__ import annotations

import unicodedata

import cairo
import numpy as np
import pytest
import typst

from backprop_studio.render.lint.glyphs import missing_characters
from backprop_studio.scenes.paint.compiler import FONT, LATIN_FONT
from backprop_studio.scenes.paint.typeset import escape, set_type

WHITE = (1.0, 1.0, 1.0)
TITLES = [
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Zażółć gęślą jaźń, ŁÓDŹ",
    "Đạo hàm riêng và lan truyền ngược",
    "Градиентный спуск: ещё",
    "Παράγωγος, ώρα",
    "Öğrenme hızı, țară, mütşü",
]

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
    missing = drawn('#"\U0010fffd"', language="zh")
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


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("title", TITLES)
def test_accents_stand_on_their_letters_in_the_face_of_the_others(title, language):
    """Also where the accent was typed as a character of its own."""
    given = set_type(escape(title), WHITE, language=language, weight=500)
    apart = unicodedata.normalize("NFD", title)
    assert set_type(escape(apart), WHITE, language=language, weight=500) is given
    alone = f'#text(font: "{LATIN_FONT}", fallback: false)[{escape(title)}]'
    latin = set_type(alone, WHITE, language=language, weight=500)
    assert (given.width, given.extents) == (latin.width, latin.extents)
    assert missing_characters(latin) == ()


def test_quotation_marks_and_signs_take_the_room_of_letters_beside_letters():
    for language in ("en", "zh"):
        for sign in "“”‘’∂×÷→":
            both = set_type(escape(f"a{sign}a"), WHITE, language=language).width
            assert both < 2 * set_type("a", WHITE).width + 0.9
    chinese, english = (set_type(escape("中“文”"), WHITE, language=it) for it in ("zh", "en"))
    assert chinese.width > english.width + 0.5


def test_letters_are_as_large_as_in_the_chinese_face():
    for text in ("The slope of the secant closes in on it", "0123456789"):
        alone = set_type(f'#text(font: "{FONT}")[{escape(text)}]', WHITE)
        ours = set_type(escape(text), WHITE)
        assert ours.width == pytest.approx(alone.width, rel=2e-3)
        assert ours.height == pytest.approx(alone.height, rel=2e-3)
