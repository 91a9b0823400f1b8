"""Files that a user points at: only regular ones, only so large, every fault one sentence."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any, BinaryIO

from backprop_studio.core.base.errors import InputError, message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean, os_reason

if TYPE_CHECKING:
    from pathlib import Path

MAX_TEXT_BYTES = 1_000_000
"""Of a file of parameters or of a lecture."""

FILE = N_("file")

_DEEP_KEY = re.compile(r"""(?<![\w-])(?:\s*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')\s*+\.){100}""")
"""A name of a hundred names with dots between: a reader takes minutes for one of ten thousand."""


def kind_of_file(kind: str) -> Message:
    """Return what a file is, as the field ``kind`` of a message.

    Parameters
    ----------
    kind : str
        English, marked with ``N_``.

    Examples
    --------
    >>> kind_of_file("lecture file").words()
    'lecture file'
    """
    return Message.of("file.kind", kind)


def open_bounded(
    path: Path, limit: int, kind: str = FILE, *, may_be_empty: bool = False
) -> tuple[BinaryIO, int]:
    """Open a regular file of at most ``limit`` bytes for reading.

    Parameters
    ----------
    path : Path
    limit : int
    kind : str
        What the file is, for messages; English, marked with ``N_``.
    may_be_empty : bool

    Returns
    -------
    file : binary file
        To be closed by the caller.
    size : int
        Its size in bytes.

    Raises
    ------
    InputError
        If the file is not there, empty, too large, no regular file, or cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> file, size = open_bounded(Path(__file__), 1_000_000)
    >>> file.close()
    >>> size > 1000
    True
    """
    named: dict[str, Any] = {"kind": kind_of_file(kind), "file": path}
    try:
        # Looked at before it is opened: a pipe without a writer would never open.
        _check_regular(path.stat(), named)
        file = path.open("rb")
        state = os.fstat(file.fileno())
    except (FileNotFoundError, NotADirectoryError) as error:
        if near := _nearest_file(path):
            text = N_("the {kind} {file} does not exist; {hint}")
            raise InputError("file.near", text, **named, hint=did_you_mean(near)) from error
        raise InputError("file.missing", N_("the {kind} {file} does not exist"), **named) from error
    except OSError as error:
        raise _unreadable(error, named) from error
    except ValueError as error:  # a NUL in the name
        text = N_("the {kind} {file} has a name that is not allowed")
        raise InputError("file.name", text, **named) from error
    try:
        _check_regular(state, named)
        if not (state.st_size or may_be_empty):
            raise InputError("file.empty", N_("the {kind} {file} is empty"), **named)
        if state.st_size > limit:
            text = N_(
                "the {kind} {file} is too large: expected at most {limit} bytes, found {found}"
            )
            raise InputError("file.too_large", text, **named, limit=limit, found=state.st_size)
    except InputError:
        file.close()
        raise
    return file, state.st_size


def read_bounded(path: Path, limit: int, kind: str = FILE, *, may_be_empty: bool = False) -> bytes:
    """Return what is in a regular file of at most ``limit`` bytes.

    Raises
    ------
    InputError
        As :func:`open_bounded` does.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_bounded(Path("nowhere.csv"), 100)
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The file nowhere.csv does not exist.
    """
    file, size = open_bounded(path, limit, kind, may_be_empty=may_be_empty)
    with file:
        try:
            return file.read(size)
        except OSError as error:
            raise _unreadable(error, {"kind": kind_of_file(kind), "file": path}) from error


def read_text(path: Path, kind: str) -> str:
    """Return a small file's text, which is UTF-8.

    Raises
    ------
    InputError
        As :func:`open_bounded` does, or if it is not UTF-8.

    Examples
    --------
    >>> from pathlib import Path
    >>> "def read_text" in read_text(Path(__file__), "lecture file")
    True
    """
    try:
        text = read_bounded(path, MAX_TEXT_BYTES, kind, may_be_empty=True).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = N_("the {kind} {file} is not UTF-8 text")
        raise InputError("file.not_utf8", wrong, kind=kind_of_file(kind), file=path) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def toml_values(text: str, path: Path, kind: str) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    text : str
        Of the file.
    path : Path
    kind : str
        What the file is, for messages; English, marked with ``N_``.

    Raises
    ------
    InputError
        If it is not TOML, with line and column, or more than anybody writes.

    Examples
    --------
    >>> from pathlib import Path
    >>> toml_values("pace = 1 2", Path("lesson.toml"), "parameter file")
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The parameter file lesson.toml is not valid \
TOML: Expected newline or end of document after a statement (at line 1, column 10).
    """
    named: dict[str, Any] = {"kind": kind_of_file(kind), "file": path}
    too_deep = InputError("file.too_deep", N_("the {kind} {file} is nested too deeply"), **named)
    if _DEEP_KEY.search(text):
        raise too_deep
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise too_deep from error
    except tomllib.TOMLDecodeError as error:
        wrong = N_("the {kind} {file} is not valid TOML: {reason}")
        raise InputError("file.toml", wrong, **named, reason=message_of(error)) from error
    except ValueError as error:  # Python has a limit
        digits = N_("the {kind} {file} holds a number of too many digits")
        raise InputError("file.digits", digits, **named) from error


def _check_regular(state: os.stat_result, named: dict[str, Any]) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise InputError("file.folder", N_("the {kind} {file} is a folder"), **named)
    if not stat.S_ISREG(state.st_mode):
        raise InputError("file.special", N_("the {kind} {file} is not a regular file"), **named)


def _nearest_file(path: Path) -> str | None:
    """Return the file beside a missing one that most likely is meant, or None."""
    try:
        names = [it.name for it in os.scandir(path.parent) if it.is_file()]
    except OSError:
        return None
    # Within a long name a few letters say little: what is meant differs in few.
    near = difflib.get_close_matches(path.name.lower(), [it.lower() for it in names], 1, 0.7)
    return next((it for it in names if near and it.lower() == near[0]), None)


def _unreadable(error: OSError, named: dict[str, Any]) -> InputError:
    text = N_("the {kind} {file} cannot be read: {reason}")
    return InputError("file.unreadable", text, **named, reason=os_reason(error))
