"""The steps of a kit: all that is made besides the lessons' videos, and how much work each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from backprop_studio.render.costs import cost_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.messages.jobs import KitItem

Part: TypeAlias = "KitItem | Literal['material', 'print']"
"""A kind of file, or what several are made of: pictures and answer sheet, pictures for paper."""

_MEAN = 0.0028
"""Seconds of a processor for a frame of a scene that was never measured."""

_AROUND = 1.05
"""What a video costs against its frames alone: it is planned, and proved."""

_FPS = 30
"""At which costs are measured."""


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
    "material": _Cost(0.6),
    "print": _Cost(1.0),
    "video": _Cost(0.0, 25e-6),
    "subtitles": _Cost(0.0, 4e-6),
    "clips": _Cost(0.0, 5e-6),
    "gifs": _Cost(0.0, 1.8e-3),
    "code": _Cost(2.9),
    "notebook": _Cost(0.05, 12e-6),
    "slides": _Cost(0.0, 240e-6, again=60e-6),
    "handout": _Cost(0.0, 140e-6, again=15e-6),
    "exercises": _Cost(0.36),
    "player": _Cost(0.0, 330e-6, again=12e-6),
    "scorm": _Cost(0.0, 12e-6),
}
"""Measured at 720p30, in seconds of a processor; only proportions count. A program is run before it
is handed out, which is most of ``code``."""

_START = 6.0
"""Seconds of a processor in which the workers start that make the first material."""

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
    is_first : bool
        Whether processes are started for it.
    """

    name: str
    part: Part
    lessons: tuple[str, ...]
    is_kept: bool = False
    is_first: bool = False

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
        return cost.once + each * frames + _START * self.is_first


def drawing(scene: str) -> float:
    """Return a processor's seconds for a frame of a scene: some cost three times what others do."""
    cost = cost_of(scene)
    return _AROUND * (_MEAN if cost is None else cost.work / (cost.seconds * _FPS))


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
