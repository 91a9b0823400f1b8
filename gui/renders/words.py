"""The render queue in words: its entries, and the sentences that it says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.fields import is_same
from backprop_studio.gui.model.video_names import quality_text, shape_of
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.entries import running_entry
from backprop_studio.render.queue.owner_lock import IN_USE
from backprop_studio.render.queue.space import ABOUT_SPACE, TOO_LITTLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState
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


def problem_text(problem: Message) -> str:
    """Return what it means that the user's queue could not be opened."""
    if problem.code == IN_USE:
        return tr("Another window has the render queue; the list of this one ends with it.")
    own = tr("Videos wait in a list that ends with this window.")
    return f"{said(problem)} {own}"


def held_text(queue: QueueState) -> str:
    """Return why nothing begins."""
    if queue.reason:
        return said(queue.reason)
    if running_entry(queue):
        return tr("Nothing new begins; the video that is being drawn is finished.")
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


def facts_of(entry: Entry) -> str:
    """Return the language, quality and format of a video, and the name of its file."""
    job = entry.job
    path = Path(job.output)
    language = LANGUAGE_NAMES.get(job.language, job.language)
    return " · ".join((language, _quality_of(job.picture), path.suffix[1:].upper(), path.name))


def changes_text(state: AppState, entry: Entry) -> str:
    """Return the settings that are not the scene's own, by which two of its videos can differ."""
    form = state.form_for(entry.job.scene)
    given = form.values_in(entry.job.params)
    specs = [spec for spec in form.fields() if spec.path in given]
    shown = [f"{tr(it.title)} {_value_text(it, given[it.path], entry.names)}" for it in specs]
    return " · ".join(shown)


def summary_text(queue: QueueState) -> str:
    """Return how many videos are drawn, wait, and came to nothing."""
    states = [entry.state for entry in queue.entries]
    counts = (
        (states.count("running"), tr("{count} being drawn")),
        (states.count("waiting") + states.count("paused"), tr("{count} waiting")),
        (states.count("failed"), tr("{count} failed")),
        (states.count("interrupted"), tr("{count} interrupted")),
        (states.count("done"), tr("{count} ready")),
    )
    return " · ".join(text.format(count=count) for count, text in counts if count)


def _quality_of(picture: FrameFormat) -> str:
    shape = shape_of(picture)
    return quality_text(picture) + ("" if shape == "16:9" else f" {shape}")


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
