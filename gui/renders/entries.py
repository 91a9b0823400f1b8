"""Questions about the render queue that several parts of the window ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.gui.model.values import Video
from backprop_studio.render.messages.jobs import LectureJob
from backprop_studio.render.messages.results import LectureResult, VideoResult

if TYPE_CHECKING:
    from backprop_studio.render.queue.model import Entry, QueueState


def entry_of(queue: QueueState, entry_id: str) -> Entry | None:
    """Return an entry, or None if it is no longer there."""
    return next((entry for entry in queue.entries if entry.id == entry_id), None)


def open_entries(queue: QueueState) -> tuple[Entry, ...]:
    """Return what is still to be drawn, or was interrupted when the program ended."""
    is_open = (it for it in queue.entries if it.is_active or it.state == "interrupted")
    return tuple(is_open)


def running_entry(queue: QueueState) -> Entry | None:
    """Return the entry that is being drawn."""
    return next((entry for entry in queue.entries if entry.state == "running"), None)


def video_of(entry: Entry) -> Video | None:
    """Return the video of an entry that is done, named so that a folder tells it from others.

    Of a lecture it is the whole one, in the first of its languages.
    """
    result, job = entry.result, entry.job
    if isinstance(result, LectureResult) and isinstance(job, LectureJob):
        stem = Path(job.lecture).stem
        wholes = [Path(result.folder) / f"{stem}.{language}.mp4" for language in job.languages]
        whole = next((path for path in wholes if str(path) in result.files), None)
        return Video(whole, name=whole.name) if whole else None
    if not isinstance(result, VideoResult) or isinstance(job, LectureJob):
        return None
    path = Path(result.path)
    name = f"{job.scene}-{min(result.width, result.height)}p-{job.language}{path.suffix}"
    return Video(path, result.beats, result.fps, name)


def place_of(entry: Entry) -> Path | None:
    """Return the file of a finished video or the folder of a finished lecture."""
    result = entry.result
    if result is None:
        return None
    return Path(result.path if isinstance(result, VideoResult) else result.folder)
