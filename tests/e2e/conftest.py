from __future__ import annotations

import os
from pathlib import Path

import pytest

from backprop_studio.render.workers.client import WorkerClient
from tests.recorder import Recorder

ROOT = Path(__file__).resolve().parents[2]


class Session(Recorder):
    """A real worker and everything it has said."""

    def __init__(self):
        super().__init__()
        self.client = WorkerClient(self)

    def end_of(self, job):
        self.client.submit(job)
        return self.wait_for_end(job.id)


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
