"""Subtitles, as the two kinds of file that players read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.subtitles import subtitles

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told


def _write(told: Told, folder: Path) -> None:
    for kind in ("srt", "vtt"):
        write_text(folder / f"{told.name}.{kind}", subtitles(told.marks, kind))


SUBTITLES = Item((".srt", ".vtt"), _write)
