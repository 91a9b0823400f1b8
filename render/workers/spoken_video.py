"""One video with a voice: its sentences are spoken, then it is drawn in their time, then joined.

The picture is drawn as that of a silent video whose sentences last as long as the voice speaks, and
kept as such. So the sound can change without a frame being drawn anew, as long as it takes the
same time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import either
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import verify_video, writing
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.messages.chapters import chapters_of
from backprop_studio.render.messages.events import Progress
from backprop_studio.render.messages.formats import SOUND_ENDINGS
from backprop_studio.render.messages.jobs import VideoJob, plan_job_of
from backprop_studio.render.messages.results import BeatMark, VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.voice.script import SpokenScript, speak_script, track_of
from backprop_studio.render.voice.source import sayings_of
from backprop_studio.render.voice.sources import voice_source
from backprop_studio.render.workers.batch import Runner, Task
from backprop_studio.render.workers.folders import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Callable


class Render(Protocol):
    """What draws a silent video."""

    def __call__(
        self, job: VideoJob, *, on_progress: Callable[[Progress], None], runner: Runner
    ) -> VideoResult:
        """Draw it."""
        ...


def render_spoken(
    job: VideoJob, runner: Runner, on_progress: Callable[[Progress], None], render: Render
) -> VideoResult:
    """Render a video with its voice.

    Parameters
    ----------
    render : callable
        Draws the same without one.

    Raises
    ------
    StudioError
        If the voice cannot speak, or as without a voice; nothing was written then, and sentences
        and pictures are kept for the next time.
    """
    check_sound(Path(job.output))
    script = _script(job, runner, on_progress)
    folder = PrivateFolder()
    try:
        silent = folder.path / f"silent{Path(job.output).suffix}"
        change: dict[str, Any] = {"voice": SILENT, "pronunciations": None}
        change |= {"spoken": dict(script.seconds), "output": str(silent), "overwrite": True}
        picture = job.model_copy(update=change)
        cache = VideoCache()
        result = cache.deliver(picture)
        if result is None:
            result = render(picture, on_progress=on_progress, runner=runner)
            cache.keep(picture, silent, result)
        return _voiced(job, silent, result, script)
    finally:
        folder.remove()


def check_sound(target: Path) -> None:
    """Check that a kind of video can hold a voice.

    Raises
    ------
    InputError
        If it cannot.
    """
    if target.suffix.lower() not in SOUND_ENDINGS:
        text = N_("{file} cannot hold a voice; a video with one ends in {allowed}")
        allowed = either(SOUND_ENDINGS)
        raise InputError("output.no_sound", text, file=target.name, allowed=allowed)


def _script(job: VideoJob, runner: Runner, on_progress: Callable[[Progress], None]) -> SpokenScript:
    """Return what is said in a lesson, spoken."""
    source = voice_source(job.voice, *([Path(job.pronunciations)] if job.pronunciations else []))
    if source is None:
        return SpokenScript({})

    def alive() -> None:
        on_progress(Progress(job_id=job.id, phase="plan", fraction=0))

    alive()
    plan = Task(plan_job_of(job, f"{job.id}-script"))
    (done,) = runner.run([plan], lambda *_: alive(), workers=1)
    beats = [BeatMark.model_validate(it) for it in done.result["beats"]]
    return speak_script(source, sayings_of(job.scene, beats), job.language, alive)


def _voiced(job: VideoJob, silent: Path, result: VideoResult, script: SpokenScript) -> VideoResult:
    """Put the voice into a finished picture, where the job wants it."""
    # Only here: it loads the codecs.
    from backprop_studio.render.files.joining import join_videos
    from backprop_studio.render.files.sound_writer import verify_sound

    target = Path(job.output)
    seconds = result.frames / result.fps
    with writing(target), staging(target, job.id) as staged:
        track = track_of(script, sayings_of(job.scene, result.beats), seconds)
        chapters = chapters_of(result.title, result.beats)
        whole = [(silent, result.frames)]
        join_videos(whole, staged, result.title, chapters, [track], is_lesson=True)
        verify_video(staged, job.picture, result.frames)
        verify_sound(staged, seconds)
        place(staged, target, overwrite=job.overwrite)
    return result.model_copy(update={"path": str(target), "remark": script.remark})
