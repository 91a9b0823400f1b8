"""One worker process and the threads at its pipes.

Three threads keep the pipes moving, so that a process that hangs can never block the client: one
reads events, one writes requests, one keeps the end of what the process says on stderr. What they
notice goes to an inbox.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.log import take_log_line
from backprop_studio.render.messages.protocol import EventDecoder, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backprop_studio.render.messages.events import Event

_ROOM = "backprop_studio.render.workers"

WORKER_COMMAND: tuple[str, ...] = (sys.executable, "-m", f"{_ROOM}.worker")
"""The worker under the same Python as the client."""

BACKGROUND = "--background"
"""What tells a worker to leave the processor to everybody else."""

BACKGROUND_COMMAND: tuple[str, ...] = (*WORKER_COMMAND, BACKGROUND)

COORDINATOR_COMMAND: tuple[str, ...] = (sys.executable, "-m", f"{_ROOM}.segment_coordinator")
"""What stands for a worker, and has a video drawn by one for each core."""

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[3]
_CHUNK = 1 << 16
_STDERR_LINES = 80
_LATE_OUTPUT_SECONDS = 1.0
"""How long a process may live without its pipe, and its pipe be read after its death."""


@dataclass(frozen=True)
class Arrived:
    """The process sent an event."""

    process: WorkerProcess
    event: Event
    attachment: bytes


@dataclass(frozen=True)
class Unreadable:
    """The process sent something that is no event."""

    process: WorkerProcess
    reason: str


@dataclass(frozen=True)
class Exited:
    """The process is gone, and everything it sent has arrived before this."""

    process: WorkerProcess


Notice: TypeAlias = Arrived | Unreadable | Exited


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a worker.

    Qt's variables describe the window's process. Temporary files go into the private folder, which
    is removed as a whole. The project comes first on the path: the working folder is not ours.
    Relative paths that a user gave start at our folder, which is not the worker's.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    inherited = environment.get("PYTHONPATH")
    environment.setdefault("PATH", os.defpath)  # what Manim stands on does not start without
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(_ROOT), *([inherited] if inherited else [])]),
        "PYTHONSAFEPATH": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONUTF8": "1",
        "TMPDIR": str(folder),
        FOLDER_VARIABLE: _current_folder(),
    }
    return environment


def _current_folder() -> str:
    """Return where the user is; that folder may have been removed."""
    try:
        return os.getcwd()
    except OSError:
        return ""


class WorkerProcess:
    """A running worker.

    Parameters
    ----------
    command : sequence of str
        What to start.
    folder : Path
        Its private folder and working folder.
    inbox : callable
        Receives every notice, on one of this object's threads.

    Raises
    ------
    OSError
        If the command cannot be started.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, inbox: Callable[[Notice], object]
    ) -> None:
        self._inbox = inbox
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        self._reader = self._thread(self._read_events)
        self._listener = self._thread(self._keep_stderr)
        self._thread(self._write_requests)
        self._thread(self._await_exit)

    @staticmethod
    def _thread(target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name=f"worker{target.__name__}", daemon=True)
        thread.start()
        return thread

    @property
    def pid(self) -> int:
        """Process id."""
        return self._popen.pid

    @property
    def stderr_tail(self) -> str:
        """The last lines that the process wrote to stderr."""
        return "\n".join(list(self._stderr))

    def cause_of_death(self) -> Message:
        """Return how the process ended: ``signal 9`` or ``exit code 1``."""
        code = self._popen.poll()
        if code is None:
            return Message.of("worker.no_answer", N_("it no longer answers"))
        if code < 0:
            return Message.of("worker.signal", N_("signal {number}"), number=-code)
        return Message.of("worker.exit_code", N_("exit code {number}"), number=code)

    def send(self, request: bytes) -> None:
        """Queue the bytes of a request; never blocks."""
        self._requests.put(request)

    def stop(self, timeout: float = 0.5) -> None:
        """End the process and everything it started.

        Closes its stdin and asks it to terminate, then kills its group.

        Parameters
        ----------
        timeout : float
            Seconds it gets to end by itself.
        """
        self._requests.put(None)
        self._signal(signal.SIGTERM)
        try:
            self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            _log.info("Killed: worker process %d", self.pid)
        self._signal(_KILL)
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(1.0)

    def _signal(self, number: int) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._popen.pid, number)  # a session of its own: pid is the group too
            else:
                self._popen.kill()

    def _read_events(self) -> None:
        decoder = EventDecoder()
        stdout = _pipe(self._popen.stdout)
        try:
            with stdout:
                while data := os.read(stdout.fileno(), _CHUNK):
                    for event, attachment in decoder.feed(data):
                        self._inbox(Arrived(self, event, attachment))
        except ProtocolError as error:
            self._inbox(Unreadable(self, str(error)))
        try:
            self._popen.wait(_LATE_OUTPUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(_KILL)  # it can tell us nothing any more

    def _write_requests(self) -> None:
        stdin = _pipe(self._popen.stdin)
        with suppress(OSError), stdin:  # a dead process: its exit is noticed elsewhere
            while (request := self._requests.get()) is not None:
                stdin.write(request)
                stdin.flush()

    def _keep_stderr(self) -> None:
        with _pipe(self._popen.stderr) as stderr:
            for line in stderr:
                text = line.decode(errors="replace").rstrip()
                if not take_log_line(text):
                    self._stderr.append(text)

    def _await_exit(self) -> None:
        self._popen.wait()
        self._signal(_KILL)  # whatever it had started would otherwise outlive it
        self._reader.join(_LATE_OUTPUT_SECONDS)
        self._listener.join(_LATE_OUTPUT_SECONDS)
        self._requests.put(None)
        self._inbox(Exited(self))


_KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the pipe was not asked for")
    return stream
