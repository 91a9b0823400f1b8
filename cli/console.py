"""What the command line says: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import math
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer
from pydantic_core import to_jsonable_python

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.i18n import N_, system_language, translator
from backprop_studio.core.base.messages import Message, os_reason, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as RichProgress

    from backprop_studio.render.messages.events import Progress

_LINES = 10
"""Without a terminal, one line per tenth of the work."""

_PHASES = {
    "plan": N_("planning"),
    "draw": N_("drawing"),
    "write": N_("writing files"),
    "check": N_("checking"),
}


def open_standard_streams() -> None:
    """Put nothing in place of standard streams that are closed, as some who start us leave them.

    The next file that is opened would get their number, and be written to by whoever prints.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def settle_stdout() -> None:
    """Write what stdout still holds.

    Raises
    ------
    BrokenPipeError
        If its reader has seen enough.
    OutputError
        If it cannot be written.
    """
    with _writing_results():
        sys.stdout.flush()


@contextmanager
def _writing_results() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(sys.stdout)
        text = N_("standard output could not be written: {reason}")
        raise OutputError("stdout", text, reason=os_reason(error)) from error


def settle_stderr() -> None:
    """Write what stderr still holds, or let it go, so that it cannot change the exit code."""
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere: nobody is there to take it."""
    with suppress(OSError, ValueError):  # a stream without a descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say(text: str) -> None:
    """Write a result.

    Raises
    ------
    BrokenPipeError
        If its reader has seen enough.
    OutputError
        If it cannot be written.
    """
    with _writing_results():
        typer.echo(_speakable(text, sys.stdout))


def remark(text: str) -> None:
    """Write what is no result to stderr; that nobody can read it must not harm the work."""
    with suppress(OSError, ValueError):
        typer.echo(_speakable(text, sys.stderr), err=True)


def print_error(message: Message) -> None:
    """Write an error, always as one line."""
    remark(tr(N_("error: {sentence}")).format(sentence=said(message)))


def said(message: Message) -> str:
    """Return a message as a sentence in the user's language."""
    return sentence(message, tr)


def tr(text: str) -> str:
    """Return an English text in the language of the user's locale."""
    return translator(system_language())(text)


def _speakable(text: str, stream: TextIO) -> str:
    """Return a text with escapes in place of letters that a stream has none for."""
    try:
        text.encode(stream.encoding or "utf-8", stream.errors or "strict")
    except UnicodeError:
        return text.encode("ascii", "backslashreplace").decode("ascii")
    return text


def duration_text(seconds: float) -> str:
    """Return a time to wait as people say it.

    Examples
    --------
    >>> duration_text(7.4), duration_text(61), duration_text(3700)
    ('7 s', '1 min 1 s', '1 h 1 min')
    """
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def path_text(path: Path) -> str:
    """Return a path as short as the user would write it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (OSError, ValueError):  # it lies elsewhere, or the current folder is gone
        return str(path)


def strict_json(value: Any, indent: int | None = 2) -> str:
    """Return JSON that every reader accepts: what is no number becomes null."""
    strict = to_jsonable_python(value, inf_nan_mode="null")
    text = json.dumps(strict, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeError:  # JSON has escapes of its own
        text = json.dumps(strict, indent=indent)
    return text


def shows_bars() -> bool:
    """Whether stderr is a terminal that can draw over what it has shown."""
    is_dumb = os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
    return sys.stderr.isatty() and not is_dumb


@contextmanager
def progress_display(title: str) -> Iterator[Callable[[Progress], None]]:
    """Show a job's progress on stderr: a bar on a terminal, plain lines elsewhere.

    Yields
    ------
    callable
        Takes each progress event.
    """
    with bars("{task.fields[rest]}") as bar:
        if bar is None:
            yield lines(title)
            return
        starting = tr(N_("starting"))
        task = bar.add_task(f"{title}: {starting}", total=1.0, rest="")

        def show(progress: Progress) -> None:
            words = f"{title}: {phase_text(progress)}"
            rest = rest_text(progress)
            bar.update(task, completed=progress.fraction, description=words, rest=rest)

        yield show


@contextmanager
def bars(rest: str = "") -> Iterator[RichProgress | None]:
    """Show bars on stderr, with words or a count behind each; None if there cannot be any."""
    if not shows_bars():
        yield None
        return
    from rich import progress
    from rich.console import Console

    last = progress.TextColumn(rest) if rest else progress.MofNCompleteColumn()
    columns = (progress.BarColumn(), progress.TaskProgressColumn(), last)
    name, where = progress.TextColumn("{task.description}"), Console(stderr=True)
    with progress.Progress(name, *columns, console=where, transient=True) as bar:
        yield bar


def lines(title: str) -> Callable[[Progress], None]:
    """Return what writes a line each time that so much more is done."""
    due = 0.0

    def show(progress: Progress) -> None:
        nonlocal due
        if progress.phase == "plan" or progress.fraction < due:
            return
        due = (math.floor(progress.fraction * _LINES + 1e-6) + 1) / _LINES - 1e-6
        parts = [f"{progress.fraction:4.0%}", _counted(progress), rest_text(progress)]
        remark(f"{title}: {', '.join(filter(None, parts))}")

    return show


def _counted(progress: Progress) -> str:
    """Return of what so many are done: the frames of a lesson, or the lessons of a lecture."""
    if progress.phase == "write":
        return phase_text(progress)
    if progress.parts:
        text = tr(N_("lesson {number} of {count}"))
        return text.format(number=progress.part, count=progress.parts)
    text = tr(N_("{frame} of {frames} frames"))
    return text.format(frame=progress.frame, frames=progress.frames)


def phase_text(progress: Progress) -> str:
    """Return what is being done."""
    return tr(_PHASES[progress.phase])


def rest_text(progress: Progress) -> str:
    """Return how long it still takes; empty if nobody knows."""
    if not progress.eta_seconds:
        return ""
    return tr(N_("{duration} left")).format(duration=duration_text(progress.eta_seconds))
