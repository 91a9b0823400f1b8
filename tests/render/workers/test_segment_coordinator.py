"""The process that has a video drawn by several workers: to its client it is one worker."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import av
import psutil
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.events import Cancelled, Done
from backprop_studio.render.messages.formats import FORMATS
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import ParamsJob, VideoJob
from backprop_studio.render.workers.client import WorkerClient
from tests.render.workers.conftest import Switch

ROOM = Path(__file__).parents[1]
SMALL = FrameFormat(width=160, height=90, fps=10)
COMMAND = """import sys
from backprop_studio.render.workers.segment_coordinator import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def warm(fake_command, tmp_path_factory):
    """A coordinator with fake workers."""
    switch = Switch()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("user"))
        command = (sys.executable, "-c", COMMAND, *fake_command)
        with WorkerClient(switch, command=command) as client:
            switch.client = client
            yield switch


@pytest.fixture
def video(tmp_path):
    (tmp_path / "out").mkdir()

    def video(act, **more):
        output, params = str(tmp_path / "out" / "v.mp4"), {"act": act, **more}
        return VideoJob(id=f"video-{act}", scene="any", output=output, params=params)

    return video


def other(act="ok"):
    return ParamsJob(id=f"other-{act}", scene="any", params={"act": act})


def test_other_jobs_are_done_by_a_worker_which_stays_and_stands_back(client, ask):
    pids = [ask(other()).result["pid"] for _ in range(2)]
    assert pids[0] == pids[1] != client.worker_pid
    told = ask(other("environment")).result["environment"]
    assert told["BACKPROP_STUDIO_FOLDER"] == os.getcwd()
    own, coordinator = psutil.Process().nice(), psutil.Process(client.worker_pid)
    assert coordinator.nice() > own
    assert [it.nice() for it in coordinator.children()] == [coordinator.nice()]


def test_a_failed_piece_fails_the_video_and_nothing_else(ask, video, tmp_path):
    failed = ask(video("crash"))
    assert "render process" in sentence(failed.message)
    failed = ask(video("fail", error="input"))
    assert (failed.error, sentence(failed.message)) == (InputError.kind, "as asked.")
    assert list((tmp_path / "out").iterdir()) == []
    assert isinstance(ask(other()), Done)


def test_a_cancelled_video_is_given_up_by_all(client, recorder, begin, ask, video):
    job = begin(video("obey"))
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], Cancelled)
    assert isinstance(ask(other()), Done)


def test_its_workers_end_with_it(client, recorder, begin, video, wait_until_dead):
    job = begin(video("obey"))
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
        for ending in (".mp4", ".gif"):  # a gif cannot be joined, and is drawn whole
            name, kind = f"a{ending}", FORMATS[ending]
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
