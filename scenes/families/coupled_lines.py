"""Three number lines under each other, weight to prediction to loss, and the links between them.

The loss is there twice: on its line, and as the square of the distance from prediction to target.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import Mobject, linear

from backprop_studio.core.training.chain_rule import (
    ChainRuleRecord,
    ChainRuleStep,
    distances,
    dragged,
)
from backprop_studio.scenes.paint.brush import Box, middle_of
from backprop_studio.scenes.paint.named_glyphs import box_of, named
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.paint.typeset import set_type
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.chain_links import SIZE as LINK_SIZE
from backprop_studio.scenes.parts.charts.chain_links import ChainLinks
from backprop_studio.scenes.parts.charts.error_square import TEXT as SQUARE_TEXT
from backprop_studio.scenes.parts.charts.error_square import ErrorSquare
from backprop_studio.scenes.parts.charts.number_line import CHANGE, HEIGHT, LINE_Y, NumberLine
from backprop_studio.scenes.stage.formula import Spot

SCALE = 1.13
"""By which a number line is larger than where it is one of many."""

SIZE = 0.3
"""Em of names and values before that."""

COLUMN = 2.0
"""Width at the left for names and links."""

SQUARE = 3.3
"""Height of the square with its numbers."""

BESIDE = 0.25
"""Of the room's width: the square at the right of the lines."""

APART = 0.12
"""Between two lines that stand close, where the square stands between the other two."""

MARGIN = 0.08
LEAST_SHARE = 0.12
LEAST_NUDGE = 0.015
"""Of the common range, what a line and the nudge take at least; else each has its own scale."""

NAMES = ("w", "y_pred", "loss")
CHANGES = ("dw", "dy_pred", "dL")


