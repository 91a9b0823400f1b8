"""What the commands make of their arguments: parameters, paths, limits, all checked."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import (
    check_depth,
    merge,
    parse_assignments,
    read_parameter_file,
)
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import paths_in
from backprop_studio.render.files.film_settings import read_settings, with_files_beside
from backprop_studio.render.files.output import check_not_read
from backprop_studio.render.messages.formats import JOINED_ENDINGS
from backprop_studio.render.messages.voices import with_own_path
from backprop_studio.render.workers.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence


def limits_of(timeout: float | None) -> Limits | None:
    """Return how long things may take, if not as long as usual."""
    return None if timeout is None else Limits(stall=timeout)


def given_parameters(
    assignments: list[str] | None, file: Path | None, target: Path | None = None
) -> dict[str, Any]:
    """Return the parameters that were given, if the output is none of the files they are in."""
    kept = _read(file) if file else {}
    assigned = parse_assignments(assignments or [])
    check_depth([kept, assigned])
    given = merge(kept, assigned)
    if target:
        named = [user_path(it) for it in paths_in(given)]
        check_not_read(target, [*named, *([file] if file else [])])
    return given


def _read(file: Path) -> dict[str, Any]:
    """Return the parameters of a file, or those that a video was made with."""
    if file.suffix.lower() not in JOINED_ENDINGS:
        return read_parameter_file(file)
    found: dict[str, Any] = with_files_beside(read_settings(file).params, file.absolute().parent)
    return found


def with_captions(given: dict[str, Any], captions: str | None) -> dict[str, Any]:
    """Return parameters with captions on or off, if that was said."""
    return given if captions is None else merge(given, {"captions": captions == "on"})


def given_voice(text: str) -> str:
    """Return the voice that was given, whose path means the same in the worker.

    Raises
    ------
    InputError
        If it is none that can be chosen.
    """
    try:
        return with_own_path(text, lambda path: absolute(Path(path)))
    except ParameterError as error:
        wrong = N_("--voice {value}: {problem}")
        raise InputError("voice.option", wrong, value=text, problem=error.message) from error


def check_text(words: Sequence[str]) -> None:
    """Refuse names that are no text: the worker, the events and the messages all need text.

    Raises
    ------
    InputError
        If there is one.
    """
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            known = word.encode(errors="backslashreplace").decode()
            text = N_("'{name}' is not UTF-8 text; choose another name")
            raise InputError("name.not_utf8", text, name=known) from error


def absolute(path: Path) -> Path:
    """Return a path that also means the same in the worker, which runs in another folder."""
    try:
        found = Path(os.path.abspath(path.expanduser()))
    except FileNotFoundError as error:
        text = N_(
            "the path {file} leads nowhere, because the current folder no longer exists; change "
            "to another"
        )
        raise InputError("path.no_folder", text, file=path) from error
    except RuntimeError as error:
        text = N_("the path {file} leads nowhere: {reason}")
        raise InputError("path.nowhere", text, file=path, reason=str(error)) from error
    check_text([str(found)])
    return found


def new_id() -> str:
    """Return an id that no other job has."""
    return uuid.uuid4().hex
