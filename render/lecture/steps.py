"""The steps of a kit: all that is made besides the lessons' videos, and how much work each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.messages.jobs import KitItem

Part: TypeAlias = "KitItem | Literal['material', 'print']"
"""A kind of file, or what several are made of: pictures and answer sheet, pictures for paper."""

DRAWING = 0.0055
"""Seconds of a worker for a frame, two drawing side by side on two cores; its encoder has threads
of its own, so that it is less than a processor's."""


@dataclass(frozen=True)
class _Cost:
    """Seconds of a processor.

    Attributes
    ----------
    once, frame : float
        Each time, and for each frame of what is told.
    again : float or None
        For each frame of a lesson, if its pictures are made already with those of the whole.
    """

    once: float
    frame: float = 0.0
    again: float | None = None


_COSTS: dict[Part, _Cost] = {
    "material": _Cost(0.9),
    "print": _Cost(1.3),
    "video": _Cost(0.0, 25e-6),
    "subtitles": _Cost(0.0, 4e-6),
    "clips": _Cost(0.0, 5e-6),
    "gifs": _Cost(0.0, 1.4e-3),
    "notebook": _Cost(0.05, 50e-6),
    "slides": _Cost(0.0, 80e-6),
    "handout": _Cost(0.0, 210e-6, again=12e-6),
    "exercises": _Cost(0.4),
    "player": _Cost(0.0, 240e-6, again=12e-6),
    "scorm": _Cost(0.0, 12e-6),
}
"""Measured with ``examples/gradient_descent.toml`` at 720p30; only proportions count."""

_OTHERS = _Cost(0.005)


@dataclass(frozen=True)
class Step:
    """What is made in one go.

    Attributes
    ----------
    name : str
        Of the lesson, or of the whole lecture in a language.
    part : str
    lessons : tuple of str
        The names of those it is made of.
    is_kept : bool
        Whether an earlier run has made it, which is no work.
    """

    name: str
    part: Part
    lessons: tuple[str, ...]
    is_kept: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether it is for several workers to do, as lessons are."""
        return self.part in ("material", "print")

    def work(self, frames: int) -> float:
        """Return the seconds of a processor, if it is made of so many frames.

        Examples
        --------
        >>> Step("a", "video", ("a",), is_kept=True).work(900)
        0.0
        """
        if self.is_kept:
            return 0.0
        cost = _COSTS.get(self.part, _OTHERS)
        each = cost.frame
        if cost.again is not None and self.lessons == (self.name,):
            each = cost.again
        return cost.once + each * frames


class Nobody:
    """Hears of the steps of a kit and does nothing."""

    def planned_kit(self, steps: Sequence[Step], pieces: int) -> None:
        """Hear of all steps, before the first lesson is drawn.

        Parameters
        ----------
        steps : sequence of Step
        pieces : int
            How many processes draw a lesson.
        """

    def begun(self, name: str, part: Part) -> None:
        """Hear that a step is begun."""

    def ended(self, name: str, part: Part) -> None:
        """Hear that a step is done, or cannot be; it may be told again."""


NOBODY = Nobody()
