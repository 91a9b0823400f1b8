"""Subtitles read by a parser that did not write them, and chapters."""

from __future__ import annotations

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


def test_a_silent_lesson_has_no_subtitles():
    assert list(srt.parse(subtitles([(BEATS[0], 0.0)], "srt"))) == []


def test_the_card_is_the_lesson_s_chapter():
    chapters = chapters_of("The lesson", BEATS)
    assert [it.title for it in chapters] == ["The lesson", BEATS[1].caption, BEATS[2].caption]
    assert [it.is_lesson for it in chapters] == [True, False, False]
    assert [it.start for it in later(chapters, 10)] == [10, 12.7, pytest.approx(15.2333333)]


def test_a_chapter_is_one_line():
    chapters = chapters_of("two\n lines =;#\\", BEATS[:1])
    assert chapter_lines(chapters) == "00:00 two lines =;#\\\n"


def test_platforms_read_hours_and_minutes():
    begins = {"a": 0, "b": 61.9, "c": 3661}
    chapters = [Chapter(name, start, start + 1, True) for name, start in begins.items()]
    assert chapter_lines(chapters) == "00:00 a\n01:01 b\n1:01:01 c\n"
