"""Tests of numbers in words."""

from __future__ import annotations

import pytest

from backprop_studio.render.voice.words.numerals import number_words, ordinal_words


@pytest.mark.parametrize(
    ("digits", "english", "chinese"),
    [
        ("0", "zero", "零"),
        ("0.050", "zero point zero five zero", "零点零五零"),
        ("12", "twelve", "十二"),
        ("101", "one hundred and one", "一百零一"),
        ("110", "one hundred and ten", "一百一十"),
        ("1010", "one thousand and ten", "一千零一十"),
        ("2222", "two thousand two hundred and twenty two", "两千二百二十二"),
        ("20002", "twenty thousand and two", "两万零二"),
        ("105000", "one hundred and five thousand", "十万五千"),
        ("10010000", "ten million ten thousand", "一千零一万"),
        ("100010000", "one hundred million ten thousand", "一亿零一万"),
        ("120000", "one hundred and twenty thousand", "十二万"),
        ("007", "zero zero seven", "零零七"),
        ("1" * 16, " ".join(["one"] * 16), "一" * 16),
    ],
)
def test_says_numbers_as_each_language_does(digits, english, chinese):
    assert number_words(digits, "en") == english
    assert number_words(digits, "zh") == chinese


def test_puts_in_order():
    ordinals = ["first", "twelfth", "twentieth", "twenty first", "one hundred and fourth"]
    assert [ordinal_words(it) for it in ("1", "12", "20", "21", "104")] == ordinals
