"""Where the queue lies on the disk: the newest version, the one before it, and who owns them."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from backprop_studio.core.base.errors import OutputError, message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.kept import set_aside
from backprop_studio.render.files.refusals import refusals_as
from backprop_studio.render.files.staging import write_atomically
from backprop_studio.render.queue.inputs import Inputs
from backprop_studio.render.queue.model import QueueState, read_state
from backprop_studio.render.queue.operations import restored
from backprop_studio.render.queue.owner_lock import OwnerLock

_NAME = "queue.json"


def queue_folder() -> Path:
    """Return the folder of the user's queue; it need not exist."""
    return Path(platformdirs.user_data_dir("backprop-studio")) / "queue"


class QueueStore:
    """The files of a queue, owned as long as this object is open.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Attributes
    ----------
    state : QueueState
        As it was found; a job that was being drawn then is interrupted now.
    messages : tuple of Message
        What was wrong with the files.
    inputs : Inputs
        The copies of the files that parameters name.

    Raises
    ------
    InputError
        If another program owns them, or a newer one has written them.
    OutputError
        If the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder.absolute()  # a worker runs in another one
        self._folder = folder
        self._newest = folder / _NAME
        self._last = folder / f"{_NAME}.last"
        self._written: bytes | None = None
        self.inputs = Inputs(folder / "inputs")
        self.messages: tuple[Message, ...] = ()
        text = N_("the folder {folder} cannot be made: {reason}")
        with refusals_as(OutputError, "folder.unmade", text, folder=folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = OwnerLock(folder / "queue.lock")
        try:
            self.state = restored(self._read())
        except BaseException:
            self._lock.release()
            raise
        self._sweep_inputs()

    def save(self, state: QueueState) -> None:
        """Make a state the newest version and keep the one before it.

        Whenever this is cut off, the newest file is whole: it holds this state or the last one.

        Raises
        ------
        OutputError
            If the disk refuses; then the newest version is the last one.
        """
        try:
            data = state.model_dump_json(indent=1).encode()
        except ValueError as error:  # a folder's name that is no text
            text, reason = N_("{file} cannot be written: {reason}"), message_of(error)
            raise OutputError("file.unwritable", text, file=self._newest, reason=reason) from error
        if data == self._written:
            return
        if self._written is not None:
            write_atomically(self._last, self._written, job_id="queue", overwrite=True)
        write_atomically(self._newest, data, job_id="queue", overwrite=True)
        self._written = data

    def close(self) -> None:
        """Let other programs have the queue."""
        self._lock.release()

    def _read(self) -> QueueState:
        """Return the newest version that can be read."""
        for file in (self._newest, self._last):
            try:
                data = file.read_bytes()
                state = read_state(data, str(file))
            except FileNotFoundError:
                pass
            except (OSError, ValueError):
                self._set_aside(file)
            else:
                self._written = data
                return state
        return QueueState()

    def _set_aside(self, file: Path) -> None:
        message = set_aside(file, "queue")
        if file == self._newest:
            text = N_("{message}; the version before it is used if there is one")
            message = Message.of("queue.version_before", text, message=message)
        self.messages = (*self.messages, message)

    def _sweep_inputs(self) -> None:
        """Remove copies that were made for no entry, as those of a program that was killed.

        As long as a damaged queue lies here they may be what it speaks of.
        """
        if not any(self._folder.glob("queue.damaged-*")):
            self.inputs.keep_only({entry.id for entry in self.state.entries})
