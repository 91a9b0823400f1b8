"""The render process: ``python -m backprop_studio.render.workers.worker``.

Jobs come in on stdin and events go out on stdout; see :mod:`render.messages.protocol`. The process
imports Manim and torch once and stays warm. It ends when its stdin does, which is what happens when
the window or the command line that started it is gone.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import MissingComponentError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.log import start_worker_log
from backprop_studio.render.messages.events import Hello
from backprop_studio.render.messages.jobs import (
    CatalogueJob,
    CheckJob,
    NumbersJob,
    ParamsJob,
    PreviewJob,
    StillJob,
    VideoJob,
)
from backprop_studio.render.workers.answering import Answers, Inbox, claim_pipes
from backprop_studio.render.workers.imports import uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.render.drawing.studio import Studio
    from backprop_studio.render.messages.jobs import Job


class _Worker:
    """Does jobs in this process."""

    def __init__(self, answers: Answers, inbox: Inbox) -> None:
        self._answers = answers
        self._inbox = inbox
        self._studio: Studio | None = None
        self._media = Path()
        self._missing: StudioError | None = None

    def warm_up(self, media: Path) -> None:
        """Import what every job needs and say hello.

        Each job reports a component that is missing, because a worker that ends at once could say
        nothing to anybody.
        """
        try:
            with uncollected():
                import torch  # noqa: F401 (a scene needs it, and now nobody is waiting)

                from backprop_studio.render.drawing.studio import Studio

            self._studio, self._media = Studio(media), media
        except ImportError as error:
            traceback.print_exc()
            text = N_(
                "rendering needs a component that is missing: {error}; run backprop-studio doctor"
            )
            self._missing = MissingComponentError("worker.missing", text, error=str(error))
        self._answers.emit(Hello(pid=os.getpid()))

    def prepare(self) -> Iterator[None]:
        """Import one scene after the other, so that none has to be waited for later."""
        if self._studio is None:
            return
        from backprop_studio.render.catalogue import scene_ids
        from backprop_studio.render.drawing.scene_files import lesson_class

        for scene in scene_ids():
            # A scene that fails is reported by its own jobs.
            with suppress(StudioError):
                lesson_class(scene)
            yield

    def do(self, job: Job) -> tuple[dict[str, Any], bytes]:
        """Do a job and return its result and its attachment.

        Raises
        ------
        StudioError
            If it cannot be done.
        """
        watch = Watch(job.id, self._answers.emit, lambda: self._inbox.is_cancelled(job.id))
        watch.check()
        if self._studio is None:
            raise self._missing or StudioError(
                "worker.not_ready", N_("the render process is not ready")
            )
        match job:
            case CatalogueJob():
                return {"scenes": self._catalogue(self._studio, watch)}, b""
            case CheckJob():
                from backprop_studio.render.lint.examine import check

                return check(job, watch, self._media), b""
            case NumbersJob():
                return {"answer_sheet": self._studio.numbers(job, watch)}, b""
            case ParamsJob():
                return self._studio.check_params(job), b""
            case PreviewJob():
                wait = partial(self._inbox.wait_until_taken, job.id)
                return self._studio.preview(job, watch, self._answers.emit, wait), b""
            case StillJob():
                return self._studio.still(job, watch)
            case VideoJob():
                return self._studio.video(job, watch).model_dump(mode="json"), b""

    @staticmethod
    def _catalogue(studio: Studio, watch: Watch) -> list[dict[str, object]]:
        from backprop_studio.render.catalogue import scene_ids, store_catalogue
        from backprop_studio.render.drawing.scene_files import catalogue_entry

        entries = []
        for scene in scene_ids():
            watch.planning()
            entries.append(catalogue_entry(scene, studio.beats_of))
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
    faulthandler.enable()
    start_worker_log()
    answers, inbox = Answers(events), Inbox(requests)
    worker = _Worker(answers, inbox)
    try:
        with tempfile.TemporaryDirectory(prefix="media-", ignore_cleanup_errors=True) as media:
            worker.warm_up(Path(media))
            preparation = worker.prepare()
            for job in inbox.jobs(lambda: preparation):
                answers.answer(job, worker.do)
    except BrokenPipeError:  # the client is gone, and nobody wants to know more
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
