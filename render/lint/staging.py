"""How a lesson is staged: how large its picture is for how long, and what is left empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.formula import kept_share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from manim import Mobject

    from backprop_studio.render.lint.finding import Kind
    from backprop_studio.scenes.lesson.lesson import LessonScene
    from backprop_studio.scenes.paint.brush import Box

    Fault: TypeAlias = tuple[str, float, Kind, Message]

LARGE = 0.6
"""Of the frame: what a picture that is the hero takes."""

MOSTLY = 0.7
"""Of a lesson's time."""

IDLE = 0.1
"""Of its time, for which a picture may be small although no formula stands on the board."""

ALIKE = 2 / 3
"""Of a formula's glyphs: it should change, and not be replaced."""

LONGEST_EMPTY = 0.5
"""Seconds for which nothing may stand on the stage."""


@dataclass
class Staging:
    """What stands on a stage after each play, and for how long.

    Attributes
    ----------
    seconds, large, idle : float
        Of the lesson; those in which its picture takes most of the frame; and those in which it
        does not, although there is no formula to read.
    empty : list of (str, float, float)
        Beat, beginning and length of each time in which nothing stands on the stage.
    bare : list of (str, float, float)
        The same of boards without a formula.
    """

    seconds: float = 0.0
    large: float = 0.0
    idle: float = 0.0
    empty: list[tuple[str, float, float]] = field(default_factory=list)
    bare: list[tuple[str, float, float]] = field(default_factory=list)
    _before: float = 0.0

    def note(self, scene: LessonScene, beat: str, start: float, seconds: float) -> None:
        """Take a play's last picture for all of it; what comes or goes meanwhile is not empty."""
        share = picture_share(scene)
        is_empty = max(share, self._before) <= 0
        self._before = share
        self.seconds += seconds
        self.large += seconds if share >= LARGE else 0.0
        self.idle += seconds if share < LARGE and not _has_formula(scene) else 0.0
        _prolong(self.empty, beat, start, seconds, holds=not is_empty)
        _prolong(self.bare, beat, start, seconds, holds=not _has_bare_board(scene))

    @property
    def share(self) -> float:
        """Of the time, how much the picture is large."""
        return self.large / self.seconds if self.seconds else 1.0

    def faults(self, scene: LessonScene) -> Iterator[Fault]:
        """Yield beat, second, kind and words of what is wrong."""
        if isinstance(scene, DirectedLesson):
            yield from self._small()
            for beat, start, seconds in _too_long(self.bare):
                text = N_("the board is empty for {seconds} s")
                message = Message.of("lint.bare", text, seconds=f"{seconds:.1f}")
                yield beat, start, "empty", message
        for beat, start, seconds in _too_long(self.empty):
            text = N_("nothing stands on the stage for {seconds} s")
            message = Message.of("lint.empty", text, seconds=f"{seconds:.1f}")
            yield beat, start, "empty", message

    def _small(self) -> Iterator[Fault]:
        """Yield in what way the picture is not the hero that it is in a directed lesson."""
        if self.share < MOSTLY:
            text = N_("the picture takes {large} % of the frame in only {share} % of the time")
            numbers = {"large": round(100 * LARGE), "share": round(100 * self.share)}
            yield "", 0.0, "picture", Message.of("lint.picture", text, **numbers)
        elif self.idle > IDLE * self.seconds:
            text = N_("no formula is read, and yet the picture is small in {share} % of the time")
            share = round(100 * self.idle / self.seconds)
            yield "", 0.0, "picture", Message.of("lint.idle", text, share=share)


def _too_long(spans: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    return [it for it in spans if it[2] > LONGEST_EMPTY]


def faded_alike(scene: LessonScene) -> list[tuple[str, float]]:
    """Return beat and share of each formula that faded in, although most of it was there before."""
    found = []
    for beat, before, after in getattr(scene, "faded", []):
        share = kept_share(before.ink, after.ink)
        if share >= ALIKE:
            found.append((beat, share))
    return found


def _prolong(
    spans: list[tuple[str, float, float]], beat: str, start: float, seconds: float, *, holds: bool
) -> None:
    """Note a time in which something does not hold, together with one that it follows."""
    if holds:
        return
    if spans and abs(spans[-1][1] + spans[-1][2] - start) < 1e-6:
        beat, start, seconds = spans[-1][0], spans[-1][1], spans[-1][2] + seconds
        spans.pop()
    spans.append((beat, start, seconds))


def picture_share(scene: LessonScene) -> float:
    """Return how much of the frame the box around the picture takes, from 0 to 1.

    The picture is all that is not pinned: title, sentence and board stand on the frame.
    """
    boxes = [_box(part) for part in _picture(scene)]
    if not boxes:
        return 0.0
    left, bottom = (min(box[k] for box in boxes) for k in (0, 1))
    right, top = (max(box[k] for box in boxes) for k in (2, 3))
    left, bottom, right, top = _seen(scene, (left, bottom, right, top))
    width, height = scene.home
    return max(right - left, 0.0) * max(top - bottom, 0.0) / (width * height)


def _picture(scene: LessonScene) -> list[Mobject]:
    parts = [part for mobject in scene.mobjects for part in mobject.get_family()]
    return [
        part
        for part in parts
        if len(part.points)
        and part is not scene.camera.frame
        and not (isinstance(part, Painted) and (part.is_pinned or part.opacity <= 0))
    ]


def _box(part: Mobject) -> Box:
    low, high = part.points.min(axis=0), part.points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _seen(scene: LessonScene, box: Box) -> Box:
    """Return a box of the scene as it lies on the frame, cut where the frame or its room ends."""
    camera, (width, height) = scene.camera, scene.home
    share = width / float(camera.frame.width)
    x, y = (float(it) for it in camera.frame.get_center()[:2])
    on_frame = [(it - (x, y)[k % 2]) * share for k, it in enumerate(box)]
    is_whole = abs(share - 1) < 1e-6 and abs(x) + abs(y) < 1e-6
    room = (-width / 2, -height / 2, width / 2, height / 2)
    if camera.room is not None and not is_whole:
        room = camera.room
    left, bottom = (max(on_frame[k], room[k]) for k in (0, 1))
    right, top = (min(on_frame[k], room[k]) for k in (2, 3))
    return left, bottom, right, top


def _has_formula(scene: LessonScene) -> bool:
    """Whether a formula stands on the board of a directed lesson."""
    if not isinstance(scene, DirectedLesson):
        return False
    strip = scene.strip
    return strip.card is not None and strip.card.opacity > 0 and strip.formula is not None


def _has_bare_board(scene: LessonScene) -> bool:
    """Whether a board stands there without anything on it."""
    if not isinstance(scene, DirectedLesson):
        return False
    strip = scene.strip
    return strip.card is not None and strip.card.opacity > 0 and strip.formula is None