class CoupledLines:
    """Weight, prediction and loss on lines of one scale, where that shows all of them.

    Parameters
    ----------
    record : ChainRuleRecord
        Whose first step is told in full.
    told : tuple of ChainRuleStep
        Steps whose numbers are to be in sight.
    room : Box
        Where they stand; :meth:`spread` moves them to another one as wide. In a tall one the square
        stands between prediction and loss, in another one at the right.
    printed : (str, str)
        Target and input.

    Attributes
    ----------
    lines : list of NumberLine
        Of weight, prediction and loss.
    links : ChainLinks
        Between them.
    square : ErrorSquare
        The distance from prediction to target, squared.
    is_common : bool
        Lengths on the lines can be compared.
    """

    def __init__(
        self,
        record: ChainRuleRecord,
        told: tuple[ChainRuleStep, ...],
        room: Box,
        printed: tuple[str, str],
        theme: Theme,
        language: str,
    ) -> None:
        target, given = printed
        self.look, self.record, self.target = (theme, language), record, record.y
        self.is_tall = room[3] - room[1] > room[2] - room[0]
        width = (room[2] - room[0]) * (1.0 if self.is_tall else 1 - BESIDE) / SCALE
        axes, self.is_common = self._axes(told)
        goal = (record.y, f"$t = {named('t', target)}$")
        self.lines = [
            NumberLine(
                axis,
                width,
                theme,
                language,
                colour=colour,
                room=COLUMN / SCALE,
                size=SIZE,
                goal=goal if k == 1 else None,
            ).scale(SCALE)
            for k, (axis, colour) in enumerate(
                zip(axes, (theme.focus, theme.text, theme.loss), strict=True)
            )
        ]
        texts = [f"$x = {named('x', given)}$", "$(hat(y) - t)^2$"]
        height = room[3] - room[1]
        self.links = ChainLinks([0, 0, 0], texts, (COLUMN, height), theme, language)
        self.links.move_to((room[0] + COLUMN / 2, middle_of(room)[1], 0))
        self.square = ErrorSquare(self._longest(told), self._square_size(room), theme, language)
        self._put_into(room)

    @property
    def parts(self) -> list[Mobject]:
        """All there is on the stage."""
        return [*self.lines, self.links, self.square]

    def _values(self, steps: tuple[ChainRuleStep, ...]) -> list[list[float]]:
        """Return what each line has to hold: of the steps, of the nudge, and what is aimed at."""
        first, found = steps[0], []
        for name, change in zip(NAMES, CHANGES, strict=True):
            values = [getattr(step, f"{name}{end}") for step in steps for end in ("", "_after")]
            found.append([*values, getattr(first, name) + getattr(first.nudge, change)])
        found[1].append(self.target)
        found[2].append(0.0)
        return found

    def _longest(self, steps: tuple[ChainRuleStep, ...]) -> float:
        """Return the longest distance to the target in some steps and in the nudge."""
        found = [it for step in steps for it in (step.distance, step.distance_after)]
        return max(*found, steps[0].nudge.distance)

    def _axes(self, steps: tuple[ChainRuleStep, ...]) -> tuple[list[Axis], bool]:
        values = self._values(steps)
        names = ("$w$", "$hat(y)$", "$L$")
        everything = [value for of_line in values for value in of_line]
        whole = max(everything) - min(everything)
        smallest = min(max(of_line) - min(of_line) for of_line in values)
        nudge = abs(steps[0].nudge.dw)
        is_common = smallest >= LEAST_SHARE * whole and nudge >= LEAST_NUDGE * whole
        seen = [everything] * 3 if is_common else values
        axes = [Axis.around(it, name, margin=MARGIN) for it, name in zip(seen, names, strict=True)]
        return axes, is_common

    # Where things stand

    def _heights(self, room: Box) -> list[float]:
        if self.is_tall:
            half = HEIGHT * SCALE / 2
            return [room[3] - half, room[3] - 3 * half - APART, room[1] + half]
        pitch = (room[3] - room[1]) / 3
        return [room[3] - (k + 0.5) * pitch for k in range(3)]

    def _square_size(self, room: Box) -> tuple[float, float]:
        """Return the size of the square's box, which stays the same in all rooms."""
        if self.is_tall:
            return room[2] - room[0] - COLUMN, SQUARE
        return (room[2] - room[0]) * BESIDE - SIZES.gap, SQUARE

    def _square_at(self, room: Box) -> tuple[float, float, float]:
        """Return where the middle of the square's box is: between prediction and loss."""
        _, prediction, loss = self._heights(room)
        x = room[2] - self.square.box[0] / 2
        return x, (prediction + loss) / 2, 0

    def _rows(self, room: Box) -> list[float]:
        middle = float(self.links.get_center()[1])
        return [y + SCALE * LINE_Y - middle for y in self._heights(room)]

    def _put_into(self, room: Box) -> None:
        for line, y in zip(self.lines, self._heights(room), strict=True):
            line.move_to((room[0] + line.width / 2, y, 0))
        self.links.spread(self._rows(room))
        self.square.move_to(self._square_at(room))

    def spread(self, room: Box) -> list[Any]:
        """Return the animations that give the lines another room."""
        moved: list[Any] = [
            line.animate.move_to((room[0] + line.width / 2, y, 0))
            for line, y in zip(self.lines, self._heights(room), strict=True)
        ]
        square = self.square.animate.move_to(self._square_at(room))
        return [*moved, self.links.animate.spread(self._rows(room)), square]

    def run(self, weights: Sequence[float]) -> list[Any]:
        """Return the animations in which the weight runs through values, and the others follow."""
        courses = [list(weights), *dragged(self.record, weights)]
        square = self.square.animate(rate_func=linear).run(distances(self.record, weights))
        lines = zip(self.lines, courses, strict=True)
        return [*(line.animate(rate_func=linear).run(it) for line, it in lines), square]

    def look_at(self, steps: tuple[ChainRuleStep, ...]) -> tuple[list[tuple[float, float]], float]:
        """Return what each line has to show of other steps, its ends, and the square: a side."""
        axes, _ = self._axes(steps)
        return [(axis.low, axis.high) for axis in axes], self._longest(steps)

    # Where numbers are

    def value(self, number: int, value: float, text: str) -> Spot:
        """Return where a line, counted from 0, writes a value."""
        line = self.lines[number]
        return Spot(*line.in_scene(*line.value_at(value, text)), SIZE * SCALE)

    def now(self, number: int) -> Spot:
        """Return where the value of a line stands."""
        line = self.lines[number]
        return self.value(number, float(line.state["value"]), line.labels[0])

    def change(self, number: int) -> Spot:
        """Return where the change on a line stands."""
        line = self.lines[number]
        return Spot(*line.in_scene(*line.change_at()), CHANGE * SIZE * SCALE)

    def goal(self) -> Spot:
        """Return where the target's number stands."""
        line = self.lines[1]
        theme, language = self.look
        source = line.goal[1] if line.goal else ""
        ink = set_type(source, theme.target, language=language)
        left, _, right, _ = box_of(ink, "t")
        x, y = line.goal_at()
        return Spot(*line.in_scene(x + (left + right) / 2 * SIZE, y), SIZE * SCALE)

    def area(self, distance: float, text: str) -> Spot:
        """Return where the area of a distance's square is written, its part ``L``."""
        there = self.square.copy().put(distance, "", text)
        ink = set_type(text, self.look[0].loss, language=self.look[1])
        left, _, right, _ = box_of(ink, "L")
        x, y = there.area_at()
        x += ((left + right) / 2 - (ink.extents[0] + ink.extents[2]) / 2) * SQUARE_TEXT
        return Spot(*there.in_scene(x, y), SQUARE_TEXT)

    def link(self, place: int, name: str = "") -> Spot:
        """Return where a link's text stands; see :meth:`ChainLinks.text_at`."""
        return Spot(*self.links.in_scene(*self.links.text_at(place, name)), LINK_SIZE)

    def slope_to_be(self, number: int, text: str) -> Spot:
        """Return where the number of a slope, its part ``s``, will stand at a link."""
        there = self.links.copy().slope(number, text)
        place = len(there.labels) // 2 + number
        return Spot(*there.in_scene(*there.text_at(place, "s")), LINK_SIZE)
