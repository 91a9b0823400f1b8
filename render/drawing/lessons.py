"""A lesson as a job asks for it: opened once, walked through without drawing, or run."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import SceneError, StudioError
from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.render.drawing.pieces import Enough, measured
from backprop_studio.render.drawing.plan import Plan
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.drawing.renderers import FilmingRenderer, PlanningRenderer
from backprop_studio.render.drawing.scene_files import fault_message, lesson_class
from backprop_studio.render.drawing.seen import equations, plain_text
from backprop_studio.render.files.film_settings import FilmSettings
from backprop_studio.render.files.output import is_disk_error
from backprop_studio.render.messages.jobs import MaterialJob, PlanJob, SceneJob, VideoJob
from backprop_studio.render.messages.results import BeatMark, QuestionMark, SentenceMark
from backprop_studio.scenes.lesson.numbers import in_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene


class OpenedLesson:
    """One lesson with one set of parameters, in one language and theme.

    Raises
    ------
    InputError
        If the scene or a parameter is wrong.

    Attributes
    ----------
    scene : str
        Its id in the catalogue.
    params : LessonParams
        Checked.
    title : str
        In its language, or the one that a lecture gives it.
    is_described : bool
        Whether its plan says what is to be seen, which takes a moment that a still has not.
    key : str
        Everything that its plan depends on, but for the picture's shape and frame rate.
    """

    def __init__(self, job: SceneJob) -> None:
        self.scene = job.scene
        self._class = lesson_class(job.scene)
        self.params = validate_params(self._class.Params, job.params)
        self._staged: LessonScene | None = None
        self.title = translator(job.language)(self._class.title)
        self._look: dict[str, Any] = {"language": job.language, "theme": job.theme, "card": None}
        self._look["script"] = job.script
        self.is_described = isinstance(job, MaterialJob | PlanJob | VideoJob)
        if isinstance(job, PlanJob | VideoJob):
            self._look["spoken"] = job.spoken
        if isinstance(job, MaterialJob | PlanJob | VideoJob) and job.card is not None:
            from backprop_studio.scenes.lesson.title_card import TitleCard

            self.title = job.card.title or self.title
            self._look["card"] = TitleCard(self.title, job.card.lecture, job.card.number)
        parts = [self.scene, repr(self._look), self.params.model_dump(mode="json")]
        self.key = json.dumps(parts, sort_keys=True)

    def settings(self) -> FilmSettings:
        """Return what its film is made with."""
        look = {key: self._look[key] for key in ("language", "theme")}
        given = self.params.model_dump(mode="json", exclude_unset=True)
        return FilmSettings.model_validate({"scene": self.scene, "params": given, **look})

    def stage(self, renderer: PlanningRenderer | FilmingRenderer) -> LessonScene:
        """Return a new scene of the lesson."""
        with self.faults():
            self._staged = self._class(renderer=renderer, params=self.params, **self._look)
            return self._staged

    def resolved(self) -> dict[str, Any]:
        """Return what stands for parameters that are left open, of the lesson that ran last."""
        return self._staged.resolved() if self._staged else self.params.resolved()

    def said(self, beat: str) -> tuple[SentenceMark, ...]:
        """Return the script of a beat, of the lesson that ran last."""
        said = self._staged.reading.sentences(beat) if self._staged else ()
        return tuple(
            SentenceMark(
                text=it.text,
                start=it.start,
                end=it.start + it.needed,
                asks=it.asked and QuestionMark.model_validate(vars(it.asked)),
            )
            for it in said
        )

    def numbers(self, beat: str) -> tuple[str, ...]:
        """Return the numbers that a beat shows for the first time, as printed."""
        shown = self._staged.shown if self._staged else ()
        return tuple(in_sentence(it.text) for it in shown if it.beat == beat)

    def texts(self) -> list[str]:
        """Return what is written on the stage now, of the lesson that runs."""
        parts = self._staged.mobjects if self._staged else ()
        return [text for part in parts for text in getattr(part, "texts", list)()]

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

    def walk(self, on_play: Callable[[], None] = lambda: None) -> tuple[Plan, LessonScene]:
        """Play the lesson without drawing; return its plan, and the scene as it ended.

        Parameters
        ----------
        on_play : callable
            Called before each play; may raise to stop.
        """
        renderer = PlanningRenderer(on_play)
        scene = self.stage(renderer)
        marks = Marks(self, renderer)
        scene.on_beat = marks.open
        self.run(scene)
        plan = marks.plan()
        for beat in self._look["script"]:
            plan.beat(beat)
        return plan, scene

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn whatever goes wrong in the scene into an error that says where."""
        try:
            yield
        except (StudioError, RenderCancelled, Enough):
            raise
        except MemoryError as error:
            text = N_("memory ran out; choose a lower quality")
            raise SceneError("memory.out", text) from error
        except BaseException as error:
            if is_disk_error(error):
                raise
            raise SceneError(fault_message(error, self.scene)) from error


class Marks:
    """The frames in which the beats of a lesson begin, noted while it plays."""

    def __init__(self, lesson: OpenedLesson, renderer: PlanningRenderer) -> None:
        self._lesson = lesson
        self._renderer = renderer
        self._opened: list[tuple[Beat, int]] = []
        self._seen: list[tuple[str, ...]] = []
        self._formulas: list[tuple[str, ...]] = []
        self._before: set[str] = set()

    def open(self, beat: Beat) -> None:
        """Note a beat."""
        self._close()
        self._opened.append((beat, self._renderer.frames))

    def _close(self) -> None:
        """Note what has come onto the stage in the beat that ends."""
        if not self._opened:
            return  # what stands there from the start is new in the first
        texts = self._lesson.texts() if self._lesson.is_described else []
        beat = self._opened[-1][0].name
        said = {it.text for it in self._lesson.said(beat)}
        said |= {self._opened[-1][0].caption, self._lesson.title}
        new = [it for it in texts if it not in self._before]
        plain = map(plain_text, new)
        words = (it for it in plain if it not in said and any(map(str.isalpha, it)))
        self._seen.append(tuple(dict.fromkeys(words)))
        self._formulas.append(tuple(dict.fromkeys(it for text in new for it in equations(text))))
        self._before = set(texts)

    @property
    def current(self) -> str | None:
        """Name of the beat that is open."""
        return self._opened[-1][0].name if self._opened else None

    def plan(self) -> Plan:
        """Return the plan, once the lesson has been walked through."""
        self._close()
        frames, fps = self._renderer.frames, self._renderer.fps
        beats = self._marks([*(start for _, start in self._opened), frames])
        scene = self._lesson.scene
        plays = measured(self._renderer.played, scene, beats, fps)
        return Plan(scene, fps, frames, beats, tuple(plays))

    def so_far(self) -> Plan:
        """Return the plan of the beats that are over."""
        edges = [start for _, start in self._opened]
        beats, fps = self._marks(edges), self._renderer.fps
        return Plan(self._lesson.scene, fps, edges[-1], beats, is_whole=False)

    def _marks(self, edges: list[int]) -> tuple[BeatMark, ...]:
        """Return the beats between frames."""
        fps = self._renderer.fps
        return tuple(
            BeatMark(
                name=beat.name,
                caption=beat.caption,
                start=start / fps,
                end=end / fps,
                sentences=self._lesson.said(beat.name),
                seen=seen,
                formulas=formulas,
                numbers=self._lesson.numbers(beat.name),
            )
            for (beat, start), end, seen, formulas in zip(
                self._opened, edges[1:], self._seen, self._formulas, strict=False
            )
        )
