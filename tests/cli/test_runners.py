"""Where jobs are run."""

from __future__ import annotations

from backprop_studio.cli import runners
from backprop_studio.render.workers.client import Limits
from backprop_studio.render.workers.local_pool import WarmWorkers


def test_this_machine_is_the_place_unless_another_is_named(monkeypatch):
    made = {}

    class Noted(WarmWorkers):
        def __init__(self, **settings):
            made.update(settings)
            super().__init__(**settings)

    monkeypatch.setattr(runners, "WarmWorkers", Noted)
    limits = Limits(stall=7.0)
    with runners.runner_at(None, limits) as runner:
        assert runner.capacity(3) == 3
        assert runner.run([], lambda *_: None) == []
    assert made == {"limits": limits}
