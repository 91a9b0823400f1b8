"""The lecture as it was left, saved or not: what brings it back after the program has ended."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import platformdirs
from pydantic import TypeAdapter

from backprop_studio.gui.model.lecture import Lecture
from backprop_studio.render.files.kept import check_format

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.gui.model.state import AppState

FORMAT = 1
"""Of the file; a newer one was written by a newer program, and is left alone."""


@dataclass(frozen=True)
class Recovered:
    """A lecture as it was left.

    Attributes
    ----------
    file : str
        Where it is saved; empty if it is not.
    is_changed : bool
        Whether it was another one than its file had.
    on_stage : int
        Number of the lesson that was on the stage; 0 if there was none.
    text : str
        What the file held when it was read or written last.
    origins : tuple of int or None
        Which lesson of that text each lesson continues, from 0.
    """

    lecture: Lecture = field(default_factory=Lecture)
    file: str = ""
    is_changed: bool = False
    on_stage: int = 0
    text: str = ""
    origins: tuple[int | None, ...] = ()
    format: int = FORMAT


_RECOVERED: TypeAdapter[Recovered] = TypeAdapter(Recovered)


def recovery_file() -> Path:
    """Return where the lecture is kept while it is arranged; it need not exist."""
    return platformdirs.user_data_path("backprop-studio") / "lecture.json"


def complete(state: AppState) -> Lecture:
    """Return the lecture with the present parameters in its lessons, and without ids."""
    lecture = state.lecture
    parts = (replace(it, id="", params=state.params_of(it)) for it in lecture.parts)
    return replace(lecture, parts=tuple(parts))


def keep(recovered: Recovered) -> None:
    """Write a lecture so that the next start finds it; a disk that refuses is no fault of his."""
    file = recovery_file()
    staged = file.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(_RECOVERED.dump_json(recovered))
        os.replace(staged, file)


def recovered() -> Recovered:
    """Return the lecture as it was left; an empty one if there is none.

    Raises
    ------
    InputError
        If a newer program has written it.
    ValueError
        If it is damaged.
    """
    file = recovery_file()
    try:
        data = file.read_bytes()
    except OSError:
        return Recovered()
    check_format(data, FORMAT, str(file))
    return _RECOVERED.validate_json(data)
