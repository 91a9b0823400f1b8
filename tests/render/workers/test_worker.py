"""The worker's own process, spoken to directly, with tiny scenes in place of the real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.messages import Message, sentence
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Hello, Progress, Started
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import CatalogueJob, NumbersJob, StillJob, VideoJob
from backprop_studio.render.messages.protocol import Cancel, EventDecoder, encode_request

ROOT = Path(__file__).resolve().parents[3]
SMALL = FrameFormat(width=160, height=90, fps=10)

RUNNER = """
import os
import sys
from pathlib import Path
from backprop_studio import scenes
folder = Path(sys.argv[1])
scenes.__spec__.origin = str(folder / "__init__.py")
os.environ["XDG_CACHE_HOME"] = str(folder.parent / "cache")
scenes.__path__.append(str(folder))
from backprop_studio.render.workers.worker import main
sys.exit(main())
"""


class Worker:
    """A worker and what it has said so far."""

    def __init__(self, folder):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(folder.parent)}
        with (folder.parent / "stderr").open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUNNER, str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment,
            )
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

    def end_of(self, job):
        self.send(job)
        return self.read_until(lambda event: isinstance(event, Done | Failed | Cancelled))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker") / "scenes"
    folder.mkdir()
    tiny = Path(__file__).parents[1].joinpath("tiny_scene.py").read_text(encoding="utf-8")
    (folder / "tiny.py").write_text(tiny, encoding="utf-8")
    (folder / "broken.py").write_text("1 / 0", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def worker(folder):
    worker = Worker(folder)
    worker.read_until(lambda event: isinstance(event, Hello))
    yield worker
    worker.process.stdin.close()
    assert worker.process.wait(60) == 0
    worker.process.stdout.close()


def test_hello_comes_first_with_the_pid(worker):
    assert worker.events[0][0] == Hello(pid=worker.process.pid)


def test_a_still_and_its_png(worker):
    done, png = worker.end_of(StillJob(id="s", scene="tiny", picture=SMALL))
    assert done.result["beat"] == "third"
    assert png.startswith(b"\x89PNG")
    assert done.attachment == len(png)


def test_every_job_starts_once_and_ends_once(worker):
    before = len(worker.events)
    for number, fault in enumerate(["", "tell", "exit", "compute"]):
        worker.end_of(
            StillJob(id=f"n{number}", scene="tiny", params={"fault": fault}, picture=SMALL)
        )
    events = [event for event, _ in worker.events[before:]]
    for number in range(4):
        own = [type(event) for event in events if event.job_id == f"n{number}"]
        assert own.count(Started) == 1
        assert sum(kind in (Done, Failed, Cancelled) for kind in own) == 1
        assert own[0] is Started


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        (StillJob(id="j", scene="tny"), "input"),
        (StillJob(id="j", scene="tiny", params={"pace": "fast"}), "input"),
        (StillJob(id="j", scene="broken"), "scene"),
        (StillJob(id="j", scene="tiny", params={"fault": "tell"}), "scene"),
        (VideoJob(id="j", scene="tiny", output="/nowhere/a.mp4"), "input"),
        (NumbersJob(id="j", scene="tiny", verify=True), "input"),
    ],
)
def test_errors_have_their_kind_and_one_sentence(worker, job, kind):
    failed, _ = worker.end_of(job)
    assert failed.error == kind
    assert "\n" not in sentence(failed.message)
    assert sentence(failed.message).endswith((".", "?"))
    assert "Traceback" in failed.details


def test_prints_of_a_scene_do_not_reach_the_protocol(worker, folder):
    job = StillJob(id="p", scene="tiny", params={"fault": "print"}, picture=SMALL)
    assert isinstance(worker.end_of(job)[0], Done)
    assert b"noise on stdout" in (folder.parent / "stderr").read_bytes()


def test_a_cancel_is_noticed_while_drawing(worker, tmp_path):
    job = VideoJob(
        id="c",
        scene="tiny",
        params={"times": [1000.0], "pace": 1.0},
        picture=SMALL,
        output=str(tmp_path / "a.mp4"),
    )
    worker.send(job)
    worker.read_until(lambda event: getattr(event, "phase", "") == "draw")
    worker.send(Cancel(job_id="other"))
    worker.send(Cancel(job_id="c"))
    end, _ = worker.read_until(lambda event: isinstance(event, Done | Failed | Cancelled))
    assert end == Cancelled(job_id="c")
    assert os.listdir(tmp_path) == []


def test_the_catalogue_has_a_row_for_the_broken_file(worker, folder):
    done, _ = worker.end_of(CatalogueJob(id="l"))
    broken, tiny = done.result["scenes"]
    assert Message.model_validate(broken["error"]).words().endswith("division by zero")
    assert (tiny["id"], tiny["title"], tiny["error"]) == ("tiny", "Tiny", None)
    assert list(tiny["beats"]) == ["first", "second", "third"]
    assert len(os.listdir(folder.parent / "cache")) == 1


def test_it_ends_by_itself_and_leaves_nothing_when_its_parent_is_gone(folder, tmp_path):
    worker = Worker(folder)
    job = VideoJob(
        id="o",
        scene="tiny",
        params={"times": [1000.0]},
        picture=SMALL,
        output=str(tmp_path / "a.mp4"),
    )
    worker.send(job)
    worker.read_until(lambda event: getattr(event, "phase", "") == "draw")
    assert len(os.listdir(tmp_path)) == 1
    worker.process.stdin.close()
    worker.process.stdout.close()
    assert worker.process.wait(60) == 0  # of its own accord, not by force
    assert os.listdir(tmp_path) == []


def test_it_ends_even_if_a_scene_hangs(folder, tmp_path):
    (folder / "hang.py").write_text(
        "import time\nfrom backprop_studio.scenes.lesson.lesson import LessonScene\n"
        "class Hang(LessonScene):\n"
        "    def compute(self): return {}\n"
        "    def tell(self):\n"
        "        self.wait()\n"
        "        time.sleep(1000)\n",
        encoding="utf-8",
    )
    worker = Worker(folder)
    try:
        worker.send(StillJob(id="h", scene="hang", picture=SMALL))
        worker.read_until(lambda event: isinstance(event, Progress))  # past the last check
        worker.process.stdin.close()
        assert worker.process.wait(60) == 1
    finally:
        (folder / "hang.py").unlink()
        worker.process.send_signal(signal.SIGKILL)
        worker.process.stdout.close()
        worker.process.wait()
