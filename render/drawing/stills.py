"""One frame of a lesson: at a time, at the end of a beat, or the last."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, TypeAlias

from PIL import Image

from backprop_studio.render.drawing.lessons import Marks, OpenedLesson
from backprop_studio.render.drawing.pieces import Enough
from backprop_studio.render.drawing.renderers import PlanningRenderer
from backprop_studio.scenes.lesson.title_card import CARD_BEAT

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from backprop_studio.render.drawing.plan import Plan
    from backprop_studio.render.messages.jobs import StillJob
    from backprop_studio.render.messages.results import BeatMark
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene


Tell: TypeAlias = "Callable[[Plan, np.ndarray[Any, Any]], None]"


def photograph(
    lesson: OpenedLesson, job: StillJob, known: Plan | None, watch: Callable[[], None], tell: Tell
) -> tuple[Plan, np.ndarray[Any, Any]]:
    """Walk through a lesson and draw the wanted frame.

    A lesson is left as soon as the picture is taken, if its plan is known or nobody wants it.

    Parameters
    ----------
    known : Plan or None
        Of the lesson; needed for a frame at a time.
    watch : callable
        Called before each play; may raise to stop.
    tell : callable
        Takes the plan so far and the frame, if the lesson is walked through for its plan only.

    Returns
    -------
    Plan, array
        The plan, whole if it is known or wanted, and the frame as RGBA.

    Raises
    ------
    InputError
        If there is no such beat or time.
    SceneError
        If the scene fails.
    """

    def on_play() -> None:
        watch()
        if renderer.picture is None or (job.beats == "with" and not known):
            return
        if known or job.beats == "without":
            raise Enough
        if not told:
            told.append(True)
            tell(marks.so_far(), renderer.picture)

    def on_beat(beat: Beat) -> None:
        if job.beat is not None and marks.current == job.beat:
            renderer.photograph(scene)
        marks.open(beat)

    told: list[bool] = []
    at = job.at_seconds
    renderer = PlanningRenderer(on_play, known.frame_at(at) if known and at is not None else None)
    scene = lesson.stage(renderer)
    marks = Marks(lesson, renderer)
    scene.on_beat = on_beat
    try:
        lesson.run(scene)
        plan = marks.plan()
    except Enough:
        plan = known or marks.so_far()
    if job.beat is not None:
        plan.beat(job.beat)
    if renderer.picture is not None:
        return plan, renderer.picture
    with lesson.faults():
        return plan, renderer.photograph(scene)


def photograph_beats(
    lesson: OpenedLesson, watch: Callable[[], None]
) -> tuple[list[np.ndarray[Any, Any]], tuple[BeatMark, ...], LessonScene]:
    """Walk through a lesson and draw the last frame of each beat; the title's, before it fades.

    Parameters
    ----------
    watch : callable
        Called before each play; may raise to stop.

    Returns
    -------
    list of array, tuple of BeatMark, LessonScene
        The frames as RGBA, the beats, and the scene as it ended.

    Raises
    ------
    SceneError
        If the scene fails.
    """
    pictures: list[np.ndarray[Any, Any]] = []
    opened: list[str] = []
    card: list[np.ndarray[Any, Any]] = []

    def on_play() -> None:
        watch()
        if opened == [CARD_BEAT]:
            card[:] = [take()]

    def on_beat(beat: Beat) -> None:
        if opened:
            pictures.append(card.pop() if card else take())
        opened.append(beat.name)
        marks.open(beat)

    def take() -> np.ndarray[Any, Any]:
        with lesson.faults():
            return renderer.photograph(scene).copy()

    renderer = PlanningRenderer(on_play)
    scene = lesson.stage(renderer)
    marks = Marks(lesson, renderer)
    scene.on_beat = on_beat
    lesson.run(scene)
    if opened:
        pictures.append(take())
    return pictures, marks.plan().beats, scene


def still_frame(plan: Plan, job: StillJob) -> int:
    """Return the number of the frame that a still shows; 0 in a lesson without any."""
    frame = plan.frames - 1
    if job.at_seconds is not None:
        frame = plan.frame_at(job.at_seconds)
    elif job.beat is not None:
        frame = plan.last_frame(job.beat)
    return max(0, frame)


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    """Return a frame as PNG; little compression, because speed shows and size does not."""
    stream = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(stream, "PNG", compress_level=1)
    return stream.getvalue()
