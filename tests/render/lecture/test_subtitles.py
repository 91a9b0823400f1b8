"""Subtitles read by a parser that did not write them, and chapters."""

from __future__ import annotations

import html
import itertools
from datetime import timedelta

import pytest
import srt

from backprop_studio.render.lecture.subtitles import chapter_lines, subtitles
from backprop_studio.render.messages.chapters import Chapter, chapters_of, later
from backprop_studio.render.messages.results import BeatMark, SentenceMark


def beat(name, start, end, *texts):
    """Return a beat that says texts, each as long as the others."""
    step = (end - start) / max(len(texts), 1)
    said = [
        SentenceMark(text=text, start=start + at * step, end=start + (at + 1) * step)
        for at, text in enumerate(texts)
    ]
    caption = texts[0] if texts else ""
    return BeatMark(name=name, caption=caption, start=start, end=end, sentences=tuple(said))


BEATS = (
    beat("title", 0, 2.7),
    beat("one", 2.7, 5.2333333, "Forward: z = Wa + b, {x} <b> \\N.", ""),
    beat("two", 5.2333333, 9, "反向：梯度流回来。"),
)


def test_another_parser_reads_every_sentence_without_overlaps():
    text = subtitles([(beat, offset) for offset in (0.0, 9.0) for beat in BEATS], "srt")
    found = list(srt.parse(text))
    assert [it.index for it in found] == [1, 2, 3, 4]
    assert found[1].content == "反向：梯度流回来。"
    assert "Forward" in found[0].content
    assert "x" in found[0].content
    assert found[2].start == timedelta(seconds=11.7)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert found[0].end <= timedelta(seconds=3.967)


def test_web_captions_begin_as_they_must():
    text = subtitles([(beat, 0.0) for beat in BEATS], "vtt")
    assert text.startswith("WEBVTT")
    assert "00:00:05.233 --> 00:00:09.000" in text or "00:05.233 --> 00:09.000" in text


ODD = 'It is "a" < b & c; <i>$x$</i> {y} \\nabla \\N \\h =;#\\ 二.'


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_whatever_is_said_comes_out_as_it_was(kind):
    words = ODD if kind == "srt" else f"{ODD} -->"
    text = subtitles([(beat("a", 0, 9, words), 0.0)], kind)
    blocks = [it.splitlines()[2:] for it in text.strip().split("\n\n") if "-->" in it]
    said = " ".join(line for block in blocks for line in block)
    assert (html.unescape(said) if kind == "vtt" else said) == words
    if kind == "vtt":  # a browser takes these for marks
        assert not set("<>") & set(said)


def test_a_silent_lesson_has_no_subtitles():
    assert list(srt.parse(subtitles([(BEATS[0], 0.0)], "srt"))) == []


def test_the_card_is_the_lesson_s_chapter():
    chapters = chapters_of("The lesson", BEATS)
    assert [it.title for it in chapters] == ["The lesson", BEATS[1].caption, BEATS[2].caption]
    assert [it.is_lesson for it in chapters] == [True, False, False]
    assert [it.start for it in later(chapters, 10)] == [10, 12.7, pytest.approx(15.2333333)]


def chapters(*starts, end, lessons=()):
    ends = [*starts[1:], end]
    rows = zip(starts, ends, strict=True)
    return [Chapter(f"c{a}", a, b, a in lessons) for a, b in rows]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # Lessons, as they are long enough.
        (chapters(0, 5, 20, 30, 41, end=60, lessons=(0, 20, 41)), (0, 20, 41)),
        # Two lessons: their beats, the short ones joined.
        (chapters(0, 3, 20, 24, 31, 45, end=60, lessons=(0, 31)), (0, 20, 31, 45)),
        # The last one is too short.
        (chapters(0, 12, 25, 40, end=49.9, lessons=(0,)), (0, 12, 25)),
        # Whole seconds count: 9.9 to 19.95 is none of ten.
        (chapters(0, 10.95, 20.9, 31, end=50, lessons=(0,)), (0, 10.95, 20.9, 31)),
        (chapters(0, 10.0, 19.95, 31, end=50, lessons=(0,)), (0, 10.0, 31)),
        (chapters(0, 12, 20, end=29, lessons=(0,)), ()),
        ([], ()),
    ],
)
def test_chapters_are_such_as_platforms_take(found, expected):
    lines = chapter_lines(found).splitlines()
    assert [it.partition(" ")[2] for it in lines] == [f"c{it}" for it in expected]
    assert not lines or lines[0].startswith("00:00 ")


def test_a_chapter_is_one_line():
    title = chapters_of("two\n lines =;#\\", BEATS[:1])[0].title
    rows = [Chapter(title, k, k + 20, True) for k in (0, 20, 40)]
    assert chapter_lines(rows).startswith("00:00 two lines =;#\\\n")


def test_platforms_read_hours_and_minutes():
    begins = {"a": 0, "b": 61.9, "c": 3661}
    rows = [Chapter(name, start, start + 11, True) for name, start in begins.items()]
    assert chapter_lines(rows) == "00:00 a\n01:01 b\n1:01:01 c\n"
