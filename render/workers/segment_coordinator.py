"""The process that draws with all cores: a video segment by segment, a lecture by its lessons.

For its client it is a worker (:mod:`render.workers.worker`): jobs come in on stdin and events go
out on stdout. It draws nothing itself. It has workers of its own, which stay warm, and gives each a
piece of the video. Whatever becomes of them, the client sees one process that ends with its stdin.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.messages.events import Hello, Progress
from backprop_studio.render.messages.jobs import Job, LectureJob, VideoJob
from backprop_studio.render.workers.answering import Answers, Inbox, claim_pipes
from backprop_studio.render.workers.batch import Task
from backprop_studio.render.workers.client import cancelled_error
from backprop_studio.render.workers.limits import Limits
from backprop_studio.render.workers.local_pool import Arrivals, WarmWorkers
from backprop_studio.render.workers.parallel import render_video
from backprop_studio.render.workers.priority import step_back
from backprop_studio.render.workers.process import WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backprop_studio.render.messages.results import LectureResult, VideoResult

_LIMITS = Limits(cancel=1.5)
"""Half a second less than the client has: a worker that hangs is killed by us, not with us."""

_REST_SECONDS = 30.0
"""After a video the next one often comes soon; then all workers but one give their memory back."""


class _Coordinator:
    """Has jobs done by workers.

    Parameters
    ----------
    descriptor : int
        Where jobs come from.
    answers : Answers
        Where events go.
    workers : WarmWorkers
    """

    def __init__(self, descriptor: int, answers: Answers, workers: WarmWorkers) -> None:
        self._answers = answers
        self._workers = workers
        self._run: tuple[str, Arrivals] | None = None
        self._inbox = Inbox(descriptor, _REST_SECONDS, self._look)

    def work(self) -> None:
        """Answer jobs until the other end is closed."""
        self._answers.emit(Hello(pid=os.getpid()))
        for job in self._inbox.jobs(self._rest):
            self._answers.answer(job, self._do)

    def _do(self, job: Job) -> tuple[dict[str, Any], bytes]:
        self._workers.arrivals = Arrivals()
        self._run = job.id, self._workers.arrivals
        self._look()  # it may have been cancelled while it waited
        result: VideoResult | LectureResult
        match job:
            case VideoJob():
                result = render_video(job, None, self._tell, runner=self._workers)
            case LectureJob():
                # Only here: a video does not need it.
                from backprop_studio.render.lecture.requested import make_requested

                result = make_requested(job, self._tell, self._workers)
            case _:
                (done,) = self._workers.run([Task(job)], lambda *_: None)
                return done.result, b""
        return result.model_dump(mode="json"), b""

    def _tell(self, progress: Progress) -> None:
        """Say how far it is, if anybody wants it still: voices speak and files are copied, too."""
        if self._inbox.is_cancelled(progress.job_id):
            raise cancelled_error()
        self._answers.emit(progress)

    def _look(self) -> None:
        """End the run if nobody wants it any more."""
        job_id, arrivals = self._run or ("", None)
        if arrivals is not None and self._inbox.is_cancelled(job_id):
            arrivals.put(cancelled_error())

    def _rest(self) -> Iterator[None]:
        self._workers.rest()
        yield


def _go_to_the_user() -> None:
    """Be in the folder that relative paths start at, as the workers take it from this process."""
    with suppress(KeyError, OSError):
        os.chdir(os.environ[FOLDER_VARIABLE])


def main(command: Sequence[str] = WORKER_COMMAND) -> int:
    """Run until stdin ends.

    Parameters
    ----------
    command : sequence of str
        How to start a worker.

    Returns
    -------
    int
        Exit code.
    """
    requests, events = claim_pipes()
    step_back()
    _go_to_the_user()
    with WarmWorkers(command, _LIMITS) as workers, suppress(BrokenPipeError):
        _Coordinator(requests, Answers(events), workers).work()
    return 0


if __name__ == "__main__":
    sys.exit(main())
