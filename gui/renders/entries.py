"""Questions about the render queue that several parts of the window ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.model.values import LessonSettings, Video
from backprop_studio.gui.model.video_names import DEFAULT_TEMPLATE, filled, values_for
from backprop_studio.gui.model.video_settings import choices_of
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.messages.jobs import LectureJob
from backprop_studio.render.messages.results import LectureResult, VideoResult

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message
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


def video_of(entry: Entry, template: str = DEFAULT_TEMPLATE) -> Video | None:
    """Return the video of an entry that is done, named as the user wants videos to be.

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
    name = filled(template, values_for(job, result.title, entry.names)) + path.suffix
    return Video(path, result.beats, result.fps, name, settings_of(entry))


def settings_of(entry: Entry) -> LessonSettings | None:
    """Return what an entry's video is made with; None of a lecture."""
    job = entry.job
    if isinstance(job, LectureJob):
        return None
    params = with_paths(job.params, lambda path: entry.names.get(path, path))
    size = (job.picture.width, job.picture.height)
    choices = choices_of(job.language, job.theme, size, Path(job.output).suffix)
    return LessonSettings(job.scene, params, choices)


def scene_of(entry: Entry) -> str:
    """Return the scene whose picture stands for an entry: of a lecture, its first lesson's."""
    job = entry.job
    return _first_scene(job.lecture) if isinstance(job, LectureJob) else job.scene


@cache
def _first_scene(lecture: str) -> str:
    """Return the scene of a lecture's first lesson; each entry has a copy of its own."""
    from backprop_studio.render.lecture.file import read_lecture  # no part of the start

    try:
        return read_lecture(Path(lecture)).parts[0].scene
    except StudioError:
        return ""


def remark_of(entry: Entry) -> Message | None:
    """Return what the user should know of what was made."""
    return entry.result.remark if entry.result else None


def place_of(entry: Entry) -> Path | None:
    """Return the file of a finished video or the folder of a finished lecture."""
    result = entry.result
    if result is None:
        return None
    return Path(result.path if isinstance(result, VideoResult) else result.folder)
