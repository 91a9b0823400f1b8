"""The log: what this program has done, in one file beside the settings.

The processes that a user starts write the file. Their workers write each record to stderr, as a
line that whoever reads it takes into its own log, and so on up to the process with the file. There
are no user's data in it but names of files, with the home folder as ``~``.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import sys
import time
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from backprop_studio.core.base.errors import OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import os_reason
from backprop_studio.render.code_key import library_versions

if sys.platform != "win32":  # there, a file that somebody else has open stays as it is
    import fcntl

if TYPE_CHECKING:
    from backprop_studio.render.messages.events import EndEvent
    from backprop_studio.render.messages.jobs import Job

_NAME = "backprop-studio"
_LINE = "%(asctime)s %(levelname)-7s %(process)d %(name)s: %(message)s"
_MOST_BYTES = 10 * 1000**2
_MOST_FRAMES = 20
"""The innermost of an error: one that nests too deeply has a thousand."""

_MARK = "\x1elog "
"""What a line on stderr begins with that is a record of a worker's log."""

_TRAVELS = ("name", "levelno", "levelname", "created", "process")
"""What a worker's record keeps on its way, beside its words."""

_VERBOSE_VARIABLE = "BACKPROP_STUDIO_VERBOSE"
"""Environment variable that has workers send all that they log."""

_ours = logging.getLogger("backprop_studio")
_log = logging.getLogger(__name__)

_SILENT = logging.NullHandler()
"""Keeps warnings off the stderr of a program that has started no log."""

_ours.addHandler(_SILENT)


def log_file() -> Path:
    """Return where the log is written, or would be if it were started."""
    for handler in _ours.handlers:
        if isinstance(handler, _LogFile):
            return Path(handler.baseFilename)
    return platformdirs.user_config_path(_NAME) / f"{_NAME}.log"


def is_logging() -> bool:
    """Whether the log was started in this process."""
    return any(it is not _SILENT for it in _ours.handlers)


def start_log(program: str, *, verbose: bool = False, file: Path | None = None) -> None:
    """Begin to write the log, instead of an earlier one of this process.

    Parameters
    ----------
    program : str
        What was started.
    verbose : bool
        Write more, and all of it to stderr too.
    file : Path, optional
        Where; by default beside the settings, where a disk that does not take it is no fault.

    Raises
    ------
    OutputError
        If a file was given and cannot be written.
    """
    _end_log()
    target = file or log_file()
    try:
        if file is None:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.open("a").close()
        _add(_LogFile(target))
    except OSError as error:
        if file is not None:
            text = N_("the log {file} cannot be written: {reason}")
            reason = os_reason(error)
            raise OutputError("log.unwritable", text, file=file, reason=reason) from error
        _add(logging.NullHandler())
    os.environ.pop(_VERBOSE_VARIABLE, None)
    if verbose:
        os.environ[_VERBOSE_VARIABLE] = "1"
        _add(logging.StreamHandler())
    _ours.setLevel(logging.DEBUG if verbose else logging.INFO)
    found = {**library_versions([_NAME]), "Python": platform.python_version()}
    found |= library_versions(["manim", "torch", "numpy", "PySide6_Essentials"])
    versions = ", ".join(f"{name} {version}" for name, version in found.items())
    _log.info("Started: %s; %s, %s", program, versions, platform.platform())


def start_worker_log() -> None:
    """Send what is logged in this process to whoever reads its stderr."""
    _end_log()
    handler = logging.StreamHandler()
    _add(handler)
    handler.setFormatter(_Travelling())
    _ours.propagate = False  # Manim has the root logger write everything to the terminal
    _ours.setLevel(logging.DEBUG if os.environ.get(_VERBOSE_VARIABLE) else logging.INFO)


