"""A farm: a real scheduler and two real workers on this machine, and what travels between them."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest

from backprop_studio.cli.commands import main
from backprop_studio.cli.runners import runner_at
from backprop_studio.core.base.errors import (
    InputError,
    MissingComponentError,
    SceneError,
    StudioError,
)
from backprop_studio.render.farm.payload import Item, pack, read_video, unpack
from backprop_studio.render.farm.processes import RenderProcesses
from backprop_studio.render.farm.versions import versions
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import KIT, make_lecture
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import CatalogueJob, NumbersJob, StillJob, VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.workers.batch import Task
from backprop_studio.render.workers.local_pool import LocalPool
from backprop_studio.render.workers.parallel import render_video

distributed = pytest.importorskip("distributed")

HERE = Path(__file__).parent
SMALL = FrameFormat(width=160, height=90, fps=10)
PATIENCE = 60


class Cluster:
    """A scheduler and workers in processes of their own, as the README has them started."""

    def __init__(self, folder, command, workers, *more):
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._command = command
        self._processes = []
        self._start("scheduler", "--port", "0", "--no-dashboard")
        for number in range(workers):
            self._start("worker", "--nthreads", "1", "--name", f"{number}", "--no-dashboard",
                        "--local-directory", str(folder),
                        "--preload", str(HERE / "farm_preload.py"), *more)  # fmt: skip

    def _start(self, what, *arguments):
        environment = os.environ | {
            "STUDIO_TEST_COMMAND": json.dumps(self._command),
            # The first death is bad luck, the second is the job's fault.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        with (self._folder / "log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", what, "--host", "127.0.0.1",
                     "--scheduler-file", str(self._file), *arguments],
                    stdout=log, stderr=log, env=environment, cwd=self._folder,
                )
            )  # fmt: skip

    @property
    def address(self):
        until(self._file.exists)
        return json.loads(self._file.read_text())["address"]

    @property
    def scheduler(self):
        return self._processes[0]

    def close(self):
        """End the workers first: one that loses its scheduler meanwhile takes longer."""
        for group in (self._processes[1:], self._processes[:1]):
            for process in group:
                process.terminate()
            for process in group:
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()


def tiny_command(scenes):
    return (sys.executable, str(HERE / "tiny_worker.py"), str(scenes))


class OneProcess(LocalPool):
    """Draws one piece after the other, because a process takes seconds to start."""

    def run(self, tasks, on_event, *, workers=None):
        return super().run(tasks, on_event, workers=1)


def until(condition):
    """Wait for something that another process does."""
    tick = threading.Event()
    for _ in range(PATIENCE * 20):
        if condition():
            return
        tick.wait(0.05)
    pytest.fail("it never happened")


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("farm") / "scenes"
    folder.mkdir()
    for name in ("tiny", "watched"):
        shutil.copyfile(HERE / f"{name}_scene.py", folder / f"{name}.py")
    return folder


@pytest.fixture(scope="module")
def cluster(scenes, tmp_path_factory):
    running = Cluster(tmp_path_factory.mktemp("cluster"), tiny_command(scenes), workers=2)
    with distributed.Client(running.address, timeout=PATIENCE) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
    yield running
    running.close()


@pytest.fixture
def farm(cluster):
    with runner_at(cluster.address) as runner:
        yield runner


def video(tmp_path, **params):
    return VideoJob(id="v", scene="tiny", params=params, picture=SMALL,
                    output=str(tmp_path / "v.mp4"))  # fmt: skip


def watched(job_id, note, **params):
    return Task("part 1", NumbersJob(id=job_id, scene="watched",
                                     params={"note": str(note), **params}))  # fmt: skip


def lines(note):
    return [json.loads(line) for line in note.read_text().splitlines()]


def frames(path):
    with av.open(path) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


# The cluster


def test_a_farm_draws_the_same_frames_and_tells_how_far_it_is(farm, scenes, tmp_path):
    told = []
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    near.mkdir()
    result = render_video(video(far), 2, told.append, runner=farm)
    alone = OneProcess(tiny_command(scenes))
    here = render_video(video(near), 2, lambda _: None, runner=alone)
    assert frames(far / "v.mp4") == frames(near / "v.mp4")
    assert result == here.model_copy(update={"path": str(far / "v.mp4")})
    assert len(told) > 2
    assert [it.fraction for it in told] == sorted(it.fraction for it in told)
    assert [it.name for it in far.iterdir()] == ["v.mp4"]


def test_a_whole_video_comes_back_and_an_old_one_stays(farm, tmp_path):
    (tmp_path / "v.gif").write_bytes(b"old")
    job = video(tmp_path).model_copy(update={"output": str(tmp_path / "v.gif")})
    with pytest.raises(InputError, match="already exists"):
        farm.run([Task("", job)], lambda *_: None)
    assert (tmp_path / "v.gif").read_bytes() == b"old"
    job = job.model_copy(update={"overwrite": True})
    (done,) = farm.run([Task("", job)], lambda *_: None)
    result = VideoResult.model_validate(done.result)
    assert result.path == job.output
    assert len(frames(tmp_path / "v.gif")) == result.frames
    assert [it.name for it in tmp_path.iterdir()] == ["v.gif"]


def test_a_lecture_is_drawn_on_a_farm(farm, tiny, tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(
        'format = 1\ntitle = "A"\nlanguages = ["en", "zh"]\nquality = "l"\n'
        f'[[part]]\nscene = "{tiny}"\nparams = {{ times = [0.2] }}\n'
    )
    heard = []
    made = make_lecture(
        read_lecture(file), tmp_path / "made", KIT,
        lambda lesson, event: heard.append((lesson.name, event)),
        cache=VideoCache(tmp_path / "cache"), runner=farm,
    )  # fmt: skip
    assert {it.name for it in made if it.suffix == ".mp4"} == {
        "01-tiny.en.mp4", "01-tiny.zh.mp4", "a.en.mp4", "a.zh.mp4"
    }  # fmt: skip
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


def test_a_lost_worker_s_job_is_run_again(farm, tmp_path, wait_until_dead):
    note, killed, told = tmp_path / "note", [], []

    def kill(_task, event):
        if isinstance(event, Progress):
            told.append(event.fraction)
        if isinstance(event, Progress) and not killed:
            killed.extend(lines(note)[0])
            os.kill(killed[1], signal.SIGKILL)

    (done,) = farm.run([watched("k", note, hang_at_first=True)], kill)
    assert done.result["answer_sheet"]["values"] == [1.5, -0.25]
    assert len(lines(note)) == 2
    assert told == sorted(told)
    wait_until_dead(killed[0])


def test_a_job_that_ends_its_workers_ends_itself(farm, tmp_path):
    note = tmp_path / "note"
    with pytest.raises(StudioError, match=r"^part 1: .*2 workers of the farm died") as caught:
        farm.run([watched("e", note, end_of_worker=True)], lambda *_: None)
    assert caught.value.exit_code == 1
    assert len(lines(note)) == 2


def test_an_interrupt_ends_the_work_on_the_farm(farm, tmp_path, wait_until_dead):
    note = tmp_path / "note"

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        farm.run([watched("i", note, hang_at_first=True)], interrupt)
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
    monkeypatch.setattr(farm, "_versions", versions() | {"torch": "1.0"})
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


def test_when_the_farm_falls_apart_the_work_ends_in_one_sentence(
    tmp_path, fake_command, monkeypatch, capfd
):
    monkeypatch.setattr("backprop_studio.render.farm.farm._LOOK_SECONDS", 0.1)
    # A nanny waits long for a worker that has lost its scheduler.
    own = Cluster(tmp_path, fake_command, 1, "--no-nanny")

    def work(job_id, lose):
        task = Task("", NumbersJob(id=job_id, scene="any", params={"act": "stubborn"}))
        with runner_at(own.address) as runner:
            runner.run([task], lambda *_: lose(runner))

    def lose_the_workers(runner):
        monkeypatch.setattr(runner, "_alone_seconds", 0.2)
        monkeypatch.setattr(runner._client, "nthreads", dict)

    with contextlib.closing(own):
        with pytest.raises(MissingComponentError, match="lost all its workers; start one with"):
            work("1", lose_the_workers)
        with pytest.raises(MissingComponentError, match=r"connection to the farm at .* was lost"):
            work("2", lambda _: own.scheduler.kill())
    assert capfd.readouterr().err == ""


def test_numbered_pictures_are_refused(farm, tmp_path):
    job = video(tmp_path).model_copy(update={"output": str(tmp_path / "a-%04d.png")})
    with pytest.raises(InputError, match="numbered pictures are not made on a farm"):
        farm.run([Task("", job)], lambda *_: None)


# The address


@pytest.fixture
def hasty(monkeypatch):
    """Do not wait long for an answer that will never come."""
    monkeypatch.setattr("backprop_studio.render.farm.connection._ANSWER_SECONDS", 0.5)


def open_and_close(address):
    with runner_at(address):
        pass


@pytest.mark.usefixtures("hasty")
def test_nobody_answers():
    with pytest.raises(MissingComponentError, match=r"no scheduler answers at 127\.0\.0\.1:9;"):
        open_and_close("127.0.0.1:9")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("what", [["render", "gradient_descent"], ["lecture", "a.toml"]])
def test_the_command_line_says_so_and_returns_3(what, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Path("a.toml").write_text('format = 1\ntitle = "A"\n[[part]]\nscene = "gradient_descent"\n')
    assert main([*what, "-o", "a.mp4", "--scheduler", "127.0.0.1:9"]) == 3
    assert capsys.readouterr().err.startswith("error: No scheduler answers at 127.0.0.1:9;")
    assert [it.name for it in tmp_path.iterdir()] == ["a.toml"]


@pytest.mark.parametrize("address", ["", "somewhere", "a:b", "foo://a:1", "inproc://1/2/3"])
def test_what_is_no_address(address):
    with pytest.raises(InputError, match="is no address of a scheduler"):
        open_and_close(address)


def test_without_the_package_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingComponentError, match=r'pip install "backprop-studio\[farm\]"'):
        open_and_close("127.0.0.1:8786")


# What travels


def test_a_job_and_its_files_arrive_in_a_folder_of_its_own(tmp_path, monkeypatch):
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "sets").mkdir(parents=True)
    (here / "数据 a.csv").write_bytes(b"\x00\xff")
    (here / "sets" / "b").write_bytes(b"b")
    (here / "sets" / "deeper").mkdir()
    monkeypatch.chdir(here)
    params = {
        "data": {"file": "数据 a.csv", "name": "file"},
        "rows": [{"folder": str(here / "sets")}, {"file": ""}],
        "network": {"file": "/no/where"},
    }
    asked = VideoJob(id="v", scene="tiny", params=params, output="/x/y.webm", overwrite=True)
    request = pack(asked, {"a": "1"})
    assert request.items == (Item("0/数据 a.csv", b"\x00\xff"), Item("1/sets/b", b"b"))
    there.mkdir()
    job = unpack(request, there)
    assert job.params == {
        "data": {"file": str(there / "0/数据 a.csv"), "name": "file"},
        "rows": [{"folder": str(there / "1/sets")}, {"file": ""}],
        "network": {"file": str(there / "2/where")},
    }
    assert (job.id, job.output, job.overwrite) == ("v", str(there / "video.webm"), False)
    found = {it.relative_to(there).as_posix() for it in there.rglob("*") if it.is_file()}
    assert found == {"0/数据 a.csv", "1/sets/b"}
    assert {request.names[it] for it in ("0/数据 a.csv", "video.webm")} == {
        "数据 a.csv",
        "/x/y.webm",
    }


def test_too_much_is_refused(tmp_path):
    data = tmp_path / "data.csv"
    data.write_bytes(b"1" * 100)
    job = NumbersJob(id="n", scene="tiny", params={"a": {"file": str(data)}})
    with pytest.raises(InputError, match=r"data\.csv is too much to send"):
        pack(job, {}, limit=99)
    assert len(pack(job, {}, limit=100).items) == 1
    with pytest.raises(InputError, match="a farm sends at most 0 MB back"):
        read_video(data, limit=99)
    assert read_video(data, limit=100) == b"1" * 100
    assert read_video(tmp_path / "none") is None


@pytest.mark.parametrize("job", [CatalogueJob(id="c"), StillJob(id="s", scene="tiny")])
def test_what_a_farm_does_not_do(job):
    with pytest.raises(TypeError, match="a farm does no"):
        pack(job, {})


def test_the_versions_name_everything_that_draws():
    found = versions()
    assert {"Python", "torch", "manim", "distributed"} <= set(found)
    assert "none" not in found.values()


# Render processes of one worker


def run_act(process, still, act):
    return process.run(still(act), lambda _: None, lambda: True)


def test_jobs_at_the_same_time_have_processes_of_their_own(fake_command, still, wait_until_dead):
    shared = RenderProcesses(fake_command)
    with shared.lend({"a": "1"}) as one, shared.lend({"a": "1"}) as other:
        pids = {run_act(it, still, "ok").result["pid"] for it in (one, other)}
    with shared.lend({"a": "1"}) as again:
        warm = run_act(again, still, "ok").result["pid"]
    assert warm in pids
    assert len(pids) == 2
    with shared.lend({"a": "2"}) as newer:
        fresh = run_act(newer, still, "ok").result["pid"]
    assert fresh not in pids
    for pid in pids:
        wait_until_dead(pid)
    shared.close()
    wait_until_dead(fresh)


def test_a_process_that_waits_too_long_ends(fake_command, still, wait_until_dead):
    shared = RenderProcesses(fake_command, warm_seconds=0.1)
    with shared.lend({}) as process:
        pid = run_act(process, still, "ok").result["pid"]
    wait_until_dead(pid)


def test_a_job_that_nobody_wants_is_cancelled(fake_command, still):
    shared = RenderProcesses(fake_command)
    with shared.lend({}) as process:
        end = process.run(still("obey"), lambda _: None, lambda: False)
    assert end.kind == "cancelled"
    shared.close()
