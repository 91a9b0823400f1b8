"""One lesson as a job asks for it: its class, its checked parameters, and how its run may end."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import SceneError, StudioError
from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.render.catalogue import describe_fault, lesson_class
from backprop_studio.render.drawing.pieces import Enough
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.files.output import is_disk_error
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.base.parameters import LessonParams
    from backprop_studio.render.drawing.pieces import Play
    from backprop_studio.render.drawing.renderers import FilmingRenderer, PlanningRenderer
    from backprop_studio.render.messages.jobs import SceneJob
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene
    from backprop_studio.scenes.lesson.title_card import TitleCard

__all__ = ["Lesson", "Marks", "Plan"]


@dataclass(frozen=True)
class Plan:
    """What a lesson will be, known before a frame is drawn.

    Attributes
    ----------
    frames : int
        Number of frames of the film.
    beats : tuple of BeatMark
        When each beat plays.
    duration : float
        Seconds.
    plays : tuple of Play
        Where it can be cut.
    """

    frames: int
    beats: tuple[BeatMark, ...]
    duration: float
    plays: tuple[Play, ...] = ()


class Lesson:
    """One lesson with one set of parameters, as a job asks for it.

    Raises
    ------
    InputError
        If the scene or a parameter is wrong.
    """

    def __init__(self, job: SceneJob) -> None:
        self._job = job
        self._class = lesson_class(job.scene)
        self._params: LessonParams = validate_params(self._class.Params, job.params)

    @cached_property
    def key(self) -> str:
        """Everything that the plan depends on, but for the picture's shape and frame rate."""
        parts = (self._job.scene, self._job.language, self._job.theme, repr(self._card))
        return json.dumps([*parts, self._params.model_dump(mode="json")], sort_keys=True)

    @property
    def title(self) -> str:
        """Title in the job's language, or the one that a lecture gives it."""
        own = translator(self._job.language)(self._class.title)
        return self._card.title if self._card else own

    @cached_property
    def _card(self) -> TitleCard | None:
        """What is shown before the lesson, if anything."""
        card = self._job.card if isinstance(self._job, VideoJob) else None
        if card is None:
            return None
        from backprop_studio.scenes.lesson.title_card import TitleCard

        title = card.title or translator(self._job.language)(self._class.title)
        return TitleCard(title, card.lecture, card.number)

    def stage(self, renderer: PlanningRenderer | FilmingRenderer) -> LessonScene:
        """Return a new scene of the lesson."""
        job = self._job
        with self.faults():
            return self._class(
                renderer=renderer,
                params=self._params,
                language=job.language,
                theme=job.theme,
                card=self._card,
            )

    def run(self, scene: LessonScene) -> None:
        """Let the scene play.

        Raises
        ------
        SceneError
            Whatever went wrong in it, with file and line.
        StudioError
            An error that already says what is wrong.
        """
        with self.faults():
            scene.render()

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn whatever goes wrong in the scene into an error that says where."""
        try:
            yield
        except (StudioError, RenderCancelled, Enough):
            raise
        except MemoryError as error:
            raise SceneError("memory ran out; choose a lower quality") from error
        except BaseException as error:
            if is_disk_error(error):
                raise
            raise SceneError(describe_fault(error, self._job.scene)) from error


class Marks:
    """Notes when each beat opens, in frames."""

    def __init__(self, renderer: PlanningRenderer) -> None:
        self._renderer = renderer
        self._opened: list[tuple[Beat, int]] = []

    def open(self, beat: Beat) -> None:
        """Note a beat."""
        self._opened.append((beat, self._renderer.frames))

    @property
    def current(self) -> str | None:
        """Name of the beat that is open."""
        return self._opened[-1][0].name if self._opened else None

    def plan(self) -> Plan:
        """Return the plan, once the lesson has been walked through."""
        frames, fps = self._renderer.frames, self._renderer.fps
        edges = [*(start for _, start in self._opened), frames]
        beats = tuple(
            BeatMark(name=beat.name, caption=beat.caption, start=start / fps, end=end / fps)
            for (beat, start), end in zip(self._opened, edges[1:], strict=True)
        )
        return Plan(frames, beats, frames / fps, tuple(self._renderer.played))
