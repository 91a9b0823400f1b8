"""What no face can draw is refused and named; nothing else is."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.paint import glyphs
from backprop_studio.scenes.paint.compiler import faces_of, quoted
from backprop_studio.scenes.paint.typeset import escape


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Deep learning \U0001f680", "rocket U+1F680"),
        ("\u0e01\u0e32", "thai character ko kai U+0E01"),
        ("x\u1200", "ethiopic syllable ha U+1200"),
        ("a\U000f0000", "U+F0000"),
    ],
)
def test_what_no_face_has_is_refused_by_name(text, name):
    with pytest.raises(InputError) as caught:
        escape(text)
    assert name in str(caught.value)
    assert caught.value.message.code == "text.no_shape"


@pytest.mark.parametrize(
    "text",
    [
        "Łódź “ě” ∂∇→×ℝ€ ½ x² …",
        "ỗ Ж ώ",
        "反向传播，“深度”——学习。",
        "かな 한국",
        "soft\u00adhyphen \u200b\ufeff",
    ],
)
def test_what_some_face_has_is_written(text):
    assert escape(text).startswith("#")


@pytest.mark.parametrize("step", [37, pytest.param(1, marks=pytest.mark.slow)])
def test_what_is_not_looked_up_is_in_the_faces(step):
    signs = [chr(it) for it in range(0x20, 0xFFFF) if not glyphs._DOUBTFUL.match(chr(it))]
    assert len(signs) > 20000
    setting = f"#set page(width: auto, height: auto)\n#set text(font: {faces_of('', 'en')})\n"
    for start in range(0, len(signs), 2000 * step):
        some = "".join(signs[start : start + 2000 * step : step])
        assert not glyphs.without_shape(setting, "#" + quoted(some))
