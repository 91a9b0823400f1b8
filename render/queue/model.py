"""What a queue holds, as it lies on the disk: frozen models, JSON both ways."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field, field_serializer, model_validator

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.kept import check_format
from backprop_studio.render.messages.jobs import LectureJob, VideoJob
from backprop_studio.render.messages.results import LectureResult, VideoResult

FORMAT = 3
"""Of the file; a newer one was written by a newer program. In the first, messages were texts. The
third has lectures; a queue without any is written as the second."""

_WITHOUT_LECTURES = 2

QueuedJob: TypeAlias = VideoJob | LectureJob

State: TypeAlias = Literal[
    "waiting", "running", "paused", "done", "failed", "cancelled", "interrupted"
]

ACTIVE: frozenset[State] = frozenset({"waiting", "running", "paused"})
"""States of entries that are still to be drawn."""


STATE_WORDS: dict[State, Message] = {
    "waiting": Message.of("state.waiting", N_("waiting")),
    "running": Message.of("state.running", N_("running")),
    "paused": Message.of("state.paused", N_("paused")),
    "done": Message.of("state.done", N_("done")),
    "failed": Message.of("state.failed", N_("failed")),
    "cancelled": Message.of("state.cancelled", N_("cancelled")),
    "interrupted": Message.of("state.interrupted", N_("interrupted")),
}


def _from_text(value: Any) -> Any:
    if isinstance(value, str):
        return Message.plain(value) if value else None
    return value


_Said: TypeAlias = Annotated[Message | None, BeforeValidator(_from_text)]
_Format: TypeAlias = Annotated[int, BeforeValidator(lambda _checked: FORMAT)]
"""What :func:`read_state` has found to be one of ours is read as the newest."""


class _Strict(BaseModel, frozen=True, strict=True, extra="forbid", ser_json_inf_nan="constants"):
    pass


class Entry(_Strict):
    """A job and what has become of it.

    Attributes
    ----------
    id : str
        Of the entry; each time that its job is drawn, the job gets an id of its own.
    job : VideoJob or LectureJob
        It names copies of the files that the user named.
    state : State
        ``paused`` is a job that the queue has stopped for: it goes on when the queue does.
        ``interrupted`` is a job that was being drawn when the program ended.
    message : Message or None
        Why it failed, or waits.
    details : str
        The last that the worker wrote before it died.
    names : dict
        From each copy to what the user calls the file.
    result : VideoResult or LectureResult or None
        Of a job that is done.
    """

    id: str = Field(pattern="^[0-9a-f]{32}$")
    job: QueuedJob
    state: State = "waiting"
    message: _Said = None
    details: str = ""
    names: dict[str, str] = Field(default_factory=dict)
    result: VideoResult | LectureResult | None = None

    @property
    def is_active(self) -> bool:
        """Whether it is still to be drawn."""
        return self.state in ACTIVE

    def put(self, state: State, **changes: Any) -> Entry:
        """Return the entry in another state; what belonged to the one before is forgotten.

        Parameters
        ----------
        state : State
        **changes
            Its ``message``, ``details`` and ``result``, if there are any.
        """
        nothing: dict[str, Any] = {"message": None, "details": "", "result": None}
        return self.model_copy(update={"state": state, **nothing, **changes})


class QueueState(_Strict):
    """All entries in their order, and whether the next one may begin.

    Attributes
    ----------
    is_paused : bool
        Whether nothing new begins.
    reason : Message or None
        Why it is paused; None if the user asked for it.
    entries : tuple of Entry
        The first that waits is the next.
    """

    format: _Format = FORMAT
    is_paused: bool = False
    reason: _Said = None
    entries: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if len({entry.id for entry in self.entries}) < len(self.entries):
            raise ValueError("two entries have the same id")
        if sum(entry.state == "running" for entry in self.entries) > 1:
            raise ValueError("more than one entry is running")
        return self

    @field_serializer("format")
    def _format_needed(self, newest: int) -> int:
        """Let a program that knows no lectures read a queue without any."""
        has_lectures = any(isinstance(entry.job, LectureJob) for entry in self.entries)
        return newest if has_lectures else _WITHOUT_LECTURES

    @property
    def next(self) -> Entry | None:
        """The entry that begins next, unless the queue is paused."""
        return next((entry for entry in self.entries if entry.state == "waiting"), None)

    def entry(self, entry_id: str) -> Entry:
        """Return an entry.

        Raises
        ------
        InputError
            If there is none with this id.
        """
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise InputError("queue.no_entry", N_("this video is no longer in the queue"))


def read_state(data: bytes, source: str) -> QueueState:
    """Read a queue from its JSON.

    Parameters
    ----------
    data : bytes
        As they lie on the disk.
    source : str
        What the message calls them.

    Raises
    ------
    InputError
        If a newer program has written them.
    ValueError
        If they are damaged.
    """
    check_format(data, FORMAT, source)
    return QueueState.model_validate_json(data)
