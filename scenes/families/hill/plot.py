"""A hill in the fog: a curve with ground below it, balls that feel the slope where they stand.

Fog lies over everything but the places where balls are. A step is drawn as what it is: the weight
changes, and then the ball is on the ground again. So a trail is a flight of stairs, whose treads
are the steps.
"""

from __future__ import annotations

import math
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.families.hill.state import PLANK, TAG_GAP, HillState
from backprop_studio.scenes.paint.brush import (
    Context,
    arrow,
    fill,
    line,
    mix,
    rectangle,
    rounded,
    saved,
    set_colour,
    stroke,
)
from backprop_studio.scenes.paint.palette import readable
from backprop_studio.scenes.paint.paths import thinned
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.items import Item
from backprop_studio.scenes.parts.charts.plot import ARROW_WIDTH, CURVE, DASHES, THIN, Labels
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker

GROUND = 0.55
"""Of the line's colour in the ground."""

FOG = 0.3
"""Of the muted colour in the fog."""

CLOUDS = 34

CLOUD = 0.13
"""How much lighter or darker a cloud is."""

CLEAR, HAZY = 0.8, 1.8
"""Around a ball, in Manim units: what it feels, and where the fog is whole again."""

EDGE = CURVE / 2
"""How far beyond the axes is drawn: half a curve's width."""

FOG_EDGE = 2 * EDGE
"""How far the fog reaches there: no curve looks out of it where it is cut."""

BALL = 0.17

PLANK_WIDTH = 0.08

DEEP = 0.3
"""Below the ground, or above a ridge: what is written at a place."""

FAINT = 0.4
"""Of a plank's opacity, when its ball has gone on."""

LONG_ARROW = 1.1
"""A shorter arrow is drawn above the ball, which would stand on it."""


