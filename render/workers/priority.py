"""How much of the processor a process takes from others."""

from __future__ import annotations

import os
import sys

import psutil


def step_back() -> None:
    """Leave the processor to whoever the user is looking at; started processes inherit it."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(5)


def stay_in_background() -> None:
    """Take what nobody else wants; started processes inherit it."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
    else:
        os.nice(19)
