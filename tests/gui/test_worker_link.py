"""The bridge with the real client and a worker that plays a part."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QThread

from backprop_studio.gui.worker_link import WorkerLink
from backprop_studio.render.messages.events import (
    Cancelled,
    Done,
    Failed,
    Hello,
    Progress,
    Started,
)
from backprop_studio.render.messages.jobs import StillJob
from backprop_studio.render.workers.client import WorkerClient

FAKE_WORKER = Path(__file__).parents[1] / "render" / "fake_worker.py"
PATIENCE_MS = 60_000


def client(on_event):
    return WorkerClient(on_event, command=(sys.executable, str(FAKE_WORKER)))


@pytest.fixture
def link(qapp):
    link = WorkerLink(client)
    yield link
    link.close()


class Heard:
    """Collects events and the threads they arrived in."""

    def __init__(self, link):
        self.events = []
        self.threads = set()
        link.event_arrived.connect(self._on_event)

    def _on_event(self, event, attachment):
        self.events.append((event, attachment))
        self.threads.add(threading.current_thread())

    def ends(self):
        return [event for event, _ in self.events if isinstance(event, Done | Failed | Cancelled)]


def still(act):
    return StillJob(id=f"job-{act}", scene="any", params={"act": act})


def test_events_arrive_in_the_window_s_thread_and_a_crash_is_a_failure(qtbot, link):
    heard = Heard(link)
    link.submit(still("crash"))
    qtbot.waitUntil(lambda: len(heard.ends()) == 1, timeout=PATIENCE_MS)
    assert isinstance(heard.ends()[0], Failed)
    count = len(heard.events)
    # The next job runs, in another process.
    link.submit(still("ok"))
    qtbot.waitUntil(lambda: len(heard.ends()) == 2, timeout=PATIENCE_MS)
    kinds = [type(event) for event, _attachment in heard.events[count:]]
    assert kinds == [Hello, Started, Progress, Done]
    assert heard.events[-1][1] == b"png"
    assert heard.threads == {threading.main_thread()}
    assert link.thread() is QThread.currentThread()


def test_no_worker_before_the_first_job_and_no_event_after_closing(qapp):
    handlers = []

    def factory(on_event):
        handlers.append(on_event)
        return Mock()

    unused = WorkerLink(factory)
    unused.cancel("nothing")
    unused.close()
    assert handlers == []
    link = WorkerLink(factory)
    heard = Heard(link)
    link.submit(still("ok"))
    handlers[0](Hello(pid=1), b"")
    link.close()
    link.submit(still("ok"))
    handlers[0](Hello(pid=1), b"")
    qapp.processEvents()
    assert heard.events == []
    assert len(handlers) == 1


def test_closing_does_not_wait_for_a_worker_that_does_not_end(qtbot):
    may_end, closing, client = threading.Event(), [], Mock()

    def close():
        closing.append(threading.current_thread())
        may_end.wait(60)

    client.close = close
    link = WorkerLink(lambda _on_event: client)
    link.submit(still("ok"))
    link.close()
    qtbot.waitUntil(lambda: bool(closing), timeout=PATIENCE_MS)
    assert not closing[0].daemon, "the program ends after its worker"
    assert closing[0].is_alive()
    may_end.set()
    closing[0].join(60)
    assert not closing[0].is_alive()
