"""A contour map with a point on it and directions that leave the point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context, arrow, line, rounded, saved, set_colour
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker

ARROW, CASING = 0.055, 0.05
CIRCLE = 0.022
LONGER = 1.5
"""The gradient's arrow reaches beyond the circle that a direction turns on."""

LABEL_ASIDE = 0.24
DASHES = (0.1, 0.08)
PLATE, PLATE_ROOM = 0.75, 0.1


class CompassMap(ContourMap):
    """A map, a point, a direction l that turns, and the gradient's direction.

    Headings are radians from the x axis to the y axis. Arrows show directions only: how long they
    are says nothing.

    Parameters
    ----------
    origin : (float, float)
        The point.
    radius : float
        Length of the arrow l in the units of the axes.
    uphill : float or None
        Heading of the gradient; None where the gradient is zero.
    labels : (str, str)
        Typst markup beside the direction and the gradient.
    heading : float
        Of the direction.
    notes : sequence of (str, float, float)
        Typst markup written on the map, and where.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        values: Any,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        origin: tuple[float, float],
        radius: float,
        uphill: float | None = None,
        labels: tuple[str, str] = ("", ""),
        heading: float = 0.0,
        notes: Sequence[tuple[str, float, float]] = (),
        **options: Any,
    ) -> None:
        super().__init__(x, y, values, box, theme, language, **options)
        self.origin, self.radius, self.uphill = np.array(origin, dtype=float), radius, uphill
        self.labels, self.notes = labels, tuple(notes)
        self.state |= {name: np.array(0.0) for name in ("gradient", "tangent", "downhill")}
        self.state |= {"heading": np.array(float(heading)), "direction": np.array(1.0)}

    # What a scene says

    def turn_to(self, heading: float) -> CompassMap:
        """Turn the direction, through all that lies between."""
        return self.set_state(heading=heading)

    def reveal(self, *names: str, strength: float = 1.0) -> CompassMap:
        """Show the "direction", the "gradient", "downhill", or the contour's "tangent"."""
        for name in names:
            if name not in {"direction", "gradient", "downhill", "tangent"}:
                raise ValueError(f"the map has no {name!r}")
            self.state[name] = np.array(float(strength))
        return self

    def hide(self, *names: str) -> CompassMap:
        """Take them out of sight."""
        return self.reveal(*names, strength=0.0)

    def texts(self) -> list[str]:
        """Return ticks, names, and what stands beside the arrows."""
        shown = [self._is_shown("direction"), self._is_shown("gradient")]
        labels = [it for it, is_shown in zip(self.labels, shown, strict=True) if is_shown and it]
        return [*super().texts(), *(text for text, _, _ in self.notes), *labels]

    def _is_shown(self, name: str) -> bool:
        has_place = name == "direction" or self.uphill is not None
        return has_place and float(self.state[name]) > 0

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the map, and the directions on it."""
        super().paint(ctx, opacity)
        with saved(ctx):
            self.axes.clip(ctx)
            for text, x, y in self.notes:
                self._plate(ctx, text, self.locate((x, y)), self.theme.text, opacity)
            self._paint_compass(ctx, opacity)

    def _paint_compass(self, ctx: Context, opacity: float) -> None:
        centre = self.locate(self.origin)
        radius = self.radius / (self.high[0] - self.low[0]) * self.axes.plot[2]
        theme, heading = self.theme, float(self.state["heading"])
        alpha = opacity * float(self.state["direction"])
        if alpha > 0:
            ctx.new_path()
            ctx.arc(centre[0], centre[1], radius, 0, 2 * math.pi)
            ctx.set_line_width(CIRCLE)
            set_colour(ctx, theme.text, 0.5 * alpha)
            ctx.stroke()
        if self.uphill is not None:
            self._paint_tangent(ctx, centre, radius, opacity * float(self.state["tangent"]))
            for name, turn in (("gradient", 0.0), ("downhill", math.pi)):
                strength = opacity * float(self.state[name])
                text = self.labels[1] if name == "gradient" else ""
                along = _along(self.uphill + turn)
                self._arrow(ctx, centre, LONGER * radius * along, theme.gradient, strength)
                beside = centre + 0.85 * LONGER * radius * along - _left_of(along)
                self._plate(ctx, text, beside, theme.gradient, strength)
        along = _along(heading)
        self._arrow(ctx, centre, radius * along, theme.text, alpha)
        beside = centre + 0.6 * radius * along + _left_of(along)
        self._plate(ctx, self.labels[0], beside, theme.text, alpha)
        if not self.series:
            draw_marker(ctx, centre, "circle", theme.focus, theme.background, opacity)

    def _paint_tangent(self, ctx: Context, centre: np.ndarray, radius: float, alpha: float) -> None:
        if alpha <= 0 or self.uphill is None:
            return
        along = LONGER * radius * _along(self.uphill + math.pi / 2)
        with saved(ctx):
            ctx.set_dash(DASHES)
            ctx.set_line_width(ARROW)
            set_colour(ctx, self.theme.text, alpha)
            line(ctx, centre - along, centre + along)

    def _arrow(self, ctx: Context, start: Array, reach: Array, colour: Rgb, alpha: float) -> None:
        if alpha <= 0:
            return
        tip = start + reach
        set_colour(ctx, self.theme.background, 0.7 * alpha)
        arrow(ctx, start, tip, ARROW + CASING)
        set_colour(ctx, colour, alpha)
        arrow(ctx, start, tip, ARROW)

    def _plate(
        self, ctx: Context, text: str, position: np.ndarray, colour: Rgb, alpha: float
    ) -> None:
        if alpha <= 0 or not text:
            return
        width = self.width_of(text) + PLATE_ROOM
        height = SIZES.small + PLATE_ROOM
        rounded(ctx, position[0] - width / 2, position[1] - height / 2, width, height, PLATE_ROOM)
        set_colour(ctx, self.theme.background, PLATE * alpha)
        ctx.fill()
        self.write(ctx, text, (float(position[0]), float(position[1])), colour, alpha)


def _along(heading: float) -> Array:
    """Return the direction (2,) of a heading."""
    return np.array([math.cos(heading), math.sin(heading)])


def _left_of(along: Array) -> Array:
    """Return how far from an arrow along a direction its label stands, on the arrow's left."""
    return LABEL_ASIDE * np.array([-along[1], along[0]])
