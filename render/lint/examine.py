"""What a worker does with a lint job: walk through lessons, look at them, draw what is wrong."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import SceneError
from backprop_studio.render.drawing.lessons import Lesson
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.lint.look import look_at
from backprop_studio.render.lint.outline import write_outline
from backprop_studio.render.lint.rules import Fault, faults_of, is_unchanged
from backprop_studio.render.lint.walk import WalkingRenderer, chosen_frames
from backprop_studio.render.messages.jobs import SceneJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Scene

    from backprop_studio.render.drawing.progress import Watch
    from backprop_studio.render.lint.look import Look
    from backprop_studio.render.messages.jobs import CheckJob
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene

__all__ = ["examine"]


def examine(job: CheckJob, watch: Watch) -> tuple[list[Finding], int]:
    """Look at every beat of some scenes, in some languages and themes.

    Manim has to be configured for a picture already.

    Returns
    -------
    findings : list of Finding
        In the order of scenes, languages, themes and time. A scene that does not run is one, too.
    moments : int
        How many were looked at.
    """
    findings: list[Finding] = []
    plans: list[_Inspection] = []
    for scene, language, theme in itertools.product(job.scenes, job.languages, job.themes):
        watch.planning()
        lesson = Lesson(
            SceneJob(id=job.id, scene=scene, params=job.params, language=language, theme=theme)
        )
        inspection = _Inspection(job, scene, language, theme, lesson)
        try:
            inspection.plan(watch.planning)
        except SceneError as error:
            findings.append(inspection.failure(error))
        else:
            plans.append(inspection)
    total = sum(inspection.moments for inspection in plans)
    done = 0
    for inspection in plans:

        def on_look(offset: int = done, inspection: _Inspection = inspection) -> None:
            watch.drawing(min(offset + inspection.looked, total), total)

        try:
            findings += inspection.run(on_look, watch.check)
        except SceneError as error:
            findings.append(inspection.failure(error))
        done += inspection.moments
    watch.finished(total)
    return findings, total


class _Inspection:
    """One lesson in one language and theme."""

    def __init__(
        self, job: CheckJob, scene: str, language: str, theme: str, lesson: Lesson
    ) -> None:
        self._job = job
        self._where: dict[str, Any] = {"scene": scene, "language": language, "theme": theme}
        self._lesson = lesson
        self._wanted: set[int] = set()
        self._beats: list[Beat] = []
        self._reported: set[tuple[str, str]] = set()
        self._findings: list[Finding] = []
        self._before: tuple[Look, str] | None = None
        self.moments = 0
        self.looked = 0

    @property
    def _beat(self) -> str:
        return self._beats[-1].name if self._beats else ""

    def plan(self, on_play: Callable[[], None]) -> None:
        """Walk through without looking, to choose the moments."""
        renderer = WalkingRenderer(on_play, lambda: self._beat)
        scene = self._lesson.stage(renderer)
        scene.on_beat = self._beats.append
        self._lesson.run(scene)
        self._wanted = chosen_frames(renderer.plays, self._job.samples)
        self.moments = len(self._wanted) + len(self._beats)
        self._beats.clear()

    def run(self, on_look: Callable[[], None], on_play: Callable[[], None]) -> list[Finding]:
        """Walk through again and look."""

        def look(scene: LessonScene, frame: int, *, still: bool) -> Look:
            seen = look_at(renderer, scene, frame, still=still)
            self._judge(seen, renderer.fps)
            self.looked += 1
            on_look()
            return seen

        def on_moment(_scene: Scene, frame: int, still: bool) -> None:
            look(scene, frame, still=still)

        def close(scene: LessonScene) -> None:
            if self._beats:
                with self._lesson.faults():
                    end = look(scene, max(0, renderer.frames - 1), still=True)
                    self._compare(end, renderer.fps)

        def on_beat(beat: Beat) -> None:
            close(scene)
            self._reported.clear()
            self._beats.append(beat)

        renderer = WalkingRenderer(
            on_play,
            lambda: self._beat,
            self._wanted,
            on_moment,
        )
        scene = self._lesson.stage(renderer)
        scene.on_beat = on_beat
        self._lesson.run(scene)
        close(scene)
        self._before = None
        return self._findings

    def failure(self, error: SceneError) -> Finding:
        """Return the finding that stands for a lesson that does not run."""
        return Finding(**self._where, beat=self._beat, seconds=0.0, kind="failed", what=str(error))

    def _judge(self, look: Look, fps: float) -> None:
        caption = self._beats[-1].caption if self._beats else ""
        for fault in faults_of(look, caption):
            self._report(fault, look, fps)

    def _compare(self, look: Look, fps: float) -> None:
        caption = self._beats[-1].caption
        if self._before is not None:
            before, its_caption = self._before
            if is_unchanged(before, look, {caption, its_caption}):
                fault = Fault("unchanged", "", "nothing but the caption has changed", None)
                self._report(fault, look, fps)
        self._before = (look, caption)

    def _report(self, fault: Fault, look: Look, fps: float) -> None:
        if (fault.kind, fault.subject) in self._reported:
            return
        self._reported.add((fault.kind, fault.subject))
        picture = None
        if self._job.pictures is not None:
            number = len(self._findings) + 1
            name = "_".join([*self._where.values(), f"{number:02}", self._beat, fault.kind])
            picture = Path(self._job.pictures) / f"{name}.png"
            write_outline(look, fault.box, picture, self._job.id)
        left_to_bottom = None if fault.box is None else tuple(map(round, fault.box))
        self._findings.append(
            Finding(
                **self._where, beat=self._beat, seconds=look.frame / fps, kind=fault.kind,
                what=fault.what, box=left_to_bottom, picture=picture and str(picture),
            )
        )  # fmt: skip
