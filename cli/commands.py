"""The command line: ``backprop-studio``.

It is light: Manim, torch and Qt are loaded by the worker or the window, never here.
"""

from __future__ import annotations

import logging
import math
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from backprop_studio.cli import console, options
from backprop_studio.cli.arguments import (
    absolute,
    check_text,
    given_parameters,
    given_voice,
    limits_of,
    new_id,
    with_captions,
)
from backprop_studio.cli.check import check_job, is_lecture, tell_findings
from backprop_studio.cli.check_lecture import check_lectures
from backprop_studio.cli.console import path_text, remark, say, strict_json, tr
from backprop_studio.cli.ending import INTERRUPTED, exit_code_of, hear_signals
from backprop_studio.cli.event_lines import EventLines, event_lines, shown_progress
from backprop_studio.cli.runners import runner_at
from backprop_studio.cli.scene_list import catalogue, row
from backprop_studio.cli.subtitles import check_subtitles, write_subtitles
from backprop_studio.cli.usage import missing, usage_error
from backprop_studio.core.base.errors import InputError, SceneError, WorkInterruptedError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import sentence
from backprop_studio.core.datasets.report import DataReport
from backprop_studio.core.unconfirmed import unconfirmed_message
from backprop_studio.render.catalogue import require_scene
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.staging import write_atomically
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.log import start_log
from backprop_studio.render.messages.formats import VIDEO_ENDINGS, is_sequence
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import KitOptions, NumbersJob, StillJob, VideoJob
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.versions import untested
from backprop_studio.render.workers.client import run_job
from backprop_studio.render.workers.limits import Limits
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)

_OPENED = {".toml", ".mp4", ".mov", ".webm", ".mkv"}
"""Endings of files that the window opens when they are given instead of a command."""

