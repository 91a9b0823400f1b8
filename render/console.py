"""What the command line says: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from render.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from render.jobs import Progress

__all__ = ["complain", "duration_text", "progress_display", "say", "strict_json", "without_nan"]

_LINES = 10
"""Without a terminal, one line per tenth of the work."""

_PHASES = {"plan": "planning", "draw": "drawing", "check": "checking"}


def say(text: str) -> None:
    """Write a result."""
    typer.echo(text)


def complain(message: str) -> None:
    """Write an error, always as one line."""
    typer.echo(f"error: {sentence(message)}", err=True)


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


def strict_json(value: Any) -> str:
    """Return indented JSON that every reader accepts: what is no number becomes null."""
    return json.dumps(without_nan(value), ensure_ascii=False, indent=2, allow_nan=False)


def without_nan(value: Any) -> Any:
    """Return a value with null in place of what is no number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return value


@contextmanager
def progress_display(title: str) -> Iterator[Callable[[Progress], None]]:
    """Show a job's progress on stderr: a bar on a terminal, plain lines elsewhere.

    Yields
    ------
    callable
        Takes each progress event.
    """
    if sys.stderr.isatty():
        with _bar(title) as show:
            yield show
    else:
        yield _lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rest]}"),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{title}: starting", total=1.0, rest="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                completed=progress.fraction,
                description=f"{title}: {_PHASES[progress.phase]}",
                rest=_rest(progress),
            )

        yield show


def _lines(title: str) -> Callable[[Progress], None]:
    due = 0.0

    def show(progress: Progress) -> None:
        nonlocal due
        if progress.phase == "plan" or progress.fraction < due:
            return
        due = (math.floor(progress.fraction * _LINES + 1e-6) + 1) / _LINES - 1e-6
        frames = f"{progress.frame} of {progress.frames} frames"
        rest = _rest(progress)
        text = f"{title}: {progress.fraction:4.0%}, {frames}{', ' + rest if rest else ''}"
        typer.echo(text, err=True)

    return show


def _rest(progress: Progress) -> str:
    if not progress.eta_seconds:
        return ""
    return f"{duration_text(progress.eta_seconds)} left"
