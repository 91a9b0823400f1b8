"""What several commands of the command line are asked: their options, and what a shell offers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.catalogue import cached_catalogue, in_order, scene_ids
from backprop_studio.render.messages.frame_format import FrameShape, Quality


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


Scene = Annotated[
    str,
    typer.Argument(
        help="Id of a scene; `backprop-studio scenes` lists them.", autocompletion=_scenes_beginning
    ),
]
QualityOption = Annotated[
    Quality,
    typer.Option("-q", "--quality", help="l 480p15, m 720p30, h 1080p60, p 1440p60, k 2160p60."),
]
Fps = Annotated[
    int | None, typer.Option(min=1, max=120, help="Frames per second instead of the quality's.")
]
Frame = Annotated[
    FrameShape, typer.Option("--frame", help="Shape of the picture; 9:16 is for telephones.")
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a parameter; dotted key, TOML value; may be repeated.",
    ),
]
ParamsFile = Annotated[
    Path | None, typer.Option("--params", metavar="FILE", help="Parameters as TOML or JSON.")
]
Lang = Annotated[Language, typer.Option(help="Language of the captions.")]
ThemeOption = Annotated[Theme, typer.Option(help="Colours.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=256, metavar="N", help="Processes that draw side by side [cores]."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Draw on the Dask cluster of this scheduler, such as tcp://computer:8786; --jobs is "
        "then how many jobs at the same time [all it can].",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        min=1,
        max=86400,
        metavar="SECONDS",
        help="Stop a process of this machine that shows no sign of life for so long [120].",
    ),
]
AsEvents = Annotated[
    bool, typer.Option("--json", help="What happens as JSON lines on stdout, for scripts.")
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Write the log to stderr, too.")]
LogFile = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help="Write the log there [beside the settings]."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing output.")]
VideoOutput = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help=".mp4, .webm, .gif, .mov (see-through), .png (last frame) or x-%04d.png (every "
        "frame) [SCENE.mp4].",
    ),
]
StillOutput = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="A .png file.")]
Beat = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The moment when this beat has ended.",
        autocompletion=_beats_beginning,
    ),
]
At = Annotated[float | None, typer.Option(metavar="SECONDS", min=0, help="The frame at this time.")]
SheetOutput = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="A .json file instead of stdout."),
]
Pictures = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--pictures",
        metavar="FOLDER",
        help="Put a picture there for each fault, which outlines it; replaces older ones.",
    ),
]
LectureFile = Annotated[Path, typer.Argument(metavar="FILE.toml", help="A lecture file.")]
LectureOutput = Annotated[
    Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where its files go.")
]
Kit = Annotated[str, typer.Option(metavar="LIST", help="all, or some of video,subtitles,chapters.")]
KeepGoing = Annotated[
    bool,
    typer.Option("--keep-going", help="When a lesson fails, make the others all the same."),
]
LectureOverwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that are not from an earlier run.")
]
AsSchemas = Annotated[bool, typer.Option("--json", help="As JSON, with every parameter's schema.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="Compare every gradient with central differences.")
]
