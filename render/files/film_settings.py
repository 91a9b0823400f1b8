"""What a video of one lesson was made with, in the file itself.

A video that has left its machine, or whose queue is gone, still says how it is made again. Of the
texts that FFmpeg's writers put into MP4, QuickTime and WebM alike, only the title and the comment
are in all three; a comment is also what players and file managers show.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import Field

from backprop_studio.core.base.errors import InputError, StudioError, message_of
from backprop_studio.core.base.i18n import N_, Language
from backprop_studio.core.base.parameters import Theme, check_depth
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.messages.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TAG = "comment"
_MARK = "backprop-studio"
_FORMAT = 1

LONGEST = 60_000
"""Bytes of a comment of ours: QuickTime counts in 16 bits, and what is longer is cut off."""


class FilmSettings(Frozen):
    """What makes a lesson look as it does in its film.

    Attributes
    ----------
    params : dict
        Those that were given, nested as a parameter file has them; of files only the names, because
        paths say more of a machine than a film should.
    """

    scene: str = Field(min_length=1, max_length=200)
    params: dict[str, Any]
    language: Language
    theme: Theme

    def tags(self) -> dict[str, str]:
        """Return what a file of the film says of itself: nothing, if that is too long for one."""
        named = with_paths(self.params, _name)
        text = json.dumps({_MARK: _FORMAT, **self.model_dump(), "params": named})
        return {_TAG: text} if len(text) <= LONGEST else {}


def tags_kept(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return what a film says of its settings, for another file of the same film."""
    text = _comment(metadata)
    return {_TAG: text} if settings_in(metadata) else {}


def settings_in(metadata: Mapping[str, str]) -> FilmSettings | None:
    """Return what a film was made with, if its file says so in our words.

    A file may come from anywhere. What is too long, too deep, no text or no number that a file of
    parameters may hold is none of ours; whether the values suit the scene is judged where they are
    used.
    """
    text = _comment(metadata)
    if not text.startswith(f'{{"{_MARK}"') or len(text) > LONGEST:
        return None
    try:
        found = json.loads(text)
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
        check_depth([found])
        if found.pop(_MARK) != _FORMAT:
            return None
        settings = FilmSettings.model_validate(found)
    except (StudioError, ValueError, RecursionError):
        return None
    return settings.model_copy(update={"params": with_paths(settings.params, _name)})


def read_settings(path: Path) -> FilmSettings:
    """Return what a video was made with.

    Raises
    ------
    InputError
        If it cannot be read, or does not say so.
    """
    import av  # only here: the window, which asks for settings, does not wait for the codecs

    try:
        # What others have written need be no text.
        with av.open(path, metadata_errors="replace") as film:
            found = settings_in(film.metadata)
    except (OSError, ValueError) as error:  # of FFmpeg there are both
        text = N_("{file} cannot be read: {reason}")
        raise InputError("file.unreadable", text, file=path, reason=message_of(error)) from error
    if found is None:
        text = N_("the video {file} does not say what it was made with")
        raise InputError("video.no_settings", text, file=path)
    return found


def with_files_beside(params: Any, folder: Path) -> Any:
    """Return parameters of a film whose files, where they lie in a folder, are named in full."""

    def found(name: str) -> str:
        path = folder / name
        try:
            return str(path) if path.exists() else name
        except (OSError, ValueError):
            return name

    return with_paths(params, found)


def _comment(metadata: Mapping[str, str]) -> str:
    """Return the comment; WebM calls it by a name in capitals."""
    return next((text for key, text in metadata.items() if key.lower() == _TAG), "")


def _name(path: str) -> str:
    """Return the name of a file, also of one from another system, or nothing."""
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "" if name in {".", ".."} else name
