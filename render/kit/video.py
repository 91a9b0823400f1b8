"""Videos: one of each lesson, and one of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.files.output import verify_video
from backprop_studio.render.kit.item import Item
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.voice.sound import Samples

ENDING = ".mp4"


def _write(told: Told, folder: Path) -> None:
    """Join the lessons' videos; a lesson's own is where it was drawn to."""
    if not told.is_whole:
        return
    # Only here: it loads the codecs, which a wrong lecture does not need.
    from backprop_studio.render.files.joining import join_videos

    first = told.films[0].lesson.job
    target = folder / f"{told.name}{ENDING}"
    videos = [(it.video, it.result.frames) for it in told.films]
    is_spoken = first.voice != SILENT
    join_videos(videos, target, told.title, told.chapters, _sound(told) if is_spoken else None)
    verify_video(target, first.picture, sum(frames for _, frames in videos))
    if is_spoken:
        from backprop_studio.render.files.sound_writer import verify_sound

        verify_sound(target, told.seconds)


def _sound(told: Told) -> Iterator[Samples]:
    """Yield the sound of each lesson, exactly as long as its pictures.

    Its videos' packets cannot be joined: each begins with what its encoder needed to start.
    """
    from backprop_studio.render.voice.sound import lasting, read_sound

    for film in told.films:
        yield lasting(read_sound(film.video, film.seconds + 1), film.seconds)


VIDEO = Item((ENDING,), _write)
