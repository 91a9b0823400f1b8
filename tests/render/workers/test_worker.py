"""The worker's own process, spoken to directly, with tiny scenes in place of the real ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.messages import Message, sentence
from backprop_studio.render.messages.events import (
    Cancelled,
    EndEvent,
    Frame,
    Hello,
    Started,
    Waiting,
)
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import (
    CatalogueJob,
    NumbersJob,
    PreviewJob,
    StillJob,
    VideoJob,
)
from backprop_studio.render.messages.protocol import Cancel, EventDecoder, Taken, encode_request

ROOM = Path(__file__).resolve().parents[1]
SMALL = FrameFormat(width=160, height=90, fps=10)
LONG = {"scene": "tiny", "params": {"times": [1000.0], "pace": 1.0}, "picture": SMALL}
"""Ten thousand frames: nobody draws them before a test is over."""


class Worker:
    """A worker and what it has said so far."""

    def __init__(self, folder):
        environment = {**os.environ, "TMPDIR": str(folder.parent)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, str(ROOM / "tiny_worker.py"), str(folder)]
        self.process = subprocess.Popen(command, env=environment, **pipes)
        self._decoder = EventDecoder()
        self.events = []

    def send(self, request):
        self.process.stdin.write(encode_request(request))
        self.process.stdin.flush()

    def read_until(self, condition):
        while True:
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, f"it ended after {self.events[-3:]}"
            new = list(self._decoder.feed(data))
            self.events += new
            for event, attachment in new:
                if condition(event):
                    return event, attachment

    def end(self):
        return self.read_until(lambda event: isinstance(event, EndEvent))

    def end_of(self, job):
        self.send(job)
        return self.end()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker") / "scenes"
    folder.mkdir()
    shutil.copy(ROOM / "tiny_scene.py", folder / "tiny.py")
    (folder / "broken.py").write_text("1 / 0", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def worker(folder):
    """One worker for all of these tests; the last one sees it end."""
    worker = Worker(folder)
    worker.read_until(lambda event: isinstance(event, Hello))
    yield worker
    worker.process.kill()
    worker.process.wait()


def test_hello_comes_first_and_then_a_still_and_its_png(worker):
    assert worker.events[0][0] == Hello(pid=worker.process.pid)
    done, png = worker.end_of(StillJob(id="s", scene="tiny", picture=SMALL))
    assert done.result["beat"] == "third"
    assert png.startswith(b"\x89PNG")
    assert done.attachment == len(png)


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        (StillJob(id="j", scene="tny"), "input"),
        (StillJob(id="j", scene="broken"), "scene"),
        (StillJob(id="j", scene="tiny", params={"fault": "exit"}), "scene"),
        (VideoJob(id="j", scene="tiny", output="/nowhere/a.mp4"), "input"),
        (NumbersJob(id="j", scene="tiny", verify=True), "input"),
    ],
)
def test_a_job_starts_once_and_ends_once_with_an_error_of_its_kind(worker, job, kind):
    before = len(worker.events)
    failed, _ = worker.end_of(job)
    kinds = [type(event) for event, _ in worker.events[before:]]
    assert kinds[0] is Started
    assert kinds.count(Started) == 1
    assert failed.error == kind
    assert "\n" not in sentence(failed.message)
    assert sentence(failed.message).endswith((".", "?"))
    assert "Traceback" in failed.details


def test_the_catalogue_has_a_row_for_the_broken_file(worker, folder):
    done, _ = worker.end_of(CatalogueJob(id="l"))
    broken, tiny = done.result["scenes"]
    assert Message.model_validate(broken["error"]).words().endswith("division by zero")
    assert (tiny["id"], tiny["title"], tiny["error"]) == ("tiny", "Tiny", None)
    assert list(tiny["beats"]) == ["first", "second", "third"]
    assert len(os.listdir(folder.parent / "cache")) == 1


def test_a_stream_stops_at_the_limit_and_goes_on_when_frames_are_taken(worker):
    before = len(worker.events)
    worker.send(PreviewJob(id="p", ahead=12, **LONG))
    worker.read_until(lambda event: isinstance(event, Waiting))
    worker.send(Taken(job_id="p", frame=30))
    worker.read_until(lambda event: isinstance(event, Frame) and event.number == 41)
    worker.send(Cancel(job_id="p"))
    assert worker.end()[0] == Cancelled(job_id="p")
    sent = [event for event, _ in worker.events[before:] if isinstance(event, Frame)]
    assert [frame.number for frame in sent] == list(range(42))


@pytest.fixture
def drawing(worker, tmp_path):
    """Have it draw a video that takes long."""
    worker.send(VideoJob(id="c", output=str(tmp_path / "a.mp4"), **LONG))
    worker.read_until(lambda event: getattr(event, "phase", "") == "draw")
    assert len(os.listdir(tmp_path)) == 1
    return worker


def test_a_cancel_is_noticed_while_drawing(drawing, tmp_path):
    drawing.send(Cancel(job_id="other"))
    drawing.send(Cancel(job_id="c"))
    assert drawing.end()[0] == Cancelled(job_id="c")
    assert os.listdir(tmp_path) == []


def test_it_ends_by_itself_and_leaves_nothing_when_its_parent_is_gone(drawing, tmp_path):
    drawing.process.stdin.close()
    drawing.process.stdout.close()
    assert drawing.process.wait(60) == 0  # of its own accord, not by force
    assert os.listdir(tmp_path) == []
