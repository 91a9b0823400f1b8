"""Axes: from data to a position in a box, round ticks, hairlines and labels, linear or logarithmic.

Parts that show data keep a *window* in their state: the coordinates at the left, right, bottom and
top edge. A coordinate is the value itself, or its decimal logarithm on a logarithmic axis, so that
a window moves evenly between two states on both kinds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Box, Context, line, rectangle, set_colour
from backprop_studio.scenes.paint.lettering import Lettering
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Theme, Unchanging
from backprop_studio.scenes.parts.charts.ticks import Ticks, even_ticks, log_ticks

HAIRLINE = 0.012
AXIS_LINE = 0.022
GRID_SHARE = 0.55
"""Opacity of hairlines; they are looked through, not at."""

TICK_GAP = 0.12
TICK_LINE = 0.34
LABEL_LINE = 0.42
LEAST_ROOM = 0.2
LABEL_APART = 0.12
"""Least space between two labels of ticks."""

FAR = 1000.0
"""Boxes away from the picture; farther positions are pulled in, as cairo's numbers end."""

FLOAT_EXPONENTS = (-307.0, 308.0)
"""Powers of ten that float64 holds."""


@dataclass(frozen=True)
class Axis(Unchanging):
    """One axis of a diagram.

    Parameters
    ----------
    low, high : float
        Values at its ends.
    label : str
        Typst markup of what it counts; may be empty.
    logarithmic : bool
        Equal steps are equal factors; both ends have to be positive.
    count : int
        About how many ticks it has; 0 for none.

    Examples
    --------
    >>> Axis(0, 10).ticks().texts
    ('#"0"', '#"2"', '#"4"', '#"6"', '#"8"', '#"10"')
    >>> Axis(1, 1000, logarithmic=True).places([10.0, 100.0, 0.0]).tolist()
    [1.0, 2.0, nan]
    """

    low: float
    high: float
    label: str = ""
    logarithmic: bool = False
    count: int = 5

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"an axis needs low < high, not {self.low} and {self.high}")
        if self.logarithmic and self.low <= 0:
            raise ValueError(f"a logarithmic axis begins above 0, not at {self.low}")

    @classmethod
    def around(cls, values: Any, label: str = "", *, margin: float = 0.06, **more: Any) -> Axis:
        """Return an axis that holds every finite value (positive ones, if logarithmic).

        Parameters
        ----------
        margin : float
            Space at either end, as a share of the range.
        """
        found = np.asarray(values, dtype=np.float64).ravel()
        is_logarithmic = bool(more.get("logarithmic", False))
        found = found[np.isfinite(found) & ((found > 0) | (not is_logarithmic))]
        if not len(found):
            found = np.array([1.0, 10.0]) if is_logarithmic else np.array([0.0, 1.0])
        ends = np.array([found.min(), found.max()])
        ends = np.log10(ends) if is_logarithmic else ends
        # A value alone has no range: give it one of its own size.
        room = (ends[1] - ends[0]) * margin or (0.5 if is_logarithmic else abs(ends[0]) / 2 or 0.5)
        low, high = ends[0] - room, ends[1] + room
        if is_logarithmic:
            low, high = np.clip((low, high), *FLOAT_EXPONENTS)
            return cls(float(10.0**low), float(10.0**high), label, **more)
        return cls(float(low), float(high), label, **more)

    @property
    def ends(self) -> tuple[float, float]:
        """Coordinates of both ends."""
        low, high = self.places([self.low, self.high]).tolist()
        return low, high

    def places(self, values: Any) -> np.ndarray:
        """Return coordinates like the values; nan where a value has no position."""
        values = np.asarray(values, dtype=np.float64)
        if not self.logarithmic:
            return np.where(np.isfinite(values), values, math.nan)
        has_place = np.isfinite(values) & (values > 0)
        return np.where(has_place, np.log10(np.where(has_place, values, 1.0)), math.nan)

    def ticks(self, low: float | None = None, high: float | None = None) -> Ticks:
        """Return round ticks between two coordinates, or between the ends."""
        ends = self.ends
        low, high = ends[0] if low is None else low, ends[1] if high is None else high
        if not self.count:
            return Ticks()
        return (log_ticks if self.logarithmic else even_ticks)(low, high, self.count)


