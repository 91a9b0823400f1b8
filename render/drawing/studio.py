"""The studio: plans, stills, videos, previews and numbers of lessons."""

from __future__ import annotations

import os
from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.pieces import Enough, Piece, Work
from backprop_studio.render.drawing.preview_stream import PreviewStream, Send, WaitUntilTaken
from backprop_studio.render.drawing.renderers import FilmingRenderer
from backprop_studio.render.drawing.stills import photograph, photograph_beats, png, still_frame
from backprop_studio.render.files.video_target import VideoTarget
from backprop_studio.render.messages.events import Pictured
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import NumbersJob, ParamsJob, PreviewJob, StillJob
from backprop_studio.render.messages.results import VideoResult

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from backprop_studio.render.drawing.plan import Plan
    from backprop_studio.render.drawing.progress import Watch
    from backprop_studio.render.files.frame_queue import FrameQueue
    from backprop_studio.render.messages.jobs import MaterialJob, PlanJob, Share, VideoJob

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

    def beats_of(self, scene: str, watch: Watch | None = None) -> tuple[str, ...]:
        """Return the names of a scene's beats with its default parameters."""
        with configured(FrameFormat(), self._media):
            lesson = OpenedLesson(StillJob(id="beats", scene=scene))
            plan, _ = lesson.walk(watch.planning if watch else lambda: None)
        return tuple(beat.name for beat in plan.beats)

    def numbers(self, job: NumbersJob, watch: Watch) -> dict[str, Any]:
        """Return a lesson's answer sheet, and what was read of the user's table if there is one.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = OpenedLesson(job)
        with configured(FrameFormat(), self._media):
            _, scene = lesson.walk(watch.planning)
        sheet = scene.answer_sheet()
        if job.verify:
            from backprop_studio.core.network.verify import verification

            record = getattr(scene, "record", None)
            if record is None:
                text = N_("the scene '{scene}' has no gradients to verify")
                raise InputError("scene.no_gradients", text, scene=job.scene)
            sheet["verification"] = verification(record)
        report = scene.params.data_report()
        return {"answer_sheet": sheet, "data_report": report and report.model_dump(mode="json")}

    def check_params(self, job: ParamsJob) -> dict[str, Any]:
        """Check a lesson's parameters, without computing anything with them.

        Raises
        ------
        InputError
            If the scene or a parameter is wrong.
        """
        OpenedLesson(job)
        return {}

    def planned(self, job: PlanJob, watch: Watch) -> dict[str, Any]:
        """Return how many frames a lesson has, and its beats.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = OpenedLesson(job)
        with configured(job.picture, self._media):
            plan = self._plan(lesson, job.picture, watch)
        plan.check_not_empty()
        return {"frames": plan.frames, "beats": [it.model_dump() for it in plan.beats]}

    def still(
        self, job: StillJob, watch: Watch, send: Send | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Return what a still shows and its PNG; without that if it was sent before.

        Parameters
        ----------
        send : callable
            Sends the picture before the lesson's beats are known; needed if the job wants that.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        if job.beat is not None and job.at_seconds is not None:
            raise InputError("still.beat_and_time", N_("give a beat or a time, not both"))
        lesson = OpenedLesson(job)
        with configured(job.picture, self._media):
            known = self._plans.get(_plan_key(lesson, job.picture))
            if known is None and job.at_seconds is not None:
                known = self._plan(lesson, job.picture, watch)
            sent: list[bool] = []

            def tell(so_far: Plan, pixels: np.ndarray[Any, Any]) -> None:
                data, result = png(pixels), _told(lesson, job, so_far)
                assert send is not None
                send(Pictured(job_id=job.id, result=result, attachment=len(data)), data)
                sent.append(True)

            plan, pixels = photograph(lesson, job, known, watch.planning, tell)
        if plan.is_whole:
            self._remember(lesson, job.picture, plan)
        return _told(lesson, job, plan), b"" if sent else png(pixels)

    def video(self, job: VideoJob, watch: Watch) -> VideoResult:
        """Film a lesson, check the file and move it into place.

        Raises
        ------
        StudioError
            If the job is wrong, the scene fails or the disk does.
        """
        target = VideoTarget(job)
        lesson = OpenedLesson(job)
        setting = configured(job.picture, self._media, is_transparent=target.is_transparent)
        with target.staged() as staged, setting:
            plan = self._plan(lesson, job.picture, watch)
            plan.check_not_empty()
            watch.planned(plan.frames)
            piece = plan.piece(job.share)
            if piece.frames:
                is_whole = piece.frames == plan.frames
                beats, threads = plan.beats if is_whole else (), _threads(job.share)
                tags = lesson.settings().tags()
                cuts = plan.cuts(piece)
                with staged.film(self._media, lesson.title, beats, threads, tags, cuts) as film:
                    _film(lesson, plan, piece, film, watch)
                watch.checking()
                staged.deliver(piece.frames)
        watch.finished(piece.frames, plan.frames)
        return VideoResult(
            path=str(target.path),
            title=lesson.title,
            drawn=piece.frames if job.share else None,
            frames=plan.frames,
            duration=plan.duration,
            beats=plan.beats,
            **job.picture.model_dump(),
        )

    def material(self, job: MaterialJob, watch: Watch) -> dict[str, Any]:
        """Return the pictures of a lesson's beats and its answer sheet.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = OpenedLesson(job)
        with configured(job.picture, self._media):
            pictures, beats, scene = photograph_beats(lesson, watch.planning)
        stills = [b64encode(png(it)).decode() for it in pictures]
        marks = [it.model_dump(mode="json") for it in beats]
        return {"answer_sheet": scene.answer_sheet(), "stills": stills, "beats": marks}

    def preview(
        self, job: PreviewJob, watch: Watch, send: Send, wait_until_taken: WaitUntilTaken
    ) -> dict[str, Any]:
        """Send the frames of a lesson while they are drawn.

        Raises
        ------
        StudioError
            If the job is wrong or the scene fails.
        """
        lesson = OpenedLesson(job)
        with configured(job.picture, self._media):
            known = self._plans.get(_plan_key(lesson, job.picture))
            plan = known or self._plan(lesson, job.picture, watch)
            plan.check_not_empty()
            stream = PreviewStream(job, plan, watch, send, wait_until_taken)
            renderer = FilmingRenderer(stream, lambda _frames: watch.check(), stream.piece)
            with suppress(Enough):
                lesson.run(lesson.stage(renderer))
            plan.check_played(stream.frames, stream.piece)
        return {"frames": stream.frames}

    def _plan(self, lesson: OpenedLesson, picture: FrameFormat, watch: Watch) -> Plan:
        """Walk through a lesson for its plan."""
        plan, _ = lesson.walk(watch.planning)
        self._remember(lesson, picture, plan)
        return plan

    def _remember(self, lesson: OpenedLesson, picture: FrameFormat, plan: Plan) -> None:
        self._plans[_plan_key(lesson, picture)] = plan
        while len(self._plans) > _PLANS_KEPT:
            self._plans.pop(next(iter(self._plans)))


def _told(lesson: OpenedLesson, job: StillJob, plan: Plan) -> dict[str, Any]:
    """Return what is told of a still."""
    frame = still_frame(plan, job)
    told = {
        "beat": plan.beat_at(frame),
        "seconds": frame / plan.fps,
        "resolved": lesson.resolved(),
    }
    if plan.is_whole:
        beats = [mark.model_dump() for mark in plan.beats]
        told |= {"beats": beats, "duration": plan.duration}
    return told


def _plan_key(lesson: OpenedLesson, picture: FrameFormat) -> tuple[str, int, float]:
    """Return everything that a plan depends on; a lesson may tell less in a narrow frame."""
    return lesson.key, picture.fps, round(picture.width / picture.height, 2)


def _threads(share: Share | None) -> int:
    """Return how many threads may encode a piece, when the others are encoded at the same time.

    The less of them, the less they wait for each other; 0 is as many as suit one video.
    """
    return 0 if share is None else max(1, (os.cpu_count() or 1) // share.count)


def _film(lesson: OpenedLesson, plan: Plan, piece: Piece, film: FrameQueue, watch: Watch) -> None:
    """Draw every frame of a piece into a file."""
    work = Work(plan.plays, piece)

    def tell(again: int = 0) -> None:
        """Tell of the frames that are through, and of those that are gone through once more."""
        done = work.share(film.encoded) + again / piece.frames
        frame = (film.encoded + again) // film.passes
        watch.drawing(frame, plan.frames, done / film.passes)

    part = None if piece.frames == plan.frames else piece
    with suppress(Enough):
        lesson.run(lesson.stage(FilmingRenderer(film, lambda _: tell(), part, plan.plays)))
    plan.check_played(film.frames, piece)
    film.finish(tell)
