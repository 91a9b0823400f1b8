"""What happens, for scripts: one JSON object per line on stdout, the last one says how it ended."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from backprop_studio.cli.console import json_line, progress_display, say, silence_stdout
from backprop_studio.core.base.errors import StudioError, WorkInterruptedError
from backprop_studio.render.messages.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from backprop_studio.render.messages.events import Progress

__all__ = ["EventLines", "event_lines", "shown_progress"]


class EventLines:
    """Writes events as they happen.

    Every object has ``event``: ``started``, ``progress``, ``lesson`` (of a lecture, one is done),
    and at the end exactly one of ``done``, ``failed`` and ``cancelled``. Others may be added: a
    script passes over what it does not know.
    """

    def tell(self, event: str, **values: Any) -> None:
        """Write one event; without a reader the work goes on all the same."""
        try:
            say(json_line({"event": event, **values}))
        except BrokenPipeError:
            silence_stdout()

    def progress(self, **values: Any) -> Callable[[Progress], None]:
        """Return what writes progress, with what is said of all of it."""

        def show(progress: Progress) -> None:
            told = progress.model_dump(exclude={"kind", "job_id"})
            self.tell("progress", **values, **told)

        return show


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
    events.tell("started", command=command, **values)
    try:
        yield events
    except WorkInterruptedError:
        events.tell("cancelled")
        raise
    except Exception as error:
        told = error if isinstance(error, StudioError) else _unexpected(error)
        events.tell(
            "failed", error=told.kind, message=sentence(str(told)), exit_code=told.exit_code
        )
        raise
    except BaseException:  # an interrupt, or a signal that asks to end
        events.tell("cancelled")
        raise


def _unexpected(error: Exception) -> StudioError:
    return StudioError(f"an unexpected fault of ours: {type(error).__name__}: {error}")


def shown_progress(
    title: str, events: EventLines | None
) -> AbstractContextManager[Callable[[Progress], None]]:
    """Return what shows progress: to a script if there are events, else to somebody who reads."""
    return progress_display(title) if events is None else nullcontext(events.progress())
