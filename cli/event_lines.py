"""What happens, for scripts: one JSON object per line on stdout, the last one says how it ended."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from backprop_studio.cli.console import progress_display, said, say, silence, strict_json
from backprop_studio.core.base.errors import StudioError, WorkInterruptedError
from backprop_studio.render.messages.failures import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.render.messages.events import Progress


class EventLines:
    """Writes events as they happen.

    Every object has ``event``: ``started``, ``progress``, ``lesson`` (of a lecture, one is done),
    ``lecture`` (how far all of it is, with the files that are written of it),
    and at the end exactly one of ``done``, ``failed`` and ``cancelled``. Others may be added: a
    script passes over what it does not know.
    """

    def write(self, event: str, **values: Any) -> None:
        """Write one event; without a reader the work goes on all the same."""
        try:
            say(strict_json({"event": event, **values}, indent=None))
        except BrokenPipeError:
            silence(sys.stdout)

    def progress(self, progress: Progress, **values: Any) -> None:
        """Write progress, with what is said of all of it."""
        left_out = {"kind", "job_id", "part", "parts"}
        self.write("progress", **values, **progress.model_dump(exclude=left_out))


@contextmanager
def event_lines(wanted: bool, command: str, **values: Any) -> Iterator[EventLines | None]:
    """Write that a command has begun, and if it does not end well, how.

    Parameters
    ----------
    wanted : bool
        Otherwise nothing is written.
    command : str
        What was asked for.
    **values
        What is said of it.
    """
    if not wanted:
        yield None
        return
    events = EventLines()
    events.write("started", command=command, **values)
    try:
        yield events
    except BaseException as error:
        if isinstance(error, Exception) and not isinstance(error, WorkInterruptedError):
            failure = error if isinstance(error, StudioError) else unexpected(error)
            events.write("failed", **failed_values(failure), exit_code=failure.exit_code)
        else:  # an interrupt, or a signal that asks to end
            events.write("cancelled")
        raise


def failed_values(error: StudioError) -> dict[str, Any]:
    """Return what an event says of an error: a sentence for people, code and fields for scripts."""
    values = {"error": error.kind, "message": said(error.message)}
    return values | error.message.model_dump(mode="json", include={"code", "fields"})


def shown_progress(
    title: str, events: EventLines | None
) -> AbstractContextManager[Callable[[Progress], None]]:
    """Return what shows progress: to a script if there are events, else to somebody who reads."""
    return progress_display(title) if events is None else nullcontext(events.progress)
