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
    "write": N_("Writing the files…"),
    "check": N_("Checking the video…"),
}


def duration_text(seconds: float) -> str:
    """Return a length of time in words."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return tr("{seconds} s").format(seconds=whole)
    minutes, rest = divmod(whole, 60)
    text = tr("{minutes} min {seconds} s") if rest else tr("{minutes} min")
    return text.format(minutes=minutes, seconds=rest)


def about_text(seconds: float) -> str:
    """Return a guessed length of time in words, no finer than such a guess can be.

    Examples
    --------
    >>> [about_text(seconds) for seconds in (7.4, 42.3, 169, 754)]
    ['7 s', '40 s', '2 min 50 s', '12 min 30 s']
    """
    step = 1 if seconds < 20 else 5 if seconds < 60 else 10 if seconds < 300 else 30
    return duration_text(step * round(seconds / step))


def running_text(status: RenderStatus, *, is_brief: bool = False) -> str:
    """Return what is being done; briefly, without counting the frames."""
    words = tr(PHASE_WORDS.get(status.step, PHASE_WORDS["start"]))
    if status.part and status.step != "write":
        lesson = tr("Lesson {number} of {count}").format(number=status.part, count=status.parts)
        words = f"{lesson} · {words}"
    if is_brief or status.step != "draw" or not status.frames:
        return words
    return tr("{step} · frame {frame} of {frames}").format(
        step=words, frame=status.frame, frames=status.frames
    )


def numbers_text(status: RenderStatus) -> str:
    """Return how far it is, and how long it still takes; empty as long as nobody knows."""
    if status.phase is not RenderPhase.RUNNING or not status.fraction:
        return ""
    percent = f"{int(status.fraction * 100)} %"
    if not status.eta_seconds:
        return percent
    left = tr("about {time} left").format(time=about_text(status.eta_seconds))
    return f"{percent} · {left}"
