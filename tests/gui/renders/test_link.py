"""The bridge to the render queue: nothing waits, nothing is lost, everything is let go."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.renders.opening import WarmClient, open_queue
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.model import read_state
from backprop_studio.render.queue.owner_lock import IN_USE

PATIENCE = 60.0
ROOT = Path(__file__).parents[3]
FAKE_WORKER = ROOT / "tests" / "render" / "fake_worker.py"


class Heard:
    """Collects what a link says, and the threads it arrives in."""

    def __init__(self, link):
        self.opened = []
        self.states = []
        self.fractions = []
        self.threads = set()
        link.opened.connect(lambda *found: self.opened.append(found))
        link.changed.connect(self._on_changed)
        link.advanced.connect(lambda _entry, progress: self.fractions.append(progress.fraction))

    def _on_changed(self, state):
        self.states.append([entry.state for entry in state.entries])
        self.threads.add(threading.current_thread())


@pytest.fixture
def job(tmp_path):
    output = str(tmp_path / "a.mp4")
    return VideoJob(id="a", scene="backprop", picture=FrameFormat(), output=output)


def test_events_arrive_in_order_and_in_the_window_s_thread(videos, job):
    heard = Heard(videos.link)
    answers = []
    videos.settle()
    videos.link.ask(lambda queue: queue.add(job), answers.append)
    videos.settle()
    videos.draw(0.5)
    videos.finish()
    assert heard.opened == [(None, ())]
    assert heard.states == [[], ["waiting"], ["running"], ["done"]]
    assert heard.fractions == [0.5]
    assert heard.threads == {threading.main_thread()}
    assert [entry.id for entry in answers] == [videos.entries[0].id]


def test_a_refusal_is_told_to_the_one_who_asked(videos):
    refused = []
    videos.settle()
    videos.link.ask(lambda queue: queue.retry("nobody"), refused=refused.append)
    videos.settle()
    assert [str(error) for error in refused] == ["This video is no longer in the queue."]


def test_requests_wait_until_a_slow_disk_has_given_the_queue(qtbot, videos, job):
    may_open = threading.Event()

    def slow(on_event):
        may_open.wait(PATIENCE)
        opened = videos.open_queue(on_event)
        return opened

    link = QueueLink(slow)
    videos.links.append(link)
    answers = []
    link.ask(lambda queue: queue.add(job), answers.append)
    link.ask(lambda queue: queue.pause(), lambda _none: answers.append("paused"))
    assert not link.is_open
    may_open.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers[1] == "paused"


def test_a_window_that_closes_while_the_queue_is_opened_lets_it_go(videos):
    may_open = threading.Event()
    closed = []

    def slow(on_event):
        may_open.wait(PATIENCE)
        closed.append(videos.open_queue(on_event))
        return closed[0]

    link = QueueLink(slow)
    videos.links.append(link)
    heard = Heard(link)
    link.open()
    link.close()
    may_open.set()
    videos.close()
    videos.deliver()
    assert heard.opened == []
    with pytest.raises(RuntimeError):
        closed[0].queue.pause()


def test_nothing_is_opened_before_it_is_needed(videos):
    videos.link.warm_up()
    videos.link.close()
    videos.link.open()
    assert not videos.folder.exists()
    assert videos.clients == []


def test_nothing_arrives_after_closing(videos, job):
    videos.settle()
    videos.link.ask(lambda queue: queue.add(job))
    videos.settle()
    heard = Heard(videos.link)
    videos.close()
    videos.link.ask(lambda queue: queue.pause())
    videos.link.warm_up()
    videos.deliver()
    assert heard.states == []
    state = read_state((videos.folder / "queue.json").read_bytes(), "queue")
    assert [entry.state for entry in state.entries] == ["interrupted"]


def test_a_second_window_has_a_queue_of_its_own_which_ends_with_it(qtbot, videos, job):
    videos.settle()
    second = videos.new_link()
    heard = Heard(second)
    answers = []
    second.ask(lambda queue: queue.add(job), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert not videos.link.is_private
    assert second.is_private
    assert heard.opened[0][0].code == IN_USE
    assert videos.entries == ()
    folder = second.found.folder.path
    assert (folder / "queue" / "queue.json").exists()
    videos.close()
    assert not folder.exists()


def test_without_any_place_for_a_queue_every_request_says_so(qtbot, job):
    def nowhere(_on_event):
        raise OutputError("gone", "the disk is gone")

    link = QueueLink(nowhere)
    heard = Heard(link)
    refused = []
    link.ask(lambda queue: queue.add(job), refused=lambda error: refused.append(str(error)))
    qtbot.waitUntil(lambda: bool(refused))
    assert refused == ["The disk is gone."]
    assert [(problem.code, messages) for problem, messages in heard.opened] == [("gone", ())]
    assert heard.states == []
    link.close()


def test_a_warm_worker_is_ended_even_if_nothing_was_drawn(qtbot, videos):
    videos.settle()
    videos.link.warm_up()
    assert not videos.client.is_closed
    videos.client.running = None
    videos.close()
    assert videos.client.is_closed


def test_a_closed_warm_worker_is_not_started_again():
    made = []

    def factory(_on_event):
        made.append(1)

    warm = WarmClient(factory)
    warm.close()
    warm.warm_up()
    assert made == []


PROGRAM = """
import sys
from functools import partial
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from backprop_studio.gui import app, session
from backprop_studio.core.base.messages import Message
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.renders.opening import open_queue
from backprop_studio.render.log import start_log
from backprop_studio.render.workers.client import WorkerClient
from backprop_studio.render.messages.jobs import VideoJob

folder, worker, output = sys.argv[1:]
start_log("window")
client = lambda on_event: WorkerClient(on_event, command=(sys.executable, worker))
link = QueueLink(partial(open_queue, folder=Path(folder), factory=client))
session.QueueLink = lambda: link
program = session.Session(app.parse([]))
job = VideoJob(id="a", scene="any", params={"act": "stubborn"}, output=output)

def leave():
    assert program.state.render.phase.is_active
    program.window.keep_all()
    program.quit()

link.advanced.connect(lambda *_: QTimer.singleShot(0, leave))
program.window.show()
QTimer.singleShot(0, lambda: link.ask(lambda queue: queue.add(job)))
sys.exit(QApplication.exec())
"""


def test_a_program_that_ends_while_it_draws_leaves_everything_in_order(tmp_path):
    arguments = [str(tmp_path / "queue"), str(FAKE_WORKER), str(tmp_path / "a.mp4")]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    # Neither a traceback nor what Qt says of threads that outlive their object.
    assert not [line for line in done.stderr.splitlines() if "does not support" not in line]
    state = read_state((tmp_path / "queue" / "queue.json").read_bytes(), "queue")
    assert [entry.state for entry in state.entries] == ["interrupted"]
    assert not (tmp_path / "a.mp4").exists()
    open_queue(lambda _event: None, folder=tmp_path / "queue").close()


def test_a_folder_that_is_of_no_use_gives_a_queue_that_ends_with_the_window(tmp_path):
    file = tmp_path / "file"
    file.write_text("no folder")
    found = partial(open_queue, folder=file)(lambda _event: None)
    assert found.problem.code == "folder.unmade"
    assert found.folder is not None
    found.close()
    assert not found.folder.path.exists()
