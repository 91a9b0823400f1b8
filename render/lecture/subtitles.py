"""Scripts as subtitles, and lessons as the lines that video platforms read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pysubs2

from backprop_studio.render.lecture.cues import cues_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.messages.results import BeatMark


_STANDS_FOR_BACKSLASH = [chr(it) for it in range(0xE000, 0xF900)]
"""One of these, which nobody has typed, does while the library would read it."""

_FEWEST, _SHORTEST = 3, 10
"""Chapters, and seconds of one, below which video platforms take none."""


def subtitles(beats: Iterable[tuple[BeatMark, float]], kind: str) -> str:
    """Return what is said as a subtitle file.

    Parameters
    ----------
    beats : iterable of (BeatMark, float)
        Each with the seconds at which its lesson begins.
    kind : {"srt", "vtt"}
        SubRip or WebVTT.
    """
    return timed_texts(
        (
            (cue.text, offset + cue.start, offset + cue.end)
            for beat, offset in beats
            for sentence in beat.sentences
            for cue in cues_of(sentence.text, sentence.start, sentence.end)
        ),
        kind,
    )


def timed_texts(rows: Iterable[tuple[str, float, float]], kind: str) -> str:
    """Return texts as a subtitle file, each with the seconds at which it begins and ends.

    Parameters
    ----------
    rows : iterable of (str, float, float)
    kind : {"srt", "vtt"}
        SubRip or WebVTT.
    """
    rows = list(rows)
    typed = {sign for words, _, _ in rows for sign in words}
    backslash = next(it for it in _STANDS_FOR_BACKSLASH if it not in typed)
    file = pysubs2.SSAFile()
    for words, begin, until in rows:
        start, end = (round(it * 1000) for it in (begin, until))
        # A sentence is text: what looks like a mark of this format, or of the library's, is none.
        text = escape(words, quote=False) if kind == "vtt" else words
        text = text.replace("\\", backslash).replace("\n", "\\N")
        file.append(pysubs2.SSAEvent(start=start, end=end, text=text))
    return file.to_string(kind, keep_ssa_tags=True).replace(backslash, "\\")


def chapter_lines(chapters: Sequence[Chapter]) -> str:
    r"""Return a video's chapters as the lines that video platforms read; empty if they would not.

    They take no chapters unless the first begins with the video, there are three, and each lasts
    ten seconds. So lessons are chapters if they do; else beats are, short ones joined with others.

    Examples
    --------
    >>> from backprop_studio.render.messages.chapters import Chapter
    >>> beats = [Chapter("Start", 0, 3, True), Chapter("A", 3, 21), Chapter("B", 21, 30)]
    >>> chapter_lines([*beats, Chapter("C", 30, 35), Chapter("D", 35, 49), Chapter("E", 49, 52)])
    '00:00 Start\n00:21 B\n00:35 D\n'
    """
    lessons = [it for it in chapters if it.is_lesson]
    end = chapters[-1].end if chapters else 0.0
    for found in (_long_enough(lessons, end), _long_enough(chapters, end)):
        if len(found) >= _FEWEST:
            return "".join(f"{_clock(it.start)} {it.title}\n" for it in found)
    return ""


def _long_enough(chapters: Sequence[Chapter], end: float) -> list[Chapter]:
    """Return the chapters that are left when short ones are joined with those behind them."""
    found: list[Chapter] = []
    for it in chapters:
        # They count whole seconds.
        if not found or int(it.start) - int(found[-1].start) >= _SHORTEST:
            found.append(it)
    while len(found) > 1 and int(end) - int(found[-1].start) < _SHORTEST:
        found.pop()
    return found


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
