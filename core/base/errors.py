"""The errors a user may meet, each with the exit code of the command line.

Messages are one sentence: what was wrong, where, and what is allowed or what to do.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ERRORS_BY_KIND",
    "InputError",
    "MissingComponentError",
    "OutputError",
    "SceneError",
    "StudioError",
    "TimeLimitError",
    "WorkInterruptedError",
]


class StudioError(Exception):
    """Base of every error shown to a user; itself a fault of ours.

    Attributes
    ----------
    exit_code : int
        What the command line returns.
    kind : str
        The word that stands for the class in an event.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "internal"


class InputError(StudioError):
    """A parameter, file or name given by the user is wrong."""

    exit_code = 2
    kind = "input"


class MissingComponentError(StudioError):
    """A component of the machine is missing; the message names it and how to install it."""

    exit_code = 3
    kind = "missing"


class SceneError(StudioError):
    """A scene failed while it was built or drawn."""

    exit_code = 4
    kind = "scene"


class OutputError(StudioError):
    """The disk is full, or a file or folder cannot be written."""

    exit_code = 5
    kind = "output"


class TimeLimitError(StudioError):
    """A job made no progress within its time limit."""

    exit_code = 124
    kind = "time_limit"


class WorkInterruptedError(StudioError):
    """The user interrupted the work."""

    exit_code = 130
    kind = "interrupted"


ERRORS_BY_KIND: dict[str, type[StudioError]] = {
    error.kind: error
    for error in (
        StudioError,
        InputError,
        MissingComponentError,
        SceneError,
        OutputError,
        TimeLimitError,
        WorkInterruptedError,
    )
}
"""From the word in an event back to the class."""
