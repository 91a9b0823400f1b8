"""The player as files: one page with everything in it, or a page and a folder of media."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.player.page import END, media_text, page_text
from backprop_studio.render.kit.player.story import story_of

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.player.story import Medium
    from backprop_studio.render.kit.told import Told

ENDING, FOLDER = ".player.html", ".player"


def _write(told: Told, folder: Path) -> None:
    story = story_of(told)
    page = folder / f"{told.name}{ENDING}"
    if told.options.player == "folder":
        own = folder / f"{told.name}{FOLDER}"
        own.mkdir()
        for medium in story.media:
            write_medium(medium, own / medium.name)
        sources = [quote(f"{own.name}/{it.name}") for it in story.media]
        write_text(page, page_text(story, sources=sources) + END)
        return
    with page.open("w", encoding="utf-8", newline="\n") as file:
        file.write(page_text(story))
        for piece in media_text(story.media):
            file.write(piece)
        file.write(END)


def write_medium(medium: Medium, path: Path) -> None:
    """Write a medium as a file of its own."""
    if isinstance(medium.content, bytes):
        path.write_bytes(medium.content)
    else:
        shutil.copyfile(medium.content, path)


PLAYER = Item(
    (ENDING, f"{FOLDER}/*.mp4", f"{FOLDER}/*.webp"),
    _write,
    needs_material=True,
)
