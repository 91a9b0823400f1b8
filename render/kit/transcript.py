"""The transcript: a lecture to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.transcript import transcript

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told

ENDING = ".md"


def _write(told: Told, folder: Path) -> None:
    lessons = [(film.title, film.beats) for film in told.films]
    write_text(folder / f"{told.name}{ENDING}", transcript(told.title, lessons, told.language))


TRANSCRIPT = Item((ENDING,), _write)
