"""The process that has a video drawn by several workers: to its client it is one worker."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import av
import psutil
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.events import Cancelled, Done, Failed
from backprop_studio.render.messages.formats import FORMATS
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import ParamsJob, VideoJob
from backprop_studio.render.workers.client import WorkerClient

ROOM = Path(__file__).parents[1]
SMALL = FrameFormat(width=160, height=90, fps=10)
COMMAND = """import sys
from backprop_studio.render.workers.segment_coordinator import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def client(fake_command, recorder):
    """A client whose coordinator has fake workers."""
    with WorkerClient(recorder, command=(sys.executable, "-c", COMMAND, *fake_command)) as it:
        yield it


@pytest.fixture
def video(tmp_path):
    numbers = iter(range(100))
    (tmp_path / "out").mkdir()

    def make(act, **more):
        more |= {"params": {"act": act}, "output": str(tmp_path / "out" / "v.mp4")}
        return VideoJob(id=f"v{next(numbers)}", scene="any", **more)

    return make


def ask(client, recorder, act):
    """Return what a worker of the coordinator answers."""
    job = ParamsJob(id=f"p{len(recorder.events)}", scene="any", params={"act": act})
    client.submit(job)
    return recorder.wait_for_end(job.id)[0]


def test_other_jobs_are_done_by_a_worker_which_stays(client, recorder):
    first, second = ask(client, recorder, "ok"), ask(client, recorder, "ok")
    assert first.result == second.result
    assert first.result["pid"] != client.worker_pid


def test_the_workers_stand_back_and_know_where_the_user_is(client, recorder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = ask(client, recorder, "environment").result
    assert found["environment"]["BACKPROP_STUDIO_FOLDER"] == str(tmp_path)
    own, coordinator = psutil.Process().nice(), psutil.Process(client.worker_pid)
    assert coordinator.nice() > own
    assert [it.nice() for it in coordinator.children()] == [coordinator.nice()]


@pytest.mark.parametrize("act", ["crash", "garbage", "leave"])
def test_a_failed_piece_fails_the_video_and_nothing_else(client, recorder, video, act, tmp_path):
    job = video(act)
    client.submit(job)
    end, _ = recorder.wait_for_end(job.id)
    assert isinstance(end, Failed)
    assert "render process" in sentence(end.message)
    assert list((tmp_path / "out").iterdir()) == []
    assert isinstance(ask(client, recorder, "ok"), Done)


def test_an_error_keeps_its_kind_and_its_sentence(client, recorder, video):
    job = video("fail").model_copy(update={"params": {"act": "fail", "error": "input"}})
    client.submit(job)
    end, _ = recorder.wait_for_end(job.id)
    assert (end.error, sentence(end.message)) == (InputError.kind, "as asked.")


def test_a_cancelled_video_is_given_up_by_all(client, recorder, video):
    job = video("obey")
    client.submit(job)
    recorder.wait_for_progress(job.id)
    client.cancel(job.id)
    end, _ = recorder.wait_for_end(job.id)
    assert isinstance(end, Cancelled)
    assert isinstance(ask(client, recorder, "ok"), Done)


def test_its_workers_end_with_it(client, recorder, video, wait_until_dead):
    job = video("obey")
    client.submit(job)
    recorder.wait_for_progress(job.id)
    workers = psutil.Process(client.worker_pid).children()
    assert workers
    psutil.Process(client.worker_pid).kill()
    end, _ = recorder.wait_for_end(job.id)
    assert "signal 9" in sentence(end.message)
    for worker in workers:
        wait_until_dead(worker.pid)


def test_a_real_video_is_drawn_in_pieces_and_whole(tmp_path, recorder):
    (tmp_path / "scenes").mkdir()
    shutil.copy(ROOM / "tiny_scene.py", tmp_path / "scenes" / "tiny.py")
    command = (sys.executable, str(ROOM / "tiny_coordinator.py"), str(tmp_path / "scenes"))
    with WorkerClient(recorder, command=command) as client:
        for ending, kind in FORMATS.items():  # a gif cannot be joined, and is drawn whole
            name = f"a{ending}"
            job = VideoJob(id=name, scene="tiny", picture=SMALL, output=str(tmp_path / name))
            client.submit(job)
            end, _ = recorder.wait_for_end(job.id)
            assert isinstance(end, Done), end
            with av.open(tmp_path / name) as container:
                assert sum(1 for _ in container.decode(video=0)) == end.result["frames"]
                context = container.streams.video[0].codec_context
                assert (context.name, context.pix_fmt) == kind.found
            assert end.result["path"] == str(tmp_path / name)
            assert end.result["drawn"] is None
