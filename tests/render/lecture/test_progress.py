"""How far a lecture is: numbers that never fall, and an end that comes when it was said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from backprop_studio.render.lecture.file import lecture_of
from backprop_studio.render.lecture.lessons import lessons_of
from backprop_studio.render.lecture.progress import LectureProgress
from backprop_studio.render.lecture.steps import Step, drawing
from backprop_studio.render.messages.events import Done, Progress

TEXT = """format = 1
title = "A"
languages = ["en", "zh"]
[[part]]
scene = "tensors"
[[part]]
scene = "derivative"
frame = "9:16"
[[part]]
scene = "chain_rule"
"""
FRAMES = {"tensors": 300, "derivative": 600, "chain_rule": 300}
"""Not the same for all, and the longest is drawn twice."""


@pytest.fixture
def lessons():
    rows = lessons_of(lecture_of(TEXT, Path("/lectures/week.toml")), Path("/out"))
    return [lesson for row in rows for lesson in row]


class Time:
    now = 100.0

    def __call__(self):
        return self.now


def drawn(lessons, time, chance, workers=2, told=None):
    """Draw lessons side by side, and yield what was told of all of them and the time."""
    progress = told or LectureProgress("job", lessons, time)
    for lesson in lessons:
        yield progress.planned(lesson, FRAMES[lesson.job.scene]), time.now
    waiting, running = list(lessons), []
    while waiting or running:
        while waiting and len(running) < workers:
            running.append([waiting.pop(0), 0])
        row = chance.choice(running)
        lesson, row[1] = row[0], row[1] + 10
        # Each has a processor for itself, and a frame costs what one of its scene does.
        time.now += 3 * drawing(lesson.job.scene) * 10 / len(running)
        frames = FRAMES[lesson.job.scene]
        if row[1] < frames:
            event = Progress(job_id="x", phase="draw", fraction=0, frame=row[1], frames=frames)
        else:
            running.remove(row)
            event = Done(job_id="x")
        yield progress.told(lesson, event), time.now


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_numbers_never_fall_and_reach_the_end(lessons, workers):
    told = [it for it, _ in drawn(lessons, Time(), random.Random(3), workers)]
    planned, told = told[: len(lessons)], told[len(lessons) :]
    assert {(it.phase, it.fraction, it.part, it.eta_seconds) for it in planned} == {
        ("plan", 0, 1, None)
    }
    for name in ("fraction", "part"):
        values = [getattr(it, name) for it in told]
        assert values == sorted(values)
    assert {it.parts for it in told} == {6}
    parts = {it.part for it in told}
    assert parts == {1, 2, 3, 4, 5, 6} if workers == 1 else parts < {1, 2, 3, 4, 5, 6, 7}
    assert all(it.frame <= it.frames in FRAMES.values() for it in told)
    assert told[-1].phase == "check"
    assert {it.phase for it in told[:-1]} == {"draw"}
    assert 0.9 < told[-1].fraction < 1
    assert told[-1].eta_seconds == 0


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_end_comes_when_it_was_said(lessons, workers):
    told = list(drawn(lessons, Time(), random.Random(3), workers))[len(lessons) :]
    end = told[-1][1]
    for progress, now in told[len(told) // 10 : -len(told) // 10]:
        assert progress.eta_seconds == pytest.approx(end - now, rel=0.25)


def test_what_was_kept_is_no_work(lessons):
    time = Time()
    progress = LectureProgress("job", lessons, time)
    kept, left = lessons[:5], lessons[5:]
    first = [progress.told(lesson, None) for lesson in kept]
    assert {(it.phase, it.fraction) for it in first} == {("plan", 0)}
    assert (progress.lessons, progress.kept) == (6, 4)  # of one it is only the other frame
    told = [it for it, _ in drawn(left, time, random.Random(3), told=progress)][len(left) :]
    assert {it.part for it in told} == {5, 6}
    assert told[len(told) // 2].fraction == pytest.approx(0.5, abs=0.05)


def test_a_lecture_that_is_all_there_is_done_at_once(lessons):
    progress = LectureProgress("job", lessons)
    told = [progress.told(lesson, None) for lesson in lessons]
    assert (told[-1].phase, told[-1].parts, progress.kept) == ("check", 6, 6)
    assert told[-1].fraction > 0.9


def steps_of(lessons):
    """Return what a kit of these lessons has: one kind is from before, one is quick, one is not."""
    names = tuple(it.name for it in lessons)
    own = [
        Step(name, part, (name,), is_kept=part == "subtitles")
        for name in names
        for part in ("print", "gifs", "numbers", "subtitles")
    ]
    return [*own, Step("week", "player", names)]


@pytest.mark.parametrize("speed", [0.5, 4.0])
@pytest.mark.parametrize("workers", [1, 2])
def test_files_are_work_like_drawing(lessons, workers, speed):
    """On a machine of another speed: what counts is how much work one is against the other."""
    time, told = Time(), []
    progress = LectureProgress("job", lessons, time)
    steps = steps_of(lessons)
    for lesson in lessons:
        progress.planned(lesson, FRAMES[lesson.job.scene])
    progress.planned_kit(steps, 1)
    waiting, running = list(lessons), []
    while waiting or running:
        while waiting and len(running) < workers:
            running.append([waiting.pop(0), 0])
        lesson, frame = row = min(running, key=lambda it: it[1])
        time.now += drawing(lesson.job.scene) / speed * 10 / len(running)
        row[1] = frame = frame + 10
        frames = FRAMES[lesson.job.scene]
        if frame < frames:
            event = Progress(job_id="x", phase="draw", fraction=0, frame=frame, frames=frames)
        else:
            running.remove(row)
            event = Done(job_id="x")
        told.append((progress.told(lesson, event), time.now))
    shared = [it for it in steps if it.is_shared]
    for step in shared:
        progress.begun(step.name, step.part)
    frames = {it.name: FRAMES[it.job.scene] for it in lessons}
    for step in [*shared, *(it for it in steps if not it.is_shared)]:
        if not step.is_shared:
            progress.begun(step.name, step.part)
        work = step.work(sum(frames[it] for it in step.lessons))
        time.now += work / speed / (workers if step.is_shared else 1)
        progress.ended(step.name, step.part)
        told.append((progress.now(), time.now))
    fractions = [it.fraction for it, _ in told]
    assert fractions == sorted(fractions)
    assert 0.25 < fractions[-len(steps) - 1] < 0.85  # all is drawn, and not all is done
    assert (told[-1][0].phase, told[-2][0].phase) == ("check", "write")
    assert fractions[-1] == pytest.approx(0.99)
    end = told[-1][1]
    late = [(it, now) for it, now in told[:-1] if it.fraction > 0.1]
    assert len(late) > len(lessons)
    for it, now in late:
        # The last step is all that is left for a while.
        assert it.eta_seconds == pytest.approx(end - now, rel=0.25, abs=0.05)


def test_a_lesson_that_was_given_up_is_nothing_to_wait_for(lessons):
    progress = LectureProgress("job", lessons)
    for lesson in lessons:
        progress.planned(lesson, 100)
    progress.planned_kit([Step(lessons[0].name, "gifs", (lessons[0].name,))], 1)
    progress.given_up(lessons[0].name)
    progress.ended(lessons[0].name, "gifs")
    for lesson in lessons[1:]:
        told = progress.told(lesson, Done(job_id="x"))
    assert told.phase == "check"
