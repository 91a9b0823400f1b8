"""How much of the processor a process takes from others."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil

_BELOW_OTHERS = 5
_LAST = 19


def step_back() -> None:
    """Leave the processor to whoever the user is looking at; started processes inherit it."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        _be_nice(_BELOW_OTHERS)


def stay_in_background() -> None:
    """Take what nobody else wants; started processes inherit it."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
    else:
        _be_nice(_LAST)


def _be_nice(amount: int) -> None:
    os.nice(amount)
    # Linux shares the processor between sessions first: a worker is one of its own, and its
    # niceness counts among its own processes only, unless the session is told, too.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(amount), encoding="ascii")
