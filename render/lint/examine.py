"""The examination of lessons: each is walked through and looked at, faults are outlined."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import SceneError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.lint.contrasts import ContrastWatch
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.lint.look import Look, look_at
from backprop_studio.render.lint.outline import write_outline
from backprop_studio.render.lint.reading import reading_faults
from backprop_studio.render.lint.rules import Fault, faults_of, is_unchanged
from backprop_studio.render.lint.staging import Staging
from backprop_studio.render.lint.walk import Play, WalkingRenderer, chosen_frames
from backprop_studio.render.messages.contrasts import Contrasts
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import CheckJob, SceneJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Scene

    from backprop_studio.render.drawing.progress import Watch
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene


def check(job: CheckJob, watch: Watch, media: Path) -> dict[str, Any]:
    """Return the faults of the pictures of some scenes, and how their texts stand out.

    Parameters
    ----------
    media : Path
        Where Manim keeps the texts and formulas it has set.

    Raises
    ------
    StudioError
        If the job is wrong or a picture cannot be written.
    """
    with configured(FrameFormat.of_quality("m", shape=job.shape), media):
        findings, contrasts = _examine(job, watch)
    rows = [finding.model_dump(mode="json") for finding in findings]
    stand_out = Contrasts.of_all(contrasts)
    moments = stand_out.moments
    return {"findings": rows, "moments": moments, "contrasts": stand_out.model_dump(mode="json")}


def _examine(job: CheckJob, watch: Watch) -> tuple[list[Finding], list[Contrasts]]:
    """Look at every beat of some scenes, in some languages and themes.

    Returns
    -------
    findings : list of Finding
        In the order of scenes, languages, themes and time. A scene that does not run is one, too.
    contrasts : list of Contrasts
        Of those that run.
    """
    findings: list[Finding] = []
    contrasts: list[Contrasts] = []
    plans: list[_Inspection] = []
    for scene, language, theme in itertools.product(job.scenes, job.languages, job.themes):
        watch.planning()
        inspection = _Inspection(job, scene=scene, language=language, theme=theme)
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
        else:
            contrasts.append(inspection.contrasts.found())
        done += inspection.moments
    watch.finished(total, total)
    return findings, contrasts


class _Inspection:
    """One lesson in one language and theme."""

    def __init__(self, job: CheckJob, **where: Any) -> None:
        self._job = job
        self._where = where
        own = {"params": job.params, "script": job.scripts.get(where["language"], {})}
        self._lesson = OpenedLesson(SceneJob(id=job.id, **own, **where))
        self._wanted: set[int] = set()
        self._beats: list[Beat] = []
        self._reported: set[tuple[str, str]] = set()
        self._findings: list[Finding] = []
        self._before: tuple[Look, set[str]] | None = None
        self._scene: LessonScene | None = None
        self._staging = Staging()
        self.contrasts = ContrastWatch()
        self.moments = 0
        self.looked = 0

    @property
    def _beat(self) -> str:
        return self._beats[-1].name if self._beats else ""

    def plan(self, on_play: Callable[[], None]) -> None:
        """Walk through without looking, to choose the moments."""

        def note(_: Scene, play: Play) -> None:
            self._staging.note(
                scene, play.beat, play.start / renderer.fps, play.count / renderer.fps
            )

        renderer = WalkingRenderer(on_play, lambda: self._beat, on_played=note)
        scene = self._lesson.stage(renderer)
        scene.on_beat = self._beats.append
        self._lesson.run(scene)
        self._wanted = chosen_frames(renderer.plays, self._job.samples)
        self.moments = len(self._wanted) + len(self._beats)
        self._beats.clear()

    def run(self, on_look: Callable[[], None], on_play: Callable[[], None]) -> list[Finding]:
        """Walk through again and look."""

        def look(scene: Scene, frame: int, still: bool) -> Look:
            seen = look_at(renderer, scene, frame, still=still)
            self._judge(seen, renderer.fps)
            self.contrasts.look(seen)
            self.looked += 1
            on_look()
            return seen

        def close(scene: LessonScene) -> None:
            if self._beats:
                with self._lesson.faults():
                    end = look(scene, max(0, renderer.frames - 1), True)
                    self._compare(end, renderer.fps)

        def on_beat(beat: Beat) -> None:
            close(scene)
            self._reported.clear()
            self._beats.append(beat)

        renderer = WalkingRenderer(on_play, lambda: self._beat, self._wanted, look)
        scene = self._scene = self._lesson.stage(renderer)
        scene.on_beat = on_beat
        self._lesson.run(scene)
        close(scene)
        self._before = None
        for reading, kind, message in reading_faults(scene.reading.readings):
            at = {"beat": reading.beat, "seconds": reading.start}
            self._findings.append(Finding(**self._where, **at, kind=kind, message=message))
        for beat, seconds, kind, message in self._staging.faults(scene):
            where = {"beat": beat, "seconds": seconds}
            self._findings.append(Finding(**self._where, **where, kind=kind, message=message))
        return self._findings

    def failure(self, error: SceneError) -> Finding:
        """Return the finding that stands for a lesson that does not run."""
        return self._finding(0.0, kind="failed", message=error.message)

    def _judge(self, look: Look, fps: float) -> None:
        for fault in faults_of(look, self._said()):
            self._report(fault, look, fps)

    def _compare(self, look: Look, fps: float) -> None:
        said = self._said()
        if self._before is not None:
            before, said_before = self._before
            if is_unchanged(before, look, said | said_before):
                what = Message.of("lint.unchanged", N_("nothing but the caption has changed"))
                self._report(Fault("unchanged", "", what, None), look, fps)
        self._before = (look, said)

    def _said(self) -> set[str]:
        """Return what may stand under or over the picture: the beat's caption and its sentences."""
        if not self._beats or self._scene is None:
            return set()
        beat = self._beats[-1]
        return {beat.caption, *(it.text for it in self._scene.reading.sentences(beat.name))} - {""}

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
        box = None if fault.box is None else tuple(map(round, fault.box))
        file = str(picture) if picture else None
        found = {"kind": fault.kind, "message": fault.message, "box": box, "picture": file}
        self._findings.append(self._finding(look.frame / fps, **found))

    def _finding(self, seconds: float, **found: Any) -> Finding:
        """Return a finding in the open beat."""
        return Finding(**self._where, beat=self._beat, seconds=seconds, **found)
