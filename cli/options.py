"""What several commands of the command line are asked: their options, and what a shell offers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.catalogue import cached_catalogue, in_order, scene_ids
from backprop_studio.render.messages.frame_format import FrameShape, Quality
from backprop_studio.render.messages.jobs import MOST_STUDENTS, PlayerForm


def _scenes_beginning(incomplete: str) -> list[tuple[str, str]]:
    """Return scenes for the shell to offer: those of the last catalogue, as it must be quick."""
    catalogue = cached_catalogue()
    if catalogue is None:  # nobody has asked for it yet; the files have no titles
        return [(scene, "") for scene in scene_ids() if scene.startswith(incomplete)]
    known = in_order(catalogue)
    return [(it.id, it.title) for it in known if it.id.startswith(incomplete) and not it.error]


def _beats_beginning(context: typer.Context, incomplete: str) -> list[str]:
    """Return beats for the shell to offer, of the scene that was named before."""
    # A line that is not finished yet may not have been taken apart.
    given = {context.params.get("scene"), *context.args}
    beats = [beat for it in cached_catalogue() or () if it.id in given for beat in it.beats]
    return [beat for beat in beats if beat.startswith(incomplete)]


def _output(metavar: str, text: str, name: str = "--output") -> Any:
    """Return where a command's result goes."""
    return typer.Option("-o", name, metavar=metavar, help=text)


_SCENE = "Id of a scene; `backprop-studio scenes` lists them."
_QUALITY = "l 480p15, m 720p30, h 1080p60, p 1440p60, k 2160p60."
_FPS = "Frames per second instead of the quality's."
_FRAME = "Shape of the picture; 9:16 is for telephones."
_SET = "Set a parameter; dotted key, TOML value; may be repeated."
_PARAMS = "Parameters as TOML or JSON, or a video that was made with them."
_JOBS = "Processes that draw side by side [cores]."
_SCHEDULER = (
    "Draw on the Dask cluster of this scheduler, such as tcp://computer:8786; --jobs is then how "
    "many jobs at the same time [all it can]."
)
_TIMEOUT = "Stop a process of this machine that shows no sign of life for so long [120]."
_VOICE = "Who speaks: none, recordings:FOLDER, piper:FILE (a voice of piper) or espeak (a draft)."
_SUBTITLES = "Write what is said beside the video, too, as .srt and .vtt."
_CAPTIONS = "Whether what is said stands under the picture, too."
_EVENTS = "What happens as JSON lines on stdout, for scripts."
_LOG = "Write the log there [beside the settings]."
_VIDEO = (
    ".mp4, .webm, .gif, .mov (see-through), .png (last frame) or x-%04d.png (every frame) "
    "[SCENE.mp4]."
)
_BEAT = "The moment when this beat has ended."
_AT = "The frame at this time."
_PICTURES = "Put a picture there for each fault, which outlines it; replaces older ones."
_KIT = (
    "all, or some of video,subtitles,chapters,transcript,stills,clips,gifs,numbers,code,source,"
    "notebook,slides,handout,exercises,player,scorm,manifest."
)
_AUTOPLAY = "Let clips on slides begin with their slide, not at a click."
_CLIPS = "Clips as the video, or with nothing behind the lesson: ProRes 4444 or VP9 [mp4]."
_HANDOUT = (
    "Stills on a page of the handout: 1, 2, 3 (with lines for notes) or 6 [the lecture's, or 3]."
)
_STUDENTS = "How many students get exercises, each with other numbers [30]."
_PLAYER = "The player as one page with all in it, or with a folder of films beside it [single]."
_SEED = "Draws the numbers of the exercises [1]."
_VERIFY_FOLDER = "Make nothing; say what of an export is missing, changed or out of date."
_KEEP_GOING = "When a lesson fails, make the others all the same."
_REPLACE = "Replace files that are not from an earlier run."
_SCHEMAS = "As JSON, with every parameter's schema."
_VERIFY = "Compare every gradient with central differences."
_SCENES = "What to look at: scenes, or lecture files; all scenes if none."

