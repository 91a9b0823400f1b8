"""Work in small pieces: it is done in order, and between two pieces the loop turns."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

from backprop_studio.gui.toolkit import slices as module
from backprop_studio.gui.toolkit.slices import Slices


def steps(done, *names):
    for name in names:
        done.append(name)
        yield


def test_between_two_steps_the_loop_turns(qtbot, monkeypatch):
    monkeypatch.setattr(module, "SLICE_SECONDS", 0)
    parent, done = QObject(), []
    slices = Slices(parent)
    timer = QTimer(parent, interval=1)
    timer.timeout.connect(lambda: done.append("turn"))
    timer.start()

    def slow():
        for name in "abc":
            time.sleep(0.005)
            done.append(name)
            yield

    slices.start(slow())
    with qtbot.waitSignal(slices.finished):
        pass
    assert [it for it in done if it != "turn"] == ["a", "b", "c"]
    assert "turn" in done[done.index("a") : done.index("c")]
    assert not slices.is_busy


def test_what_is_added_comes_after_what_is_left_and_other_work_replaces_all(qtbot):
    parent, done, ends = QObject(), [], []
    slices = Slices(parent)
    slices.finished.connect(lambda: ends.append(len(done)))
    slices.start(steps(done, "a", "b"))
    slices.then(steps(done, "c"))
    slices.finish()
    assert (done, ends) == (["a", "b", "c"], [3])
    slices.start(steps(done, "lost"))
    slices.start(steps(done, "d"))
    slices.finish()
    assert done[3:] == ["d"]


def test_a_step_may_add_to_the_work(qtbot):
    parent, done = QObject(), []
    slices = Slices(parent)

    def first():
        done.append("first")
        slices.then(steps(done, "third"))
        yield
        done.append("second")

    slices.start(first())
    with qtbot.waitSignal(slices.finished):
        pass
    assert done == ["first", "second", "third"]
