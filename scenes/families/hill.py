"""A hill in the fog: a curve with ground below it, balls that feel the slope where they stand.

Fog lies over everything but the places where balls are. A step is drawn as what it is: the weight
changes, and then the ball is on the ground again. So a trail is a flight of stairs, whose treads
are the steps.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.curve import sample_curve
from backprop_studio.core.surfaces.curve_runs import CurveRun
from backprop_studio.scenes.families.curve_descent import (
    LARGEST_LOSS,
    CurvePicture,
    pulled_in,
    with_gaps,
)
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
from backprop_studio.scenes.paint.paths import thinned
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.items import Item
from backprop_studio.scenes.parts.charts.plot import ARROW_WIDTH, CURVE, THIN, Plot, _Labels
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker
from backprop_studio.scenes.stage.formula import Spot

BELOW = 0.16
"""Of the heights; room below the lowest ground for what is written at the axis."""

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

BALL = 0.17

RISE = 0.2
"""From the ground to the middle of a ball."""

PLANK = 1.25
"""Half the length."""

PLANK_WIDTH = 0.1
SEEN = 0.02
LONG_ARROW = 1.1
"""A shorter arrow has its number above the ball, which would stand on it."""

TAG_GAP = 0.14
LEGS_ROOM = 0.6
"""At the right of a triangle, for how high it is."""

BEYOND = 0.12
"""Of a close-up; how far it may show more than the picture, so that nothing stands at its edge."""

NO_TEXT = ("",)


class HillPlot(Plot):
    """A curve ``L`` in the fog, and balls on it.

    A ball has a trail, a plank along the slope, and texts: its weight ``.w``, its loss ``.L``, its
    slope ``.slope``, and the ``.legs`` of a triangle of one to the right and the slope up.

    Parameters
    ----------
    formula : Formula
        Of the curve; a close-up may show a little more of it than the picture does.
    picture : CurvePicture
        What is drawn.
    """

    def __init__(
        self,
        formula: Formula,
        picture: CurvePicture,
        box: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        low, high = picture.heights
        across = Axis(*picture.sight, "$w$")
        up = Axis(low - BELOW * (high - low), high, "$L$")
        super().__init__(across, up, box, theme, language)
        self.balls: dict[str, tuple[np.ndarray, str]] = {}
        left, right = picture.sight
        beyond = BEYOND * (right - left) / 2
        wide = sample_curve(formula, "w", left - beyond, right + beyond)
        self.add_curve("L", *with_gaps(wide, LARGEST_LOSS))
        self._add("eta", Item("note", theme.text)).hide("eta")
        self.set_state(fog=1.0, raised=0.0)

    # What a scene says

    def make_room(self, height: float = 0.0) -> Self:
        """Leave so much free at the bottom, as for a board."""
        self.set_state(raised=height)
        return self._fit()

    def add_ball(
        self, name: str, run: CurveRun, *, colour: Rgb, marker: str = "circle", exit_text: str = ""
    ) -> Self:
        """Add a run at its start, hidden; what it does outside of the picture is left out."""
        seen = run.last_seen + 1
        w, loss = run.w[:seen], run.loss[:seen]
        # Each step first along w, at the height where it begins.
        xs, ys = np.repeat(w, 2)[1:], np.repeat(loss, 2)[:-1]
        xs, ys = pulled_in(xs, ys, self.axes.x, self.axes.y)
        self.add_curve(name, xs, ys, progress=0.0, colour=colour, exit_text=exit_text)
        for tag in ("w", "L", "slope", "legs"):
            texts = ("", "") if tag == "legs" else NO_TEXT
            self._add(f"{name}.{tag}", Item(tag, colour, texts, on=name)).hide(f"{name}.{tag}")
        self.balls = {**self.balls, name: (run.slope[:seen], marker)}
        self.set_state(**{f"{name}.plank": 0.0})
        return self.hide(name)

    def lift(self, fog: float = 0.0) -> Self:
        """Let the fog lift, or with 1 fall."""
        return self.set_state(fog=fog)

    def advance(self, name: str, step: float) -> Self:
        """Bring a ball to a step; in the middle of one the weight has changed."""
        last = len(self.balls[name][0]) - 1
        return self.grow(step / last if last else 1.0, name)

    def lay_plank(self, name: str, strength: float = 1.0) -> Self:
        """Lay a plank under a ball, or with 0 take it away."""
        return self.set_state(**{f"{name}.plank": strength})

    def tag(self, name: str, tag: str, *texts: str) -> Self:
        """Write a ball's ``w``, ``L``, ``slope``, or the two ``legs`` of its triangle."""
        return self._write(f"{name}.{tag}", texts).reveal(f"{name}.{tag}")

    def untag(self, name: str, *tags: str) -> Self:
        """Take texts of a ball away."""
        return self.hide(*(f"{name}.{tag}" for tag in tags))

    def note(self, text: str, name: str) -> Self:
        """Write the learning rate in the corner that is farther from a ball."""
        left, _, right, _ = self.axes.inner
        side = -1.0 if self.foot(name)[0] > (left + right) / 2 else 1.0
        item = replace(self.items["eta"], texts=(text,), corner=(side, 1.0))
        self.items = {**self.items, "eta": item}
        return self.reveal("eta")

    # Where things are

    def slope_of(self, name: str) -> float:
        """Return the slope that a ball feels; between two steps between theirs."""
        slopes, _ = self.balls[name]
        at = float(np.clip(self.state[f"{name}.progress"], 0, 1)) * (len(slopes) - 1)
        return float(np.interp(at, np.arange(len(slopes)), slopes))

    def foot(self, name: str) -> np.ndarray:
        """Return where a ball stands, (2,), in the plot's own units."""
        return np.asarray(self._path(name)[-1])

    def scales(self) -> tuple[float, float]:
        """Return how long one of w and one of L are drawn."""
        left, bottom, right, top = self.axes.inner
        window = self.state["window"]
        return (
            (right - left) / float(window[1] - window[0]),
            (top - bottom) / float(window[3] - window[2]),
        )

    def has_triangle(self, name: str) -> bool:
        """Whether one to the right and the slope up is neither too small nor too large to see."""
        across, up = self.scales()
        corner = self.foot(name) + np.array([across, self.slope_of(name) * up])
        beside = corner + np.array([LEGS_ROOM, 0.0])
        return 0.5 <= across <= 3.5 and self.axes.contains(beside, 0.05)

    def spot(self, item: str, number: str) -> Spot:
        """Return where the number at the end of a text is in the scene."""
        (x, y), anchor = self._tag_at(item)
        text = self.items[item].texts[0]
        right = x + self.width_of(text, SIZES.label) * (1 - anchor)
        middle = right - self.width_of(f"${number}$", SIZES.label) / 2
        return Spot(*self.in_scene(middle, y + float(self.state["raised"]) / 2), SIZES.label)

    def _along(self, name: str) -> np.ndarray:
        across, up = self.scales()
        along = np.array([across, self.slope_of(name) * up])
        return along / float(np.hypot(*along))

    def _reach(self, name: str) -> float:
        """Return half the length of a plank; it reaches to the triangle's end."""
        across, up = self.scales()
        whole = max(float(np.hypot(across, self.slope_of(name) * up)), PLANK)
        return PLANK + (whole - PLANK) * self._shown(f"{name}.legs")

    def _tag_at(self, item: str) -> tuple[np.ndarray, float]:
        """Return where a text stands, and its anchor."""
        name, _, tag = item.rpartition(".")
        left, bottom, right, top = self.axes.inner
        if not name:
            is_right = self.items[item].corner[0] > 0
            x = right - TAG_GAP if is_right else left + TAG_GAP
            return np.array([x, top - 0.24]), 1.0 if is_right else 0.0
        foot, text = self.foot(name), self.items[item].texts[0]
        width = self.width_of(text, SIZES.label)
        if tag == "w":
            is_right = foot[0] + TAG_GAP + width > right
            side = -1.0 if is_right else 1.0
            return np.array([foot[0] + side * TAG_GAP, bottom + 0.24]), 1.0 if is_right else 0.0
        if tag == "L":
            return np.array([left + TAG_GAP, min(foot[1] + 0.24, top - 0.24)]), 0.0
        # The slope stands at the end of the plank that is uphill: the step goes the other way.
        side = -1.0 if self.slope_of(name) < 0 else 1.0
        end = foot + side * self._along(name) * self._reach(name)
        end = end + np.array([side * TAG_GAP, 0.22])
        anchor = 0.0 if side > 0 else 1.0
        low, high = left + width * anchor, right - width * (1 - anchor)
        where = np.clip(end, [low, bottom + 0.5], [max(low, high), top - 0.15])
        return where, anchor

    # Drawing

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade texts as every plot does, on axes as high as they are now."""
        super().interpolate_texts(start, end, alpha)
        self._fit()

    def _fit(self) -> Self:
        height = self.box[1] - float(self.state["raised"])
        self.axes = replace(self.axes, box=(self.box[0], height))
        return self

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw axes, hill, fog, trails, balls, and what is written at them, in this order."""
        with saved(ctx):
            ctx.translate(0, float(self.state["raised"]) / 2)
            self._paint(ctx, opacity)

    def _paint(self, ctx: Context, opacity: float) -> None:
        self.axes.paint(ctx, self.state["window"], self.ticks, opacity, fade=self.tick_fade)
        runs = [(it, self.items[it], opacity * self._shown(it)) for it in self.balls]
        runs = [it for it in runs if it[2] > 0]
        labels: _Labels = []
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
        for name, item, alpha in runs:
            if self.axes.contains(self.foot(name)):
                self._triangle(ctx, name, alpha)
                self._plank(ctx, name, alpha * float(self.state[f"{name}.plank"]))
                self._ball(ctx, name, item, alpha)
        for name, item in self.items.items():
            alpha = opacity * self._shown(name)
            if alpha > 0 and item.kind == "arrow":
                self._arrow_over(ctx, name, item, alpha)
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
        edges = (inner[0] - EDGE, inner[1] - EDGE, inner[2] + EDGE, inner[3] + EDGE)
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

    def _clouds(self, ctx: Context) -> None:
        """Draw fog without a hole: clouds that follow each other by the golden section."""
        left, bottom, right, top = self.axes.inner
        theme = self.theme
        rectangle(ctx, self.axes.inner, EDGE)
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
                    ctx.set_dash((0.1, 0.08))
                    ctx.set_line_width(THIN)
                    set_colour(ctx, self.theme.text, strength)
                    line(ctx, foot, np.array(end))

    def _plank(self, ctx: Context, name: str, alpha: float) -> None:
        if alpha <= 0:
            return
        slope, foot = self.slope_of(name), self.foot(name)
        along = self._along(name) * self._reach(name)
        with saved(ctx):
            self.axes.clip(ctx)
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            ctx.set_line_width(PLANK_WIDTH)
            is_dashed = self.theme.dashes_negative and slope < 0
            ctx.set_dash((0.2, 0.16) if is_dashed else ())
            set_colour(ctx, self.theme.of_sign(slope), alpha)
            line(ctx, foot - along, foot + along)

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
        self._label(ctx, item.texts[1], beside, 0.0, self.theme.of_sign(rise), alpha)

    def _ball(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        along = self._along(name)
        centre = self.foot(name) + np.array([-along[1], along[0]]) * (RISE + PLANK_WIDTH / 2)
        marker = self.balls[name][1]
        draw_marker(ctx, centre, marker, item.colour, self.theme.background, alpha, radius=BALL)

    def _arrow_over(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        """Draw a step, and its number where no ball stands on it."""
        x, to, y = self.state[f"{name}.at"]
        ends = np.clip(self._place(np.array([x, to]), y), *np.reshape(self.axes.inner, (2, 2)))
        set_colour(ctx, item.colour, alpha)
        arrow(ctx, ends[0], ends[1], ARROW_WIDTH)
        length = abs(float(ends[1, 0] - ends[0, 0]))
        above = 0.26 if length > LONG_ARROW else 2 * RISE + 0.3
        middle = ends.mean(axis=0) + np.array([0.0, above])
        self._label(ctx, item.texts[0], middle, 0.5, item.colour, alpha * self._fade(name, 0))

    def _label(
        self, ctx: Context, source: str, position: Any, anchor: float, colour: Rgb, alpha: float
    ) -> None:
        """Write a label as large as the picture asks for, on a plate that keeps fog away."""
        if not source or alpha <= 0:
            return
        width, half = self.width_of(source, SIZES.label), SIZES.label * 0.62
        x, y = float(position[0]), float(position[1])
        left = x - width * anchor
        rounded(ctx, left, y - half, width, 2 * half, 0.08, grow=0.05)
        fill(ctx, self.theme.background, alpha)
        self.write(ctx, source, (x, y), colour, alpha, size=SIZES.label, anchor=anchor)

    def _tag(self, ctx: Context, name: str, item: Item, alpha: float) -> None:
        where, anchor = self._tag_at(name)
        is_slope = item.kind == "slope"
        colour = self.theme.of_sign(self.slope_of(item.on)) if is_slope else self.theme.text
        if not item.on or self.axes.contains(self.foot(item.on)):
            self._label(ctx, item.texts[0], where, anchor, colour, alpha * self._fade(name, 0))


def close_up(picture: CurvePicture, runs: CurveRun) -> tuple[float, float]:
    """Return the half of a picture in which a run stays, or all of it if it does not."""
    low, high = picture.sight
    w = runs.w[: runs.last_seen + 1]
    span, room = float(np.ptp(w)), (high - low) / 2
    if runs.left_at is not None or span > room * 0.8:
        return low, high
    beyond = BEYOND * room
    left = np.clip((w.min() + w.max()) / 2 - room / 2, low - beyond, high + beyond - room)
    return float(left), float(left + room)
