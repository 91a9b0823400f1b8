"""Whole ticks: the nearest, and the later of two. Chapters: in milliseconds."""

from __future__ import annotations

from fractions import Fraction

from backprop_studio.render.files.timestamps import chapter_marks, whole_ticks


def test_the_nearest_tick_is_taken():
    ticks = {"0": 0, "7": 7, "1/3": 0, "2/3": 1, "1/2": 1, "3/2": 2, "-1/3": 0, "-3/2": -1}
    assert {it: whole_ticks(Fraction(it)) for it in ticks} == ticks


def test_chapters_are_numbered_and_in_milliseconds():
    marks = chapter_marks([("a", 0, 2.5), ("b", 2.5, 4.0004)])
    assert [(it["id"], it["metadata"]["title"]) for it in marks] == [(0, "a"), (1, "b")]
    assert [(it["start"], it["end"]) for it in marks] == [(0, 2500), (2500, 4000)]
    assert {it["time_base"] for it in marks} == {Fraction(1, 1000)}
