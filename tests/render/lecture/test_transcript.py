"""Tests of the lecture to read."""

from __future__ import annotations

from backprop_studio.render.lecture.transcript import transcript
from backprop_studio.render.messages.results import BeatMark, SentenceMark


def beat(name, caption, said=(), **more):
    marks = tuple(SentenceMark(text=text, start=0, end=1) for text in said)
    return BeatMark(name=name, caption=caption, start=0, end=1, sentences=marks, **more)


SEEN = {"seen": ("L = [1; 2]",), "numbers": ("1", "2", "1")}
BEATS = (
    beat("title", ""),
    beat("loss", "The loss", ["It is *large*.", "Why?"], **SEEN),
    beat("end", "Only this.", ["Only this."]),
)


def test_what_is_said_and_seen_stands_below_the_title_of_its_beat():
    assert transcript("Losses", [("Losses", BEATS)], "en") == (
        "# Losses\n\n### The loss\n\nIt is \\*large\\*. Why?\n\n*To be seen:*\n\n"
        "- L = \\[1; 2\\]\n- numbers: 1, 2\n\n### Only this.\n"
    )


def test_a_lecture_has_its_lessons_in_its_language():
    text = transcript("讲座", [("一", BEATS), ("二", BEATS[2:])], "zh")
    headings = [line for line in text.splitlines() if line.startswith(("# ", "## "))]
    assert headings == ["# 讲座", "## 一", "## 二"]
    assert "画面上" in text
