"""The render queue in words: its entries, and the sentences that it says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.fields import is_same
from backprop_studio.gui.model.video_names import quality_text as height_text
from backprop_studio.gui.model.video_names import shape_of
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.entries import running_entry
from backprop_studio.gui.renders.status_text import about_text, duration_text, running_text
from backprop_studio.render.messages.frame_format import QUALITIES
from backprop_studio.render.messages.jobs import LectureJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.queue.owner_lock import IN_USE
from backprop_studio.render.queue.space import ABOUT_SPACE, TOO_LITTLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.model.values import RenderStatus
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.queue.model import Entry, QueueState

STATE_WORDS = {
    "waiting": N_("Waiting"),
    "running": N_("Drawing"),
    "paused": N_("Paused"),
    "done": N_("Ready"),
    "failed": N_("Failed"),
    "cancelled": N_("Cancelled"),
    "interrupted": N_("Interrupted"),
}

LONGEST_VALUE = 32
"""Letters of a value where several are told in a line."""


def is_about_space(reason: Message | None) -> bool:
    """Whether the queue is paused because a disk is full."""
    return reason is not None and reason.code in ABOUT_SPACE


def problem_text(problem: Message | None) -> str:
    """Return what it means that the user's queue could not be opened; empty if it was."""
    if problem is None:
        return ""
    if problem.code == IN_USE:
        return tr("Another window has the render queue; the list of this one ends with it.")
    own = tr("Videos wait in a list that ends with this window.")
    return f"{said(problem)} {own}"


def held_text(queue: QueueState) -> str:
    """Return why nothing begins."""
    if queue.reason:
        return said(queue.reason)
    if running_entry(queue):
        return tr("Nothing new begins; the video that is being drawn will still be finished.")
    return tr("The queue is paused; nothing begins before you resume it.")


def short_held_text(queue: QueueState) -> str:
    """Return why nothing begins, where there is little room: without folders and files."""
    reason = queue.reason
    if reason is not None and reason.code == TOO_LITTLE:
        text = tr("Paused: {free} free, about {needed} needed.")
        return text.format(free=reason.fields["free"], needed=reason.fields["needed"])
    if is_about_space(reason):
        return tr("Paused: the disk ran full.")
    return held_text(queue)


def title_of(state: AppState, scene: str) -> str:
    """Return what a scene is called in the catalogue, in the window's language."""
    entries = state.catalogue or ()
    title = next((entry.title for entry in entries if entry.id == scene), "")
    return tr(title) if title else scene


def quality_text(key: str) -> str:
    """Return a quality as it is chosen: its height and how often the picture changes."""
    _width, height, fps = QUALITIES[key]
    name = "4K" if key == "k" else f"{height}p"
    return tr("{name} · {fps} frames/s").format(name=name, fps=fps)


def entry_title(state: AppState, entry: Entry) -> str:
    """Return what an entry is called: as its scene, or as the folder that a lecture goes to."""
    job = entry.job
    return Path(job.output).name if isinstance(job, LectureJob) else title_of(state, job.scene)


def ready_text(state: AppState, status: RenderStatus) -> str:
    """Return that a video is ready, and how long that took."""
    text = tr("{title} is ready, rendered in {time}.")
    time = duration_text(status.elapsed_seconds)
    return text.format(title=title_of(state, status.scene), time=time)


def facts_of(entry: Entry) -> str:
    """Return the language, quality and format of a video, and the name of its file."""
    job = entry.job
    if isinstance(job, LectureJob):
        languages = (LANGUAGE_NAMES.get(it, it) for it in job.languages)
        return " · ".join((tr("Lecture"), *languages, Path(job.output).name))
    path = Path(job.output)
    language = LANGUAGE_NAMES.get(job.language, job.language)
    return " · ".join((language, _quality_of(job.picture), path.suffix[1:].upper(), path.name))


def size_text(count: int) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size_text(38_211), size_text(4_212_345), size_text(2_340_000_000)
    ('38 kB', '4.2 MB', '2.3 GB')
    """
    if count < 10**5:
        return f"{max(count, 1000) / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB" if count < 10**9 else f"{count / 1e9:.1f} GB"


def place_text(path: Path) -> str:
    """Return a path as short as its user knows it."""
    try:
        return str("~" / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):  # it lies elsewhere, or nobody has a home
        return str(path)


def file_text(entry: Entry) -> str:
    """Return how big a finished video is and where it lies; empty of one that is not finished."""
    if not isinstance(entry.result, VideoResult):
        return place_text(Path(entry.result.folder)) if entry.result else ""
    path = Path(entry.result.path)
    try:
        size = size_text(path.stat().st_size)
    except OSError:
        return tr("No longer in {folder}").format(folder=place_text(path.parent))
    return f"{size} · {place_text(path.parent)}"


def expected_text(seconds: float | None) -> str:
    """Return how long a video that waits is going to take; empty if nobody knows."""
    if seconds is None:
        return ""
    return tr("takes about {time}").format(time=about_text(seconds))


def progress_text(status: RenderStatus) -> str:
    """Return which frame is being drawn, and for how long the video has been under way."""
    if status.elapsed_seconds < 1:
        return running_text(status) if status.frames else ""
    so_far = tr("{time} so far").format(time=duration_text(status.elapsed_seconds))
    return f"{running_text(status)} · {so_far}" if status.frames else so_far


def changes_text(state: AppState, entry: Entry) -> str:
    """Return the settings that are not the scene's own, by which two of its videos can differ."""
    if isinstance(entry.job, LectureJob):
        return ""
    form = state.form_of(entry.job.scene)
    given = form.values_in(entry.job.params)
    fields = (spec for spec in form.fields() if spec.path in given)
    specs = [spec for spec in fields if not is_same(given[spec.path], spec.default)]
    shown = [f"{tr(it.title)} {_value_text(it, given[it.path], entry.names)}" for it in specs]
    return " · ".join(shown)


def summary_text(queue: QueueState, seconds: float | None = None) -> str:
    """Return how many videos are drawn, wait, and came to nothing.

    Parameters
    ----------
    seconds : float or None
        How long all takes that is still to be drawn.
    """
    states = [entry.state for entry in queue.entries]
    counts = (
        (states.count("running"), tr("{count} being drawn")),
        (states.count("waiting") + states.count("paused"), tr("{count} waiting")),
        (states.count("failed"), tr("{count} failed")),
        (states.count("interrupted"), tr("{count} interrupted")),
        (states.count("done"), tr("{count} ready")),
    )
    parts = [text.format(count=count) for count, text in counts if count]
    if seconds:
        parts.append(tr("about {time} left in all").format(time=about_text(seconds)))
    return " · ".join(parts)


def _quality_of(picture: FrameFormat) -> str:
    shape = shape_of(picture.width, picture.height)
    return height_text(picture) + ("" if shape == "16:9" else f" {shape}")


def _value_text(spec: FieldSpec, value: Any, names: Mapping[str, str]) -> str:
    """Return a value as it is read; of a file the name, of what is long the beginning."""
    for choice, text in spec.choices:
        if is_same(choice, value):
            return tr(text)
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if spec.picker or str(value) in names:
        return Path(names.get(str(value), str(value))).name
    text = spec.text_of(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
