"""Chapters as the lines that video platforms read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.subtitles import chapter_lines

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told

ENDING = ".chapters.txt"


def _write(told: Told, folder: Path) -> None:
    write_text(folder / f"{told.name}{ENDING}", chapter_lines(told.chapters))


CHAPTERS = Item((ENDING,), _write, of_lesson=False)
