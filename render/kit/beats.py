"""What there is of each beat: its last picture, and its part of the video."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
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
    kind = told.options.clips
    source = film if kind == "mp4" else film.transparent
    if source is None:
        raise StudioError("clips.none", N_("the lesson could not be drawn with nothing behind it"))
    for clip in source.clips:
        if kind == "vp9":
            from backprop_studio.render.kit.transparent import write_vp9

            write_vp9(clip, own / f"{clip.stem}.webm")
        else:
            shutil.copyfile(clip, own / clip.name)


STILLS = Item(("/*.png",), _write_stills, of_whole=False, needs_material=True)
CLIPS = Item(("/*.mp4", "/*.mov", "/*.webm"), _write_clips, of_whole=False)
