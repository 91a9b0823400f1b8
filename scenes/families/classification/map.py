"""A plane of two features: what each place is taken for, and the samples, as they really are."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self, cast

import cairo
import numpy as np
from manim import Mobject

from backprop_studio.scenes.families.classification.colours import class_colour, region_colours
from backprop_studio.scenes.paint.brush import line, saved, set_colour
from backprop_studio.scenes.paint.lettering import width_of, write
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.palette import series_marker
from backprop_studio.scenes.paint.pixels import lay_picture, picture_of, with_alpha
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.parts.charts.axes import Axes, Axis
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker

POINT = 0.055
RING, RING_WIDTH = 0.125, 0.026
CROSS, CROSS_WIDTH = 0.1, 0.034
FOLLOWED, FOLLOWED_WIDTH = 0.2, 0.045
LEGEND_ROW, LEGEND_GAP, MARK_GAP, MARK = 0.34, 0.3, 0.1, 0.2
Y_LABEL = 0.36
MOST_NAMED = 10
"""Classes that the legend names; with more of them colours come again anyway."""


_Entry = tuple[int | str, str, float]
"""Of the legend: a class's number or a mark's name, what is written beside it, and the width."""


class ClassificationMap(Painted):
    """Samples on a plane, and below them the class that a network gives to each place.

    Parameters
    ----------
    x, y : Axis
        The two features, with the range of the picture.
    points : (N, 2) array
        Samples in the units of the axes.
    classes : (N,) array of int
        What they really are.
    held_out : (N,) array of bool
        They have a ring.
    names : sequence of str
        Typst markup of each class.
    meanings : (str, str)
        Markup that explains the ring and the cross; empty for none.
    box : (float, float)
        Width and height in Manim units, legend included.
    """

    def __init__(
        self,
        x: Axis,
        y: Axis,
        points: Any,
        classes: Any,
        held_out: Any,
        names: Sequence[str],
        meanings: tuple[str, str],
        box: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        self.points_at = np.asarray(points, dtype=np.float64)
        self.classes = np.asarray(classes, dtype=np.int64)
        self.held_out = np.asarray(held_out, dtype=bool)
        self.theme, self.language = theme, language
        self.names, self.meanings = list(names), meanings
        self.rows = self._legend(box[0])
        self.legend_height = LEGEND_ROW * len(self.rows)
        # The label of y stands upright beside its axis: a legend above leaves little height.
        self.y_label = y.label
        plain = replace(y, label="")
        inner = (box[0] - Y_LABEL * bool(y.label), box[1] - self.legend_height)
        self.axes = Axes(x, plain, inner, theme, language)
        self.offset = np.array([Y_LABEL * bool(y.label) / 2, -self.legend_height / 2])
        self.ticks = (x.ticks(), y.ticks())
        regions, wrong = np.zeros((2, 2, len(self.names))), np.zeros(len(self.points_at))
        super().__init__(*box, regions=regions, ground=0.0, wrong=wrong, ring=0.0)
        self.followed = 0

    # What a scene says

    def set_regions(self, probabilities: Any, wrong: Any) -> ClassificationMap:
        """Show what each place is taken for, and cross out samples that are answered wrongly.

        Parameters
        ----------
        probabilities : (rows, columns, classes) array
            The first row at the lowest y; the same shape each time.
        wrong : (N,) array of bool
        """
        self.state["regions"] = np.asarray(probabilities, dtype=np.float64)
        self.state["ground"] = np.array(1.0)
        self.state["wrong"] = np.asarray(wrong, dtype=np.float64)
        return self

    def follow(self, index: int) -> ClassificationMap:
        """Draw a ring around the sample that is spoken of."""
        self.followed = index
        self.state["ring"] = np.array(1.0)
        return self

    def texts(self) -> list[str]:
        """Return labels of axes, ticks and legend."""
        found = [self.axes.x.label, self.y_label, *self.ticks[0].texts, *self.ticks[1].texts]
        return [text for text in found if text] + [it[1] for row in self.rows for it in row]

    def interpolate(
        self, mobject1: Mobject, mobject2: Mobject, alpha: float, *args: Any, **kwargs: Any
    ) -> Self:
        """Stand between two states; before there are regions there is only their fading in."""
        one, other = cast("Self", mobject1).state, cast("Self", mobject2).state
        if not one["ground"]:
            one["regions"] = other["regions"]
        return super().interpolate(mobject1, mobject2, alpha, *args, **kwargs)

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Let the ring be where it is going to be."""
        self.followed = end.followed

    # Geometry

    def place_of(self, index: int) -> np.ndarray:
        """Return where a sample stands, (2,), in the part's own units."""
        place: np.ndarray = self._places()[index]
        return place

    def _places(self) -> np.ndarray:
        places = self.axes.at(self.axes.window, self.points_at[:, 0], self.points_at[:, 1])
        moved: np.ndarray = places + self.offset
        return moved

    def _legend(self, width: float) -> list[list[_Entry]]:
        """Break the legend into rows that fit."""
        wanted: list[tuple[int | str, str]] = list(enumerate(self.names[:MOST_NAMED]))
        if len(self.names) > MOST_NAMED:
            wanted = [*wanted[: MOST_NAMED - 1], ("more", "$dots$")]
        marks = ("ring", "cross")
        wanted += [(kind, it) for kind, it in zip(marks, self.meanings, strict=True) if it]
        rows: list[list[_Entry]] = [[]]
        used = 0.0
        for what, source in wanted:
            room = min(width_of(source, SIZES.small, self.theme, self.language), width * 0.5)
            size = MARK + MARK_GAP + room
            if rows[-1] and used + LEGEND_GAP + size > width:
                rows.append([])
                used = 0.0
            used += size + (LEGEND_GAP if rows[-1] else 0.0)
            rows[-1].append((what, source, size))
        return rows

    # Painting

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw regions, axes, samples, their marks and the legend."""
        ground = opacity * float(self.state["ground"])
        with saved(ctx):
            ctx.translate(*self.offset)
            if ground > 0:
                self._paint_ground(ctx, ground)
            self.axes.paint(ctx, self.axes.window, self.ticks, opacity)
        self._paint_y_label(ctx, opacity)
        half = self.box[0] / 2, self.box[1] / 2
        kept = (self.axes.window, self.points_at, self.classes, self.held_out, self.state["wrong"])
        marks = tuple(map(_digest, kept))
        key = ("samples", self.theme.name, self.box, self.axes.inner, *marks, opacity)
        repaint(ctx, key, (-half[0], -half[1], *half), lambda ctx: self._samples(ctx, opacity))
        ring = opacity * float(self.state["ring"])
        if ring > 0 and len(self.points_at):
            self._circle(ctx, self.place_of(self.followed), FOLLOWED, FOLLOWED_WIDTH, ring)
        self._paint_legend(ctx, opacity)

    def _paint_y_label(self, ctx: cairo.Context[Any], opacity: float) -> None:
        _, bottom, _, top = self.axes.inner
        with saved(ctx):
            ctx.translate(Y_LABEL / 2 - self.box[0] / 2, self.offset[1] + (bottom + top) / 2)
            ctx.rotate(math.pi / 2)
            look, high = (SIZES.label, self.theme.text, opacity), top - bottom
            write(ctx, self.y_label, (0, 0), *look, language=self.language, width=high)

    def _paint_ground(self, ctx: cairo.Context[Any], opacity: float) -> None:
        regions = self.state["regions"]
        left, bottom, right, top = inner = self.axes.inner
        key = ("regions", self.theme.name, inner, regions.shape, _digest(regions), opacity)

        def draw(ctx: cairo.Context[Any]) -> None:
            rows, columns = regions.shape[:2]
            picture = picture_of(with_alpha(region_colours(self.theme, regions)))
            self.axes.clip(ctx)
            # The first row is the lowest.
            ctx.scale(1, -1)
            # The picture's ends are the middles of its first and last pixels.
            x, y = (right - left) / (columns - 1) / 2, (top - bottom) / max(rows - 1, 1) / 2
            box = (left - x, -top - y, right + x, y - bottom)
            quality, extend = cairo.FILTER_BILINEAR, cairo.EXTEND_PAD
            lay_picture(ctx, picture, box, quality, opacity, extend=extend)

        repaint(ctx, key, inner, draw)

    def _samples(self, ctx: cairo.Context[Any], opacity: float) -> None:
        samples = (self._places(), self.classes, self.held_out, self.state["wrong"])
        columns = [values.tolist() for values in samples]
        for place, of, is_held_out, is_wrong in zip(*columns, strict=True):
            self._point(ctx, place, of, opacity)
            if is_held_out:
                self._circle(ctx, place, RING, RING_WIDTH, opacity)
            if is_wrong > 0:
                self._cross(ctx, place, opacity * is_wrong)

    def _point(
        self, ctx: cairo.Context[Any], place: Any, of: int, opacity: float, radius: float = POINT
    ) -> None:
        colours = class_colour(self.theme, of), self.theme.background
        draw_marker(ctx, place, series_marker(of), *colours, opacity, radius=radius)

    def _circle(
        self, ctx: cairo.Context[Any], place: Any, radius: float, width: float, opacity: float
    ) -> None:
        ctx.new_path()
        ctx.arc(place[0], place[1], radius, 0, 2 * math.pi)
        ctx.set_line_width(width)
        set_colour(ctx, self.theme.focus, opacity)
        ctx.stroke()

    def _cross(self, ctx: cairo.Context[Any], place: Any, opacity: float) -> None:
        centre = np.asarray(place, dtype=np.float64)
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        halo, ink = (CROSS_WIDTH * 2.2, self.theme.background), (CROSS_WIDTH, self.theme.text)
        for width, colour in (halo, ink):
            ctx.set_line_width(width)
            set_colour(ctx, colour, opacity)
            for arm in ((CROSS, CROSS), (CROSS, -CROSS)):
                line(ctx, centre - arm, centre + arm)

    def _paint_legend(self, ctx: cairo.Context[Any], opacity: float) -> None:
        y = self.box[1] / 2 - LEGEND_ROW / 2
        for row in self.rows:
            x = -self.box[0] / 2
            for what, source, size in row:
                place = (x + MARK / 2, y)
                if isinstance(what, int):
                    self._point(ctx, place, what, opacity, radius=POINT * 1.4)
                elif what == "ring":
                    self._circle(ctx, place, RING * 0.8, RING_WIDTH, opacity)
                elif what == "cross":
                    self._cross(ctx, place, opacity)
                at, room = (x + MARK + MARK_GAP, y), size - MARK - MARK_GAP + 1e-6
                look = (SIZES.small, self.theme.text, opacity)
                write(ctx, source, at, *look, language=self.language, anchor=0, width=room)
                x += size + LEGEND_GAP
            y -= LEGEND_ROW


def _digest(values: np.ndarray) -> bytes:
    """Return what tells arrays apart and takes less room than they do in a cache of pictures."""
    return hashlib.blake2b(np.ascontiguousarray(values).tobytes(), digest_size=16).digest()
