"""Chapters: the positions in a video that a player can jump to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.render.messages.results import BeatMark


@dataclass(frozen=True)
class Chapter:
    """A position in a video that a player can jump to.

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
    # Lists of chapters have a line for each.
    line = " ".join(title.split())
    return [
        Chapter(beat.caption or line, beat.start, beat.end, is_lesson=number == 0)
        for number, beat in enumerate(beats)
    ]


def later(chapters: Iterable[Chapter], seconds: float) -> list[Chapter]:
    """Return chapters that much later, as in a video that is joined from several."""
    return [replace(it, start=it.start + seconds, end=it.end + seconds) for it in chapters]
