"""Axes around a surface in three dimensions: on the sides that face the viewer, written flat."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import NamedTuple

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, line, set_colour
from backprop_studio.scenes.paint.lettering import Lettering
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.ticks import round_ticks, tick_text
from backprop_studio.scenes.parts.surfaces.projection import Projection

HALF_HEIGHT = 0.62
"""Half of the world's box in z; x and y go from -1 to 1."""

AXIS_WIDTH = 0.02
TICK_LENGTH, TICK_GAP, NAME_GAP = 0.08, 0.1, 0.16
UPRIGHT_NAME = 0.28
"""Of the third name above its axis."""

FADE_WITHIN = 0.16
"""An axis that is about to change sides fades within this part of the full turn's sine."""

APART = 0.06
"""Labels that would be nearer to each other than this are not seen together: one is, or is not, as
a camera may come to rest anywhere, and what is half faded cannot be read."""


class Label(NamedTuple):
    """A text beside an axis: Typst markup, its middle, its em, its opacity, and what it is."""

    source: str
    place: tuple[float, float]
    size: float
    alpha: float
    is_name: bool = False


class _Tick(NamedTuple):
    place: np.ndarray
    outward: np.ndarray
    text: str
    alpha: float


@dataclass(frozen=True, eq=False)
class BoxAxes(Lettering):
    """Two axes along the floor and one upright.

    Attributes
    ----------
    ranges : ((float, float), (float, float))
        Of x and y.
    scale : HeightScale
        Of the upright axis.
    names : (str, str, str)
        Typst markup; may be empty.
    """

    ranges: tuple[tuple[float, float], tuple[float, float]]
    scale: HeightScale
    names: tuple[str, str, str]
    theme: Theme
    language: str

    def paint(self, ctx: Context, projection: Projection, relief: float, opacity: float) -> None:
        """Draw lines and ticks, which the surface may cover."""
        ctx.set_line_width(AXIS_WIDTH)
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        corner, alpha = _upright_corner(projection)
        levels = (-HALF_HEIGHT, -HALF_HEIGHT + self._span(relief))
        foot, top = projection.plane(np.array([[*corner, level] for level in levels]))
        # The corner of the floor shines through at the smooth edge of the axis' foot.
        for end, colour in ((foot, self.theme.line), (top, self.theme.muted)):
            set_colour(ctx, colour, opacity * alpha)
            line(ctx, foot, end)
        for tick in self._ticks(projection, relief):
            set_colour(ctx, self.theme.muted, opacity * tick.alpha)
            line(ctx, tick.place, tick.place + tick.outward * TICK_LENGTH)

    def write_labels(
        self, ctx: Context, projection: Projection, relief: float, opacity: float
    ) -> None:
        """Write numbers and names."""
        for label in self.labels(projection, relief):
            colour = self.theme.text if label.is_name else self.theme.muted
            alpha = opacity * label.alpha
            self.write(ctx, label.source, label.place, colour, alpha, size=label.size)

    def labels(self, projection: Projection, relief: float) -> list[Label]:
        """Return all texts, also those that are invisible now."""
        ticks = [self._beside(it) for it in self._upright_ticks(projection, relief)]
        upright = self._spread(ticks, APART / 2)
        upright += self._upright_name(projection, relief)
        floor = []
        for axis in range(2):
            floor += self._spread([self._beside(it) for it in self._floor_ticks(projection, axis)])
        widest = max((self.width_of(it.source) for it in floor), default=0.0)
        floor += [self._floor_name(projection, k, widest) for k in range(2) if self.names[k]]
        return upright + [self._clear_of(it, upright) for it in floor]

    def _spread(self, labels: list[Label], apart: float = APART) -> list[Label]:
        """Fade the numbers of an axis that is seen so much from its end that they would touch."""
        gaps = [self._gap(one, other) for one, other in itertools.pairwise(labels)]
        is_clear = min(gaps, default=apart) >= apart
        return labels if is_clear else [it._replace(alpha=0.0) for it in labels]

    def _clear_of(self, label: Label, others: list[Label]) -> Label:
        gaps = [self._gap(label, other) for other in others if other.alpha > 0]
        return label if min(gaps, default=APART) >= APART else label._replace(alpha=0.0)

    def _gap(self, one: Label, other: Label) -> float:
        """Return how far two texts are apart, in the direction in which they are farther."""
        widths = self.width_of(one.source, one.size) + self.width_of(other.source, other.size)
        apart = np.abs(np.subtract(one.place, other.place))
        return float((apart - (widths / 2, (one.size + other.size) / 2)).max())

    def _span(self, relief: float) -> float:
        return 2 * HALF_HEIGHT * relief

    def _ticks(self, projection: Projection, relief: float) -> list[_Tick]:
        floor = [it for axis in range(2) for it in self._floor_ticks(projection, axis)]
        return floor + self._upright_ticks(projection, relief)

    def _floor_ticks(self, projection: Projection, axis: int) -> list[_Tick]:
        low, high = self.ranges[axis]
        side, alpha = _near_side(projection, axis)
        values = round_ticks(low, high, 4)
        edge = np.full((len(values), 2), side)
        edge[:, axis] = (np.array(values) - low) / (high - low) * 2 - 1
        positions, tips = _outward(projection, edge, axis, side)
        return [
            _Tick(position, tip, tick_text(value), alpha)
            for position, tip, value in zip(positions, tips, values, strict=True)
        ]

    def _upright_ticks(self, projection: Projection, relief: float) -> list[_Tick]:
        if relief <= 0:
            return []
        corner, alpha = _upright_corner(projection)
        values = self.scale.ticks()
        heights = -HALF_HEIGHT + self._span(relief) * self.scale.heights(values)
        world = np.column_stack([np.tile(corner, (len(values), 1)), heights])
        left = np.array([-1.0, 0.0])
        return [
            _Tick(position, left, tick_text(value), alpha * min(1.0, relief))
            for position, value in zip(projection.plane(world), values, strict=True)
        ]

    def _beside(self, tick: _Tick) -> Label:
        source = escape(tick.text)
        room = self._room(source, tick.outward, TICK_LENGTH + TICK_GAP)
        x, y = tick.place + tick.outward * room
        return Label(source, (float(x), float(y)), SIZES.small, tick.alpha)

    def _floor_name(self, projection: Projection, axis: int, widest: float) -> Label:
        side, alpha = _near_side(projection, axis)
        middle = np.zeros((1, 2))
        middle[0, 1 - axis] = side
        positions, tips = _outward(projection, middle, axis, side)
        beyond = TICK_LENGTH + TICK_GAP + NAME_GAP
        beyond += float(np.abs(tips[0]) @ (widest, SIZES.small))
        x, y = positions[0] + tips[0] * self._room(self.names[axis], tips[0], beyond, SIZES.label)
        return Label(self.names[axis], (float(x), float(y)), SIZES.label, alpha, True)

    def _upright_name(self, projection: Projection, relief: float) -> list[Label]:
        if not self.names[2]:
            return []
        name = self.name_of_scale(self.names[2], self.scale.knee is not None)
        corner, alpha = _upright_corner(projection)
        x, y = projection.plane(np.array([*corner, -HALF_HEIGHT + self._span(relief)]))
        # What is longer than a letter goes outwards, not over the surface.
        more = self.width_of(name, SIZES.label) - self.width_of(self.names[2], SIZES.label)
        position = (float(x) + math.copysign(more / 2, x), float(y) + UPRIGHT_NAME)
        return [Label(name, position, SIZES.label, alpha * min(1.0, relief), True)]

    def _room(
        self, source: str, direction: np.ndarray, gap: float, size: float = SIZES.small
    ) -> float:
        """Return how far a text's middle must be from an edge so that the text is clear of it."""
        half = np.array([self.width_of(source, size), size]) / 2
        return gap + float(half @ np.abs(direction))