class HillPlot(HillState):
    """A curve ``L`` in the fog, and balls on it; see :class:`HillState` for what it is made of."""

    label_size = SIZES.label

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw axes, hill, fog, trails, balls, and what is written at them, in this order."""
        with saved(ctx):
            ctx.translate(0, float(self.state["raised"]) / 2)
            self._paint(ctx, opacity)

    def _paint(self, ctx: Context, opacity: float) -> None:
        self.axes.paint(ctx, self.state["window"], self.ticks, opacity, fade=self.tick_fade)
        runs = [(it, self.items[it], opacity * self._shown(it)) for it in self.balls]
        runs = [it for it in runs if it[2] > 0]
        labels: Labels = []
        with saved(ctx):
            self.axes.clip(ctx, margin=EDGE)
            ctx.set_line_join(cairo.LINE_JOIN_ROUND)
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            self._hill(ctx, opacity)
            self._fog(ctx, opacity, [name for name, _, _ in runs])
            for name, item, alpha in runs:
                self._guides(ctx, name, alpha)
                set_colour(ctx, item.colour, alpha)
                ctx.set_line_width(THIN)
                self._trail(ctx, name)
        for name, item, alpha in runs:
            self._curve_end(ctx, name, item, alpha, labels)
        self._write_ends(ctx, labels)
        for name, _, alpha in runs:
            self._left_plank(ctx, name, alpha * float(self.state[f"{name}.ghost"]))
        runs = [it for it in runs if self.axes.contains(self.foot(it[0]))]
        for name, _, alpha in runs:
            self._plank(ctx, name, alpha * float(self.state[f"{name}.plank"]))
        self._ground_over(ctx, opacity, [name for name, _, _ in runs])
        for name, item, alpha in runs:
            self._triangle(ctx, name, alpha)
            self._ball(ctx, name, item, alpha)
        for name, item in self.items.items():
            alpha = opacity * self._shown(name)
            if alpha > 0 and item.kind == "arrow":
                self._arrow_over(ctx, name, item, alpha)
            elif alpha > 0 and item.kind in {"deep", "ridge"}:
                away = np.array([0.0, DEEP if item.kind == "ridge" else -DEEP])
                place = self._place(*self.state[f"{item.kind}_at"]) + away
                fade = alpha * self._fade(name, 0)
                self._label(ctx, item.texts[0], place, 0.5, self.theme.text, fade)
            elif alpha > 0 and item.kind in {"w", "L", "slope", "note"}:
                self._tag(ctx, name, item, alpha)

    def _hill(self, ctx: Context, opacity: float) -> None:
        path, floor = thinned(self._path("L")), self.axes.inner[1]
        theme = self.theme
        pieces = np.split(path, np.flatnonzero(np.isnan(path).any(axis=1)))
        for piece in pieces:
            piece = piece[np.isfinite(piece).all(axis=1)]
            if len(piece) > 1:
                ctx.new_path()
                for x, y in piece.tolist():
                    ctx.line_to(x, y)
                ctx.line_to(float(piece[-1, 0]), floor)
                ctx.line_to(float(piece[0, 0]), floor)
                ctx.close_path()
                fill(ctx, mix(theme.background, theme.line, GROUND), opacity)
        set_colour(ctx, self.items["L"].colour, opacity)
        self._curve(ctx, "L", self.items["L"])

    def _fog(self, ctx: Context, opacity: float, names: list[str]) -> None:
        """Draw the fog, with a hole that has no edge around each ball."""
        strength = opacity * float(self.state["fog"])
        if strength <= 0:
            return
        inner = self.axes.inner
        ctx.push_group()
        left, bottom, right, top = inner
        edges = left - FOG_EDGE, bottom - FOG_EDGE, right + FOG_EDGE, top + FOG_EDGE
        repaint(ctx, ("fog", self.theme.name, inner), edges, self._clouds)
        ctx.set_operator(cairo.OPERATOR_DEST_OUT)
        for name in names:
            x, y = self.foot(name).tolist()
            hole = cairo.RadialGradient(x, y, CLEAR, x, y, HAZY)
            hole.add_color_stop_rgba(0, 0, 0, 0, self._shown(name))
            hole.add_color_stop_rgba(1, 0, 0, 0, 0)
            ctx.set_source(hole)
            ctx.arc(x, y, HAZY, 0, 2 * math.pi)
            ctx.fill()
        ctx.pop_group_to_source()
        ctx.paint_with_alpha(strength)

    def _ground_over(self, ctx: Context, opacity: float, names: list[str]) -> None:
        """Draw the curve above the planks that touch it, as far as the fog lets it be seen."""
        fog = float(self.state["fog"])
        for name in names:
            if float(self.state[f"{name}.plank"]) <= 0:
                continue
            x, y = self.foot(name).tolist()
            with saved(ctx):
                self.axes.clip(ctx, margin=EDGE)
                rectangle(ctx, (x - HAZY, y - HAZY, x + HAZY, y + HAZY))
                ctx.clip()
                ctx.push_group()
                set_colour(ctx, self.items["L"].colour, 1.0)
                self._curve(ctx, "L", self.items["L"])
                ctx.set_operator(cairo.OPERATOR_DEST_IN)
                clear = cairo.RadialGradient(x, y, CLEAR, x, y, HAZY)
                clear.add_color_stop_rgba(0, 0, 0, 0, 1)
                clear.add_color_stop_rgba(1, 0, 0, 0, 1 - fog)
                ctx.set_source(clear)
                ctx.paint()
                ctx.pop_group_to_source()
                ctx.paint_with_alpha(opacity * self._shown(name))

    def _clouds(self, ctx: Context) -> None:
        """Draw fog without a hole: clouds that follow each other by the golden section."""
        left, bottom, right, top = self.axes.inner
        theme = self.theme
        rectangle(ctx, self.axes.inner, FOG_EDGE)
        ctx.clip()
        base = mix(theme.background, theme.muted, FOG)
        set_colour(ctx, base, 1.0)
        ctx.paint()
        for k in range(CLOUDS):
            x = left + (right - left) * (k * 0.618034 % 1)
            y = bottom + (top - bottom) * (k * 0.754878 % 1)
            radius = 0.8 + 1.2 * (k * 0.569840 % 1)
            shade = theme.muted if k % 2 else theme.background
            red, green, blue = shade
            cloud = cairo.RadialGradient(x, y, 0, x, y, radius)
            cloud.add_color_stop_rgba(0, blue, green, red, CLOUD)
            cloud.add_color_stop_rgba(1, blue, green, red, 0)
            ctx.set_source(cloud)
            ctx.paint()

    def _trail(self, ctx: Context, name: str) -> None:
        path = self._path(name)
        ctx.new_path()
        for x, y in path.tolist():
            ctx.line_to(x, y)
        ctx.stroke()

    def _guides(self, ctx: Context, name: str, alpha: float) -> None:
        """Draw dashed lines from a ball's foot to the axes, as far as they are labelled."""
        left, bottom, _, _ = self.axes.inner
        foot = self.foot(name)
        for tag, end in (("w", (foot[0], bottom)), ("L", (left, foot[1]))):
            strength = alpha * self._shown(f"{name}.{tag}")
            if strength > 0:
                with saved(ctx):
                    ctx.set_dash(DASHES)
                    ctx.set_line_width(THIN)
                    set_colour(ctx, self.theme.text, strength)
                    line(ctx, foot, np.array(end))

    def _plank(self, ctx: Context, name: str, alpha: float) -> None:
        slope = self.slope_of(name)
        along = self._along(slope) * self._reach(name)
        self._board(ctx, self.foot(name), along, slope, alpha)

    def _left_plank(self, ctx: Context, name: str, alpha: float) -> None:
        """Draw the plank that a ball has left behind."""
        w, loss, slope = map(float, self.state[f"{name}.left"])
        self._board(ctx, self._place(w, loss), self._along(slope) * PLANK, slope, alpha * FAINT)

    def _board(
        self, ctx: Context, middle: Any, along: np.ndarray, slope: float, alpha: float
    ) -> None:
        if alpha <= 0:
            return
        with saved(ctx):
            self.axes.clip(ctx)
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            ctx.set_line_width(PLANK_WIDTH)
            is_dashed = self.theme.dashes_negative and slope < 0
            ctx.set_dash((0.2, 0.16) if is_dashed else ())
            set_colour(ctx, self.theme.of_sign(slope), alpha)
            line(ctx, middle - along, middle + along)

    def _triangle(self, ctx: Context, name: str, alpha: float) -> None:
        """Draw one to the right, and the slope up or down."""
        item = self.items[f"{name}.legs"]
        alpha *= self._shown(f"{name}.legs")
        if alpha <= 0:
            return
        across, up = self.scales()
        rise = self.slope_of(name) * up
        start = self.foot(name)
        corner, end = start + np.array([across, 0.0]), start + np.array([across, rise])
        for ends in ((start, corner), (corner, end)):
            ctx.move_to(*ends[0])
            ctx.line_to(*ends[1])
            stroke(ctx, self.theme.text, alpha, THIN)
        side = -1.0 if rise >= 0 else 1.0
        middle = (start + corner) / 2 + np.array([0.0, 0.2 * side])
        self._label(ctx, item.texts[0], middle, 0.5, self.theme.text, alpha)
        beside = (corner + end) / 2 + np.array([TAG_GAP, 0.0])
        self._label(ctx, item.texts[1], beside, 0.0, ink_of(self.theme, rise), alpha)

    def _ball(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        """Draw the ball with its middle on the ground, where its weight is read."""
        marker = self.balls[name][1]
        place, ground = self.foot(name), self.theme.background
        draw_marker(ctx, place, marker, item.colour, ground, alpha, radius=BALL)

    def _arrow_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        """Draw a step, and its number where no ball stands on it."""
        x, to, y = self.state[f"{name}.at"]
        ends = np.clip(self._place(np.array([x, to]), y), *np.reshape(self.axes.inner, (2, 2)))
        if abs(float(ends[1, 0] - ends[0, 0])) < LONG_ARROW:
            ends = ends + np.array([0.0, BALL + 0.12])
        set_colour(ctx, item.colour, alpha)
        arrow(ctx, ends[0], ends[1], ARROW_WIDTH)
        middle = ends.mean(axis=0) + np.array([0.0, 0.26])
        self._label(ctx, item.texts[0], middle, 0.5, item.colour, alpha * self._fade(name, 0))

    def _label(
        self, ctx: Context, source: str, position: Any, anchor: float, colour: Rgb, alpha: float
    ) -> None:
        """Write a label as large as the picture asks for, on a plate that keeps fog away."""
        if not source or alpha <= 0:
            return
        width, half = self.width_of(source, self.label_size), self.label_size * 0.62
        x, y = float(position[0]), float(position[1])
        left = x - width * anchor
        rounded(ctx, left, y - half, width, 2 * half, 0.08, grow=0.05)
        fill(ctx, self.theme.background, alpha)
        ink = readable(colour, self.theme)
        self.write(ctx, source, (x, y), ink, alpha, size=self.label_size, anchor=anchor)

    def _tag(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        where, anchor = self._tag_at(name)
        is_slope = item.kind == "slope"
        colour = ink_of(self.theme, self.slope_of(item.on)) if is_slope else self.theme.text
        if not item.on or self.axes.contains(self.foot(item.on)):
            self._label(ctx, item.texts[0], where, anchor, colour, alpha * self._fade(name, 0))


def ink_of(theme: Theme, value: float) -> Rgb:
    """Return the colour in which a number with a sign is written; on paper it is black."""
    return theme.text if theme.dashes_negative else theme.of_sign(value)
