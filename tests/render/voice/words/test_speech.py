"""Tests of what a voice is given to say."""

from __future__ import annotations

import os
import random
import re
import unicodedata

import pytest

from backprop_studio.render.voice.words.speech import spoken_words

SEED = os.environ.get("BACKPROP_STUDIO_SEED", "1")

SAID = [
    (
        "The loss has fallen from 1.0324 to −0.8420.",
        "The loss has fallen from one point zero three two four to minus zero point eight four two "
        "zero.",
        None,
    ),
    ("−0.134", "minus zero point one three four.", "负零点一三四。"),
    ("2.5 × 10⁻³", "two point five times ten to the minus three.", "二点五乘以十的负三次方。"),
    ("1.5e+06", "one point five times ten to the six.", "一点五乘以十的六次方。"),
    ("∂L/∂w", "partial L by partial w.", "L 对 w 的偏导数。"),
    ("dL/dW₁", "d L by d W one.", "L 对 W 一的导数。"),
    ("3x² − 2x", "three x squared minus two x.", "三 x 的平方减二 x。"),
    ("w − η = −1", "w minus eta equals minus one.", "w 减伊塔等于负一。"),
    ("ŷ = wx + b", "y hat equals w x plus b.", "y 帽等于 w x 加 b。"),
    ("y' = 6", "y prime equals six.", "y 撇等于六。"),
    ("at most 1/4, or 3/8", "at most one quarter, or three over eight.", None),
    ("最多 1/4", None, "最多四分之一。"),
    ("f(a) / a", "f of a over a.", "f a 除以 a。"),
    ("J = 3(a + b)", "J equals three times, a plus b.", "J 等于三乘以，a 加 b。"),
    ("backward() fills x.grad", "backward fills x dot grad.", None),
    ("a 4-2-3 network, one-hot", "a four, two, three network, one hot.", None),
    ("共 2 层，第 2 层，2500 步", None, "共两层，第二层，两千五百步。"),
    ("the 2nd of 3×3", "the second of three by three.", None),
    ("95% of 1,234", "ninety five percent of one thousand two hundred and thirty four.", None),
    ("准确率 95%", None, "准确率百分之九十五。"),
    ("relu's point (w, b)", "rel you's point w, b.", None),
    ("Which way? Up!", "Which way? Up!", None),
    ("… (→) !", "to!", "到！"),
    ("\N{GRINNING FACE}", "", ""),
]


@pytest.mark.parametrize(("written", "english", "chinese"), SAID)
def test_says_what_is_written_as_people_do(written, english, chinese):
    for language, said in (("en", english), ("zh", chinese)):
        if said is not None:
            assert spoken_words(written, language) == said


def test_a_user_has_the_last_word_on_names():
    own = {"relu": "rectified", "Iris-setosa": "eye riss", "鸢": "yuan"}
    assert spoken_words("relu, prelu and Iris-setosa", "en", own) == (
        "rectified, prelu and eye riss."
    )
    assert spoken_words("鸢尾", "zh", own) == "yuan尾。"


WORDS = re.compile(r"[\w ,.;:?!'，。；：？！、]*")


def is_words_only(said):
    """Whether a voice is given letters, spaces and punctuation, and no other kind of letter."""
    letters = [it for it in said if it.isalnum()]
    return bool(WORDS.fullmatch(said)) and all(
        it.isalpha() and "GREEK" not in unicodedata.name(it) for it in letters
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_but_words_is_said_whatever_is_written(language):
    chance = random.Random(SEED + language)
    pieces = [*"0123456789.,-−–×·*/=<>≤±∂∇∑√∞^_|‖()[]{}'\"%°αηΣ²³⁻¹₁ᵢ½Ⅻ٣①𝑤ŷ→…，。\n\t ", "w", "对"]
    for _ in range(3000):
        written = "".join(chance.choices(pieces, k=chance.randint(1, 12)))
        said = spoken_words(written, language)
        assert is_words_only(said), (written, said)
