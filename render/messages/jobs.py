"""What is asked of a worker; each job is one request."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field, TypeAdapter

from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme
from backprop_studio.core.tape.records import Tape
from backprop_studio.render.messages.frame_format import FrameFormat, FrameShape
from backprop_studio.render.messages.frozen import Frozen
from backprop_studio.render.messages.voices import SILENT, Voice

PRINTED = 1080
"""Pixels of the shorter side of a picture on paper."""

MOST_STUDENTS = 1000


class JobRequest(Frozen):
    """What every job has: an id that no other one has."""

    id: str


class SceneJob(JobRequest):
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
    script : dict
        Own sentences by beat, instead of the lesson's.
    """

    scene: str
    params: dict[str, Any] = Field(default_factory=dict)
    language: Language = "en"
    theme: str = "dark"
    script: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class CatalogueJob(JobRequest):
    """Ask for the list of scenes. Result: ``{"scenes": [CatalogueEntry, ...]}``."""

    kind: Literal["catalogue"] = "catalogue"


class NumbersJob(SceneJob):
    """Ask for the answer sheet.

    Result: ``{"answer_sheet": {...}, "data_report": {...} or None}``; the latter is a
    :class:`core.datasets.report.DataReport`.
    """

    kind: Literal["numbers"] = "numbers"
    verify: bool = False


class StillJob(SceneJob):
    """Ask for one frame, as PNG bytes attached to :class:`Done`.

    Result: ``{"beat": name, "seconds": float, "beats": [BeatMark, ...], "duration": float,
    "resolved": {...}}``. At most one of ``beat`` and ``at_seconds`` is given; with neither it is
    the last frame.

    Attributes
    ----------
    beats : {"with", "after", "without"}
        When the beats and the duration are told, for which all of the lesson is walked through:
        with the picture; after it, which then comes in a :class:`Pictured`, as soon as it is
        drawn; or only if they are known already.
    """

    kind: Literal["still"] = "still"
    picture: FrameFormat = FrameFormat()
    beat: str | None = None
    at_seconds: float | None = Field(None, ge=0, allow_inf_nan=False)
    beats: Literal["with", "after", "without"] = "with"


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
    picture: FrameFormat = FrameFormat(width=854, height=480, fps=30)
    beat: str | None = None
    ahead: int = Field(150, ge=1)


class Card(Frozen):
    """What the title card says that a lecture shows before a lesson.

    Attributes
    ----------
    lecture : str
        The lecture's title.
    number : int
        The lesson's number in the lecture, from 1.
    title : str
        Instead of the scene's own.
    """

    lecture: str = ""
    number: int = Field(ge=1)
    title: str = ""


class ParamsJob(SceneJob):
    """Ask whether the parameters are right. Result: ``{}``."""

    kind: Literal["params"] = "params"


class PlanJob(SceneJob):
    """Ask for a lesson's plan without drawing it.

    Result: ``{"frames": int, "beats": [BeatMark, ...]}``.
    """

    kind: Literal["plan"] = "plan"
    picture: FrameFormat = FrameFormat()
    card: Card | None = None
    spoken: dict[str, float] = Field(default_factory=dict)


class MaterialJob(SceneJob):
    """Ask for what a kit is made of besides the video.

    Result: ``{"answer_sheet": {...}, "stills": [PNG in base64, ...], "beats": [BeatMark, ...]}``:
    of each beat its last frame, and what is said in these colours.
    """

    kind: Literal["material"] = "material"
    picture: FrameFormat = FrameFormat()
    card: Card | None = None


class TapeJob(JobRequest):
    """Ask for the picture of a graph that torch recorded. Result: ``{}``, with a PNG attached."""

    kind: Literal["tape"] = "tape"
    tape: Tape
    language: Language = "en"
    theme: Theme = "dark"


