"""What there is of each beat: its last picture, and its part of the video."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from backprop_studio.render.kit.item import Item

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told


def _write_stills(told: Told, folder: Path) -> None:
    (film,) = told.films
    own = folder / told.name
    own.mkdir(exist_ok=True)
    for shot, picture in zip(film.shots, film.stills(), strict=True):
        (own / f"{shot.name}.png").write_bytes(picture)


def _write_clips(told: Told, folder: Path) -> None:
    (film,) = told.films
    own = folder / told.name
    own.mkdir(exist_ok=True)
    for clip in film.clips:
        shutil.copyfile(clip, own / clip.name)


STILLS = Item(("/*.png",), _write_stills, of_whole=False, needs_material=True)
CLIPS = Item(("/*.mp4",), _write_clips, of_whole=False)
