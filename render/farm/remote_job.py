"""What happens on a worker of the cluster: one job, drawn by a render process beside it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import Status, get_worker

from backprop_studio.core.base.errors import OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.farm.payload import TaskResult, read_video, unpack
from backprop_studio.render.farm.processes import RenderProcesses
from backprop_studio.render.farm.versions import difference, not_the_same, versions, worker_at
from backprop_studio.render.files.data_paths import named_by_user
from backprop_studio.render.files.output import is_disk_error
from backprop_studio.render.messages.events import Done, Failed
from backprop_studio.render.messages.failures import file_reason
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.workers.folders import PrivateFolder

if TYPE_CHECKING:
    from distributed import Worker

    from backprop_studio.render.farm.payload import TaskRequest

TOPIC = "backprop-studio"
"""Under which progress is reported. One for all jobs: the cluster never forgets a topic."""

processes = RenderProcesses()
"""Of this worker: Dask's own process draws nothing, and stays able to answer."""

_OVER = {Status.closing, Status.closed, Status.failed}


def perform(request: TaskRequest) -> TaskResult:
    """Do a job on the worker of the cluster that calls this.

    A failure is a result like any other: Dask would see only that something was raised, and what
    it knows of our errors ends there.
    """
    worker = get_worker()
    try:
        return _perform(request, worker)
    except Exception as error:
        details = "".join(traceback.format_exception(error))
        failed = Failed.of(request.job_id, _error_of(error, worker.address), details)
        return TaskResult(failed.model_dump_json())


def _perform(request: TaskRequest, worker: Worker) -> TaskResult:
    own = versions()
    if unlike := difference(request.versions, own):
        raise not_the_same(worker_at(worker.address), unlike)
    folder = PrivateFolder()
    try:
        job = unpack(request, folder.path)
        wanted = _Wanted(worker)
        with processes.lend(own) as process:
            end = process.run(job, lambda it: worker.log_event(TOPIC, it.model_dump_json()), wanted)
        video = None
        if isinstance(end, Done) and isinstance(job, VideoJob):
            video = read_video(Path(VideoResult.model_validate(end.result).path))
        if isinstance(end, Failed):
            end = _as_seen_from_there(end, request, folder.path, worker.address)
        return TaskResult(end.model_dump_json(), video)
    finally:
        folder.remove()


class _Wanted:
    """Whether anybody still waits for the task that this was made in.

    Dask cannot stop a thread: a task that was cancelled, or whose client is gone, runs on.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._key = worker.get_current_task()

    def __call__(self) -> bool:
        task = self._worker.state.tasks.get(self._key)
        is_cancelled = task is None or task.state == "cancelled"
        return not is_cancelled and self._worker.status not in _OVER


def _error_of(error: Exception, address: str) -> StudioError:
    """Return what an error on this worker means where the job came from."""
    if isinstance(error, StudioError):
        return error
    worker = worker_at(address)
    if isinstance(error, OSError) and is_disk_error(error):
        text = N_("the disk of {worker} failed: {reason}")
        return OutputError("farm.disk", text, worker=worker, reason=file_reason(error))
    text = N_("{worker} failed: {reason}")
    return StudioError("farm.worker_failed", text, worker=worker, reason=repr(error))


def _as_seen_from_there(end: Failed, request: TaskRequest, folder: Path, address: str) -> Failed:
    """Return a failure with the user's own names of files, and whose disk it was."""
    names = {str(folder / path): name for path, name in request.names.items()}
    message = end.message.changed(named_by_user(names))
    if end.error == OutputError.kind:
        text = N_("on {worker}: {message}")
        message = Message.of("farm.on_worker", text, worker=worker_at(address), message=message)
    return end.model_copy(update={"message": message})
