"""The list of scenes: a file that is there is in it, and a broken file is one row with its error.

Nothing is registered. Reading the rows means importing Manim, so they are kept as JSON under a key
of everything they depend on, where the window and the command line find them without that import.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import platformdirs
from pydantic import TypeAdapter, ValidationError

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.core.base.validation_messages import nearest_name
from backprop_studio.render.code_key import drawing_key, package_folder
from backprop_studio.render.files.staging import write_atomically
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ENTRIES: TypeAdapter[list[CatalogueEntry]] = TypeAdapter(list[CatalogueEntry])


def scene_file(scene: str) -> Path:
    """Return the file of a scene."""
    return package_folder("scenes") / f"{scene}.py"


def scene_ids() -> list[str]:
    """Return the ids of all scene files, in order, without importing them."""
    files = package_folder("scenes").glob("*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def require_scene(scene: str) -> None:
    """Check that there is a scene of this name.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest.
    """
    if scene not in scene_ids():
        text = N_("unknown scene '{scene}'; {hint}")
        hint = name_hint(scene, scene_ids())
        raise InputError("scene.unknown", text, scene=scene, hint=hint)


def name_hint(name: str, known: Sequence[str]) -> Message:
    """Return which name may be meant by an unknown one, or which there are."""
    near = nearest_name(name, known)
    if near:
        return Message.of("hint.near", N_("did you mean '{name}'?"), name=near)
    names = listed(known) if known else Message.of("hint.none", N_("none"))
    return Message.of("hint.known", N_("known are {names}"), names=names)


def in_order(entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
    """Return rows as the curriculum has them; those outside of it come last, by their id.

    Examples
    --------
    >>> rows = in_order([CatalogueEntry(id="a"), CatalogueEntry(id="b", place=(2, 1))])
    >>> [row.id for row in rows]
    ['b', 'a']
    """
    return sorted(entries, key=lambda row: (row.place is None, row.place or (0, 0), row.id))


# The cache


def catalogue_key() -> str:
    """Return a hash of everything that the rows and the scenes' pictures depend on."""
    return drawing_key(*scene_ids())[:32]


def thumbnail_folder() -> Path:
    """Return where small pictures of the scenes are kept; it need not exist."""
    return platformdirs.user_cache_path("backprop-studio") / "thumbnails"


def _catalogue_file() -> Path:
    folder = platformdirs.user_cache_path("backprop-studio")
    return folder / f"catalogue-{catalogue_key()}.json"


def cached_catalogue() -> list[CatalogueEntry] | None:
    """Return the rows if they are known for the files as they are now.

    Imports neither Manim nor torch.

    Returns
    -------
    list of CatalogueEntry or None
        None if a worker has to be asked.
    """
    try:
        return _ENTRIES.validate_json(_catalogue_file().read_bytes())
    except (OSError, ValidationError):
        return None


def store_catalogue(entries: list[CatalogueEntry]) -> None:
    """Keep the rows for later; a cache that cannot be written is no fault."""
    target = _catalogue_file()
    with suppress(OSError, OutputError):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(
            target, _ENTRIES.dump_json(entries), job_id=str(os.getpid()), overwrite=True
        )
        for file in target.parent.glob("catalogue-*.json"):
            if file != target:
                file.unlink(missing_ok=True)
