"""What is asked of a worker, and what it answers: frozen models, JSON both ways.

A *job* is one request. A worker answers with *events* that carry the job's id; the last event of a
job is exactly one of :class:`Done`, :class:`Failed` and :class:`Cancelled`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

__all__ = [
    "FRAME_SHAPES",
    "PROTOCOL_VERSION",
    "Attached",
    "BeatMark",
    "Cancelled",
    "Card",
    "CatalogueEntry",
    "CatalogueJob",
    "CheckJob",
    "Done",
    "EndEvent",
    "Event",
    "Failed",
    "Frame",
    "FrameShape",
    "Hello",
    "Job",
    "Language",
    "NumbersJob",
    "ParamsJob",
    "Picture",
    "Planned",
    "PreviewJob",
    "Progress",
    "Quality",
    "SceneJob",
    "Share",
    "Started",
    "StillJob",
    "VideoJob",
    "VideoResult",
    "Waiting",
    "parse_event",
    "parse_job",
]

PROTOCOL_VERSION = 2
"""Sent in :class:`Hello`; a client refuses a worker that speaks another one."""

Language: TypeAlias = Literal["en", "zh"]
Quality: TypeAlias = Literal["l", "m", "h", "p", "k"]

QUALITIES: dict[str, tuple[int, int, int]] = {
    "l": (854, 480, 15),
    "m": (1280, 720, 30),
    "h": (1920, 1080, 60),
    "p": (2560, 1440, 60),
    "k": (3840, 2160, 60),
}
"""Manim's quality letters: width and height in pixels, frames per second."""


FrameShape: TypeAlias = Literal["16:9", "4:3", "9:16"]
FRAME_SHAPES: tuple[str, ...] = get_args(FrameShape)


class _Frozen(BaseModel):
    # "constants": nan and inf must reach the other side as they are, to be refused by name there.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Picture(_Frozen):
    """Size of the picture and frame rate.

    Attributes
    ----------
    width, height : int
        Pixels, even because yuv420p halves both.
    fps : int
        Frames per second.
    """

    width: int = Field(1280, ge=16, le=7680, multiple_of=2)
    height: int = Field(720, ge=16, le=7680, multiple_of=2)
    fps: int = Field(30, ge=1, le=120)

    @classmethod
    def of_quality(
        cls, quality: str, fps: int | None = None, shape: FrameShape = "16:9"
    ) -> Picture:
        """Return the picture of a quality letter.

        Parameters
        ----------
        quality : str
            One of :data:`QUALITIES`.
        fps : int, optional
            Another frame rate.
        shape : {"16:9", "4:3", "9:16"}
            The shorter side stays as many pixels as the quality says.

        Examples
        --------
        >>> picture = Picture.of_quality("h", shape="9:16")
        >>> picture.width, picture.height
        (1080, 1920)
        """
        width, height, default_fps = QUALITIES[quality]
        if shape == "4:3":
            width = height * 4 // 3
        elif shape == "9:16":
            width, height = height, width
        return cls(width=width, height=height, fps=fps or default_fps)


class _Job(_Frozen):
    id: str


class SceneJob(_Job):
    """What every request about one scene has in common.

    Attributes
    ----------
    scene : str
        Catalogue id, which is the file's name without its ending.
    params : dict
        Parameters as the user gave them; the worker validates them.
    language : {"en", "zh"}
        Language of the captions.
    theme : str
        Name of a theme of the style.
    """

    scene: str
    params: dict[str, Any] = Field(default_factory=dict)
    language: Language = "en"
    theme: str = "dark"


class CatalogueJob(_Job):
    """Ask for the list of scenes. Result: ``{"scenes": [CatalogueEntry, ...]}``."""

    kind: Literal["catalogue"] = "catalogue"


class NumbersJob(SceneJob):
    """Ask for the answer sheet. Result: ``{"answer_sheet": {...}}``."""

    kind: Literal["numbers"] = "numbers"
    verify: bool = False


class StillJob(SceneJob):
    """Ask for one frame, as PNG bytes attached to :class:`Done`.

    Result: ``{"beat": name, "seconds": float, "beats": [BeatMark, ...], "duration": float}``.
    At most one of ``beat`` and ``at_seconds`` is given; with neither it is the last frame.
    """

    kind: Literal["still"] = "still"
    picture: Picture = Picture()
    beat: str | None = None
    at_seconds: float | None = Field(None, ge=0, allow_inf_nan=False)


class PreviewJob(SceneJob):
    """Ask for the frames of a lesson as they are drawn. Result: ``{"frames": int}``.

    The events are one :class:`Planned`, then a :class:`Frame` with a JPEG for each picture, and
    :class:`Waiting` while the stream is as far ahead as it may be.

    Attributes
    ----------
    beat : str or None
        Where to begin; by default at the beginning.
    ahead : int
        How many frames the stream may run ahead of the frame that the client has got to.
    """

    kind: Literal["preview"] = "preview"
    picture: Picture = Picture(width=854, height=480, fps=30)
    beat: str | None = None
    ahead: int = Field(150, ge=1)


class Card(_Frozen):
    """What the title card says that a lecture shows before a lesson.

    Attributes
    ----------
    lecture : str
        The lecture's title.
    number : int
        The lesson's place in the lecture, from 1.
    title : str
        Instead of the scene's own.
    """

    lecture: str = ""
    number: int = Field(ge=1)
    title: str = ""


class ParamsJob(SceneJob):
    """Ask whether the parameters are right. Result: ``{}``."""

    kind: Literal["params"] = "params"


