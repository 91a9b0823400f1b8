"""A render in words: what is being done, how far it is, how long it still takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import RenderPhase
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from backprop_studio.gui.model.values import RenderStatus

PHASE_WORDS = {
    "start": N_("Starting the render engine…"),
    "plan": N_("Planning the lesson…"),
    "draw": N_("Drawing"),
    "check": N_("Checking the video…"),
}


def duration_text(seconds: float) -> str:
    """Return a length of time in words."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return tr("{seconds} s").format(seconds=whole)
    return tr("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)


def running_text(status: RenderStatus, *, is_brief: bool = False) -> str:
    """Return what is being done; briefly, without counting the frames."""
    words = tr(PHASE_WORDS.get(status.step, PHASE_WORDS["start"]))
    if status.part:
        lesson = tr("Lesson {number} of {count}").format(number=status.part, count=status.parts)
        words = f"{lesson} · {words}"
    if is_brief or status.step != "draw" or not status.frames:
        return words
    return tr("{step} · frame {frame} of {frames}").format(
        step=words, frame=status.frame, frames=status.frames
    )


def numbers_text(status: RenderStatus) -> str:
    """Return how far it is; empty as long as nobody knows."""
    if status.phase is not RenderPhase.RUNNING:
        return ""
    percent = f"{int(status.fraction * 100)} %"
    if status.eta_seconds is None or status.step != "draw":
        return percent if status.fraction else ""
    left = tr("about {time} left").format(time=duration_text(status.eta_seconds))
    return f"{percent} · {left}"
