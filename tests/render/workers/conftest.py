from __future__ import annotations

import pytest

from backprop_studio.render.messages.jobs import NumbersJob
from backprop_studio.render.workers.client import Limits, WorkerClient

QUICK = Limits(cancel=0.2)


@pytest.fixture
def client(recorder, fake_command):
    with WorkerClient(recorder, command=fake_command, limits=QUICK) as client:
        yield client


def numbers_job(name, act, **more):
    """Jobs of this kind wait for each other; stills would supersede each other."""
    return NumbersJob(id=name, scene="any", params={"act": act, **more})
