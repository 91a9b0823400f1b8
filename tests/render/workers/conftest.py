from __future__ import annotations

import pytest

from backprop_studio.render.messages.jobs import NumbersJob
from backprop_studio.render.workers.client import Limits, WorkerClient

QUICK = Limits(cancel=0.2)


class Switch:
    """Passes events on to the recorder of the test that runs."""

    recorder = None

    def __call__(self, event, attachment):
        self.recorder(event, attachment)


@pytest.fixture(scope="module")
def warm(fake_command):
    switch = Switch()
    with WorkerClient(switch, command=fake_command, limits=QUICK) as client:
        switch.client = client
        yield switch


@pytest.fixture
def client(warm, recorder):
    """The client of a fake worker, which is warm from the tests before."""
    warm.recorder = recorder
    return warm.client


@pytest.fixture
def ask(client, recorder):
    """Return how a job ends."""

    def ask(job):
        client.submit(job)
        return recorder.wait_for_end(job.id)[0]

    return ask


@pytest.fixture
def begin(client, recorder):
    """Begin a job and return it while it is being done."""

    def begin(job, fraction=0.5):
        client.submit(job)
        recorder.wait_for_progress(job.id, fraction)
        return job

    return begin


def numbers_job(name, act, **more):
    """Jobs of this kind wait for each other; stills would supersede each other."""
    return NumbersJob(id=name, scene="any", params={"act": act, **more})
