"""Copying a finished video to where the user wants it, in one step at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import os_reason


def copy_atomically(source: Path, target: Path) -> None:
    """Copy a file so that the target is either the old file or the whole new one.

    Raises
    ------
    OutputError
        If the source is gone or the target cannot be written, with a message for the user.
    """
    if not source.is_file():
        text = N_("the video {name} is no longer there")
        raise OutputError("video.gone", text, name=source.name)
    if target.exists() and source.samefile(target):
        return
    temporary: Path | None = None
    try:
        # Beside the target: a rename is one step only within one file system.
        handle, name = tempfile.mkstemp(prefix=".", suffix=target.suffix, dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        text = N_("the video cannot be saved as {file}: {reason}")
        reason = os_reason(error)
        raise OutputError("video.unsaved", text, file=target, reason=reason) from error


def _umask() -> int:
    """Return the process's umask; it can only be read by setting it."""
    value = os.umask(0o022)
    os.umask(value)
    return value
