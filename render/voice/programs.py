"""A voice program, run once for each sentence: bounded in time and in what it may write."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from backprop_studio.core.base.errors import MissingComponentError, TimeLimitError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, one_line, os_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SECONDS = 60.0
"""Within which a program has to have spoken one sentence."""

MOST_BYTES = 64 * 1024 * 1024
"""Of what it writes: more than ten minutes of sound."""

_SAID = 200
"""Of the last that a program says on stderr, letters that are shown."""

_TURN = 0.1
"""Seconds after which somebody may have given it up."""

_WAIT = 1.0
"""Seconds for the pipes of a program that has ended."""


def run_program(
    command: Sequence[str],
    text: str,
    seconds: float = MOST_SECONDS,
    given_up: threading.Event | None = None,
) -> bytes:
    """Return what a program writes to stdout when it is given a text on stdin.

    Parameters
    ----------
    seconds : float
        How long it may take.
    given_up : Event, optional
        Set when nobody wants it any more; the program is ended then.

    Raises
    ------
    MissingComponentError
        If it cannot be started, ends with an error, or writes without end.
    TimeLimitError
        If it has not ended by then; it and what it has started are killed.
    """
    name = os.path.basename(command[0])
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tempfile.gettempdir(),
            start_new_session=True,
        )
    except OSError as error:
        wrong = N_("the voice program {program} cannot be started: {reason}")
        raise MissingComponentError(
            "voice.not_started", wrong, program=command[0], reason=os_reason(error)
        ) from error
    pipes = _Pipes(process, text)
    try:
        is_done = pipes.wait(seconds, given_up or threading.Event())
    finally:
        _kill(process)
    if pipes.written > MOST_BYTES:
        wrong = N_("the voice program {program} writes without end; nothing was changed")
        raise MissingComponentError("voice.endless", wrong, program=name)
    if not is_done:
        wrong = N_(
            "the voice program {program} has not spoken a sentence within {seconds} seconds, and "
            "was ended; nothing was changed"
        )
        raise TimeLimitError("voice.hangs", wrong, program=name, seconds=f"{seconds:g}")
    if process.returncode:
        raise failed(name, _end(process.returncode, pipes.said()))
    return pipes.output


def failed(program: str, reason: Message) -> MissingComponentError:
    """Return the error of a program that does not speak."""
    wrong = N_(
        "the voice program {program} has failed: {reason}; backprop-studio doctor shows whether it "
        "works"
    )
    return MissingComponentError("voice.failed", wrong, program=program, reason=reason)


def _end(code: int, said: str) -> Message:
    if code < 0:
        end = Message.of("voice.signal", N_("ended by signal {number}"), number=-code)
    else:
        end = Message.of("voice.exit_code", N_("ended with exit code {number}"), number=code)
    return Message.of("voice.end_said", "{end} ({said})", end=end, said=said) if said else end


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it has started."""
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, kill)  # a session of its own: pid is the group too
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_WAIT)


class _Pipes:
    """The pipes of a program, each with a thread, so that none can block the others or us."""

    def __init__(self, process: subprocess.Popen[bytes], text: str) -> None:
        self._process = process
        self._chunks: list[bytes] = []
        self._tail = b""
        self.written = 0
        self._reader = self._thread(self._read, process.stdout)
        self._listener = self._thread(self._listen, process.stderr)
        self._thread(self._write, process.stdin, text.encode() + b"\n")

    @property
    def output(self) -> bytes:
        return b"".join(self._chunks)

    def said(self) -> str:
        self._listener.join(_WAIT)
        lines = self._tail.decode(errors="replace").strip().splitlines()
        return one_line(lines[-1])[-_SAID:] if lines else ""

    def wait(self, seconds: float, given_up: threading.Event) -> bool:
        """Wait until the program has ended, and return whether it has, with all it wrote."""
        until = time.monotonic() + seconds
        while self._reader.is_alive() and not given_up.is_set() and time.monotonic() < until:
            self._reader.join(_TURN)
        if self._reader.is_alive() or self.written > MOST_BYTES:
            return False
        try:
            self._process.wait(_WAIT)
        except subprocess.TimeoutExpired:
            return False
        return True

    @staticmethod
    def _thread(work: object, *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        thread.start()
        return thread

    def _read(self, pipe: IO[bytes]) -> None:
        with suppress(OSError, ValueError), pipe:
            while self.written <= MOST_BYTES and (chunk := os.read(pipe.fileno(), 1 << 16)):
                self._chunks.append(chunk)
                self.written += len(chunk)

    def _listen(self, pipe: IO[bytes]) -> None:
        with suppress(OSError, ValueError), pipe:
            while chunk := os.read(pipe.fileno(), 1 << 16):
                self._tail = (self._tail + chunk)[-4096:]

    def _write(self, pipe: IO[bytes], data: bytes) -> None:
        with suppress(OSError, ValueError), pipe:  # a dead program: its end is noticed elsewhere
            pipe.write(data)
