"""Chapters as the lines that video platforms read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.subtitles import chapter_lines

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told

ENDING = ".chapters.txt"


def _write(told: Told, folder: Path) -> Message | None:
    lines = chapter_lines(told.chapters)
    if not lines:
        text = N_("video platforms take three chapters or more, each of 10 seconds or longer")
        return Message.of("chapters.too_few", text)
    write_text(folder / f"{told.name}{ENDING}", lines)
    return None


CHAPTERS = Item((ENDING,), _write, of_lesson=False)
