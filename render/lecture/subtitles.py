"""Scripts as subtitles, and lessons as the lines that video platforms read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pysubs2

from backprop_studio.render.lecture.cues import cues_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.messages.results import BeatMark


def subtitles(beats: Iterable[tuple[BeatMark, float]], kind: str) -> str:
    """Return what is said as a subtitle file.

    Parameters
    ----------
    beats : iterable of (BeatMark, float)
        Each with the seconds at which its lesson begins.
    kind : {"srt", "vtt"}
        SubRip or WebVTT.
    """
    file = pysubs2.SSAFile()
    for beat, offset in beats:
        for sentence in beat.sentences:
            for cue in cues_of(sentence.text, sentence.start, sentence.end):
                start, end = (round((offset + it) * 1000) for it in (cue.start, cue.end))
                # A sentence is text: what looks like a tag of another format is none.
                text = cue.text.replace("\\", "＼").replace("{", "｛").replace("}", "｝")
                text = text.replace("\n", "\\N")
                file.append(pysubs2.SSAEvent(start=start, end=end, text=text))
    return file.to_string(kind)


def chapter_lines(chapters: Iterable[Chapter]) -> str:
    r"""Return the lessons of a video as the lines that video platforms read.

    Examples
    --------
    >>> from backprop_studio.render.messages.chapters import Chapter
    >>> chapter_lines([Chapter("Start", 0, 61, True), Chapter("Beat", 61, 62)])
    '00:00 Start\n'
    """
    lines = [f"{_clock(it.start)} {it.title}\n" for it in chapters if it.is_lesson]
    return "".join(lines)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
