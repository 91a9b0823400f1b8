"""A lesson's video, drawn by workers of this machine, or kept from before."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.notebook.apart import interrupted
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.workers.local_pool import WarmWorkers
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.notebook.apart import Stop
    from backprop_studio.render.messages.jobs import VideoJob
    from backprop_studio.render.messages.results import VideoResult


@contextmanager
def workers_until(stop: Stop) -> Iterator[WarmWorkers]:
    """Have workers that end with the block, or when they are told to stop."""
    with WarmWorkers() as runner, stop.waking(lambda: runner.arrivals.put(interrupted())):
        yield runner


def rendered(job: VideoJob, workers: int | None, stop: Stop) -> VideoResult:
    """Return what is known of a job's video once it is in its place.

    Raises
    ------
    StudioError
        If the scene fails or the disk does, or if it is to stop; nothing was written then.
    """
    cache = VideoCache()
    result = cache.deliver(job)
    if result is not None:
        return result
    with workers_until(stop) as runner:
        result = render_video(job, workers, stop.say, runner=runner)
    stop.check()
    cache.keep(job, Path(job.output), result)
    return result
