"""Where jobs are run."""

from __future__ import annotations

from backprop_studio.cli.runners import runner_at
from backprop_studio.render.workers.client import Limits
from backprop_studio.render.workers.local_pool import LocalPool


def test_this_machine_is_the_place_unless_another_is_named():
    with runner_at(None) as runner:
        assert isinstance(runner, LocalPool)
        assert runner.capacity(3) == 3
        assert runner.run([], lambda *_: None) == []


def test_this_machine_is_told_how_long_things_may_take():
    limits = Limits(stall=7.0)
    with runner_at(None, limits) as runner:
        assert isinstance(runner, LocalPool)