def replaced(
    start: Sequence[str], end: Sequence[str], alpha: float
) -> tuple[list[str], list[float]]:
    """Return the texts at a moment of a change, and the opacity of each.

    A text that stays is not touched; another one fades out until the half and the new one in.

    Examples
    --------
    >>> replaced(["a", "1"], ["a", "2"], 0.75)
    (['a', '2'], [1.0, 0.5])
    """
    texts = list(start if alpha < 0.5 else end)
    if len(start) != len(end):
        return texts, [abs(2 * alpha - 1)] * len(texts)
    fades = [1.0 if a == b else abs(2 * alpha - 1) for a, b in zip(start, end, strict=True)]
    return texts, fades


@dataclass(frozen=True, eq=False)
class Axes(Lettering, Unchanging):
    """Two axes in a box, and the position of data between them.

    Attributes
    ----------
    x, y : Axis
        Directions.
    box : (float, float)
        Width and height, labels included.
    right : float
        Room kept on the right for names of curves.
    room : float, optional
        Room for the labels of the y axis; what the first ticks need if not given.
    inner : (float, float, float, float)
        Left, bottom, right and top of the data in the part's units; follows from the rest.
    """

    x: Axis
    y: Axis
    box: tuple[float, float]
    theme: Theme
    language: str
    right: float = LEAST_ROOM
    room: float | None = None
    inner: Box = field(init=False)

    def __post_init__(self) -> None:
        widest = max((self.width_of(text) for text in self.y.ticks().texts), default=0.0)
        room = widest + TICK_GAP if self.room is None else self.room
        object.__setattr__(self, "room", max(room, LEAST_ROOM))
        object.__setattr__(self, "inner", self._inner())

    @property
    def window(self) -> np.ndarray:
        """Coordinates of left, right, bottom and top at the beginning."""
        return np.array([*self.x.ends, *self.y.ends])

    @property
    def names(self) -> tuple[str, str]:
        """What stands beside the axes, as markup."""
        x, y = (self.name_of_scale(it.label, it.logarithmic) for it in (self.x, self.y))
        return x, y

    def _inner(self) -> Box:
        width, height = self.box
        below = (TICK_LINE if self.x.count else 0.0) + (LABEL_LINE if self.x.label else 0.0)
        above = LABEL_LINE + 0.1 if self.y.label else TICK_GAP
        assert self.room is not None
        return (
            -width / 2 + self.room,
            -height / 2 + max(below, TICK_GAP),
            width / 2 - self.right,
            height / 2 - above,
        )

    def at(self, window: np.ndarray, x: Any, y: Any) -> np.ndarray:
        """Return positions (..., 2) of coordinates; pulled in where they are too far to draw."""
        left, bottom, right, top = self.inner
        across = (np.asarray(x) - window[0]) / (window[1] - window[0])
        along = (np.asarray(y) - window[2]) / (window[3] - window[2])
        positions = np.empty((*np.broadcast(across, along).shape, 2))
        positions[..., 0] = left + np.clip(across, -FAR, FAR) * (right - left)
        positions[..., 1] = bottom + np.clip(along, -FAR, FAR) * (top - bottom)
        return positions

    def clip(self, ctx: Context, margin: float = 0.0) -> None:
        """Let nothing be drawn outside of the inner box, and the margin around it."""
        rectangle(ctx, self.inner, margin)
        ctx.clip()

    def contains(self, position: np.ndarray, margin: float = 1e-6) -> bool:
        """Whether a position is inside the inner box."""
        left, bottom, right, top = self.inner
        x, y = position
        is_within = left - margin <= x <= right + margin and bottom - margin <= y <= top + margin
        return bool(is_within)

    def paint(
        self,
        ctx: Context,
        window: np.ndarray,
        ticks: tuple[Ticks, Ticks],
        opacity: float,
        *,
        fade: float = 1.0,
    ) -> None:
        """Draw hairlines, the two axes, and the labels of ticks and axes.

        Parameters
        ----------
        ticks : (Ticks, Ticks)
            Of x and y.
        fade : float
            Opacity of ticks while they are replaced.
        """
        frame = (self.theme.name, self.inner, self.box)
        key = ("axes", *frame, window.tobytes(), ticks, fade, opacity)
        half = self.box[0] / 2, self.box[1] / 2
        around = (-half[0], -half[1], *half)
        repaint(ctx, key, around, lambda ctx: self._lines(ctx, window, ticks, fade, opacity))
        self._tick_labels(ctx, window, ticks, opacity * fade)
        left, _, right, top = self.inner
        below, above = ((left + right) / 2, -half[1] + 0.14), (-half[0], top + 0.32)
        ink = (self.theme.text, opacity)
        x, y = self.names
        self.write(ctx, x, below, *ink, size=SIZES.label, width=self.box[0])
        self.write(ctx, y, above, *ink, size=SIZES.label, anchor=0, width=self.box[0])

    def _lines(
        self,
        ctx: Context,
        window: np.ndarray,
        ticks: tuple[Ticks, Ticks],
        fade: float,
        opacity: float,
    ) -> None:
        left, bottom, right, top = self.inner
        ctx.set_line_cap(cairo.LINE_CAP_BUTT)
        set_colour(ctx, self.theme.line, opacity * GRID_SHARE * fade)
        ctx.set_line_width(HAIRLINE)
        for position, _ in self._ticks_at(window, ticks[0], 0):
            line(ctx, np.array([position, bottom]), np.array([position, top]))
        for position, _ in self._ticks_at(window, ticks[1], 1):
            line(ctx, np.array([left, position]), np.array([right, position]))
        set_colour(ctx, self.theme.muted, opacity)
        ctx.set_line_width(AXIS_LINE)
        ctx.move_to(left, top)
        ctx.line_to(left, bottom)
        ctx.line_to(right, bottom)
        ctx.stroke()
        zero = self.at(window, 0.0, 0.0)
        if not self.y.logarithmic and bottom < zero[1] < top:
            line(ctx, np.array([left, zero[1]]), np.array([right, zero[1]]))

    def _ticks_at(self, window: np.ndarray, ticks: Ticks, axis: int) -> list[tuple[float, str]]:
        """Return position along the axis and text of the ticks in sight."""
        low, high = self.inner[axis], self.inner[axis + 2]
        first, last = window[2 * axis : 2 * axis + 2].tolist()
        unit = (high - low) / (last - first)
        at = [(low + (position - first) * unit, text) for position, text in ticks.pairs()]
        return [it for it in at if low - 1e-6 <= it[0] <= high + 1e-6]

    def _tick_labels(
        self,
        ctx: Context,
        window: np.ndarray,
        ticks: tuple[Ticks, Ticks],
        opacity: float,
    ) -> None:
        """Write numbers; one that would come too close to an earlier one gives way."""
        left, bottom, _, _ = self.inner
        x, y = left - TICK_GAP, bottom - TICK_LINE / 2 - 0.03
        level = [(it, (at, y), 0.5) for at, it in self._ticks_at(window, ticks[0], 0)]
        upright = [(it, (x, at), 1.0) for at, it in self._ticks_at(window, ticks[1], 1)]
        boxes: list[Box] = []
        for source, where, anchor in level + upright:
            box = self.label_box(source, where, anchor)
            if not any(are_near(box, other) for other in boxes):
                boxes.append(box)
                self.write(ctx, source, where, self.theme.muted, opacity, anchor=anchor)

    def label_box(self, source: str, position: tuple[float, float], anchor: float) -> Box:
        """Return left, bottom, right and top of a small label."""
        width = self.width_of(source)
        left = position[0] - width * anchor
        half = SIZES.small * 0.5
        return left, position[1] - half, left + width, position[1] + half


def are_near(a: Box, b: Box) -> bool:
    """Return whether two labels overlap, or are closer beside each other than they may be."""
    return a[0] < b[2] + LABEL_APART and b[0] < a[2] + LABEL_APART and a[1] < b[3] and b[1] < a[3]
