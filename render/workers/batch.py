"""Many jobs, and whoever runs them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.messages.events import Done, Progress

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.messages.jobs import Job


class Task(NamedTuple):
    """A job, and what messages call it if it is one of several."""

    job: Job
    label: Message | None = None


OnEvent: TypeAlias = Callable[[Task, Progress | Done], None]
"""Receives the progress of jobs, and their ends when they are well."""


class Runner(Protocol):
    """Where jobs are run: on this machine, or on a farm."""

    def capacity(self, wanted: int | None) -> int:
        """Return how many jobs can run at the same time, by default or if so many are wanted."""

    def run(
        self, tasks: Sequence[Task], on_event: OnEvent, *, workers: int | None = None
    ) -> list[Done]:
        """Run all jobs, or end with the first error.

        Parameters
        ----------
        tasks : sequence of Task
            Begun in this order.
        on_event : callable
            Receives progress, and each job's end when it is well; on the caller's thread.
        workers : int, optional
            How many jobs at the same time; by default as many as can.

        Returns
        -------
        list of Done
            In the order of the tasks.

        Raises
        ------
        StudioError
            The first failure, which begins with the task's label. The other jobs have ended too.
        """


LABELLED = "task"


def labelled(error: StudioError, label: Message | None) -> StudioError:
    """Return an error whose message begins with a label, if there is one."""
    if label is None:
        return error
    named = type(error)(LABELLED, N_("{label}: {reason}"), label=label, reason=error.message)
    for note in getattr(error, "__notes__", ()):
        named.add_note(note)
    return named


@contextmanager
def labelling(label: Message | None) -> Iterator[None]:
    """Let errors begin with a label, if there is one."""
    try:
        yield
    except StudioError as error:
        raise labelled(error, label) from error


def label_of(error: StudioError) -> object:
    """Return the label that an error's message begins with, or None."""
    return error.message.fields["label"] if error.message.code == LABELLED else None
