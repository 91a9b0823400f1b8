"""What a worker says.

A worker answers a job with *events* that carry the job's id; the last event of a job is exactly one
of :class:`Done`, :class:`Failed` and :class:`Cancelled`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, TypeAdapter

from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.frozen import Frozen
from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from backprop_studio.core.base.errors import StudioError

PROTOCOL_VERSION = 5
"""Sent in :class:`Hello`; a client refuses a worker that speaks another one."""


class Hello(Frozen):
    """First message of a worker: it is warm and can take jobs."""

    kind: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    pid: int


class _JobEvent(Frozen):
    job_id: str


class Started(_JobEvent):
    """The worker has begun the job."""

    kind: Literal["started"] = "started"


Phase: TypeAlias = Literal["plan", "draw", "write", "check"]


class Progress(_JobEvent):
    """How far the job is; ``fraction`` never falls.

    Of a lecture, ``fraction`` and ``eta_seconds`` are said of all of it, and frames of one lesson.

    Attributes
    ----------
    part, parts : int
        Which lesson of a lecture is drawn, from 1, and of how many in all languages together; 0 if
        it is no lecture.
    """

    kind: Literal["progress"] = "progress"
    phase: Phase
    fraction: float = Field(ge=0, le=1)
    frame: int = 0
    frames: int = 0
    eta_seconds: float | None = None
    part: int = 0
    parts: int = 0


class Planned(_JobEvent):
    """What a stream of frames will be; comes before its first frame.

    Attributes
    ----------
    beats : tuple of BeatMark
        Of the whole lesson.
    first : int
        Number of the frame that the stream begins with.
    frames : int
        Of the whole lesson.
    duration : float
        Seconds of the whole lesson.
    """

    kind: Literal["planned"] = "planned"
    beats: tuple[BeatMark, ...]
    first: int = Field(ge=0)
    frames: int = Field(ge=1)
    duration: float


class Frame(_JobEvent):
    """One picture of a stream; its JPEG follows on the pipe.

    Attributes
    ----------
    number : int
        Of its frame in the lesson, from 0.
    seconds : float
        When it is shown.
    repeat : int
        For how many frames, because a moment in which nothing moves is sent once.
    attachment : int
        Bytes that follow.
    """

    kind: Literal["frame"] = "frame"
    number: int = Field(ge=0)
    seconds: float
    repeat: int = Field(1, ge=1)
    attachment: int


class Waiting(_JobEvent):
    """A stream is as far ahead as it may be: when that begins, and then as a sign of life."""

    kind: Literal["waiting"] = "waiting"


class Pictured(_JobEvent):
    """A still is drawn, and its job goes on; the PNG follows on the pipe.

    Attributes
    ----------
    result : dict
        As that of the job, without what is not known yet.
    attachment : int
        Bytes that follow.
    """

    kind: Literal["pictured"] = "pictured"
    result: dict[str, Any]
    attachment: int


class Done(_JobEvent):
    """The job succeeded. ``attachment`` bytes follow on the pipe (a still's PNG), or none."""

    kind: Literal["done"] = "done"
    result: dict[str, Any] = Field(default_factory=dict)
    attachment: int = 0


class Failed(_JobEvent):
    """The job failed. ``error`` is a kind of :data:`core.base.errors.ERRORS_BY_KIND`."""

    kind: Literal["failed"] = "failed"
    error: str
    message: Message
    details: str = ""

    @classmethod
    def of(cls, job_id: str, error: StudioError, details: str = "") -> Self:
        """Return the event that says why a job failed."""
        return cls(job_id=job_id, error=error.kind, message=error.message, details=details)


class Cancelled(_JobEvent):
    """The job was cancelled; nothing was written."""

    kind: Literal["cancelled"] = "cancelled"


Event: TypeAlias = Annotated[
    Hello | Started | Progress | Planned | Frame | Waiting | Pictured | Done | Failed | Cancelled,
    Field(discriminator="kind"),
]

Attached: TypeAlias = Done | Frame | Pictured
"""Events that say how many bytes follow them."""

EndEvent: TypeAlias = Done | Failed | Cancelled

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def parse_event(text: str | bytes) -> Event:
    """Read an event from its JSON."""
    return _EVENT.validate_json(text)