def on_floor(positions: np.ndarray) -> np.ndarray:
    """Return positions (..., 2) of the world's x and y as points (..., 3) of its floor."""
    return np.concatenate([positions, np.full((*positions.shape[:-1], 1), -HALF_HEIGHT)], axis=-1)


def _outward(
    projection: Projection, edge: np.ndarray, axis: int, side: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return where points (n, 2) on an edge are seen, and their directions away from the floor."""
    step = np.zeros(2)
    step[1 - axis] = 0.05 * side
    positions = projection.plane(on_floor(edge))
    tips = projection.plane(on_floor(edge + step)) - positions
    return positions, tips / np.maximum(np.linalg.norm(tips, axis=1, keepdims=True), 1e-9)


def _near_side(projection: Projection, axis: int) -> tuple[float, float]:
    """Return on which side (-1 or 1) an axis of the floor is written, and how strongly."""
    towards = projection.axes[2]
    flat = math.hypot(towards[0], towards[1])
    component = float(towards[1 - axis])
    side = 1.0 if component > 0 else -1.0
    # Seen from right above, no side is the nearer one, and both can be read.
    return side, _ramp(abs(component) / flat / FADE_WITHIN) if flat > 1e-3 else 1.0


def _upright_corner(projection: Projection) -> tuple[np.ndarray, float]:
    """Return the corner (2,) of the floor that is leftmost on the picture, and how strongly."""
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    across = corners @ projection.axes[0][:2]
    order = np.argsort(across)
    margin = float(across[order[1]] - across[order[0]])
    # From right above the axis is a point.
    seen = _ramp(math.cos(projection.elevation) / FADE_WITHIN)
    return corners[order[0]], seen * _ramp(margin / 2 / FADE_WITHIN)


def _ramp(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)
