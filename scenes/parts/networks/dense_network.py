"""A large network: units as dots or stripes in the colour of their values, edges as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import (
    Box,
    Context,
    arrow,
    disc,
    fill,
    line,
    mix,
    rectangle,
    saved,
    set_colour,
    stroke,
)
from backprop_studio.scenes.paint.painted import replaced_at
from backprop_studio.scenes.paint.pixels import draw_pixels, lay_picture, picture_of, with_alpha
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.networks.edge_density import MARGIN, Gap, Matrix, density_picture
from backprop_studio.scenes.parts.networks.followed_weight import HALO_WIDTH
from backprop_studio.scenes.parts.networks.layered_network import (
    ARROW_WIDTHS,
    RADIUS_MOST,
    LayeredNetwork,
    between,
    largest,
)
from backprop_studio.scenes.parts.networks.network_view import MOST_SHOWN
from backprop_studio.scenes.parts.networks.turned import COLUMN_TAG

FEW_EDGES = 300
"""A gap with no more edges is drawn line by line, whole."""

STRONGEST = 100
"""Edges per gap where only the strongest are drawn."""

ALL_ARROWS = 40
"""A gap with no more edges shows every gradient as an arrow."""

FEW_ARROWS = 12
"""How many of the largest gradients are arrows elsewhere, on top of the picture of all."""

FULL_WIDTH_LINES = 24
"""With more lines between two columns than this, lines are thinner."""

CUT_LINES = 0.5
"""Of their width where only the strongest are left, which are nearly equal and so all wide."""

THIN_ARROWS = 0.55
FOLLOWED_WIDTH = 0.06
COLUMN_INSET = 0.95
DOT_PITCH = 0.42
DOT_MOST, DOT_LEAST = 0.12, 0.035
STRIPE_WIDTH = 0.2
NUMBER_PITCH = 0.26
NUMBER_GAP = 0.1
PICTURE_SIDE = 1.35
PICTURE_GAP = 0.4
BAND = 0.28
"""Half the length of the band of light, of a gap's width."""
PIXEL_STEP = 90
"""Pictures of edges are made with a power of two times as many pixels per unit."""