class Share(Frozen):
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
    voice : str
        Who speaks it, as :data:`render.messages.voices.FORMS` are written.
    pronunciations : str or None
        Absolute path of a folder whose table of pronunciations counts beside the user's own.
    spoken : dict
        For how many seconds the voice speaks each sentence, once that is known.
    """

    kind: Literal["video"] = "video"
    picture: FrameFormat = FrameFormat()
    card: Card | None = None
    voice: Voice = SILENT
    pronunciations: str | None = None
    spoken: dict[str, float] = Field(default_factory=dict)
    share: Share | None = None
    output: str = Field(description="absolute path of the finished file; its ending is the format")
    overwrite: bool = False


def plan_job_of(job: VideoJob, job_id: str) -> PlanJob:
    """Return the job that plans a video."""
    shared = {key: getattr(job, key) for key in PlanJob.model_fields if key not in {"id", "kind"}}
    return PlanJob(id=job_id, **shared)


def material_job_of(job: VideoJob, job_id: str, *, is_print: bool = False) -> MaterialJob:
    """Return the job that asks for what else is made of a video's lesson.

    Parameters
    ----------
    is_print : bool
        For paper: in the colours for print, and with as many pixels as paper shows.
    """
    known = MaterialJob.model_fields.keys() - {"id", "kind"}
    given = {key: getattr(job, key) for key in known}
    if is_print:
        given |= {"theme": "print", "picture": job.picture.of_short_side(PRINTED)}
    return MaterialJob(id=job_id, **given)


KitItem: TypeAlias = Literal[
    "video",
    "subtitles",
    "chapters",
    "transcript",
    "stills",
    "clips",
    "gifs",
    "numbers",
    "code",
    "source",
    "notebook",
    "slides",
    "handout",
    "exercises",
    "player",
    "scorm",
    "manifest",
]
KIT: tuple[KitItem, ...] = get_args(KitItem)
"""What can be made of a lecture."""

ClipKind: TypeAlias = Literal["mp4", "prores", "vp9"]
"""Of the clips: as the video, or with nothing behind the lesson, for cutting programs or pages."""

PlayerForm: TypeAlias = Literal["single", "folder"]
"""Whether the player is one file with everything in it, or a page with its media beside it."""

HandoutCount: TypeAlias = Literal[1, 2, 3, 6]


class KitOptions(Frozen):
    """What can be chosen of the kinds of files that a kit has.

    Attributes
    ----------
    autoplay : bool
        Whether clips on slides begin with their slide, rather than at a click.
    clips : {"mp4", "prores", "vp9"}
        As the video, or with nothing behind the lesson: ProRes 4444 in MOV, VP9 in WebM.
    handout : {1, 2, 3, 6} or None
        Stills on a page of the handout; three have lines for notes beside them. None is the
        lecture's own choice.
    students : int
        How many get exercises with numbers of their own.
    seed : int
        By which these are drawn.
    player : {"single", "folder"}
        Whether the player is one file, or a page with its media beside it.
    """

    autoplay: bool = False
    clips: ClipKind = "mp4"
    handout: HandoutCount | None = None
    students: int = Field(30, ge=1, le=MOST_STUDENTS)
    seed: int = Field(1, ge=0, le=2**32 - 1)
    player: PlayerForm = "single"


USUAL = KitOptions()


class LectureJob(JobRequest):
    """Ask for the files of a lecture. Result: a :class:`LectureResult`.

    It is for the process that draws with all cores. Lessons that were drawn before are not drawn
    again; all files appear at the end, or none.

    Attributes
    ----------
    lecture : str
        Absolute path of the lecture file.
    output : str
        Absolute path of the folder the files go to; made if its parent is there.
    languages : tuple of str
        Instead of the lecture's own; none are those.
    kit : tuple of str
        What is made.
    overwrite : bool
        Whether files may be replaced that are not as an earlier run has left them.
    voice : str or None
        Who speaks instead of the lecture's own voice.
    options : KitOptions
        How it is made.
    """

    kind: Literal["lecture"] = "lecture"
    lecture: str
    output: str
    languages: tuple[Language, ...] = ()
    kit: tuple[KitItem, ...] = Field(KIT, min_length=1)
    overwrite: bool = False
    voice: Voice | None = None
    options: KitOptions = USUAL


class CheckJob(JobRequest):
    """Ask for the faults of pictures.

    Result: ``{"findings": [Finding, ...], "moments": int, "contrasts": Contrasts}``.

    Attributes
    ----------
    scenes, languages, themes : tuple of str
        Each scene is looked at in each language and theme.
    params : dict
        Parameters of the scenes as the user gave them.
    scripts : dict
        Own sentences by language and beat, instead of the lessons'.
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
    scripts: dict[Language, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    shape: FrameShape = "16:9"
    samples: int = Field(4, ge=0, le=1000)
    pictures: str | None = None


Job: TypeAlias = Annotated[
    CatalogueJob
    | CheckJob
    | LectureJob
    | MaterialJob
    | NumbersJob
    | ParamsJob
    | PlanJob
    | PreviewJob
    | StillJob
    | TapeJob
    | VideoJob,
    Field(discriminator="kind"),
]

_JOB: TypeAdapter[Job] = TypeAdapter(Job)


def parse_job(text: str | bytes) -> Job:
    """Read a job from its JSON."""
    return _JOB.validate_json(text)
