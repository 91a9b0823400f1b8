from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from backprop_studio.render.messages.events import Cancelled, Done, Failed, Progress
from backprop_studio.render.workers.client import WorkerClient

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
"""Seconds after which a test gives up waiting; never a measure of speed."""


class Session:
    """A real worker and everything it has said."""

    def __init__(self):
        self.events = []
        self._changed = threading.Condition()
        self.client = WorkerClient(self._receive)

    def _receive(self, event, attachment):
        with self._changed:
            self.events.append((event, attachment))
            self._changed.notify_all()

    def wait_for(self, condition):
        with self._changed:
            found = self._changed.wait_for(
                lambda: next((pair for pair in self.events if condition(pair[0])), None), PATIENCE
            )
        assert found, f"not among {[event for event, _ in self.events][-5:]}"
        return found

    def wait_for_end(self, job_id):
        return self.wait_for(
            lambda event: isinstance(event, Done | Failed | Cancelled) and event.job_id == job_id
        )

    def end_of(self, job):
        self.client.submit(job)
        return self.wait_for_end(job.id)

    def progress(self, job_id):
        return [
            event
            for event, _ in self.events
            if isinstance(event, Progress) and event.job_id == job_id
        ]


@pytest.fixture(scope="session")
def session():
    """One warm worker for all tests that render."""
    session = Session()
    yield session
    session.client.close()


@pytest.fixture
def outside():
    """Return the environment of somebody who does not work in the project's folder."""
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *([path] if path else [])])}
