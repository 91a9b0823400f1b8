"""What the program comes with for its first start: the list of scenes, and a picture of each.

``make shipped`` makes it anew. It is shown until the render engine has read the scenes themselves;
a picture counts as that of its scene as long as the scene's file is the one that it was drawn from.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple, get_args
from zipfile import BadZipFile, ZipFile

from pydantic import Field, ValidationError

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import LANGUAGES
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.catalogue import scene_file
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.frozen import Frozen
from backprop_studio.render.messages.results import CatalogueEntry

PICTURE = FrameFormat(width=640, height=360)
"""Large enough to stand on the stage until there is a still."""

FOLDER = Path(__file__).parent / "shipped"


class Look(NamedTuple):
    """What a scene's picture depends on besides its scene."""

    theme: str
    language: str


LOOKS = tuple(Look(theme, language) for theme in get_args(Theme) for language in LANGUAGES)


class ShippedCatalogue(Frozen):
    """The list of scenes as it was when it was shipped.

    Attributes
    ----------
    sources : dict of str to str
        What each scene's file was, as :func:`source_of` says it.
    """

    scenes: tuple[CatalogueEntry, ...] = ()
    sources: dict[str, str] = Field(default_factory=dict)


def shipped_catalogue(folder: Path = FOLDER) -> ShippedCatalogue:
    """Return the list that came with the program; an empty one if it cannot be read."""
    try:
        return ShippedCatalogue.model_validate_json((folder / "catalogue.json").read_bytes())
    except (OSError, ValidationError):
        return ShippedCatalogue()


def shipped_picture(scene: str, look: Look, folder: Path = FOLDER) -> bytes:
    """Return the picture that came with the program; nothing if there is none."""
    try:
        with ZipFile(picture_file(scene, folder)) as pictures:
            return pictures.read(name_of(look))
    except (OSError, KeyError, BadZipFile):
        return b""


def picture_file(scene: str, folder: Path = FOLDER) -> Path:
    """Return where the pictures of a scene are: one file, that is renewed when the scene is."""
    return folder / f"{scene}.zip"


def name_of(look: Look) -> str:
    """Return the name of a picture in its file."""
    return f"{look.theme}-{look.language}.webp"


def source_of(scene: str) -> str:
    """Return what stands for the present content of a scene's file; nothing if there is none."""
    try:
        content = scene_file(scene).read_bytes()
    except (OSError, StudioError):
        return ""
    # Git may give Windows other ends of lines.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]
