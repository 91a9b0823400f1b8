"""The errors a user may meet, each with the exit code of the command line.

What an error says is a :class:`~core.base.messages.Message`: what was wrong, where, and what is
allowed or what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.messages import Message, os_reason, sentence

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language


class _MessageError(Exception):
    """An error with a message.

    Parameters
    ----------
    code : str or Message
        The code of the message, or the whole of it.
    text : str
        The English template, marked with ``N_``; see :class:`~core.base.messages.Message`.
    **fields
        What the template names.
    """

    def __init__(self, code: str | Message, text: str = "", /, **fields: Any) -> None:
        if isinstance(code, Message):
            self.message = code
        else:
            self.message = Message.of(code, text, **fields) if text else Message.plain(code)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as the message."""
        return type(self), (self.message,)

    language: Language = "en"
    """In which it says what is wrong, where nobody translates its message."""

    def __str__(self) -> str:
        """Return the sentence, in English unless somebody has asked for another language."""
        return sentence(self.message, translator(self.language))


class StudioError(_MessageError):
    """Base of every error shown to a user; itself a fault of ours.

    Attributes
    ----------
    exit_code : int
        What the command line returns.
    kind : str
        The word that stands for the class in an event.
    message : Message
        What it says, as data.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "internal"

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback: the sentence says what to do."""
        return [f"{type(self).__name__}: {self}"]


class ParameterError(_MessageError, ValueError):
    """A value that a validator of parameters refuses; pydantic knows which field it stands in.

    The message continues the sentence "Wrong value for FIELD: VALUE; …".
    """

    def __str__(self) -> str:
        """Return the English words, which pydantic puts into its own message."""
        return self.message.words()


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


_ERRORS: list[type[StudioError]] = [StudioError, *StudioError.__subclasses__()]

ERRORS_BY_KIND = {error.kind: error for error in _ERRORS}
"""From the word in an event back to the class."""


def message_of(error: Exception) -> Message:
    """Return what an error says: its own message, the system's reason, or a library's words.

    Examples
    --------
    >>> message_of(InputError("file.empty", "the file {file} is empty", file="a.csv")).code
    'file.empty'
    >>> message_of(ValueError("Extra data")).words()
    'Extra data'
    """
    if isinstance(error, _MessageError):
        return error.message
    return os_reason(error) if isinstance(error, OSError) else Message.plain(str(error))
