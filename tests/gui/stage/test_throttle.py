"""At once, then the latest, never more often than the interval."""

from __future__ import annotations

from backprop_studio.gui.stage.throttle import Throttle


def test_first_request_acts_at_once(qtbot):
    done = []
    throttle = Throttle(lambda: done.append(1), 10_000)
    throttle.request()
    assert done == [1]


def test_requests_within_the_interval_become_one_with_the_latest_value(qtbot):
    values = [0]
    done = []
    throttle = Throttle(lambda: done.append(values[-1]), 0)
    for value in range(1, 9):
        values.append(value)
        throttle.request()
    assert done == [1]
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [1, 8]


def test_nothing_follows_when_nothing_was_asked(qtbot):
    done = []
    throttle = Throttle(lambda: done.append(1), 0)
    throttle.request()
    qtbot.waitUntil(lambda: throttle.is_idle)
    assert done == [1]
    throttle.request()
    assert done == [1, 1]