app = typer.Typer(
    name="backprop-studio",
    help="Turn the training of small neural networks into lecture videos. "
    "Without a command it opens the window.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the program's name.

    Returns
    -------
    int
        Exit code.
    """
    console.open_standard_streams()
    hear_signals()
    code = _run(arguments)
    _log.info("Ended with exit code %d", code)
    console.settle_stderr()
    return code


def _run(arguments: Sequence[str] | None) -> int:
    """Run the command line and return its exit code."""
    try:
        arguments = sys.argv[1:] if arguments is None else arguments
        check_text(arguments)
        if len(arguments) == 1 and Path(arguments[0]).suffix.lower() in _OPENED:
            return _open_window(arguments)
        code = app(arguments, prog_name="backprop-studio", standalone_mode=False)
        console.settle_stdout()
    except (BrokenPipeError, SystemExit) as end:
        if not isinstance(end, SystemExit) or end.code:
            console.silence(sys.stdout)  # the reader of a pipe has seen enough
        return 0  # or the shell was told how a line can go on
    except typer.TyperException as error:
        return exit_code_of(usage_error(app, error, arguments or ()))
    except BaseException as error:
        return exit_code_of(error)
    if code == WorkInterruptedError.exit_code:
        console.print_error(INTERRUPTED)
    return code if isinstance(code, int) else 0


@app.callback(invoke_without_command=True)
def _studio(
    context: typer.Context,
    version: options.Version = False,
    verbose: options.Verbose = False,
    log: options.LogFile = None,
) -> int:
    if version:
        say(version_of("backprop-studio"))
        raise typer.Exit
    start_log(context.invoked_subcommand or "window", verbose=verbose, file=log)
    _warn_of_untested()
    if context.invoked_subcommand is None:
        raise typer.Exit(_open_window([]))
    return 0


def _open_window(arguments: Sequence[str]) -> int:
    """Open the window, on the file that is named if there is one, and return its exit code."""
    from backprop_studio.gui.app import main as open_window

    return open_window(arguments)


def _warn_of_untested() -> None:
    if found := untested():
        text = tr(N_("warning: this program was not tested with {names}"))
        remark(text.format(names=", ".join(found)))


@app.command()
def scenes(as_json: options.AsSchemas = False) -> None:
    """List the scenes."""
    entries = catalogue()
    if as_json:
        say(strict_json([row(entry) for entry in entries]))
        return
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        title = entry.title if entry.error is None else entry.error.words(tr)
        say(f"{entry.id:{width}}  {title}")


@app.command()
def render(
    scene: options.Scene,
    output: options.VideoOutput = None,
    quality: options.QualityOption = "m",
    fps: options.Fps = None,
    frame: options.Frame = "16:9",
    assignments: options.Assignments = None,
    params: options.ParamsFile = None,
    lang: options.Lang = "en",
    theme: options.ThemeOption = "dark",
    jobs: options.Jobs = None,
    scheduler: options.Scheduler = None,
    timeout: options.Timeout = None,
    overwrite: options.Overwrite = False,
    voice: options.VoiceOption = SILENT,
    captions: options.Captions = None,
    subtitles: options.Subtitles = False,
    as_json: options.AsEvents = False,
) -> None:
    """Render a scene to a video, or its last frame to a picture."""
    target = absolute(output or Path(f"{scene}.mp4"))
    with event_lines(as_json, "render", scene=scene, output=str(target)) as events:
        require_scene(scene)
        limits = limits_of(timeout)
        picture = FrameFormat.of_quality(quality, fps, frame)
        check_video_target(target, picture, overwrite=overwrite, endings=(*VIDEO_ENDINGS, ".png"))
        given = with_captions(given_parameters(assignments, params, target), captions)
        spoken_by = given_voice(voice)
        common: dict[str, Any] = {"scene": scene, "picture": picture, "params": given}
        common |= {"language": lang, "theme": theme}
        if target.suffix.lower() == ".png" and not is_sequence(target):
            still_job = StillJob(id=new_id(), **common)
            _write_still(still_job, target, events, overwrite=overwrite, limits=limits)
            return
        if subtitles:
            check_subtitles(target, overwrite=overwrite)
        common["voice"] = spoken_by
        job = VideoJob(id=new_id(), output=str(target), overwrite=overwrite, **common)
        cache = VideoCache()
        result = kept = cache.deliver(job)
        if result is None:
            with runner_at(scheduler, limits) as runner, shown_progress(scene, events) as show:
                result = render_video(job, jobs, show, runner=runner)
            cache.keep(job, target, result)
        if subtitles:
            write_subtitles(target, result, job.id, overwrite=overwrite)
        if events:
            events.write("done", kept=kept is not None, **result.model_dump(exclude={"drawn"}))
            return
    if result.remark:
        remark(sentence(result.remark, tr))
    text = tr(N_("{file}: {seconds} s, {width}x{height}, {fps} frames per second"))
    size = result.model_dump(include={"width", "height", "fps"})
    say(text.format(file=path_text(target), seconds=f"{result.duration:.1f}", **size))


@app.command()
def still(
    scene: options.Scene,
    output: options.StillOutput,
    beat: options.Beat = None,
    at: options.At = None,
    quality: options.QualityOption = "m",
    fps: options.Fps = None,
    frame: options.Frame = "16:9",
    assignments: options.Assignments = None,
    params: options.ParamsFile = None,
    lang: options.Lang = "en",
    theme: options.ThemeOption = "dark",
    timeout: options.Timeout = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Draw one frame of a scene; without a beat or a time, the last."""
    target = absolute(output)
    require_scene(scene)
    check_target(target, (".png",), overwrite=overwrite)
    if beat is not None and at is not None:
        text = N_("--beat and --at exclude each other; give one of them")
        raise InputError("still.beat_and_at", text)
    if at is not None and not math.isfinite(at):
        raise InputError("still.at", N_("--at {value} is no time of a video"), value=str(at))
    job = StillJob(
        id=new_id(),
        scene=scene,
        picture=FrameFormat.of_quality(quality, fps, frame),
        params=given_parameters(assignments, params, target),
        language=lang,
        theme=theme,
        beat=beat,
        at_seconds=at,
        beats="without",
    )
    _write_still(job, target, overwrite=overwrite, limits=limits_of(timeout))


@app.command()
def numbers(
    scene: options.Scene,
    assignments: options.Assignments = None,
    params: options.ParamsFile = None,
    output: options.SheetOutput = None,
    verify: options.Verify = False,
    timeout: options.Timeout = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Print the answer sheet: every number of a scene, as JSON."""
    require_scene(scene)
    target = absolute(output) if output else None
    if target:
        check_target(target, (".json",), overwrite=overwrite)
    given = given_parameters(assignments, params, target)
    job = NumbersJob(id=new_id(), scene=scene, params=given, verify=verify)
    done, _ = run_job(job, limits=limits_of(timeout))
    if report := done.result.get("data_report"):
        for line in DataReport.model_validate(report).lines():
            remark(sentence(line, tr))
    text = strict_json(done.result["answer_sheet"])
    if target:
        write_atomically(target, f"{text}\n".encode(), job_id=job.id, overwrite=overwrite)
    else:
        say(text)
    doubt = unconfirmed_message(done.result["answer_sheet"]["verification"]) if verify else None
    if doubt:
        raise SceneError(doubt)


@app.command()
def check(
    scenes: options.Scenes = None,
    lang: options.OneLanguage = None,
    theme: options.OneTheme = None,
    frame: options.Frame = "16:9",
    assignments: options.Assignments = None,
    params: options.ParamsFile = None,
    pictures: options.Pictures = None,
    kit: options.Kit = "all",
    as_json: options.AsFaults = False,
) -> None:
    """Look for what viewers stumble over; of a lecture file also what it meets of WCAG, and why."""
    folder = absolute(pictures) if pictures else None
    given = given_parameters(assignments, params)
    if scenes and is_lecture(scenes[0]):
        check_lectures(scenes, lang, theme, kit, folder, given, as_json=as_json)
        return
    job = check_job(new_id(), scenes or [], lang, theme, frame, folder, given)
    with console.progress_display("check") as show:
        done, _ = run_job(job, show)
    tell_findings(done.result, as_json=as_json)


@app.command()
def lecture(
    file: options.LectureFile = None,
    folder: options.LectureOutput = None,
    verify: options.VerifyFolder = None,
    kit: options.Kit = "all",
    jobs: options.Jobs = None,
    scheduler: options.Scheduler = None,
    timeout: options.Timeout = None,
    keep_going: options.KeepGoing = False,
    autoplay: options.Autoplay = False,
    clips: options.Clips = "mp4",
    handout: options.Handout = None,
    students: options.Students = 30,
    seed: options.ExerciseSeed = 1,
    player: options.Player = "single",
    overwrite: options.LectureOverwrite = False,
    voice: options.LectureVoice = None,
    captions: options.Captions = None,
    as_json: options.AsEvents = False,
) -> None:
    """Make a lecture: a video of each lesson and of the whole, with subtitles and chapters."""
    from backprop_studio.cli.lecture import lecture_command, verify_command

    if verify is not None:
        verify_command(absolute(verify), file and absolute(file))
        return
    if file is None:
        raise missing("FILE.toml", is_option=False)
    if folder is None:
        raise missing("--output", is_option=True)
    source, target = absolute(file), absolute(folder)
    with event_lines(as_json, "lecture", file=str(source), output=str(target)) as events:
        made = lecture_command(
            source,
            target,
            kit,
            jobs,
            overwrite=overwrite,
            keep_going=keep_going,
            options=KitOptions(
                autoplay=autoplay,
                clips=clips,
                handout=None if handout is None else int(handout),
                students=students,
                seed=seed,
                player=player,
            ),
            scheduler=scheduler,
            limits=limits_of(timeout),
            events=events,
            voice=None if voice is None else given_voice(voice),
            captions=captions,
        )
        if events:
            events.write("done", files=[str(path) for path in made])
            return
    for path in made:
        say(path_text(path))


@app.command()
def doctor() -> int:
    """Show what works on this machine, and what to do about the rest."""
    from backprop_studio.render.doctor import examine

    findings = examine()
    for finding in findings:
        say(finding.line(tr))
    return 3 if any(not it.ready and it.check.needed for it in findings) else 0


def _write_still(
    job: StillJob,
    target: Path,
    events: EventLines | None = None,
    *,
    overwrite: bool,
    limits: Limits | None,
) -> None:
    done, png = run_job(job, limits=limits)
    write_atomically(target, png, job_id=job.id, overwrite=overwrite)
    if events:
        events.write("done", path=str(target), **done.result)
        return
    say(f"{path_text(target)}: {done.result['beat']}, {done.result['seconds']:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
