"""A diagram: curves that grow, points that move, secants, tangents and guides to the axes.

Everything has a name and is added once, outside of an animation or inside one (then it fades in).
What moves is said by methods that return the plot: ``plot.animate.move_point("w", 3.01)``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import (
    Box,
    Context,
    arrow,
    disc,
    fill,
    line,
    saved,
    set_colour,
)
from backprop_studio.scenes.paint.palette import readable
from backprop_studio.scenes.paint.paths import dots, exit_of, thinned, trace
from backprop_studio.scenes.paint.style import SIZES, Rgb
from backprop_studio.scenes.parts.charts.axes import are_near
from backprop_studio.scenes.parts.charts.items import Item
from backprop_studio.scenes.parts.charts.plot_state import LABEL_OFFSET, PlotState

if TYPE_CHECKING:
    from collections.abc import Iterator

CURVE = 0.04
STRAIGHT = 0.03
"""Thinner than a curve and above it: from close by a curve and its tangent are the same line."""

THIN = 0.026
DASHES = (0.1, 0.08)
POINT = 0.1
RING = 0.035
LINE_APART = 0.32
"""Least height between two labels of curves."""

EXIT_LENGTH = 0.25
EXIT_TIP = 0.06
EXIT_WIDTH = 0.065
ARROW_WIDTH = 0.055
Labels = list[tuple[str, np.ndarray, Rgb, float]]


class Plot(PlotState):
    """Curves, points and lines on two axes; see :class:`PlotState` for what it is made of."""

    label_size = SIZES.small
    """Em of what stands at the ends of curves."""

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw axes, lines, curves, points and labels, in this order."""
        self.axes.paint(ctx, self.state["window"], self.ticks, opacity, fade=self.tick_fade)
        labels: Labels = []
        with saved(ctx):
            self.axes.clip(ctx, margin=CURVE / 2)
            ctx.set_line_join(cairo.LINE_JOIN_ROUND)
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            for kinds in (("mark_x", "mark_y"), ("scatter",), ("curve",), ("line", "secant")):
                for name, item in self.items.items():
                    if item.kind in kinds and self._shown(name) > 0:
                        set_colour(ctx, item.colour, opacity * self._shown(name))
                        draw = getattr(self, f"_{item.kind.partition('_')[0]}")
                        draw(ctx, name, item)
        for name, item in self.items.items():
            alpha = opacity * self._shown(name)
            if alpha > 0 and item.kind == "curve":
                self._curve_dots(ctx, name, item, alpha)
                self._curve_end(ctx, name, item, alpha, labels)
        self._write_ends(ctx, labels)
        for kind, finish in (
            ("mark_x", self._mark_over),
            ("mark_y", self._mark_over),
            ("secant", self._secant_over),
            ("arrow", self._arrow_over),
            ("point", self._point_over),
        ):
            for name, item in self.items.items():
                if item.kind == kind and self._shown(name) > 0:
                    finish(ctx, name, item, opacity * self._shown(name))

    def _fade(self, name: str, k: int) -> float:
        return self.fades[name][k] if name in self.fades else 1.0

    def _curve(self, ctx: Context, name: str, item: Item) -> None:
        path = self._path(name)
        with saved(ctx):
            ctx.set_dash(DASHES if item.is_dashed else ())
            ctx.set_line_width(THIN if item.is_dashed else CURVE)
            trace(ctx, thinned(path))
            ctx.stroke()

    def _curve_dots(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        """Draw the corners that are in sight, whole also where they lie on an axis."""
        if item.has_dots:
            set_colour(ctx, item.colour, alpha)
            dots(
                ctx,
                np.array([it for it in self._path(name) if self.axes.contains(it)]).reshape(-1, 2),
                item.radius,
            )

    def _scatter(self, ctx: Context, name: str, item: Item) -> None:
        dots(ctx, self._place(self.state[f"{name}.x"], self.state[f"{name}.y"]), item.radius)

    def _line(self, ctx: Context, name: str, item: Item) -> None:
        x, y, slope = self.state[f"{name}.at"]
        ends = self.state["window"][:2]
        self._stroke(ctx, self._place(ends, y + slope * (ends - x)), item)

    def _secant(self, ctx: Context, name: str, item: Item) -> None:
        (x0, y0), slope = self._secant_at(name, item)
        ends = self.state["window"][:2]
        if math.isfinite(slope):
            self._stroke(ctx, self._place(ends, y0 + slope * (ends - x0)), item)

    def _secant_at(self, name: str, item: Item) -> tuple[tuple[float, float], float]:
        x0, x1 = map(float, self.state[f"{name}.at"])
        y0, y1 = self.height_on(item.on, x0), self.height_on(item.on, x1)
        window = self.state["window"]
        near = 1e-4 * float(window[1] - window[0])
        if abs(x1 - x0) >= near:
            return (x0, y0), (y1 - y0) / (x1 - x0)
        if item.slope and math.isfinite(slope := self.height_on(item.slope, x0)):
            return (x0, y0), slope
        # At a curve's end it is the slope to the one side that there is.
        ahead, behind = (self.height_on(item.on, x0 + it) for it in (near, -near))
        if math.isnan(ahead) or math.isnan(behind):
            return (x0, y0), (y0 - behind if math.isnan(ahead) else ahead - y0) / near
        return (x0, y0), (ahead - behind) / (2 * near)

    def _mark(self, ctx: Context, name: str, item: Item) -> None:
        at, window = float(self.state[f"{name}.at"]), self.state["window"]
        ends = (np.array([at, at]), window[2:]) if item.kind == "mark_x" else (window[:2], [at, at])
        self._stroke(ctx, self._place(*ends), item)

    def _stroke(self, ctx: Context, ends: np.ndarray, item: Item) -> None:
        if not np.isfinite(ends).all():
            return
        with saved(ctx):
            ctx.set_dash(DASHES if item.is_dashed else ())
            ctx.set_line_width(THIN if item.is_dashed else STRAIGHT)
            line(ctx, ends[0], ends[1])

    def _curve_end(self, ctx: Context, name: str, item: Item, alpha: float, labels: Labels) -> None:
        path = self._path(name)
        left = exit_of(path, self.axes.inner)
        if left is None:
            finite = path[np.isfinite(path).all(axis=1)]
            if len(finite):
                fade = alpha * self._fade(name, 0)
                position = finite[-1] + np.array([LABEL_OFFSET, 0.0])
                labels.append((item.texts[0], position, item.colour, fade))
            return
        position, along = left
        along = along / max(float(np.hypot(*along)), 1e-9)
        set_colour(ctx, item.colour, alpha)
        if item.texts[1]:  # a graph that is cut off by the picture has not run away
            arrow(ctx, position - along * EXIT_LENGTH, position + along * EXIT_TIP, EXIT_WIDTH)
        text, k = (item.texts[1], 1) if item.texts[1] else (item.texts[0], 0)
        inner = self.axes.inner
        below = position[1] - LINE_APART if along[1] > 0 else position[1] + LINE_APART
        side = np.array([position[0] + LABEL_OFFSET, np.clip(below, inner[1], inner[3])])
        labels.append((text, side, item.colour, alpha * self._fade(name, k)))

    def _write_ends(self, ctx: Context, labels: Labels) -> None:
        """Write the curves' labels, pushed apart where they would lie on each other."""
        boxes: list[tuple[float, float, float]] = []
        bottom = self.axes.inner[1] + LINE_APART / 2
        # From the lowest upwards, as below the axis there are labels already.
        for source, position, colour, alpha in sorted(labels, key=lambda it: float(it[1][1])):
            if not source or alpha <= 0:
                continue
            width = self.width_of(source, self.label_size)
            x = min(float(position[0]), self.box[0] / 2 - width)
            y = max(float(position[1]), bottom)
            for left, right, other in boxes:
                if x < right and left < x + width and abs(other - y) < LINE_APART:
                    y = other + LINE_APART
            boxes.append((x, x + width, y))
            self._label(ctx, source, (x, y), 0.0, colour, alpha)

    def _label(
        self, ctx: Context, source: str, position: Any, anchor: float, colour: Rgb, alpha: float
    ) -> None:
        """Write a label on a plate that keeps curves from running through it."""
        if not source or alpha <= 0:
            return
        left, bottom, right, top = self.axes.label_box(source, tuple(position), anchor)
        ctx.rectangle(left - 0.04, bottom - 0.02, right - left + 0.08, top - bottom + 0.04)
        fill(ctx, self.theme.background, alpha)
        colour = readable(colour, self.theme)
        self.write(ctx, source, tuple(position), colour, alpha, anchor=anchor)

    def _mark_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        left, bottom, right, top = self.axes.inner
        x, y = self._place(*[self.state[f"{name}.at"]] * 2)
        is_upright = item.kind == "mark_x"
        if self.axes.contains(np.array([x, bottom] if is_upright else [left, y])):
            is_left = self._goes_left(item.texts[0], x, top - 0.16)
            beside = x - 0.1 if is_left else x + 0.1
            at = (beside, top - 0.16) if is_upright else (right - 0.05, y + 0.2)
            anchor = float(is_left or not is_upright)
            fade = alpha * self._fade(name, 0)
            self._label(ctx, item.texts[0], at, anchor, item.colour, fade)

    def _goes_left(self, source: str, x: float, y: float) -> bool:
        """Whether the label of an upright line has its room on the left, not on the right."""
        left, _, right, _ = self.axes.inner
        boxes = [self.axes.label_box(source, (x + 0.1 * side, y), side < 0) for side in (1, -1)]
        if boxes[0][2] > right or boxes[1][0] < left:
            return boxes[0][2] > right
        after, before = (any(_holds(it, dot) for dot in self._seen_dots()) for it in boxes)
        return after and not before

    def _seen_dots(self) -> Iterator[np.ndarray]:
        """Yield where points and the corners of curves are."""
        for name, item in self.items.items():
            if self._shown(name) > 0 and item.kind == "point":
                yield self.place_of(name)
            elif self._shown(name) > 0 and item.kind == "curve" and item.has_dots:
                yield from self._path(name)

    def _secant_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        if not any(item.texts):
            return
        x0, x1 = map(float, self.state[f"{name}.at"])
        start = self._place(x0, self.height_on(item.on, x0))
        end = self._place(x1, self.height_on(item.on, x1))
        if not np.isfinite([*start, *end]).all():
            return
        corner = np.array([end[0], start[1]])
        with saved(ctx):
            self.axes.clip(ctx)
            ctx.set_line_width(THIN)
            set_colour(ctx, self.theme.text, alpha)
            line(ctx, start, corner)
            line(ctx, corner, end)
        down, right = np.sign(end[1] - start[1]) or 1.0, np.sign(end[0] - start[0]) or 1.0
        run = (start + corner) / 2 - np.array([0.0, 0.2 * down])
        if self._meets_point(item.texts[0], run):
            run[1] += 0.4 * down
        rise = (corner + end) / 2 + np.array([0.12 * right, 0.0])
        for k, position, anchor in ((0, run, 0.5), (1, rise, 0.0 if right > 0 else 1.0)):
            if self.axes.contains(position):
                fade = alpha * self._fade(name, k)
                self._label(ctx, item.texts[k], position, anchor, self.theme.text, fade)

    def _arrow_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        x, to, y = self.state[f"{name}.at"]
        start, tip = self._place(np.array([x, to]), y)
        if not (self.axes.contains(start) and self.axes.contains(tip)):
            return
        set_colour(ctx, item.colour, alpha)
        arrow(ctx, start, tip, ARROW_WIDTH)
        middle = (start + tip) / 2 + np.array([0.0, LABEL_OFFSET * 1.6])
        self._label(ctx, item.texts[0], middle, 0.5, item.colour, alpha * self._fade(name, 0))

    def _point_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        position = self.place_of(name)
        if not self.axes.contains(position):
            return
        for radius, colour in ((POINT + RING, self.theme.background), (POINT, item.colour)):
            disc(ctx, position, radius)
            fill(ctx, colour, alpha)
        at, anchor = self._beside_point(position, item)
        self._label(ctx, item.texts[0], at, anchor, self.theme.text, alpha * self._fade(name, 0))

    def _beside_point(self, position: np.ndarray, item: Item) -> tuple[np.ndarray, float]:
        """Return where the label of a point stands, and which share of it on the left of that."""
        toward = np.array(item.corner, dtype=float)
        away = np.array([POINT + LABEL_OFFSET * 0.6, POINT + LABEL_OFFSET * 1.1])
        if toward[1] < 0 and position[1] - away[1] - SIZES.small / 2 < self.axes.inner[1]:
            toward[1] = 1.0  # below the axis are the numbers of its ticks
        return position + toward * away, {-1.0: 1.0, 0.0: 0.5, 1.0: 0.0}[float(np.sign(toward[0]))]

    def _meets_point(self, source: str, position: np.ndarray) -> bool:
        """Whether a label with this middle would lie on that of a point."""
        if not source:
            return False
        own = self.axes.label_box(source, tuple(position), 0.5)
        for name, item in self.items.items():
            if item.kind == "point" and item.texts[0] and self._shown(name) > 0:
                at, anchor = self._beside_point(self.place_of(name), item)
                if are_near(own, self.axes.label_box(item.texts[0], tuple(at), anchor)):
                    return True
        return False


def _holds(box: Box, dot: np.ndarray) -> bool:
    left, bottom, right, top = box
    x, y = map(float, dot)
    return left - POINT <= x <= right + POINT and bottom - POINT <= y <= top + POINT
