"""The Python binding of Qt itself: a faulty one ends the process after a few thousand calls."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal

CALLS = 40


class Emitter(QObject):
    fired = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from 3.12 on")
def test_calls_do_not_eat_references_to_none_and_true(qapp):
    # PySide6 6.12.0 gives up a reference to None with every call that returns nothing, and one to
    # True with every signal; CPython 3.11 aborts when none is left ("deallocating None").
    emitter = Emitter()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        emitter.setObjectName("x")
        emitter.fired.emit()
    after = sys.getrefcount(None), sys.getrefcount(True)
    lost = [one - other for one, other in zip(before, after, strict=True)]
    assert max(lost) < CALLS // 2
