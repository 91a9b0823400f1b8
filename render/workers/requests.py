"""What a client asks of its dispatcher, and how long things may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import psutil

from backprop_studio.render.messages.events import Event

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Job

EventHandler: TypeAlias = Callable[[Event, bytes], None]


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


@dataclass(frozen=True)
class Submitted:
    """A new job."""

    job: Job


@dataclass(frozen=True)
class CancelRequested:
    """The user no longer wants a job."""

    job_id: str


@dataclass(frozen=True)
class FramesTaken:
    """A stream of frames has been shown up to this one."""

    job_id: str
    frame: int