class Share(_Frozen):
    """Which part of a video is asked for: the ``number``-th of ``count`` pieces, from 0."""

    number: int = Field(ge=0)
    count: int = Field(ge=1)


class VideoJob(SceneJob):
    """Ask for a video, or for a piece of one. Result: a :class:`VideoResult`.

    Attributes
    ----------
    card : Card or None
        Shown before the lesson.
    share : Share or None
        The piece; a video with few plays has fewer pieces than were asked for, and there is no file
        for one that is not there.
    """

    kind: Literal["video"] = "video"
    picture: Picture = Picture()
    card: Card | None = None
    share: Share | None = None
    output: str = Field(description="absolute path of the finished file; its ending is the format")
    overwrite: bool = False


class CheckJob(_Job):
    """Ask for the faults of pictures. Result: ``{"findings": [Finding, ...], "moments": int}``.

    Attributes
    ----------
    scenes, languages, themes : tuple of str
        Each scene is looked at in each language and theme.
    params : dict
        Parameters of the scenes as the user gave them.
    shape : {"16:9", "4:3", "9:16"}
        Of the frame.
    samples : int
        Moments looked at between the ends of a beat.
    pictures : str or None
        Absolute path of the folder for the pictures that outline the faults.
    """

    kind: Literal["check"] = "check"
    scenes: tuple[str, ...]
    languages: tuple[Language, ...]
    themes: tuple[str, ...]
    params: dict[str, Any] = Field(default_factory=dict)
    shape: FrameShape = "16:9"
    samples: int = Field(4, ge=0, le=1000)
    pictures: str | None = None


class BeatMark(_Frozen):
    """A named step of a lesson and when it plays, in seconds."""

    name: str
    caption: str
    start: float
    end: float


class VideoResult(_Frozen):
    """A finished and checked video.

    Attributes
    ----------
    title : str
        In its language.
    drawn : int or None
        Frames in this file, if it is a piece; all else is said of the whole video.
    """

    path: str
    title: str = ""
    drawn: int | None = None
    width: int
    height: int
    fps: int
    frames: int
    duration: float
    beats: tuple[BeatMark, ...]


class CatalogueEntry(_Frozen):
    """One row of the catalogue.

    Attributes
    ----------
    id : str
        The scene file's name without its ending.
    title, summary, chapter : str
        English keys of the translation catalogue.
    place : tuple of int or None
        Chapter and lesson of the curriculum; None for a scene outside of it.
    thumbnail : str
        Name of the beat whose picture stands for the scene; empty is the middle one.
    parameters : dict
        JSON Schema of the scene's parameters.
    beats : tuple of str
        Beat names with the default parameters.
    error : str or None
        Why the scene cannot be used, in one sentence; the other fields are then empty.
    """

    id: str
    title: str = ""
    summary: str = ""
    chapter: str = ""
    place: tuple[int, int] | None = None
    thumbnail: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    beats: tuple[str, ...] = ()
    error: str | None = None

    @property
    def thumbnail_beat(self) -> str | None:
        """The beat whose picture stands for the scene; None is the last frame.

        Examples
        --------
        >>> CatalogueEntry(id="a", beats=("start", "peak", "end")).thumbnail_beat
        'peak'
        """
        if self.thumbnail in self.beats:
            return self.thumbnail
        return self.beats[len(self.beats) // 2] if self.beats else None


class Hello(_Frozen):
    """First message of a worker: it is warm and can take jobs."""

    kind: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    pid: int


class _JobEvent(_Frozen):
    job_id: str


class Started(_JobEvent):
    """The worker has begun the job."""

    kind: Literal["started"] = "started"


class Progress(_JobEvent):
    """How far the job is; ``fraction`` never falls."""

    kind: Literal["progress"] = "progress"
    phase: Literal["plan", "draw", "check"]
    fraction: float = Field(ge=0, le=1)
    frame: int = 0
    frames: int = 0
    eta_seconds: float | None = None


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


class Done(_JobEvent):
    """The job succeeded. ``attachment`` bytes follow on the pipe (a still's PNG), or none."""

    kind: Literal["done"] = "done"
    result: dict[str, Any] = Field(default_factory=dict)
    attachment: int = 0


class Failed(_JobEvent):
    """The job failed. ``error`` is a kind of :data:`core.errors.ERRORS_BY_KIND`."""

    kind: Literal["failed"] = "failed"
    error: str
    message: str
    details: str = ""


class Cancelled(_JobEvent):
    """The job was cancelled; nothing was written."""

    kind: Literal["cancelled"] = "cancelled"


Job: TypeAlias = Annotated[
    CatalogueJob | CheckJob | NumbersJob | ParamsJob | PreviewJob | StillJob | VideoJob,
    Field(discriminator="kind"),
]
Event: TypeAlias = Annotated[
    Hello | Started | Progress | Planned | Frame | Waiting | Done | Failed | Cancelled,
    Field(discriminator="kind"),
]
Attached: TypeAlias = Done | Frame
"""Events that say how many bytes follow them."""

EndEvent: TypeAlias = Done | Failed | Cancelled

_JOB: TypeAdapter[Job] = TypeAdapter(Job)
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def parse_job(text: str | bytes) -> Job:
    """Read a job from its JSON."""
    return _JOB.validate_json(text)


def parse_event(text: str | bytes) -> Event:
    """Read an event from its JSON."""
    return _EVENT.validate_json(text)
