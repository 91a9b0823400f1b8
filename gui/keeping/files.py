"""The files behind the window's memory: read at the start, written whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import platformdirs

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, os_reason
from backprop_studio.gui.model.settings import save_settings, settings_store
from backprop_studio.gui.model.snapshot import Snapshot, read_snapshot
from backprop_studio.render.files.kept import set_aside
from backprop_studio.render.files.staging import write_atomically
from backprop_studio.render.queue.owner_lock import OwnerLock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def session_file() -> Path:
    """Return where the work is kept: beside the settings."""
    return platformdirs.user_config_path("backprop-studio") / "session.json"


class KeptFiles:
    """The file of the work and the settings.

    Of several windows, the one that was there first keeps its work; when it is gone, the next.

    Parameters
    ----------
    file : Path
        Of the work.

    Attributes
    ----------
    message : Message or None
        What was wrong with the file when it was read.
    may_write : bool
        Whether it may be replaced.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock: OwnerLock | None = None
        self.may_write = True
        self._written = b""
        self._settings: dict[str, Any] = {}
        self.message: Message | None = None

    def read(self) -> Snapshot:
        """Return the work as it was left; a damaged file is kept aside."""
        try:
            return read_snapshot(self._file.read_bytes(), str(self._file))
        except FileNotFoundError:
            return Snapshot()
        except InputError as error:
            self.may_write = False
            self.message = error.message
        except OSError as error:
            self.may_write = False
            text = N_("{file} cannot be read: {reason}")
            reason = os_reason(error)
            self.message = Message.of("file.unreadable", text, file=self._file, reason=reason)
        except ValueError:
            self._put_aside()
        return Snapshot()

    def write(self, snapshot: Snapshot, settings: Mapping[str, Any]) -> None:
        """Write what has changed; runs on a thread of its own.

        Raises
        ------
        StudioError
            If the disk refuses it.
        """
        changed = {it: value for it, value in settings.items() if self._settings.get(it) != value}
        is_saved = not changed or save_settings(changed)
        data = snapshot.to_json()
        if data != self._written and self.may_write and self._owns():
            write_atomically(self._file, data, job_id=str(os.getpid()), overwrite=True)
            self._written = data
        if not is_saved:
            text = N_("{file} cannot be written: {reason}")
            reason = os_reason(PermissionError(errno.EACCES, ""))
            file = settings_store().fileName()
            raise OutputError("file.unwritable", text, file=file, reason=reason)
        self._settings |= changed

    def close(self) -> None:
        """Let another window keep its work."""
        if self._lock is not None:
            self._lock.release()

    def _owns(self) -> bool:
        if self._lock is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock = OwnerLock(self._file.with_suffix(".lock"))
            except InputError:  # another window has it
                return False
        return True

    def _put_aside(self) -> None:
        try:
            self.message = set_aside(self._file, "session")
        except StudioError as error:
            self.may_write = False
            self.message = error.message
