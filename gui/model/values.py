"""The values the window's state is made of: frozen, without widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtGui import QImage

    from backprop_studio.render.messages.results import BeatMark


class Engine(Enum):
    """What the preview worker is doing."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"


class Live(Enum):
    """What the lesson does that plays while it is drawn."""

    OFF = "off"
    STARTING = "starting"
    PLAYING = "playing"
    CATCHING_UP = "catching up"
    PAUSED = "paused"

    @property
    def is_on(self) -> bool:
        """Whether the stage shows it instead of the still."""
        return self is not Live.OFF


class View(Enum):
    """What the stage shows."""

    PREVIEW = "preview"
    VIDEO = "video"


class RenderPhase(Enum):
    """Where a render is."""

    IDLE = "idle"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_active(self) -> bool:
        """Whether a worker is busy with the render."""
        return self in {RenderPhase.RUNNING, RenderPhase.CANCELLING}


@dataclass(frozen=True, eq=False)
class Preview:
    """The still on the stage.

    Attributes
    ----------
    image : QImage or None
        The last picture that arrived.
    beat : str or None
        The beat that picture shows.
    beats : tuple of BeatMark
        All beats of the lesson with its present parameters; as they were before if they are
        measured anew.
    waiting : bool
        A newer picture has been asked for.
    measuring : bool
        The picture is there, and its lesson's beats are on their way.
    slow : bool
        It has been awaited so long that the stage must say so.
    error : Message or None
        Why there is no newer picture; None if all is well.
    details : str
        What a maintainer wants to know about it.
    """

    image: QImage | None = None
    beat: str | None = None
    beats: tuple[BeatMark, ...] = ()
    waiting: bool = False
    measuring: bool = False
    slow: bool = False
    error: Message | None = None
    details: str = ""

    @property
    def is_awaited(self) -> bool:
        """Whether something of it is on its way."""
        return self.waiting or self.measuring

    @property
    def is_at_rest(self) -> bool:
        """Whether all of it is there."""
        return self.image is not None and not self.is_awaited and self.error is None


@dataclass(frozen=True)
class LessonSettings:
    """What makes a lesson, and the video of it, look as it does.

    Attributes
    ----------
    scene : str
        The scene.
    params : mapping
        Nested as a job has them; files as the user calls them.
    choices : mapping
        What else is chosen, by the attributes of the state: language, colours, shape, quality,
        format; what is not known is not there.
    """

    scene: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Video:
    """A finished video.

    Attributes
    ----------
    path : Path
        The file; one of ours lies in the renders folder until it is saved elsewhere.
    beats : tuple of BeatMark
        Beat marks for the slider; empty if the file does not say.
    fps : float
        Frames per second, for stepping.
    name : str
        Name offered by "Save as", without folder.
    settings : LessonSettings or None
        What it was made with, if that is known.
    """

    path: Path
    beats: tuple[BeatMark, ...] = field(default=())
    fps: float = 30.0
    name: str = ""
    settings: LessonSettings | None = None


@dataclass(frozen=True)
class RenderStatus:
    """The video that is being drawn, or how the last one ended, as the bar shows it.

    Attributes
    ----------
    entry_id : str
        Of the queue's entry; empty if it did not get so far.
    fraction : float
        Never falls within one render.
    part, parts : int
        Which lesson of a lecture is drawn, from 1, and of how many in all languages; 0 if it is no
        lecture.
    video : Video or None
        What was made.
    """

    phase: RenderPhase = RenderPhase.IDLE
    entry_id: str = ""
    scene: str = ""
    step: str = ""
    fraction: float = 0.0
    frame: int = 0
    frames: int = 0
    part: int = 0
    parts: int = 0
    eta_seconds: float | None = None
    elapsed_seconds: float = 0.0
    message: Message | None = None
    details: str = ""
    video: Video | None = None


UNREADABLE = Message.of(
    "still.unreadable", N_("the picture that came from the render engine cannot be read")
)
