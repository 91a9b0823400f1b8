"""Small text files that a user gives: read whole, or refused in one sentence."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.validation_messages import one_line

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_FILE_BYTES", "file_error", "text_of", "toml_values"]

MAX_FILE_BYTES = 1_000_000

_DEEP_KEY = re.compile(r"""(?<![\w-])(?:\s*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')\s*+\.){100}""")
"""A name of a hundred names with dots between: a reader takes minutes for one of ten thousand."""


def file_error(kind: str, path: Path, fault: str) -> InputError:
    """Return the error that a file of some kind has a fault.

    Examples
    --------
    >>> from pathlib import Path
    >>> str(file_error("lecture file", Path("week1.toml"), "is empty"))
    'The lecture file week1.toml is empty.'
    """
    return InputError(one_line(f"The {kind} {path} {fault}."))


def text_of(path: Path, kind: str) -> str:
    """Return a file's text.

    Parameters
    ----------
    path : Path
    kind : str
        What the file is, for messages.

    Raises
    ------
    InputError
        If it is not there, too large, cannot be read, or is not UTF-8.

    Examples
    --------
    >>> from pathlib import Path
    >>> text_of(Path("nowhere.toml"), "parameter file")
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The parameter file nowhere.toml does not exist.
    """
    try:
        if not path.is_file():
            raise file_error(kind, path, "is not a file" if path.exists() else "does not exist")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise file_error(kind, path, f"is larger than {MAX_FILE_BYTES} bytes")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise file_error(kind, path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise file_error(kind, path, "is not UTF-8 text") from error
    except ValueError as error:  # a NUL in the name
        raise file_error(kind, path, "has a name that no file can have") from error


def toml_values(text: str, path: Path, kind: str) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    text : str
        Of the file.
    path : Path
    kind : str
        What the file is, for messages.

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
    if _DEEP_KEY.search(text):
        raise file_error(kind, path, "is nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise file_error(kind, path, "is nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        raise file_error(kind, path, f"is not valid TOML: {error}") from error
    except ValueError as error:  # Python has a limit
        raise file_error(kind, path, "holds a number of too many digits") from error
