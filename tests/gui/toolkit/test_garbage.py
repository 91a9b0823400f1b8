"""Garbage is collected in the window's thread, when it is due."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject

from backprop_studio.gui.toolkit.garbage import Garbage


class Knot:
    """An object that only the collector can let go of."""

    def __init__(self):
        self.own = self


def test_no_other_thread_collects_and_the_window_does_when_it_is_due(qapp):
    owner = QObject()
    garbage = Garbage(owner)
    ends = []
    knot = Knot()
    weakref.finalize(knot, lambda: ends.append(threading.current_thread()))
    del knot

    def make_many():
        kept = [[] for _ in range(20 * gc.get_threshold()[0])]
        assert kept

    try:
        other = threading.Thread(target=make_many)
        other.start()
        other.join()
        assert ends == []
        many = [[] for _ in range(gc.get_threshold()[0] + 1)]
        garbage.collect()
        assert many
        assert ends == [threading.current_thread()]
    finally:
        owner.deleteLater()
        gc.enable()
