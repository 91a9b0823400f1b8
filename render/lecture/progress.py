"""How far a lecture is: its lessons together, and the one that is drawn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.render.drawing.progress import Eta
from backprop_studio.render.lecture.steps import Nobody, drawing
from backprop_studio.render.messages.events import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.lecture.steps import Part, Step
    from backprop_studio.render.messages.events import Done, Phase

_ALL_MADE = 0.99
"""The fraction when all is made; then the files get into their places."""


@dataclass
class _Row:
    """One lesson, and what was told of it.

    Attributes
    ----------
    part : int
        Its number among all, from 1.
    cost : float
        Of a frame, in a worker's seconds.
    frames : int
        0 as long as it is not planned.
    """

    part: int
    cost: float
    frame: int = 0
    frames: int = 0
    is_begun: bool = False
    is_done: bool = False
    is_kept: bool = False

    @property
    def is_open(self) -> bool:
        return self.is_begun and not self.is_done

    @property
    def work(self) -> float:
        return self.frames * self.cost

    @property
    def left(self) -> float:
        return (self.frames - self.frame) * self.cost


class LectureProgress(Nobody):
    """Counts what happens to lessons, and to the steps of their kit.

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
            self._rows[lesson.name] = _Row(self.lessons, drawing(lesson.job.scene))
        self._shown = next(iter(self._rows.values()))
        self._fraction = 0.0
        self._clock = clock
        self._now = clock()
        # Seconds of all workers together: their pace is the same when there are fewer of them.
        self._worked = 0.0
        self._workers = 1
        self._eta: Eta | None = None
        self._pieces = 1
        self._steps: dict[tuple[str, Part], Step] = {}
        self._begun: set[tuple[str, Part]] = set()
        self._ended: set[tuple[str, Part]] = set()

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

    def planned_kit(self, steps: Sequence[Step], pieces: int) -> None:
        """Hear of the steps of the kit."""
        self._steps = {(it.name, it.part): it for it in steps}
        self._ended = {key for key, it in self._steps.items() if it.is_kept}
        self._pieces = pieces
        self._workers = max(self._workers, pieces)

    def begun(self, name: str, part: Part) -> None:
        """Hear that a step is begun."""
        self._count_work()
        self._begun.add((name, part))

    def ended(self, name: str, part: Part) -> None:
        """Hear that a step is done."""
        self._count_work()
        self._ended.add((name, part))

    def given_up(self, name: str) -> None:
        """Hear that a lesson could not be drawn."""
        row = self._rows[name]
        row.frame, row.is_begun, row.is_done = row.frames, True, True

    def now(self) -> Progress:
        """Return how far the lecture is, between what is told of lessons."""
        return self._progress("write")

    def _work(self, step: Step) -> float:
        return step.work(sum(self._rows[it].frames for it in step.lessons))

    def _count_work(self) -> None:
        workers = self._pieces * sum(row.is_open for row in self._rows.values())
        workers = workers or min(self._workers, len(self._begun - self._ended))
        before, self._now = self._now, self._clock()
        self._worked += (self._now - before) * workers
        self._workers = max(self._workers, workers)

    def _progress(self, phase: Phase) -> Progress:
        rows = [row for row in self._rows.values() if not row.is_kept]
        drawn = any(row.frame for row in rows)
        total = sum(row.work for row in rows)
        left = [it for key, it in self._steps.items() if key not in self._ended]
        total += sum(self._work(it) for it in self._steps.values())
        made = total - sum(self._work(it) for it in left)
        made -= sum(row.left for row in rows)
        is_drawn = all(row.is_done for row in rows)
        done = is_drawn and not left
        share = 1.0 if done else min(1.0, made / total) if drawn or is_drawn else 0.0
        self._fraction = max(self._fraction, _ALL_MADE * share)
        # The number of the lesson never falls, although several are drawn at the same time.
        ahead = (row for row in rows if row.is_open and row.part >= self._shown.part)
        self._shown = shown = next(ahead, self._shown)
        return Progress(
            job_id=self._job_id,
            phase="check" if done else "write" if is_drawn else phase,
            fraction=self._fraction,
            frame=shown.frame,
            frames=shown.frames,
            eta_seconds=self._remaining(rows, left, made, total),
            part=shown.part,
            parts=self.lessons,
        )

    def _remaining(
        self, rows: list[_Row], steps: list[Step], made: float, total: float
    ) -> float | None:
        """Return the seconds that are left, in which the last lesson may be drawn alone.

        What is told is written by one process, after all lessons are drawn and have their material.
        """
        if made and self._eta is None:
            self._eta = Eta(lambda: self._worked)
        work = self._eta.remaining(made, total) if self._eta else None
        if not work or total <= made:
            return work
        left = [row.left / self._pieces for row in rows if row.is_open]
        left += [0.0] * (self._workers // self._pieces - len(left))
        for row in rows:
            if not row.is_begun:  # the next worker that is free takes it
                left.sort(reverse=True)
                left[-1] += row.work / self._pieces
        shared = sum(self._work(it) for it in steps if it.is_shared) / self._workers
        alone = sum(self._work(it) for it in steps if not it.is_shared)
        return work / (total - made) * (max(left) + shared + alone)


class Telling(Nobody):
    """Passes the steps of a kit on to the count, and says each time how far it is.

    Parameters
    ----------
    progress : LectureProgress
    tell : callable
        May raise to give it up.
    """

    def __init__(self, progress: LectureProgress, tell: Callable[[Progress], None]) -> None:
        self._progress, self._tell = progress, tell

    def planned_kit(self, steps: Sequence[Step], pieces: int) -> None:
        """Hear of the steps of the kit."""
        self._progress.planned_kit(steps, pieces)

    def begun(self, name: str, part: Part) -> None:
        """Hear that a step is begun."""
        self._progress.begun(name, part)
        self._tell(self._progress.now())

    def ended(self, name: str, part: Part) -> None:
        """Hear that a step is done."""
        self._progress.ended(name, part)
        self._tell(self._progress.now())
