"""Tests of how sentences become subtitles."""

from __future__ import annotations

import itertools
import random

import pytest

from backprop_studio.render.lecture.cues import cues_of, lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("The start decides.", ["The start decides."]),
        (
            "One pass back gives the derivative after every variable: the gradient.",
            ["One pass back gives the derivative", "after every variable: the gradient."],
        ),
        (
            "It stops where the loss no longer falls at w = 3.",
            ["It stops where the loss no longer falls", "at w = 3."],
        ),
        ("反向从 J 开始：它对自身的导数等于 1。", ["反向从 J 开始：", "它对自身的导数等于 1。"]),
        ("x" * 50, ["x" * 42, "x" * 8]),
        (" ", []),
    ],
)
def test_a_sentence_is_broken_at_its_joints(text, lines):
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    "letter",
    [
        "e\u0301",
        "👩\u200d👩\u200d👧\u200d👦",
        "🇨🇳",
        "👍🏽",
        "葛\U000e0100",
        "क्षि",
        "각",
        "z" + "\u0335" * 30,
    ],
    ids=["accent", "family", "flag", "skin", "variant", "conjunct", "jamo", "struck"],
)
def test_a_letter_of_several_signs_is_not_cut_in_two(letter):
    for before in ("", "a", "a "):
        lines = lines_of(before + letter * 60)
        assert len(lines) > 1
        assert "".join(lines).replace(" ", "") == before.strip() + letter * 60
        for line in lines:
            assert line.removeprefix("a").strip() == letter * line.count(letter)
            assert line.count(letter) <= 42


@pytest.mark.parametrize("count", [50, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("a an the weight gradients = 0.134 , and , backpropagation .", 42),
        ("权 重 的 梯 度 ， 重w 0.134权 relu重 。权", 20),
    ],
)
def test_no_subtitle_is_too_large_and_no_letter_is_lost(words, most, count):
    chance = random.Random(words)
    for _ in range(count):
        text = " ".join([words.split()[0], *chance.choices(words.split(), k=chance.randint(1, 60))])
        cues = cues_of(text, 1.0, 9.0)
        for cue in cues:
            lines = cue.text.split("\n")
            assert len(lines) <= 2
            assert max(map(len, lines)) <= most
        shown = "".join(cue.text for cue in cues)
        assert "".join(shown.split()) == "".join(text.split())
        assert (cues[0].start, cues[-1].end) == (1.0, pytest.approx(9.0))
        assert all(a.end == b.start for a, b in itertools.pairwise(cues))
