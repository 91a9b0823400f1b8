"""A farm: a real scheduler and two real workers on this machine, and what travels between them."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_studio.cli.runners import runner_at
from backprop_studio.core.base.errors import (
    InputError,
    MissingComponentError,
    SceneError,
    StudioError,
)
from backprop_studio.core.base.messages import Message
from backprop_studio.render.farm.farm import Farm
from backprop_studio.render.farm.payload import pack
from backprop_studio.render.farm.versions import versions
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import KIT, NumbersJob, VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.workers.batch import Task
from backprop_studio.render.workers.parallel import render_video
from tests.recorder import PATIENCE
from tests.render.farm.cluster import HERE, Cluster, open_and_close

distributed = pytest.importorskip("distributed")

SMALL = FrameFormat(width=160, height=90, fps=10)


def tiny_command(scenes):
    return (sys.executable, str(HERE / "tiny_worker.py"), str(scenes))


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("farm") / "scenes"
    folder.mkdir()
    for name in ("tiny", "watched"):
        shutil.copyfile(HERE / f"{name}_scene.py", folder / f"{name}.py")
    return folder


@contextlib.contextmanager
def running(folder, scenes, workers, *more):
    started = Cluster(folder, tiny_command(scenes), workers, *more)
    with contextlib.closing(started):
        with distributed.Client(started.address, timeout=PATIENCE) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
        yield started


@pytest.fixture(scope="module")
def cluster(scenes, tmp_path_factory):
    """One worker, which nobody starts again: what is enough for every day."""
    with running(tmp_path_factory.mktemp("cluster"), scenes, 1, "--no-nanny") as started:
        yield started


@pytest.fixture(scope="module")
def pair(scenes, tmp_path_factory):
    """Two workers that are started again when they die."""
    with running(tmp_path_factory.mktemp("pair"), scenes, 2) as started:
        yield started


@pytest.fixture
def farm(cluster):
    with runner_at(cluster.address) as runner:
        yield runner


@pytest.fixture
def farm_of_two(pair):
    with runner_at(pair.address) as runner:
        yield runner


@pytest.fixture(params=["farm", pytest.param("farm_of_two", marks=pytest.mark.slow)])
def any_farm(request):
    return request.getfixturevalue(request.param)


def video(tmp_path, **params):
    output = str(tmp_path / "v.mp4")
    return VideoJob(id="v", scene="tiny", params=params, picture=SMALL, output=output)


def watched(job_id, note, **params):
    params |= {"note": str(note)}
    return Task(NumbersJob(id=job_id, scene="watched", params=params), Message.plain("part 1"))


def lines(note):
    return [json.loads(line) for line in note.read_text().splitlines()]


def frames(path):
    with av.open(path) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


# The cluster


def test_a_farm_draws_the_same_frames_and_reports_how_far_it_is(
    any_farm, tiny, studio, silent, tmp_path
):
    heard = []
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    near.mkdir()
    result = render_video(video(far), 2, heard.append, runner=any_farm)
    here = studio.video(video(near), silent.watch())
    # A piece begins with a key frame, which is encoded otherwise; the frames are the same.
    for theirs, ours in zip(frames(far / "v.mp4"), frames(near / "v.mp4"), strict=True):
        assert np.abs(theirs.astype(int) - ours).mean() < 1
    assert result == here.model_copy(update={"path": str(far / "v.mp4")})
    assert len(heard) > 2
    assert [it.fraction for it in heard] == sorted(it.fraction for it in heard)
    assert [it.name for it in far.iterdir()] == ["v.mp4"]


@pytest.mark.slow
def test_a_whole_video_comes_back_and_an_old_one_stays(farm_of_two, tmp_path):
    (tmp_path / "v.gif").write_bytes(b"old")
    job = video(tmp_path).model_copy(update={"output": str(tmp_path / "v.gif")})
    with pytest.raises(InputError, match="already exists"):
        farm_of_two.run([Task(job)], lambda *_: None)
    assert (tmp_path / "v.gif").read_bytes() == b"old"
    job = job.model_copy(update={"overwrite": True})
    (done,) = farm_of_two.run([Task(job)], lambda *_: None)
    result = VideoResult.model_validate(done.result)
    assert result.path == job.output
    assert len(frames(tmp_path / "v.gif")) == result.frames
    assert [it.name for it in tmp_path.iterdir()] == ["v.gif"]


@pytest.mark.slow
def test_a_lecture_is_drawn_on_a_farm(farm_of_two, tiny, tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(
        'format = 1\ntitle = "A"\nlanguages = ["en", "zh"]\nquality = "l"\n'
        f'[[part]]\nscene = "{tiny}"\nparams = {{ times = [0.2] }}\n'
    )
    heard = []
    made = make_lecture(
        read_lecture(file),
        tmp_path / "made",
        KIT,
        lambda lesson, event: heard.append((lesson.name, event)),
        cache=VideoCache(tmp_path / "cache"),
        runner=farm_of_two,
    )
    names = ["01-tiny.en.mp4", "01-tiny.zh.mp4", "a.en.mp4", "a.zh.mp4"]
    folder = tmp_path / "made"
    assert sorted(it.name for it in made if it.parent == folder and it.suffix == ".mp4") == names
    # What is drawn for the other kinds comes from the farm as well.
    assert (folder / "01-tiny.en" / "02-first.png").read_bytes().startswith(b"\x89PNG")
    ends = [name for name, event in heard if isinstance(event, Done)]
    assert sorted(ends) == ["01-tiny.en", "01-tiny.zh"]


def test_files_travel_and_results_are_in_order(farm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("flowers.csv").write_text("1,2\n")
    tasks = [watched(f"n{k}", tmp_path / "note", file="flowers.csv") for k in range(3)]
    heard = []
    done = farm.run(tasks, lambda _, event: heard.append(event))
    assert [it.job_id for it in done] == ["n0", "n1", "n2"]
    assert sorted(it.job_id for it in heard if isinstance(it, Done)) == ["n0", "n1", "n2"]
    for it in done:
        seen = it.result["answer_sheet"]
        assert seen["text"] == "1,2\n"
        assert Path(seen["path"]).name == "flowers.csv"
        assert tmp_path not in Path(seen["path"]).parents
        assert not Path(seen["path"]).exists()


def test_a_failing_scene_fails_once_and_in_its_own_words(farm, tmp_path):
    note = tmp_path / "note"
    with pytest.raises(SceneError, match=r"^part 1: .*watched\.py, line \d+: ValueError: in tell"):
        farm.run([watched("f", note, fault="tell")], lambda *_: None)
    assert len(lines(note)) == 1
    with pytest.raises(InputError, match=r"^part 1: No/where\.csv is not there"):
        farm.run([watched("g", note, file="No/where.csv")], lambda *_: None)


@pytest.mark.slow
def test_a_lost_worker_s_job_is_run_again(farm_of_two, tmp_path, wait_until_dead):
    note, killed, heard = tmp_path / "note", [], []

    def kill(_task, event):
        if isinstance(event, Progress):
            heard.append(event.fraction)
        if isinstance(event, Progress) and not killed:
            killed.extend(lines(note)[0])
            os.kill(killed[1], signal.SIGKILL)

    (done,) = farm_of_two.run([watched("k", note, hang_at_first=True)], kill)
    assert done.result["answer_sheet"]["values"] == [1.5, -0.25]
    assert len(lines(note)) == 2
    assert heard == sorted(heard)
    wait_until_dead(killed[0])


@pytest.mark.slow
def test_a_job_that_ends_its_workers_ends_itself(farm_of_two, tmp_path):
    note = tmp_path / "note"
    with pytest.raises(StudioError, match=r"^part 1: .*2 workers of the farm died") as caught:
        farm_of_two.run([watched("e", note, end_of_worker=True)], lambda *_: None)
    assert caught.value.exit_code == 1
    assert len(lines(note)) == 2


@pytest.mark.slow
def test_an_interrupt_ends_the_work_on_the_farm(farm_of_two, tmp_path, wait_until_dead):
    note = tmp_path / "note"

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        farm_of_two.run([watched("i", note, hang_at_first=True)], interrupt)
    wait_until_dead(lines(note)[0][0])
    assert len(lines(note)) == 1


def test_other_versions_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(
        "backprop_studio.render.farm.farm.versions", lambda: versions() | {"manim": "0.1"}
    )
    with pytest.raises(MissingComponentError, match=r"has manim 0\.\d+\.\d+ instead of 0\.1"):
        open_and_close(cluster.address)


class OfAnotherRelease:
    """A function that only this side has."""

    def __call__(self):
        return {}

    def __reduce__(self):
        return importlib.import_module, ("backprop_studio.render.of_another_release",)


def test_a_worker_without_our_code_is_refused(cluster, monkeypatch):
    monkeypatch.setattr("backprop_studio.render.farm.connection.versions", OfAnotherRelease())
    with pytest.raises(MissingComponentError, match="does not have Backprop Studio as it is here"):
        open_and_close(cluster.address)


def test_a_worker_that_joins_late_with_other_code_is_refused(farm, monkeypatch, tmp_path):
    monkeypatch.setattr(
        "backprop_studio.render.farm.farm.pack",
        lambda job, ours: pack(job, ours | {"torch": "1.0"}),
    )
    with pytest.raises(MissingComponentError, match=r"worker at tcp://.* instead of 1\.0"):
        farm.run([watched("l", tmp_path / "note")], lambda *_: None)
    assert not (tmp_path / "note").exists()


def test_a_farm_without_workers_says_how_to_start_one(tmp_path, fake_command, monkeypatch):
    monkeypatch.setattr("backprop_studio.render.farm.connection._WORKERS_SECONDS", 0.1)
    empty = Cluster(tmp_path, fake_command, workers=0)
    with (
        contextlib.closing(empty),
        pytest.raises(MissingComponentError, match="no worker; start one with: dask worker"),
    ):
        open_and_close(empty.address)


@pytest.mark.slow
def test_when_the_farm_falls_apart_the_work_ends_in_one_sentence(
    tmp_path, fake_command, monkeypatch, capfd
):
    monkeypatch.setattr("backprop_studio.render.farm.farm._LOOK_SECONDS", 0.1)
    # A nanny waits long for a worker that has lost its scheduler.
    own = Cluster(tmp_path, fake_command, 1, "--no-nanny")

    def work(job_id, lose=lambda: None):
        task = Task(NumbersJob(id=job_id, scene="any", params={"act": "stubborn"}))
        with Farm(own.address, alone_seconds=0.2) as runner:
            runner.run([task], lambda *_: lose())

    def lose_the_workers():
        monkeypatch.setattr(distributed.Client, "nthreads", lambda _: {})

    with contextlib.closing(own):
        with pytest.raises(MissingComponentError, match="lost all its workers; start one with"):
            work("1", lose_the_workers)
        monkeypatch.undo()
        with pytest.raises(MissingComponentError, match=r"connection to the farm at .* was lost"):
            work("2", own.scheduler.kill)
    assert capfd.readouterr().err == ""


def test_numbered_pictures_are_refused(farm, tmp_path):
    job = video(tmp_path).model_copy(update={"output": str(tmp_path / "a-%04d.png")})
    with pytest.raises(InputError, match="Numbered pictures are not made on a farm"):
        farm.run([Task(job)], lambda *_: None)
