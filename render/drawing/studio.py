"""What a worker does with a lesson: plan it, draw a still, film it, read its numbers."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.render.catalogue import nearest_name
from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import Lesson, Marks, Plan
from backprop_studio.render.drawing.pieces import Enough, Piece, pieces
from backprop_studio.render.drawing.preview_stream import PreviewStream
from backprop_studio.render.drawing.renderers import FilmingRenderer, PlanningRenderer
from backprop_studio.render.files.output import output_error
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.files.video_target import VideoTarget
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import (
    CheckJob,
    NumbersJob,
    ParamsJob,
    PreviewJob,
    StillJob,
    VideoJob,
)
from backprop_studio.render.messages.results import VideoResult

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import numpy as np

    from backprop_studio.render.drawing.preview_stream import Send, WaitUntilTaken
    from backprop_studio.render.drawing.progress import Watch
    from backprop_studio.render.files.frame_queue import FrameQueue
    from backprop_studio.render.messages.jobs import Share
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene

__all__ = ["Studio"]

_PLANS_KEPT = 32


class Studio:
    """Draws lessons in this process, one at a time.

    Parameters
    ----------
    media : Path
        Where Manim keeps the texts and formulas it has set; private to this process.
    """

    def __init__(self, media: Path) -> None:
        self._media = media
        self._plans: dict[tuple[str, int, float], Plan] = {}

    def beats_of(self, scene: str) -> tuple[str, ...]:
        """Return the names of a scene's beats with its default parameters."""
        job = StillJob(id="beats", scene=scene)
        with self._configured(job.picture):
            plan, _ = self._walk(Lesson(job), job.picture, lambda: None)
        return tuple(beat.name for beat in plan.beats)

    def numbers(self, job: NumbersJob, watch: Watch) -> dict[str, Any]:
        """Return a lesson's answer sheet.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = Lesson(job)
        with self._configured(FrameFormat()):
            _, scene = self._walk(lesson, FrameFormat(), watch.planning)
        sheet = scene.answer_sheet()
        if job.verify:
            from backprop_studio.core.network.verify import verification

            record = getattr(scene, "record", None)
            if record is None:
                raise InputError(f"the scene {job.scene!r} has no gradients to verify")
            sheet["verification"] = verification(record)
        return sheet

    def check_params(self, job: ParamsJob) -> dict[str, Any]:
        """Check a lesson's parameters, without computing anything with them.

        Raises
        ------
        InputError
            If the scene or a parameter is wrong.
        """
        Lesson(job)
        return {}

    def still(self, job: StillJob, watch: Watch) -> tuple[dict[str, Any], bytes]:
        """Return what a still shows and its PNG.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        if job.beat is not None and job.at_seconds is not None:
            raise InputError("give a beat or a time, not both")
        lesson = Lesson(job)
        with self._configured(job.picture):
            plan, pixels = self._photograph(lesson, job, watch)
        beat, seconds = _moment(plan, job)
        result = {
            "beat": beat,
            "seconds": seconds,
            "beats": [mark.model_dump() for mark in plan.beats],
            "duration": plan.duration,
        }
        return result, _png(pixels)

    def video(self, job: VideoJob, watch: Watch) -> VideoResult:
        """Film a lesson, check the file and move it into place.

        Raises
        ------
        StudioError
            If the job is wrong, the scene fails or the disk does.
        """
        path = Path(job.output)
        check_video_target(path, job.picture, overwrite=job.overwrite)
        lesson = Lesson(job)
        target = VideoTarget(path, job.id)
        try:
            with target.staged():
                plan, piece = self._stage_video(job, lesson, target, watch)
                if piece.frames:
                    watch.checking(piece.frames)
                    target.verify(job.picture, piece.frames)
                    target.place(overwrite=job.overwrite)
        except OSError as error:
            raise output_error(error, path) from error
        watch.finished(piece.frames)
        return VideoResult(
            path=str(path),
            title=lesson.title,
            drawn=piece.frames if job.share else None,
            frames=plan.frames,
            duration=plan.duration,
            beats=plan.beats,
            **job.picture.model_dump(),
        )

    def preview(
        self, job: PreviewJob, watch: Watch, send: Send, wait_until_taken: WaitUntilTaken
    ) -> dict[str, Any]:
        """Send the frames of a lesson while they are drawn.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = Lesson(job)
        with self._configured(job.picture):
            plan = self._plans.get(_plan_key(lesson, job.picture))
            if plan is None:
                plan, _ = self._walk(lesson, job.picture, watch.planning)
            if plan.frames == 0:
                raise SceneError(f"the scene {job.scene!r} has no animation to show")
            stream = PreviewStream(job, plan, _first_frame(plan, job), send, wait_until_taken)
            with suppress(Enough):
                lesson.run(lesson.stage(stream.renderer(watch)))
            stream.check()
        return {"frames": stream.frames}

    def _stage_video(
        self, job: VideoJob, lesson: Lesson, target: VideoTarget, watch: Watch
    ) -> tuple[Plan, Piece]:
        """Plan a video and draw what is asked for of it."""
        with self._configured(job.picture, is_transparent=target.is_transparent):
            plan, _ = self._walk(lesson, job.picture, watch.planning)
            if plan.frames == 0:
                raise SceneError(f"the scene {job.scene!r} has no animation to film")
            piece = _piece(plan, job)
            if piece.frames:
                film = target.open(
                    job.picture,
                    self._media,
                    lesson.title,
                    plan.beats if piece.frames == plan.frames else (),
                    threads=_threads(job.share),
                )
                self._film(lesson, plan, piece, film, watch)
        return plan, piece

    def check(self, job: CheckJob, watch: Watch) -> dict[str, Any]:
        """Return the faults of the pictures of some scenes, and how many moments were looked at.

        Raises
        ------
        StudioError
            If the job is wrong or a picture cannot be written.
        """
        from backprop_studio.render.lint.examine import examine

        with self._configured(FrameFormat.of_quality("m", shape=job.shape)):
            findings, moments = examine(job, watch)
        return {
            "findings": [finding.model_dump(mode="json") for finding in findings],
            "moments": moments,
        }

    def _configured(
        self, picture: FrameFormat, *, is_transparent: bool = False
    ) -> AbstractContextManager[None]:
        return configured(picture, self._media, is_transparent=is_transparent)

    def _walk(
        self, lesson: Lesson, picture: FrameFormat, on_play: Callable[[], None]
    ) -> tuple[Plan, LessonScene]:
        """Play a lesson without drawing."""
        renderer = PlanningRenderer(on_play)
        scene = lesson.stage(renderer)
        marks = Marks(renderer)
        scene.on_beat = marks.open
        lesson.run(scene)
        plan = marks.plan()
        self._remember(lesson, picture, plan)
        return plan, scene

    def _photograph(
        self, lesson: Lesson, job: StillJob, watch: Watch
    ) -> tuple[Plan, np.ndarray[Any, Any]]:
        """Walk through a lesson and draw the wanted frame.

        A lesson whose plan is known is left as soon as the picture is taken.
        """
        known = self._plans.get(_plan_key(lesson, job.picture))
        if job.at_seconds is not None and known is None:
            known, _ = self._walk(lesson, job.picture, watch.planning)
        wanted = None if known is None else _frame_at(known, job)

        def on_play() -> None:
            watch.planning()
            if known and renderer.picture is not None:
                raise Enough

        def on_beat(beat: Beat) -> None:
            if job.beat is not None and marks.current == job.beat:
                renderer.photograph(scene)
            marks.open(beat)

        renderer = PlanningRenderer(on_play, wanted)
        scene = lesson.stage(renderer)
        marks = Marks(renderer)
        scene.on_beat = on_beat
        try:
            lesson.run(scene)
        except Enough:
            pass
        else:
            known = marks.plan()
            self._remember(lesson, job.picture, known)
            if renderer.picture is None and job.beat in (None, marks.current):
                with lesson.faults():
                    renderer.photograph(scene)
        if known is None or renderer.picture is None:
            raise _unknown_beat(job, known)
        return known, renderer.picture

    def _remember(self, lesson: Lesson, picture: FrameFormat, plan: Plan) -> None:
        self._plans[_plan_key(lesson, picture)] = plan
        while len(self._plans) > _PLANS_KEPT:
            self._plans.pop(next(iter(self._plans)))

    def _film(
        self, lesson: Lesson, plan: Plan, piece: Piece, film: FrameQueue, watch: Watch
    ) -> None:
        """Draw every frame of a piece into a file."""

        def tell(steps: int) -> None:
            watch.drawing(steps // film.passes, piece.frames)

        try:
            renderer = FilmingRenderer(
                film,
                tell,
                None if piece.frames == plan.frames else piece,
                plan.plays,
            )
            with suppress(Enough):
                lesson.run(lesson.stage(renderer))
            if film.frames != piece.frames:
                raise SceneError(
                    f"the scene played {film.frames} frames instead of the planned {piece.frames}; "
                    "it must not depend on chance or on the clock"
                )
            film.finish(lambda frame: tell(piece.frames + frame))
        except BaseException:
            film.abort()
            raise


def _threads(share: Share | None) -> int:
    """Return how many threads may encode a piece, when the others are encoded at the same time.

    The less of them, the less they wait for each other; 0 is as many as suit one video.
    """
    return 0 if share is None else max(1, (os.cpu_count() or 1) // share.count)


def _piece(plan: Plan, job: VideoJob) -> Piece:
    """Return what a job asks for of a video; an empty piece if there are not so many."""
    whole = Piece(0, plan.frames)
    if job.share is None:
        return whole
    found = pieces(plan.plays, job.share.count)
    return found[job.share.number] if job.share.number < len(found) else Piece(0, 0)


def _plan_key(lesson: Lesson, picture: FrameFormat) -> tuple[str, int, float]:
    """Return everything that a plan depends on; a lesson may tell less in a narrow frame."""
    return lesson.key, picture.fps, round(picture.width / picture.height, 2)


def _frame_at(plan: Plan, job: StillJob) -> int | None:
    """Return the number of the frame that a player shows at the wanted time.

    Raises
    ------
    InputError
        If the lesson is over by then.
    """
    if job.at_seconds is None:
        return None
    fps = job.picture.fps
    frame = int(job.at_seconds * fps + 1e-6)
    if frame > plan.frames:
        raise InputError(
            f"{job.at_seconds:g} seconds is after the end of the scene {job.scene!r}, which lasts "
            f"{plan.duration:.2f} seconds"
        )
    return min(frame, plan.frames - 1)  # the very end shows the last frame


def _unknown_beat(job: StillJob | PreviewJob, plan: Plan | None) -> InputError:
    names = [mark.name for mark in plan.beats] if plan else []
    near = nearest_name(job.beat or "", names)
    hint = f"did you mean {near!r}?" if near else f"known are {', '.join(names) or 'none'}"
    return InputError(f"the scene {job.scene!r} has no beat {job.beat!r}; {hint}")


def _first_frame(plan: Plan, job: PreviewJob) -> int:
    """Return the number of the frame that a stream begins with."""
    if job.beat is None:
        return 0
    starts = [mark.start for mark in plan.beats if mark.name == job.beat]
    if not starts:
        raise _unknown_beat(job, plan)
    return round(starts[0] * job.picture.fps)


def _moment(plan: Plan, job: StillJob) -> tuple[str, float]:
    """Return the beat that a still shows and its time."""
    fps = job.picture.fps
    last = max(0, plan.frames - 1)
    frame = _frame_at(plan, job)
    if job.beat is not None:
        frame = next(round(mark.end * fps) - 1 for mark in plan.beats if mark.name == job.beat)
    frame = last if frame is None else max(0, frame)
    open_beats = [mark.name for mark in plan.beats if round(mark.start * fps) <= frame]
    return (open_beats[-1] if open_beats else ""), frame / fps


def _png(pixels: np.ndarray[Any, Any]) -> bytes:
    """Return a frame as PNG; little compression, because speed shows and size does not."""
    stream = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(stream, "PNG", compress_level=1)
    return stream.getvalue()
