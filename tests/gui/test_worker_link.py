"""The bridge with the real client and a worker that plays a part."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QThread

from backprop_studio.gui.worker_link import EventHandler, WorkerLink
from backprop_studio.render.messages.events import (
    Cancelled,
    Done,
    Event,
    Failed,
    Hello,
    Progress,
    Started,
)
from backprop_studio.render.messages.jobs import StillJob
from backprop_studio.render.workers.client import WorkerClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

FAKE_WORKER = Path(__file__).parents[1] / "render" / "fake_worker.py"
PATIENCE_MS = 60_000


def client(on_event: EventHandler) -> WorkerClient:
    return WorkerClient(on_event, command=(sys.executable, str(FAKE_WORKER)))


@pytest.fixture
def link(qapp: object) -> Iterator[WorkerLink]:
    link = WorkerLink(client)
    yield link
    link.close()


class Heard:
    """Collects events and the threads they arrived in."""

    def __init__(self, link: WorkerLink) -> None:
        self.events: list[tuple[Event, bytes]] = []
        self.threads: set[Any] = set()
        link.event_arrived.connect(self._on_event)

    def _on_event(self, event: Event, attachment: bytes) -> None:
        self.events.append((event, attachment))
        self.threads.add(threading.current_thread())

    def ends(self) -> list[Event]:
        return [event for event, _ in self.events if isinstance(event, Done | Failed | Cancelled)]


def still(act: str) -> StillJob:
    return StillJob(id=f"job-{act}", scene="any", params={"act": act})


def test_events_arrive_in_order_and_in_the_window_s_thread(
    qtbot: QtBot, qapp: Any, link: WorkerLink
) -> None:
    heard = Heard(link)
    link.submit(still("ok"))
    qtbot.waitUntil(lambda: bool(heard.ends()), timeout=PATIENCE_MS)
    kinds = [type(event) for event, _attachment in heard.events]
    assert kinds == [Hello, Started, Progress, Done]
    assert heard.events[-1][1] == b"png"
    assert heard.threads == {threading.main_thread()}
    assert link.thread() is QThread.currentThread()


def test_a_crash_is_a_failure_and_the_next_job_runs(qtbot: QtBot, link: WorkerLink) -> None:
    heard = Heard(link)
    link.submit(still("crash"))
    qtbot.waitUntil(lambda: len(heard.ends()) == 1, timeout=PATIENCE_MS)
    assert isinstance(heard.ends()[0], Failed)
    link.submit(still("ok"))
    qtbot.waitUntil(lambda: len(heard.ends()) == 2, timeout=PATIENCE_MS)
    assert isinstance(heard.ends()[1], Done)


def test_cancelling_a_job_that_hangs(qtbot: QtBot, link: WorkerLink) -> None:
    heard = Heard(link)
    link.submit(still("hang"))
    qtbot.waitUntil(
        lambda: any(isinstance(event, Progress) for event, _ in heard.events), timeout=PATIENCE_MS
    )
    link.cancel("job-hang")
    qtbot.waitUntil(lambda: bool(heard.ends()), timeout=PATIENCE_MS)
    assert isinstance(heard.ends()[0], Cancelled)


def test_no_process_is_started_before_the_first_job(qapp: object) -> None:
    made: list[int] = []

    def factory(on_event: EventHandler) -> WorkerClient:
        made.append(1)
        return client(on_event)

    link = WorkerLink(factory)
    link.cancel("nothing")
    link.close()
    assert made == []


def test_nothing_arrives_after_closing(qtbot: QtBot) -> None:
    handlers: list[EventHandler] = []

    def factory(on_event: EventHandler) -> WorkerClient:
        handlers.append(on_event)
        return client(on_event)

    link = WorkerLink(factory)
    heard = Heard(link)
    link.submit(still("hang"))
    qtbot.waitUntil(lambda: bool(heard.events), timeout=PATIENCE_MS)
    count = len(heard.events)
    link.close()
    link.submit(still("ok"))
    handlers[0](Hello(pid=1), b"")
    qtbot.wait_until(lambda: True)
    assert len(heard.events) == count
