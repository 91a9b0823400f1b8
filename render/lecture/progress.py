"""How far a lecture is: its lessons together, and the one that is drawn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.render.drawing.progress import Eta
from backprop_studio.render.messages.events import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.events import Done, Phase

_ALL_DRAWN = 0.97
"""The fraction when all lessons are drawn; the rest is the whole video."""


@dataclass
class _Row:
    """One lesson, and what was told of it.

    Attributes
    ----------
    part : int
        Its number among all, from 1.
    frames : int
        0 as long as it is not planned.
    """

    part: int
    frame: int = 0
    frames: int = 0
    is_begun: bool = False
    is_done: bool = False
    is_kept: bool = False

    @property
    def is_open(self) -> bool:
        return self.is_begun and not self.is_done


class LectureProgress:
    """Counts what happens to lessons.

    Parameters
    ----------
    job_id : str
        Of the lecture's job.
    lessons : iterable of Lesson
        In their order.
    clock : callable
        Returns seconds that never go back.

    Attributes
    ----------
    lessons : int
        In all languages; one that is also drawn in another shape counts once.
    """

    def __init__(
        self, job_id: str, lessons: Iterable[Lesson], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._job_id = job_id
        self._rows: dict[str, _Row] = {}
        self.lessons = 0
        for lesson in lessons:
            self.lessons += lesson.is_published
            self._rows[lesson.name] = _Row(self.lessons)
        self._shown = next(iter(self._rows.values()))
        self._fraction = 0.0
        self._clock = clock
        self._now = clock()
        # Seconds of all workers together: their pace is the same when there are fewer of them.
        self._worked = 0.0
        self._workers = 1
        self._eta: Eta | None = None

    @property
    def kept(self) -> int:
        """How many lessons had been drawn before."""
        drawn = {row.part for row in self._rows.values() if not row.is_kept}
        return self.lessons - len(drawn)

    def planned(self, lesson: Lesson, frames: int) -> Progress:
        """Return how far the lecture is when it is known how many frames a lesson has."""
        self._rows[lesson.name].frames = frames
        return self._progress("plan")

    def told(self, lesson: Lesson, event: Progress | Done | None) -> Progress:
        """Return how far the lecture is after what is told of a lesson.

        Parameters
        ----------
        event : Progress or Done or None
            None if it is there from before.
        """
        self._count_work()
        row = self._rows[lesson.name]
        row.is_begun = True
        if isinstance(event, Progress):
            row.frame, row.frames = max(row.frame, event.frame), row.frames or event.frames
            return self._progress("draw")
        row.is_done, row.is_kept = True, event is None
        row.frame = row.frames
        return self._progress("draw" if event else "plan")

    def _count_work(self) -> None:
        workers = sum(row.is_open for row in self._rows.values())
        before, self._now = self._now, self._clock()
        self._worked += (self._now - before) * workers
        self._workers = max(self._workers, workers)

    def _progress(self, phase: Phase) -> Progress:
        rows = [row for row in self._rows.values() if not row.is_kept]
        total = sum(row.frames for row in rows)
        drawn = sum(row.frame for row in rows)
        done = all(row.is_done for row in rows)
        fraction = _ALL_DRAWN * (1.0 if done else min(1.0, drawn / total) if total else 0.0)
        self._fraction = max(self._fraction, fraction)
        # The number of the lesson never falls, although several are drawn at the same time.
        ahead = (row for row in rows if row.is_open and row.part >= self._shown.part)
        self._shown = shown = next(ahead, self._shown)
        return Progress(
            job_id=self._job_id,
            phase="check" if done else phase,
            fraction=self._fraction,
            frame=shown.frame,
            frames=shown.frames,
            eta_seconds=self._remaining(rows, drawn, total),
            part=shown.part,
            parts=self.lessons,
        )

    def _remaining(self, rows: list[_Row], drawn: int, total: int) -> float | None:
        """Return the seconds that are left, in which the last lesson may be drawn alone."""
        if drawn and self._eta is None:
            self._eta = Eta(lambda: self._worked)
        work = self._eta.remaining(drawn, total) if self._eta else None
        if not work or total <= drawn:
            return work
        left = [row.frames - row.frame for row in rows if row.is_open]
        left += [0] * (self._workers - len(left))
        for row in rows:
            if not row.is_begun:  # the next worker that is free takes it
                left.sort(reverse=True)
                left[-1] += row.frames
        return work / (total - drawn) * max(left)
