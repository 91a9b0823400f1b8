"""The render process: ``python -m backprop_studio.render.workers.worker``.

Jobs come in on stdin and events go out on stdout; see :mod:`render.messages.protocol`. The process
imports Manim and torch once and stays warm. It ends when its stdin does, which is what happens when
the window or the command line that started it is gone.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import MissingComponentError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.messages import jobs
from backprop_studio.render.messages.events import Hello
from backprop_studio.render.workers.answering import Answers, Inbox, claim_pipes
from backprop_studio.render.workers.imports import uncollected
from backprop_studio.render.workers.priority import stay_in_background
from backprop_studio.render.workers.process import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.render.drawing.studio import Studio
    from backprop_studio.render.messages.results import CatalogueEntry


def _warm_studio(media: Path) -> Studio | StudioError:
    """Import what every job needs.

    Each job reports a component that is missing, because a worker that ends at once could say
    nothing to anybody.
    """
    try:
        with uncollected():
            import torch  # noqa: F401 (a scene needs it, and now nobody is waiting)

            from backprop_studio.render.drawing.studio import Studio
    except ImportError as error:
        traceback.print_exc()
        text = N_(
            "rendering needs a component that is missing: {error}; run backprop-studio doctor"
        )
        return MissingComponentError("worker.missing", text, error=str(error))
    return Studio(media)


@dataclass(frozen=True)
class _Worker:
    """Does jobs in this process."""

    answers: Answers
    inbox: Inbox
    media: Path
    studio: Studio | StudioError
    rows: dict[str, CatalogueEntry] = field(default_factory=dict)

    def prepare(self) -> Iterator[None]:
        """Import one scene after the other, so that none has to be waited for later."""
        if isinstance(self.studio, StudioError):
            return
        from backprop_studio.render.catalogue import scene_ids
        from backprop_studio.render.drawing.scene_files import lesson_class

        for scene in scene_ids():
            # A scene that fails is reported by its own jobs.
            with suppress(StudioError):
                lesson_class(scene)
            yield

    def do(self, job: jobs.Job) -> tuple[dict[str, Any], bytes]:
        """Do a job and return its result and its attachment.

        Raises
        ------
        StudioError
            If it cannot be done.
        """
        watch = Watch(job.id, self.answers.emit, lambda: self.inbox.is_cancelled(job.id))
        watch.check()
        if isinstance(self.studio, StudioError):
            raise self.studio
        match job:
            case jobs.CatalogueJob():
                return {"scenes": self._catalogue(self.studio, watch)}, b""
            case jobs.CheckJob() | jobs.TapeJob():
                return self._beside_lessons(job, watch)
            case jobs.MaterialJob():
                return self.studio.material(job, watch), b""
            case jobs.NumbersJob():
                return self.studio.numbers(job, watch), b""
            case jobs.ParamsJob():
                return self.studio.check_params(job), b""
            case jobs.PlanJob():
                return self.studio.planned(job, watch), b""
            case jobs.PreviewJob():
                wait = partial(self.inbox.wait_until_taken, job.id)
                return self.studio.preview(job, watch, self.answers.emit, wait), b""
            case jobs.StillJob():
                return self.studio.still(job, watch, self.answers.emit)
            case jobs.VideoJob():
                return self.studio.video(job, watch).model_dump(mode="json"), b""
            case jobs.LectureJob():
                raise TypeError("a lecture is made by several workers")

    def _beside_lessons(
        self, job: jobs.CheckJob | jobs.TapeJob, watch: Watch
    ) -> tuple[dict[str, Any], bytes]:
        """Do what is seldom asked for, with what no lesson needs."""
        if isinstance(job, jobs.TapeJob):
            from backprop_studio.render.drawing.tape_picture import TapePicture

            return {}, TapePicture(job).png()
        from backprop_studio.render.lint.examine import check

        return check(job, watch, self.media), b""

    def _catalogue(self, studio: Studio, watch: Watch) -> list[dict[str, object]]:
        """Read the scenes; one that was read stays so, because its file was imported."""
        from backprop_studio.render.catalogue import scene_ids, store_catalogue
        from backprop_studio.render.drawing.scene_files import catalogue_entry

        entries = []
        for scene in scene_ids():
            watch.planning()
            beats_of = partial(studio.beats_of, watch=watch)
            row = self.rows.get(scene) or catalogue_entry(scene, beats_of)
            if row.error is None:
                self.rows[scene] = row
            entries.append(row)
        store_catalogue(entries)
        return [entry.model_dump(mode="json") for entry in entries]


def main() -> int:
    """Run until stdin ends.

    Returns
    -------
    int
        Exit code.
    """
    requests, events = claim_pipes()
    if BACKGROUND in sys.argv[1:]:
        stay_in_background()
    answers, inbox = Answers(events), Inbox(requests)
    temporary = tempfile.TemporaryDirectory(prefix="media-", ignore_cleanup_errors=True)
    with suppress(BrokenPipeError), temporary as name:  # a client that is gone asks no more
        media = Path(name)
        worker = _Worker(answers, inbox, media, _warm_studio(media))
        answers.emit(Hello(pid=os.getpid()))
        preparation = worker.prepare()
        for job in inbox.jobs(lambda: preparation):
            answers.answer(job, worker.do)
    return 0


if __name__ == "__main__":
    sys.exit(main())
