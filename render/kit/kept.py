"""Files of an earlier export that would be written just the same: they are copied, not made."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.code_key import LIBRARIES, code_key, library_versions
from backprop_studio.render.files.cache import video_key
from backprop_studio.render.kit.items import ITEMS
from backprop_studio.render.kit.manifest import content_of, read_manifest
from backprop_studio.render.lecture.folder import is_named

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.messages.jobs import KitItem

_WRITERS = ("nbformat", "pillow", "pydantic", "pysubs2", "python-pptx")
"""Libraries that write files of a kit, besides those that draw."""


def made_from(told: Told) -> str | None:
    """Return what stands for all that the files of something told are made of.

    It is None if a part is missing: what is made then is not made again unseen.
    """
    if any(it.fault is not None for it in told.films):
        return None
    lecture = told.lecture
    films = []
    for film in told.films:
        job = film.lesson.job
        notes = lecture.parts[job.card.number - 1].notes if job.card else ""
        films.append([film.lesson.name, film.title, video_key(job), notes])
    values = [
        [told.name, told.title, told.language, told.is_whole, told.options.model_dump(mode="json")],
        [lecture.path.name, lecture.header.title, lecture.header.captions],
        films,
        _writing_key(),
    ]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def _writing_key() -> str:
    """Return the key of the code that writes kits, of its libraries and of Python."""
    libraries = library_versions((*LIBRARIES, *_WRITERS))
    return f"{sys.version}\0{libraries}\0{code_key('render.kit.items')}"


class EarlierFiles:
    """The files of a folder, as its manifest knows them.

    Parameters
    ----------
    folder : Path
        Where an earlier export may be; without a manifest there is nothing to take.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Any] = {}
        self._made_from: dict[str, Any] = {}
        try:
            manifest = read_manifest(folder)
        except InputError:
            return
        keys = manifest.get("made_from")
        self._files, self._made_from = manifest["files"], keys if isinstance(keys, dict) else {}

    def has(self, told: Told, item: KitItem, key: str | None) -> bool:
        """Return whether there is what would be written just the same, as far as it is noted."""
        # A lesson's own video is there already.
        if key is None or (item == "video" and not told.is_whole):
            return False
        kinds = self._made_from.get(told.name)
        return isinstance(kinds, dict) and kinds.get(item) == key

    def copied(self, told: Told, item: KitItem, key: str | None, target: Path) -> list[str] | None:
        """Copy what would be written just the same into a folder, and return the files' names.

        Returns
        -------
        list of str or None
            None if there is nothing that could be taken: of another key, changed or gone.
        """
        if not self.has(told, item, key):
            return None
        allowed = ITEMS[item].names(told.name, is_whole=told.is_whole)
        names = [name for name in self._files if is_named(name, allowed)]
        try:
            for name in names:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._folder / name, target / name)
                if content_of(target / name) != _known(self._files[name]):
                    raise OSError(name)
        except (OSError, LookupError, TypeError):
            for name in names:
                (target / name).unlink(missing_ok=True)
            return None
        return names


def _known(row: Any) -> dict[str, Any]:
    return {"sha256": row["sha256"], "bytes": row["bytes"]}
