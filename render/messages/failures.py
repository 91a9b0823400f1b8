"""Errors of Python and of the system as errors of ours."""

from __future__ import annotations

import errno

from backprop_studio.core.base.errors import OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, os_reason


def unexpected(error: BaseException) -> StudioError:
    """Return the error that stands for one that nobody has foreseen.

    Examples
    --------
    >>> str(unexpected(ZeroDivisionError("in compute")))
    'An unexpected fault of ours: ZeroDivisionError: in compute.'
    """
    text = N_("an unexpected fault of ours: {kind}: {words}")
    return StudioError("internal", text, kind=type(error).__name__, words=str(error))


def disk_failure(error: OSError) -> OutputError:
    """Return the error of a disk that refuses something in the middle of the work."""
    return OutputError("disk.failed", N_("the disk failed: {reason}"), reason=file_reason(error))


def file_reason(error: OSError) -> Message:
    """Return why the system refused something, with the file's name or what to do about it.

    Examples
    --------
    >>> file_reason(FileNotFoundError(errno.ENOENT, "No such file", "/bin/manim")).words()
    'no such file or directory: /bin/manim'
    """
    reason = os_reason(error)
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        text = N_("{reason}; allow more of them, as with: ulimit -n 1024")
        return Message.of("os.too_many_files", text, reason=reason)
    if error.filename:
        text = "{reason}: {file}"
        return Message.of("os.file", text, reason=reason, file=str(error.filename))
    return reason