def take_log_line(line: str) -> bool:
    """Log what a worker has logged, if a line of its stderr is that.

    Returns
    -------
    bool
        Whether it is.
    """
    if not line.startswith(_MARK):
        return False
    with suppress(ValueError, TypeError, KeyError):
        record = logging.makeLogRecord(json.loads(line.removeprefix(_MARK)))
        logger = logging.getLogger(record.name)
        if logger.isEnabledFor(record.levelno):
            logger.handle(record)
        return True
    return False


def stack_of(error: BaseException | None) -> str:
    """Return where an error comes from, without its words: they may quote what a user wrote.

    Examples
    --------
    >>> stack_of(ValueError("secret"))
    'ValueError'
    """
    parts = []
    while error is not None:
        name = type(error).__name__
        if isinstance(error, StudioError):
            name += f" ({error.message.code})"
        frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        where = [f"{'/'.join(Path(it.filename).parts[-2:])}:{it.lineno}" for it in frames]
        parts.append(" ".join([name, *(["at", ", ".join(where)] if where else [])]))
        error = error.__cause__ or error.__context__
    return " because of ".join(parts)


class JobLog:
    """Notes of jobs, their ends and durations.

    Parameters
    ----------
    log : Logger
        Of whoever has them done.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._begun: dict[str, tuple[str, float]] = {}

    def begun(self, job: Job) -> None:
        """Note that a job is being done."""
        about = (getattr(job, name, "") for name in ("scene", "output"))
        text = " ".join([f"{job.kind} {job.id}", *filter(None, about)])
        self._begun[job.id] = text, time.monotonic()
        self._log.info("Begun: %s", text)

    def ended(self, end: EndEvent) -> None:
        """Note the end of a job."""
        text, begun = self._begun.pop(end.job_id, (f"{end.job_id}, not begun", time.monotonic()))
        how = f"failed ({end.error})" if end.kind == "failed" else end.kind
        self._log.info("%s after %.2f s: %s", how.capitalize(), time.monotonic() - begun, text)


def _add(handler: logging.Handler) -> None:
    handler.setFormatter(_Line(_LINE))
    # Without a record that cannot be written: a full disk is told by others.
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    _ours.addHandler(handler)


def _end_log() -> None:
    for handler in list(_ours.handlers):
        if handler is not _SILENT:
            _ours.removeHandler(handler)
            handler.close()


class _Line(logging.Formatter):
    """A record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None  # logging hands one text to all handlers
        try:
            line = "; ".join(super().format(record).splitlines())
        finally:
            record.exc_text = kept
        with suppress(RuntimeError):  # a user without a home
            line = line.replace(str(Path.home()), "~")
        return line

    def formatException(self, ei: Any) -> str:
        return stack_of(ei[1])


class _Travelling(_Line):
    """A record as a line for :func:`take_log_line`."""

    def format(self, record: logging.LogRecord) -> str:
        kept = {name: getattr(record, name) for name in _TRAVELS}
        return _MARK + json.dumps({**kept, "msg": super().format(record)})


class _LogFile(RotatingFileHandler):
    """One file that several processes append to; whoever finds it full begins a new one."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            file, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )

    def emit(self, record: logging.LogRecord) -> None:
        if not self._is_current():
            self._reopen()
        super().emit(record)

    def doRollover(self) -> None:
        if self.stream is None:
            return
        held = os.dup(self.stream.fileno())  # open, and so locked, until the new file is there
        try:
            if sys.platform != "win32":
                fcntl.flock(held, fcntl.LOCK_EX)
            if self._is_current():
                super().doRollover()
            else:  # another process has just done it
                self._reopen()
        finally:
            os.close(held)

    def rotate(self, source: str, dest: str) -> None:
        with suppress(OSError):
            super().rotate(source, dest)

    def _is_current(self) -> bool:
        """Whether the open file is the one of the name."""
        with suppress(OSError, ValueError):
            if self.stream is not None:
                ours = os.fstat(self.stream.fileno())
                return os.path.samestat(os.stat(self.baseFilename), ours)
        return False

    def _reopen(self) -> None:
        if self.stream is not None:
            self.stream.close()
        self.stream = self._open()
