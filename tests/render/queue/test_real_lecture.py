"""A lecture through the queue: the real coordinator, with workers that play their part."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import av
import pytest

from backprop_studio.render.queue.messages import Advanced
from backprop_studio.render.workers.client import Limits, WorkerClient
from tests.render.queue.scripted_queue import PATIENCE, said

ROOM = Path(__file__).parent
COORDINATOR = """import sys
from backprop_studio.render.workers.local_pool import WarmWorkers
from backprop_studio.render.workers.segment_coordinator import main
WarmWorkers.capacity = lambda *_: 1
sys.exit(main(sys.argv[1:]))
"""
SCENES = ("tensors", "derivative", "chain_rule")


def states_are(*wanted):
    return lambda state: [entry.state for entry in state.entries] == list(wanted)


class Course:
    """A lecture whose lessons are noted when they are drawn, and stop where the test says."""

    def __init__(self, bench, folder, workers):
        self.bench = bench
        self.command = (sys.executable, "-c", COORDINATOR, *workers)
        self.clients = []
        self.folder = folder
        self.log = folder / "log"
        folder.mkdir()

    def job(self, *languages, acts=("lesson",) * 3, rates=(1, 1, 1), **more):
        """Write the lecture and return the job that makes all but its videos."""
        parts = "".join(
            f'[[part]]\nscene = "{scene}"\n[part.params]\nact = "{act}"\nlog = "{self.log}"\n'
            f'rate = {rate}\nstop = "{self.stop(scene)}"\n'
            for scene, act, rate in zip(SCENES, acts, rates, strict=True)
        )
        return self.bench.lecture(*languages, parts=parts, kit=("subtitles", "chapters"), **more)

    def open(self):
        """Open the queue."""

        def client(on_event):
            command, limits = self.command, Limits(cancel=1.0)
            self.clients.append(WorkerClient(on_event, command=command, limits=limits))
            return self.clients[-1]

        self.bench.open(client=client)

    def is_at(self, part):
        """Whether a lesson is drawn, and all before it are done."""
        return any(
            isinstance(it, Advanced) and it.progress.part == part for it in self.bench.events
        )

    def stop(self, scene):
        return self.folder / scene

    def drawn(self):
        """Return which lessons were drawn since this was asked last."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return Counter(lines)

    def files(self):
        folder = self.bench.out / "week"
        return sorted(it.name for it in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def course(bench, fake_command, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bench.queue.close()
    course = Course(bench, tmp_path / "course", fake_command)
    course.open()
    return course


def test_only_lessons_that_have_changed_are_drawn_again(bench, course):
    bench.queue.add(course.job("en", "zh")).result(PATIENCE)
    (entry,) = bench.wait_for(states_are("done")).entries
    assert course.drawn() == Counter(f"{it} {lang}" for it in SCENES for lang in ("en", "zh"))
    names = [f"{n:02}-{scene}.{lang}" for n, scene in enumerate(SCENES, 1) for lang in ("en", "zh")]
    wholes = [f"week.{lang}" for lang in ("en", "zh")]
    files = {f"{name}.{kind}" for name in (*names, *wholes) for kind in ("srt", "vtt")}
    # The lessons are shorter than chapters may be.
    assert [it.fields["name"] for it in entry.result.remarks] == wholes
    assert {Path(it).name for it in entry.result.files} == files
    assert set(course.files()) == {*files, ".backprop-studio-lecture.json"}
    assert (entry.result.lessons, entry.result.kept) == (6, 0)
    bench.queue.add(course.job("zh", "en", rates=(1, 2, 1))).result(PATIENCE)
    entry = bench.wait_for(states_are("done", "done")).entries[1]
    assert course.drawn() == Counter(["derivative zh", "derivative en"])
    assert (entry.result.lessons, entry.result.kept) == (6, 4)


def frames_of(path):
    """Return the size of a video, how many frames can be decoded, and how many chapters it has."""
    with av.open(path) as container:
        frames = [(frame.width, frame.height) for frame in container.decode(video=0)]
        assert len(set(frames)) == 1
        return frames[0], len(frames), len(container.chapters())


@pytest.mark.slow
def test_real_videos_are_drawn_joined_and_after_a_change_only_what_changed(
    bench, tiny, scenes_folder
):
    bench.queue.close()
    command = (sys.executable, str(ROOM.parent / "tiny_coordinator.py"), str(scenes_folder))
    bench.open(client=partial(WorkerClient, command=command))
    lesson = f'[[part]]\nscene = "{tiny}"\nparams.times = '
    parts = f'{lesson}[0.2]\n{lesson}[0.4]\nframe = "9:16"\ntheme = "light"\n{lesson}[0.6]\n'
    parts = f'quality = "l"\nlanguages = ["en", "zh"]\n{parts}'
    bench.queue.add(bench.lecture(parts=parts)).result(PATIENCE)
    (first,) = bench.wait_for(states_are("done"), 4 * PATIENCE).entries
    folder = bench.out / "week"
    wide, tall = (854, 480), (480, 854)
    for language in ("en", "zh"):
        own = [frames_of(folder / f"0{n}-tiny.{language}.mp4") for n in (1, 2, 3)]
        assert [size for size, _, _ in own] == [wide, tall, wide]
        size, whole, chapters = frames_of(folder / f"week.{language}.mp4")
        # In a tall frame the lesson has a moment more.
        more = sum(count for _, count, _ in own) - whole
        assert size == wide
        assert 20 <= more <= 28
        assert chapters == sum(count for _, _, count in own)
    assert (first.result.lessons, first.result.kept) == (6, 0)
    before = (folder / "02-tiny.zh.mp4").read_bytes()
    changed = bench.lecture("zh", parts=parts.replace("0.6", "6.0"))
    bench.queue.add(changed).result(PATIENCE)
    second = bench.wait_for(states_are("done", "done"), 4 * PATIENCE).entries[1]
    assert (second.result.lessons, second.result.kept) == (3, 2)
    assert frames_of(folder / "03-tiny.zh.mp4")[1] > frames_of(folder / "03-tiny.en.mp4")[1]
    assert (folder / "02-tiny.zh.mp4").read_bytes() == before
    own = [frames_of(folder / f"0{n}-tiny.zh.mp4")[1] for n in (1, 2, 3)]
    assert frames_of(folder / "week.zh.mp4")[1] == sum(own) - more


def test_progress_counts_lessons_and_never_falls(bench, course):
    entry = bench.queue.add(course.job("en", "zh")).result(PATIENCE)
    bench.wait_for(states_are("done"))
    told = [it.progress for it in bench.events if isinstance(it, Advanced)]
    assert {it.entry_id for it in bench.events if isinstance(it, Advanced)} == {entry.id}
    fractions = [it.fraction for it in told]
    assert fractions == sorted(fractions)
    assert {it.parts for it in told} == {6}
    assert [it.part for it in told] == sorted(it.part for it in told)
    assert told[-1].phase == "check"


def test_what_was_asked_for_is_made_whatever_becomes_of_the_file(bench, course):
    bench.queue.pause().result(PATIENCE)
    job = course.job("en")
    bench.queue.add(job).result(PATIENCE)
    Path(job.lecture).write_text("format = 9")
    bench.queue.resume().result(PATIENCE)
    (entry,) = bench.wait_for(states_are("done")).entries
    assert said(entry.message).startswith(f"Changed since this video was queued: {job.lecture}")


@pytest.mark.parametrize("how", ["cancel", "pause"])
def test_a_lecture_that_was_stopped_goes_on_where_it_was(bench, course, how):
    course.stop("chain_rule").touch()
    entry = bench.queue.add(course.job("en")).result(PATIENCE)
    bench.wait_for(lambda _: course.is_at(3))
    if how == "cancel":
        bench.queue.cancel(entry.id)
        bench.wait_for(states_are("cancelled"))
    else:
        bench.queue.pause(at_once=True)
        bench.wait_for(states_are("paused"))
    assert course.files() == []
    assert course.drawn() == Counter(["tensors en", "derivative en"])
    course.stop("chain_rule").unlink()
    if how == "cancel":
        bench.queue.retry(entry.id)
    bench.queue.resume()
    (entry,) = bench.wait_for(states_are("done")).entries
    assert course.drawn() == Counter(["chain_rule en"])
    assert entry.result.kept == 2


def test_a_lesson_that_fails_is_named_and_the_others_are_kept(bench, course):
    entry = bench.queue.add(course.job("en", acts=("lesson", "lesson", "crash"))).result(PATIENCE)
    (entry,) = bench.wait_for(states_are("failed")).entries
    assert said(entry.message).startswith("In week.toml, part 3 (chain_rule): the render process")
    assert course.files() == []


def test_a_killed_coordinator_leaves_nothing_unfinished(bench, course):
    course.stop("chain_rule").touch()
    entry = bench.queue.add(course.job("en")).result(PATIENCE)
    bench.wait_for(lambda _: course.is_at(3))
    assert course.files() == [".backprop-studio-unfinished"]
    os.kill(course.clients[-1].worker_pid, signal.SIGKILL)
    (failed,) = bench.wait_for(states_are("failed")).entries
    assert said(failed.message) == "The render process stopped unexpectedly (signal 9)."
    assert not (bench.out / "week").exists()
    course.stop("chain_rule").unlink()
    course.drawn()
    bench.queue.retry(entry.id)
    (done,) = bench.wait_for(states_are("done")).entries
    assert (course.drawn(), done.result.kept) == (Counter(["chain_rule en"]), 2)


def test_a_killed_program_is_started_again_and_goes_on(bench, course, wait_until_dead):
    bench.queue.close()
    course.stop("chain_rule").touch()
    job = course.job("en")
    command = [sys.executable, str(ROOM / "queue_program.py"), str(bench.folder), *course.command]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        program.stdin.write(job.model_dump_json().encode() + b"\n")
        program.stdin.flush()
        lines = (line.decode().split() for line in program.stdout)
        at_last = next(it for it in lines if it[0] == "drawing" and it[3] == "3")
        program.kill()
    wait_until_dead(int(at_last[2]))
    course.stop("chain_rule").unlink()
    Path(job.lecture).unlink()  # the queue has its own
    course.drawn()
    course.open()
    assert bench.states() == ["interrupted"]
    bench.queue.retry(bench.queue.state.entries[0].id)
    bench.queue.resume()
    (done,) = bench.wait_for(states_are("done")).entries
    assert (course.drawn(), done.result.kept) == (Counter(["chain_rule en"]), 2)
    assert ".backprop-studio-unfinished" not in course.files()
