"""The render queue in words: its entries, and the sentences that it says about itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.gui.model.words import LANGUAGE_NAMES, N_, tr
from backprop_studio.gui.renders.entries import running_entry
from backprop_studio.render.messages.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.queue.model import Entry, QueueState

__all__ = [
    "STATE_WORDS",
    "facts_of",
    "held_text",
    "is_about_space",
    "params_text",
    "problem_text",
    "short_held_text",
    "summary_text",
    "title_of",
    "translated",
]

STATE_WORDS = {
    "waiting": N_("Waiting"),
    "running": N_("Drawing"),
    "paused": N_("Paused"),
    "done": N_("Ready"),
    "failed": N_("Failed"),
    "cancelled": N_("Cancelled"),
    "interrupted": N_("Interrupted"),
}

TOO_LITTLE = N_(
    "Paused: {free} are free on {folder}, and a video needs about {needed}; free some space and "
    "resume."
)
RAN_FULL = N_(
    "Paused: the disk ran full while {output} was being made, and {free} are free now; free some "
    "space and resume."
)
RAN_FULL_SOMEWHERE = N_(
    "Paused: the disk ran full while {output} was being made; free some space and resume."
)
ABOUT_SPACE = (TOO_LITTLE, RAN_FULL, RAN_FULL_SOMEWHERE)
TAKEN = N_(
    "The render queue in {folder} is in use by another window or program; close that one first."
)
SENTENCES = (
    N_("Changed since this video was queued: {files}. The video shows what was in it then."),
    N_("The queue is as the program left it; nothing begins before you resume it."),
    N_("The program ended while this video was being drawn."),
    N_("Paused: the next video could not begin because of a fault in this program."),
    TAKEN,
    *ABOUT_SPACE,
)
"""What the queue may say; a test holds them against the queue itself."""

NARROW, WIDE = 1.0, 1.5
"""Widths over heights between the frame shapes 9:16, 4:3 and 16:9."""


def translated(text: str) -> str:
    """Return a sentence of the queue in the window's language; another one stays as it is."""
    text = sentence(text) if text else ""
    for known in SENTENCES:
        found = _pattern(known).fullmatch(text)
        if found:
            return tr(known).format(**found.groupdict())
    return text


def is_about_space(reason: str) -> bool:
    """Whether the queue is paused because a disk is full."""
    return any(_pattern(known).fullmatch(reason) for known in ABOUT_SPACE)


def problem_text(problem: str) -> str:
    """Return what it means that the user's queue could not be opened."""
    if _pattern(TAKEN).fullmatch(sentence(problem)):
        return tr("Another window has the render queue; the list of this one ends with it.")
    own = tr("Videos wait in a list that ends with this window.")
    return f"{translated(problem)} {own}"


def held_text(queue: QueueState) -> str:
    """Return why nothing begins."""
    if queue.reason:
        return translated(queue.reason)
    if running_entry(queue):
        return tr("Nothing new begins; the video that is being drawn is finished.")
    return tr("The queue is paused; nothing begins before you resume it.")


def short_held_text(queue: QueueState) -> str:
    """Return why nothing begins, where there is little room: without folders and files."""
    found = _pattern(TOO_LITTLE).fullmatch(queue.reason)
    if found:
        text = tr("Paused: {free} free, about {needed} needed.")
        return text.format(free=found["free"], needed=found["needed"])
    if is_about_space(queue.reason):
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


def params_text(entry: Entry) -> str:
    """Return the parameters that differ from the scene's own, by which two videos can differ."""
    names = entry.names
    return ", ".join(f"{path} = {names.get(value, value)}" for path, value in _flat(entry))


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
    side = min(picture.width, picture.height)
    ratio = picture.width / picture.height
    shape = " 9:16" if ratio < NARROW else " 4:3" if ratio < WIDE else ""
    return ("4K" if side == 2160 else f"{side}p") + shape


def _flat(entry: Entry) -> Iterator[tuple[str, Any]]:
    waiting: list[tuple[str, Any]] = list(entry.job.params.items())
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting[:0] = [(f"{path}.{name}", inner) for name, inner in value.items()]
        else:
            yield path, str(value)


def _pattern(known: str) -> re.Pattern[str]:
    """Return a pattern of a sentence whose gaps are filled."""
    parts = re.split(r"\{(\w+)\}", known)
    words = (f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(words), re.DOTALL)