Scene = Annotated[str, typer.Argument(help=_SCENE, autocompletion=_scenes_beginning)]
Scenes = Annotated[list[str] | None, typer.Argument(metavar="SCENE", help=_SCENES)]
QualityOption = Annotated[Quality, typer.Option("-q", "--quality", help=_QUALITY)]
Fps = Annotated[int | None, typer.Option(min=1, max=120, help=_FPS)]
Frame = Annotated[FrameShape, typer.Option("--frame", help=_FRAME)]
Assignments = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=_SET)]
ParamsFile = Annotated[Path | None, typer.Option("--params", metavar="FILE", help=_PARAMS)]
Lang = Annotated[Language, typer.Option(help="Language of the captions.")]
OneLanguage = Annotated[Language | None, typer.Option("--lang", help="Only this language.")]
ThemeOption = Annotated[Theme, typer.Option(help="Colours.")]
OneTheme = Annotated[Theme | None, typer.Option("--theme", help="Only these colours.")]
Jobs = Annotated[int | None, typer.Option(min=1, max=256, metavar="N", help=_JOBS)]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help=_SCHEDULER)]
Timeout = Annotated[float | None, typer.Option(min=1, max=86400, metavar="SECONDS", help=_TIMEOUT)]
VoiceOption = Annotated[str, typer.Option("--voice", metavar="VOICE", help=_VOICE)]
Subtitles = Annotated[bool, typer.Option("--subtitles", help=_SUBTITLES)]
LectureVoice = Annotated[
    str | None, typer.Option("--voice", metavar="VOICE", help=f"{_VOICE} [the lecture's]")
]
Captions = Annotated[Literal["on", "off"] | None, typer.Option("--captions", help=_CAPTIONS)]
AsEvents = Annotated[bool, typer.Option("--json", help=_EVENTS)]
AsSchemas = Annotated[bool, typer.Option("--json", help=_SCHEMAS)]
AsFaults = Annotated[bool, typer.Option("--json", help="The faults as JSON.")]
Version = Annotated[bool, typer.Option("--version", help="Show the version.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Write the log to stderr, too.")]
LogFile = Annotated[Path | None, typer.Option("--log", metavar="FILE", help=_LOG)]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing output.")]
VideoOutput = Annotated[Path | None, _output("FILE", _VIDEO)]
StillOutput = Annotated[Path, _output("FILE", "A .png file.")]
Beat = Annotated[
    str | None, typer.Option(metavar="NAME", help=_BEAT, autocompletion=_beats_beginning)
]
At = Annotated[float | None, typer.Option(metavar="SECONDS", min=0, help=_AT)]
SheetOutput = Annotated[Path | None, _output("FILE", "A .json file instead of stdout.")]
Pictures = Annotated[Path | None, _output("FOLDER", _PICTURES, "--pictures")]
LectureFile = Annotated[Path | None, typer.Argument(metavar="FILE.toml", help="A lecture file.")]
LectureOutput = Annotated[Path | None, _output("FOLDER", "Where its files go.")]
VerifyFolder = Annotated[
    Path | None, typer.Option("--verify", metavar="FOLDER", help=_VERIFY_FOLDER)
]
Kit = Annotated[str, typer.Option(metavar="LIST", help=_KIT)]
Autoplay = Annotated[bool, typer.Option("--autoplay", help=_AUTOPLAY)]
Clips = Annotated[
    Literal["mp4", "prores", "vp9"], typer.Option("--clips", metavar="mp4|prores|vp9", help=_CLIPS)
]
Handout = Annotated[
    Literal["1", "2", "3", "6"] | None, typer.Option("--handout", metavar="1|2|3|6", help=_HANDOUT)
]
Students = Annotated[int, typer.Option(min=1, max=MOST_STUDENTS, metavar="N", help=_STUDENTS)]
Player = Annotated[PlayerForm, typer.Option("--player", metavar="single|folder", help=_PLAYER)]
ExerciseSeed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help=_SEED)]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help=_KEEP_GOING)]
LectureOverwrite = Annotated[bool, typer.Option("--overwrite", help=_REPLACE)]
Verify = Annotated[bool, typer.Option("--verify", help=_VERIFY)]
