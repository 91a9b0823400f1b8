"""Captions as subtitles, and lessons and beats as chapters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pysubs2

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.jobs import BeatMark

__all__ = ["Chapter", "chapter_lines", "chapters_of", "later", "subtitles"]


@dataclass(frozen=True)
class Chapter:
    """A place in a video that a player can jump to.

    Attributes
    ----------
    title : str
    start, end : float
        Seconds.
    is_lesson : bool
        Whether a lesson begins here, rather than a beat within one.
    """

    title: str
    start: float
    end: float
    is_lesson: bool = False


def chapters_of(title: str, beats: Sequence[BeatMark]) -> list[Chapter]:
    """Return the chapters of a lesson: its card bears its title, each beat its caption."""
    return [
        Chapter(beat.caption or title, beat.start, beat.end, is_lesson=number == 0)
        for number, beat in enumerate(beats)
    ]


def later(chapters: Iterable[Chapter], seconds: float) -> list[Chapter]:
    """Return chapters that much later, as in a video that is joined from several."""
    return [replace(it, start=it.start + seconds, end=it.end + seconds) for it in chapters]


def subtitles(beats: Iterable[tuple[BeatMark, float]], kind: str) -> str:
    """Return captions as a subtitle file.

    Parameters
    ----------
    beats : iterable of (BeatMark, float)
        Each with the seconds at which its lesson begins; those without a caption are silent.
    kind : {"srt", "vtt"}
        SubRip or WebVTT.
    """
    file = pysubs2.SSAFile()
    for beat, offset in beats:
        if not beat.caption:
            continue
        start, end = (round((offset + it) * 1000) for it in (beat.start, beat.end))
        # A caption is text: what looks like a tag of another format is none.
        text = beat.caption.replace("\\", "＼").replace("{", "｛").replace("}", "｝")
        file.append(pysubs2.SSAEvent(start=start, end=end, text=text))
    return file.to_string(kind)


def chapter_lines(chapters: Iterable[Chapter]) -> str:
    r"""Return the lessons of a video as the lines that video platforms read.

    Examples
    --------
    >>> chapter_lines([Chapter("Start", 0, 61, True), Chapter("Beat", 61, 62)])
    '00:00 Start\n'
    """
    lines = [f"{_clock(it.start)} {it.title}\n" for it in chapters if it.is_lesson]
    return "".join(lines)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
