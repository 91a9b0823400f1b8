"""How long the work of a process may take, and how much memory."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds, and how much memory, in bytes.

    Attributes
    ----------
    cancel : float
        From a cancel request until the worker is killed.
    stall : float
        Without a sign of life during a job.
    start : float
        From the start of the process until it says hello.
    idle_memory : int
        A worker that holds more after a job is replaced by a new one.
    most_memory : int
        A worker that holds more during a job is stopped, before the machine has none left.
    """

    cancel: float = 2.0
    stall: float = 120.0
    start: float = 180.0
    idle_memory: int = 2 * 1024**3
    most_memory: int = field(default_factory=lambda: int(0.7 * psutil.virtual_memory().total))


def memory_of(pid: int | None) -> int:
    """Return how many bytes a process holds; 0 if it is gone or cannot be asked."""
    with suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss) if pid else 0
    return 0
