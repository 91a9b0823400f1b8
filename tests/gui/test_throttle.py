"""At once, then the latest, never more often than the interval."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.throttle import Throttle


def test_first_request_acts_at_once(qtbot: QtBot) -> None:
    done: list[int] = []
    throttle = Throttle(lambda: done.append(1), 10_000)
    throttle.request()
    assert done == [1]


def test_requests_within_the_interval_become_one_with_the_latest_value(qtbot: QtBot) -> None:
    value = 0
    done: list[int] = []
    throttle = Throttle(lambda: done.append(value), 40)
    for value in range(1, 9):
        throttle.request()
    assert done == [1]
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [1, 8]


def test_nothing_follows_when_nothing_was_asked(qtbot: QtBot) -> None:
    done: list[int] = []
    throttle = Throttle(lambda: done.append(1), 20)
    throttle.request()
    with qtbot.waitSignal(throttle._timer.timeout):
        pass
    assert done == [1]
    throttle.request()
    assert done == [1, 1]