class DenseNetwork(LayeredNetwork):
    """Layers as columns of all their units, with every edge or the strongest between them.

    Between two layers strengths are relative to the largest there: an image shows which edges of a
    gap matter, not which gap does. Arrows are as wide as dL/dW says against all layers.

    Parameters
    ----------
    sizes : sequence of int
        Units per layer, the input first.
    names : sequence of str
        One per layer, above its column, in the lesson's language.
    weights, gradients : sequence of (n_out, n_in) arrays
        Of all layers; the gradients set the scale of the arrows.
    box : (float, float)
        Width and height in Manim units.
    only_strongest : bool
        Draw no more than ``STRONGEST`` edges between two layers.
    image_shape : (rows, columns) or None
        The input as a picture, beside its column.
    downward : bool
        As of :class:`LayeredNetwork`.
    """

    halo_above = True

    def __init__(
        self,
        sizes: Sequence[int],
        names: Sequence[str],
        weights: Sequence[Any],
        gradients: Sequence[Any],
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        only_strongest: bool = False,
        image_shape: tuple[int, int] | None = None,
        downward: bool = False,
    ) -> None:
        # Ranges: Manim's frame is told apart by all that a part holds, and hundreds are many.
        units = [range(size) for size in sizes]
        super().__init__(sizes, names, units, box, theme, language, downward=downward)
        self.only_strongest, self.image_shape = only_strongest, image_shape
        self.weights = [Matrix(matrix) for matrix in weights]
        self.weights_before = self.first_weights = self.weights
        self.blend = 1.0
        self.gradients = [Matrix(np.zeros_like(matrix)) for matrix in weights]
        self.gradient_scale = largest(gradients)
        self._lay_out()
        self.labels = [
            labels if numbered else []
            for labels, numbered in zip(self.labels, self.numbered, strict=True)
        ]

    def set_weights(self, gap: int, matrix: Any) -> DenseNetwork:
        """Give a gap's edges other weights; the pictures cross-fade."""
        self.weights = replaced_at(self.weights, gap, Matrix(matrix))
        return self

    def _set_gradients(self, gap: int, matrix: np.ndarray) -> None:
        self.gradients = replaced_at(self.gradients, gap, Matrix(matrix))

    def counts(self) -> list[str]:
        """Return the number of units of each layer that is shown and has no nodes to count."""
        return [
            str(size) if shown > 0 and size > MOST_SHOWN else ""
            for size, shown in zip(self.sizes, self.state["shown"], strict=True)
        ]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Choose labels and the two pictures between which edges cross-fade."""
        super().interpolate_texts(start, end, alpha)
        self.weights_before, self.weights, self.blend = start.weights, end.weights, alpha
        self.gradients = end.gradients

    # Geometry

    def _lay_out(self) -> None:
        width, height = self.extent
        column = height if self.downward else height - 2 * COLUMN_TAG
        if any(size > MOST_SHOWN for size in self.sizes) and not self.downward:
            column -= 2 * SIZES.small * 1.2  # the columns stay in the middle of the box
        nodes = max((size for size in self.sizes if size <= MOST_SHOWN), default=1)
        self.radius = min(
            RADIUS_MOST * height, column / nodes * 0.42, width / len(self.sizes) * 0.3
        )
        self.column_top = column / 2
        left, right = self.ends(COLUMN_INSET, self.radius)
        if self.image_shape:
            left = -width / 2 + PICTURE_SIDE + PICTURE_GAP
        self.pitches = [self._pitch(size, column) for size in self.sizes]
        ends = {len(self.sizes) - 1} if self.image_shape else {0, len(self.sizes) - 1}
        xs = np.linspace(left, right, len(self.sizes))
        self.reach, self.beside, self.centres = [], [], []
        for layer, (x, size, pitch) in enumerate(zip(xs, self.sizes, self.pitches, strict=True)):
            is_large = size > MOST_SHOWN
            self.reach.append(min(pitch * 0.38, DOT_MOST) if is_large else self.radius)
            has_room = pitch >= NUMBER_PITCH and layer in ends and not self.downward
            self.beside.append(is_large and has_room)
            heights = pitch * ((size - 1) / 2 - np.arange(size))
            self.centres.append(np.column_stack([np.full(size, x), heights]))
        self.numbered = [
            size <= MOST_SHOWN or beside
            for size, beside in zip(self.sizes, self.beside, strict=True)
        ]
        self.gaps = [
            Gap(float(self.centres[k + 1][0, 0] - self.centres[k][0, 0]), *pitches)
            for k, pitches in enumerate(pairwise(self.pitches))
        ]

    def _pitch(self, size: int, column: float) -> float:
        return min(column / size, self.radius * 2.5 if size <= MOST_SHOWN else DOT_PITCH)

    def _is_stripe(self, layer: int) -> bool:
        return self.sizes[layer] > MOST_SHOWN and self.reach[layer] < DOT_LEAST

    def _headline(self) -> float:
        counted = any(size > MOST_SHOWN for size in self.sizes)
        return super()._headline() + (SIZES.small * 1.2 if counted else 0.0)

    def _gap_box(self, gap: int) -> Box:
        """Return left, bottom, right and top of what edges of a gap stay inside, lines as well."""
        half = self.gaps[gap].half_height(self.weights[gap].values.shape) + 0.05
        return self.centres[gap][0, 0], -half, self.centres[gap + 1][0, 0], half

    # Edges

    def _paint_edges(self, ctx: Context, gap: int, opacity: float) -> None:
        opacity *= float(self.state["edge_alpha"][gap])
        before, after = self.weights_before[gap], self.weights[gap]
        first = self.first_weights[gap]
        if opacity <= 0:
            return
        if before == after or not 0 < self.blend < 1:
            self._paint_matrix(ctx, gap, before if self.blend <= 0 else after, first, opacity)
            return
        with saved(ctx):
            # Added, so that what both have stays as it is instead of dipping.
            ctx.push_group()
            self._paint_matrix(ctx, gap, before, first, opacity * (1 - self.blend))
            ctx.set_operator(cairo.OPERATOR_ADD)
            self._paint_matrix(ctx, gap, after, first, opacity * self.blend)
            ctx.pop_group_to_source()
            ctx.paint()

    def _paint_matrix(
        self, ctx: Context, gap: int, matrix: Matrix, reference: Matrix, opacity: float
    ) -> None:
        """Draw a gap's edges by way of the raster cache: once per matrix."""
        room = (self.theme.name, self.sizes, self.box, self.image_shape)
        key = ("dense", *room, gap, matrix.key, reference.key, self.only_strongest)
        draw = self._draw_density if self._is_image(gap) else self._draw_lines
        box = self._gap_box(gap)
        RASTERS.paint(ctx, key, box, lambda ctx: draw(ctx, gap, matrix, reference), opacity)

    def _is_image(self, gap: int) -> bool:
        return self.weights[gap].values.size > FEW_EDGES and not self.only_strongest

    def _draw_lines(self, ctx: Context, gap: int, matrix: Matrix, reference: Matrix) -> None:
        scale = reference.largest or matrix.largest
        shown = matrix.strongest(STRONGEST if self.only_strongest else FEW_EDGES)
        thinner = min(1.0, math.sqrt(FULL_WIDTH_LINES / max(len(shown), 1)))
        if len(shown) < np.count_nonzero(matrix.values):
            thinner *= CUT_LINES
        for row, column in shown:
            weight = float(matrix.values[row, column])
            ends = self._edge(gap, row, column)
            self._draw_edge(ctx, ends, weight, min(abs(weight) / scale, 1.0), thinner)

    def _draw_density(self, ctx: Context, gap: int, matrix: Matrix, reference: Matrix) -> None:
        per_unit = PIXEL_STEP
        while per_unit < math.hypot(*ctx.user_to_device_distance(1, 0)) * 0.99:
            per_unit *= 2
        pixels = density_picture(matrix, self.gaps[gap], per_unit, self.theme, reference)
        half = self.gaps[gap].half_height(matrix.values.shape) + (MARGIN + 0.5) / per_unit
        left, right = self.centres[gap][0, 0], self.centres[gap + 1][0, 0]
        picture, box = picture_of(pixels), (left, -half, right, half)
        lay_picture(ctx, picture, box, cairo.FILTER_GOOD, extend=cairo.EXTEND_PAD)

    def _paint_halo(self, ctx: Context, opacity: float) -> None:
        """Draw the followed weight again on its halo: among hundreds it would be lost."""
        super()._paint_halo(ctx, opacity)
        strength = float(self.state["halo"])
        if self.followed is None or strength <= 0:
            return
        gap, row, column = self.followed
        weight = float(self.weights[gap].values[row, column])
        set_colour(ctx, self.theme.of_sign(weight), opacity * strength)
        ctx.set_line_width(FOLLOWED_WIDTH)
        line(ctx, *self._edge(gap, row, column))

    # Light and gradients

    def _paint_pulse(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        left, bottom, right, top = self._gap_box(gap)
        band = BAND * (right - left)
        middle = left - band + (right - left + 2 * band) * progress
        blue, green, red = reversed(self.theme.focus)
        light = cairo.LinearGradient(middle - band, 0, middle + band, 0)
        for position, alpha in ((0.0, 0.0), (0.6, 1.0), (1.0, 0.0)):
            light.add_color_stop_rgba(position, blue, green, red, alpha * opacity)
        with saved(ctx):
            rectangle(ctx, (left, bottom, right, top))
            ctx.clip()
            ctx.push_group()
            # Twice: where many edges are faint the light is to be seen all the same.
            for _ in range(2):
                self._paint_matrix(ctx, gap, self.weights[gap], self.first_weights[gap], 1.0)
            edges = ctx.pop_group()
            ctx.set_source(light)
            ctx.mask(edges)

    def _paint_arrows(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        """Uncover the picture of dL/dW from right to left, the largest on top as arrows."""
        matrix = self.gradients[gap]
        if matrix.largest == 0:
            return
        few = matrix.values.size <= ALL_ARROWS
        if not few:
            left, bottom, right, top = self._gap_box(gap)
            uncovered = (right - left) * progress
            with saved(ctx):
                ctx.rectangle(right - uncovered, bottom, uncovered, top - bottom)
                ctx.clip()
                self._paint_matrix(ctx, gap, matrix, matrix, opacity)
        thinner = 1.0 if few else THIN_ARROWS
        for row, column in matrix.strongest(ALL_ARROWS if few else FEW_ARROWS):
            gradient = float(matrix.values[row, column])
            start, end = self._edge(gap, row, column)
            strength = min(abs(gradient) / self.gradient_scale, 1.0)
            set_colour(ctx, self.theme.of_sign(gradient), opacity * min(1.0, progress * 3))
            width = between(ARROW_WIDTHS, strength) * thinner
            first, last = self.arrow_ends(start, end)
            arrow(ctx, first, first + (last - first) * progress, width)

    # Units

    def _paint_units(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        if self.sizes[layer] <= MOST_SHOWN:
            self._paint_nodes(ctx, layer, opacity, fade)
            return
        values, ring = self.state[f"value_{layer}"], float(self.state["ring"][layer])
        room = (self.theme.name, self.sizes, self.box, self.image_shape)
        key = ("units", *room, layer, values.tobytes(), ring)
        # No edge leaves this box, thick as it may be.
        x, y = (it / 2 + HALO_WIDTH for it in self.extent)
        RASTERS.paint(ctx, key, (-x, -y, x, y), lambda ctx: self._draw_units(ctx, layer), opacity)
        _, count, _ = self._places_of_names(layer)
        how = {"anchor": 0.0} if self.downward else {}
        self.write(ctx, self.counts()[layer], count, self.theme.muted, opacity, **how)
        if self.beside[layer]:
            self._paint_numbers(ctx, layer, fade)

    def _paint_numbers(self, ctx: Context, layer: int, fade: float) -> None:
        """Write the values beside the dots, outside of the network."""
        side = 1 if layer else -1
        for label, centre in zip(self.labels[layer], self.centres[layer], strict=True):
            x = centre[0] + side * (self.reach[layer] + NUMBER_GAP)
            at, anchor = (x, centre[1]), 0.0 if layer else 1.0
            self.write(ctx, label, at, self.theme.text, fade, anchor=anchor)

    def _draw_units(self, ctx: Context, layer: int) -> None:
        ring = float(self.state["ring"][layer])
        colours = self._unit_colours(layer)
        outline = mix(self.theme.line, self.theme.gradient, ring)
        x, half = self.centres[layer][0, 0], self.pitches[layer] * self.sizes[layer] / 2
        if layer == 0 and self.image_shape:
            self._draw_picture(ctx, colours.reshape(*self.image_shape, 3), outline)
        if self._is_stripe(layer):
            box = (x - STRIPE_WIDTH / 2, -half, x + STRIPE_WIDTH / 2, half)
            _draw_framed(ctx, colours[:, None], box, outline, 0.02 + 0.02 * ring)
            return
        for centre, colour in zip(self.centres[layer], colours, strict=True):
            disc(ctx, centre, self.reach[layer])
            fill(ctx, tuple(colour), 1, keep=True)
            stroke(ctx, outline, 1, 0.02 + 0.02 * ring)

    def _draw_picture(self, ctx: Context, colours: np.ndarray, outline: Rgb) -> None:
        """Draw the input as the picture that it is, at the left of its column."""
        rows, columns = colours.shape[:2]
        if self.downward:  # it stands upright, although its column is a row
            colours = colours[::-1, ::-1].swapaxes(0, 1)
            rows, columns = columns, rows
        side = PICTURE_SIDE / max(rows, columns)
        left = -self.extent[0] / 2
        half = rows * side / 2
        _draw_framed(ctx, colours, (left, -half, left + columns * side, half), outline, 0.02)

    def _unit_colours(self, layer: int) -> np.ndarray:
        """Return (n, 3): the sign's colour, as full as the value is large in its layer."""
        values = self.state[f"value_{layer}"]
        strength = np.abs(values) / (float(np.abs(values).max(initial=0.0)) or 1.0)
        sign = np.where(values[:, None] < 0, self.theme.negative, self.theme.positive)
        surface = np.array(self.theme.surface)
        return np.asarray(surface + (sign - surface) * strength[:, None])


def _draw_framed(ctx: Context, colours: np.ndarray, box: Box, outline: Rgb, width: float) -> None:
    """Draw (rows, columns, 3) colours as a picture with a frame."""
    draw_pixels(ctx, with_alpha(colours), box)
    rectangle(ctx, box)
    stroke(ctx, outline, 1, width)
