"""A number line: a value, the nudge that moves it, and where it has been."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, arrow, disc, fill, line, polygon, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import AXIS_LINE, Axis, replaced
from backprop_studio.scenes.parts.charts.ticks import Ticks

HEIGHT = 1.5
LINE_Y = -0.2
TICK = 0.09
TICK_TEXT = 0.3
TICK_APART = 0.1
"""Least space between the labels of two ticks."""
MARKER = 0.12
RING = 0.035
TRACE = 0.06
TRACE_OPACITY = 0.5
VALUE_Y = 0.36
CHANGE_Y = 0.66
CHANGE = 0.88
"""How large a change is written, as a share of the value's size."""

ARROW_WIDTH = 0.06
ARROW_Y = 0.22
"""Above the line, so that a marker hides nothing of a short arrow."""

GOAL_WIDTH = 0.045
GOAL_APART = 0.14
"""Least space between the name of the goal and the label of a tick."""

NAME_GAP = 0.3
EDGE = 0.22
CHEVRON = 0.13


class NumberLine(Painted):
    """A value on a line, with its printed number above.

    Parameters
    ----------
    axis : Axis
        What is in sight; its label is the line's name, on the left, as Typst markup.
    width : float
        Of the whole part in Manim units; its height is ``HEIGHT``.
    colour : Rgb, optional
        Of the marker.
    room : float, optional
        Room for the name; give lines that stand above each other the same.
    size : float
        Em of name and value.
    goal : (float, str), optional
        A value that is aimed at, and what is written below it, as Typst markup.

    Examples
    --------
    A weight that a step moves from 1.0 to 1.8, in a scene::

        self.play(weight.animate.nudge(1.8, "1.800", "+0.800"))
    """

    def __init__(
        self,
        axis: Axis,
        width: float,
        theme: Theme,
        language: str,
        *,
        colour: Rgb | None = None,
        room: float | None = None,
        size: float = SIZES.label,
        goal: tuple[float, str] | None = None,
    ) -> None:
        low, high = axis.ends
        state = {"value": low, "origin": low, "shown": 0.0, "nudge": 0.0}
        super().__init__(width, HEIGHT, window=[low, high], **state)
        self.axis, self.theme, self.language = axis, theme, language
        self.colour = colour or theme.focus
        self.size, self.goal = size, goal
        if room is None:
            room = self.width_of(axis.label, size) + NAME_GAP
        self.left, self.right = -width / 2 + room + EDGE, width / 2 - EDGE
        self.ticks = self._ticks(axis)
        self.tick_fade = 1.0
        self.trace: list[float] = []
        self.course: list[float] = []
        self.labels = ["", ""]
        self.fades = [1.0, 1.0]

    # What a scene says

    def put(self, value: float, text: str) -> NumberLine:
        """Set the marker on a value, without an arrow.

        Parameters
        ----------
        text : str
            The printed value, as Typst markup.
        """
        self.course = []
        self.labels = [text, ""]
        position = self._place(value)
        return self.set_state(value=position, origin=position, nudge=0.0, shown=1.0)

    def nudge(self, value: float, text: str, change: str = "") -> NumberLine:
        """Move the marker and draw the arrow from where it was; that position stays as a dot.

        Parameters
        ----------
        change : str
            What is written above the arrow, as Typst markup: the printed difference.
        """
        if float(self.state["shown"]) <= 0:
            raise ValueError("a line without a value has nothing to nudge; put one first")
        old = float(self.state["value"])
        self.trace = [*self.trace, old]
        self.course = []
        self.labels = [text, change]
        return self.set_state(value=self._place(value), origin=old, nudge=1.0)

    def run(self, values: Sequence[float]) -> NumberLine:
        """Move the marker through values, evenly in time; no number stands there meanwhile."""
        self.labels = ["", ""]
        self.course = [self._place(it) for it in values]
        return self.set_state(value=self.course[-1], origin=self.course[-1], nudge=0.0)

    def unlabel(self) -> NumberLine:
        """Take the numbers away, as before the marker moves on."""
        self.course = []
        self.labels = ["", ""]
        return self

    def settle(self) -> NumberLine:
        """Take the arrow away; the dots stay."""
        self.course = []
        self.labels = [self.labels[0], ""]
        return self.set_state(nudge=0.0)

    def forget(self) -> NumberLine:
        """Take the dots of earlier values away."""
        self.trace = []
        return self

    def look(self, low: float, high: float) -> NumberLine:
        """Bring another range into sight."""
        axis = replace(self.axis, low=low, high=high)
        self.ticks = self._ticks(axis)
        return self.set_state(window=axis.ends)

    def texts(self) -> list[str]:
        """Return the name, the ticks' labels and the numbers now visible."""
        labels = self.labels if float(self.state["shown"]) > 0 else []
        ticks = [text for position, text in self.ticks.pairs() if self._has_room(position, text)]
        goal = [self.goal[1]] if self.goal else []
        return [text for text in [self.axis.label, *ticks, *goal, *labels] if text]

    def value_at(self, value: float, text: str) -> tuple[float, float]:
        """Return where a value is written, its middle, in the part's units."""
        return self._inside(text, self.x_of(self._place(value)), self.size), VALUE_Y

    def change_at(self) -> tuple[float, float]:
        """Return where the change is written, its middle, in the part's units."""
        middle = (float(self.state["origin"]) + float(self.state["value"])) / 2
        return self._inside(self.labels[1], self.x_of(middle), CHANGE * self.size), CHANGE_Y

    def goal_at(self) -> tuple[float, float]:
        """Return where the goal is named, in the part's units."""
        value, text = self.goal or (0.0, "")
        return self._inside(text, self.x_of(value), self.size), LINE_Y - TICK_TEXT

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Stand between two states; a marker that was not there comes where its value is."""
        super().interpolate_state(start, end, alpha)
        if end.course and end.course != start.course:
            at = alpha * (len(end.course) - 1)
            self.set_state(value=np.interp(at, np.arange(len(end.course)), end.course))
        if float(start.state["shown"]) <= 0:
            self.set_state(value=end.state["value"])
        # An arrow that was not there grows from where it begins.
        if float(start.state["nudge"]) <= 0:
            self.set_state(origin=end.state["origin"])

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in."""
        self.labels, self.fades = replaced(start.labels, end.labels, alpha)
        self.ticks = start.ticks if alpha < 0.5 else end.ticks
        self.tick_fade = 1.0 if start.ticks == end.ticks else abs(2 * alpha - 1)
        # The dot lies under the marker as it sets out, so it may be there at once.
        longer = len(end.trace) >= len(start.trace)
        self.trace = list(end.trace if longer or alpha >= 0.5 else start.trace)

    def _ticks(self, axis: Axis) -> Ticks:
        """Return as many ticks as there is room for their labels."""
        (low, high), found = axis.ends, axis.ticks()
        unit = (self.right - self.left) / (high - low)
        for count in range(axis.count, 0, -1):
            found = replace(axis, count=count).ticks()
            halves = [self.width_of(it) / 2 for it in found.texts]
            steps = zip(itertools.pairwise(found.places), itertools.pairwise(halves), strict=True)
            if all(unit * (b - a) >= sum(two) + TICK_APART for (a, b), two in steps):
                break
        return found

    def _place(self, value: float) -> float:
        position = float(self.axis.places(value))
        if math.isnan(position):
            raise ValueError(f"{value} has no place on the line of {self.axis.label}")
        return position

    # Painting

    def x_of(self, position: float) -> float:
        """Return where a coordinate is, in the part's units; at the end if it is out of sight."""
        low, high = self.state["window"]
        share = (position - low) / (high - low)
        return float(self.left + np.clip(share, 0, 1) * (self.right - self.left))

    def _is_in_sight(self, position: float) -> bool:
        low, high = self.state["window"]
        room = 1e-9 * (high - low)
        return bool(low - room <= position <= high + room)

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the line, then dots, arrow, marker and numbers."""
        ctx.set_line_cap(cairo.LINE_CAP_BUTT)
        self._paint_line(ctx, opacity)
        shown = opacity * float(np.clip(self.state["shown"], 0, 1))
        if shown <= 0:
            return
        for position in self.trace:
            if self._is_in_sight(position):
                _disc(ctx, self.x_of(position), TRACE, self.colour, shown * TRACE_OPACITY)
        x = self.x_of(float(self.state["value"]))
        self._paint_nudge(ctx, x, shown)
        if self._is_in_sight(float(self.state["value"])):
            _disc(ctx, x, MARKER + RING, self.theme.background, shown)
            _disc(ctx, x, MARKER, self.colour, shown)
        else:
            self._paint_chevron(ctx, x, shown)
        self._number(ctx, 0, x, VALUE_Y, self.size, self.theme.text, shown)

    def _number(
        self, ctx: Context, k: int, x: float, y: float, size: float, colour: Rgb, alpha: float
    ) -> None:
        """Write a number above its position, moved in where it would leave the box."""
        at = (self._inside(self.labels[k], x, size), y)
        self.write(ctx, self.labels[k], at, colour, alpha * self.fades[k], size=size)

    def _inside(self, text: str, x: float, size: float) -> float:
        """Return where the middle of a text may stand, as near as there is room."""
        half = self.width_of(text, size) / 2
        # On the left stand the line's name, and what belongs to the link to the next line.
        return min(max(x, self.left - EDGE + half), self.box[0] / 2 - half)

    def _has_room(self, position: float, text: str) -> bool:
        """Whether a tick can be labelled beside the name of the goal."""
        if self.goal is None or not text:
            return True
        apart = abs(self.x_of(position) - self.goal_at()[0])
        half = self.width_of(self.goal[1], self.size) / 2 + self.width_of(text) / 2
        return apart >= half + GOAL_APART

    def _paint_goal(self, ctx: Context, opacity: float) -> None:
        if self.goal is None or not self._is_in_sight(self.goal[0]):
            return
        x = self.x_of(self.goal[0])
        set_colour(ctx, self.theme.target, opacity)
        ctx.set_line_width(GOAL_WIDTH)
        line(ctx, np.array([x, LINE_Y - 1.6 * TICK]), np.array([x, LINE_Y + 1.6 * TICK]))
        self.write(ctx, self.goal[1], self.goal_at(), self.theme.target, opacity, size=self.size)

    def _paint_line(self, ctx: Context, opacity: float) -> None:
        set_colour(ctx, self.theme.muted, opacity)
        ctx.set_line_width(AXIS_LINE)
        line(ctx, np.array([self.left - EDGE, LINE_Y]), np.array([self.right + EDGE, LINE_Y]))
        for position, source in self.ticks.pairs():
            if not self._is_in_sight(position):
                continue
            x = self.x_of(position)
            set_colour(ctx, self.theme.muted, opacity * self.tick_fade)
            line(ctx, np.array([x, LINE_Y - TICK]), np.array([x, LINE_Y + TICK]))
            if self._has_room(position, source):
                at, alpha = (x, LINE_Y - TICK_TEXT), opacity * self.tick_fade
                self.write(ctx, source, at, self.theme.muted, alpha)
        self._paint_goal(ctx, opacity)
        name, at = self.axis.label, (-self.box[0] / 2, LINE_Y)
        self.write(ctx, name, at, self.theme.text, opacity, size=self.size, anchor=0)

    def _paint_nudge(self, ctx: Context, x: float, shown: float) -> None:
        strength = shown * float(self.state["nudge"])
        start = self.x_of(float(self.state["origin"]))
        if strength <= 0 or abs(x - start) < 1e-6:
            return
        colour = self.theme.of_sign(x - start)
        set_colour(ctx, colour, strength)
        y = LINE_Y + ARROW_Y
        arrow(ctx, np.array([start, y]), np.array([x, y]), ARROW_WIDTH)
        size = CHANGE * self.size
        self._number(ctx, 1, (start + x) / 2, CHANGE_Y, size, colour, strength)

    def _paint_chevron(self, ctx: Context, x: float, shown: float) -> None:
        """Draw a value that is out of sight as a head that points to it."""
        side = 1.0 if x > (self.left + self.right) / 2 else -1.0
        tip = x + side * EDGE
        back = tip - side * 1.6 * CHEVRON
        polygon(ctx, ((tip, LINE_Y), (back, LINE_Y + CHEVRON), (back, LINE_Y - CHEVRON)))
        fill(ctx, self.colour, shown)


def _disc(ctx: Context, x: float, radius: float, colour: Rgb, alpha: float) -> None:
    disc(ctx, (x, LINE_Y), radius)
    fill(ctx, colour, alpha)
