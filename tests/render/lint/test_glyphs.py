from __future__ import annotations

import pytest

from backprop_studio.render.lint.glyphs import missing_characters
from backprop_studio.scenes.paint.typeset import escape, set_type

WHITE = (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "markup",
    [
        escape("Words, digits 0.25, and − × ÷ ∂ ∇ η."),
        escape("÷ 展示四运"),
        '$ z = mat(1, dots.h; dots.v, dots.down) x^2 dot.o sum_"样本" (partial L) / (partial W) $',
        '$a = "softmax"(z) arrow.r bold(W)^T nabla RR$',
        '#strong[bold] #emph[lean] #text(weight: 700)[heavy] #raw("code")',
        escape(""),
    ],
)
@pytest.mark.parametrize("code", [False, True])
def test_what_the_fonts_have_is_not_missing(markup, code):
    assert missing_characters(set_type(markup, WHITE, code=code, language="zh")) == ()


@pytest.mark.parametrize(
    "markup",
    ['#"a\u0e01b"', '$x "\u0e01"$', "#text(weight: 700)[\u0e01]", '#raw("\u0e01")'],
)
@pytest.mark.parametrize("code", [False, True])
def test_a_missing_character_is_named(markup, code):
    found = missing_characters(set_type(markup, WHITE, code=code, weight=500))
    assert found == ("thai character ko kai U+0E01",)


def test_each_is_named_once_and_one_that_the_markup_does_not_spell_out_is_found_too():
    ink = set_type('#"\U0001f600 ok \u0e01 \U0001f600"', WHITE)
    names = ("grinning face U+1F600", "thai character ko kai U+0E01")
    assert missing_characters(ink) == names
    assert missing_characters(set_type("#emoji.face", WHITE)) == ("",)
