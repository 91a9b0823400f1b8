"""The gradients of a layer as a heat map between its columns: a cell for each weight and bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backprop_studio.scenes.paint.brush import Box, Context, fill, middle_of, mix, rounded, stroke
from backprop_studio.scenes.paint.pixels import draw_pixels, with_alpha
from backprop_studio.scenes.paint.style import Rgb, Theme

MOST_CELLS = 400
"""A matrix with more is an image: one pixel per entry."""

CELL_MOST = 0.8
CELL_GAP = 0.12
"""Between cells, as a share of a cell."""

BIAS_GAP = 0.6
"""Between weights and biases, in cells."""

BIAS_LEAST = 0.07
"""Width of the column of biases, where cells are smaller."""

RIM = 0.12
"""Around the cells, on the card that keeps edges out of sight."""

HEADING = 0.3
"""Above the cells, for their names."""

NAMES_APART = 0.5
"""From name to name at least: where cells are too small for that, there are none."""

LEAST_HIGH = 0.05
"""Height of a matrix, however little room there is."""

CARD = 0.92
"""How far the card hides what is behind."""

OUTLINE = 0.014
STARTS = 0.45
"""Of its size: so large a cell sets out from its edge."""


@dataclass(frozen=True)
class GradientMatrix:
    """Where the cells of an (n_out, n_in) matrix and its biases stand, rows as outputs.

    Attributes
    ----------
    rows, columns : int
        Of the weights.
    centre : (float, float)
        Of the whole.
    room : (float, float)
        Width and height that it may take at most.
    """

    rows: int
    columns: int
    centre: tuple[float, float]
    room: tuple[float, float]

    @property
    def is_image(self) -> bool:
        """Whether its entries are pixels, not cells."""
        return self.rows * self.columns > MOST_CELLS

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell; those of an image may be stretched."""
        return self._cell_below(self.heading)

    def _cell_below(self, heading: float) -> tuple[float, float]:
        width = (self.room[0] - 2 * RIM) / (self.columns + BIAS_GAP + 1)
        height = max(self.room[1] - 2 * RIM - heading, LEAST_HIGH) / self.rows
        if self.is_image:
            return width, height
        side = min(width, height, CELL_MOST)
        return side, side

    @property
    def is_named(self) -> bool:
        """Whether there is room for names above weights and biases."""
        width, height = self._cell_below(HEADING)
        bias = max(width, BIAS_LEAST)
        apart = (width * self.columns + bias) / 2 + BIAS_GAP * bias
        return apart >= NAMES_APART and height * self.rows >= HEADING

    @property
    def heading(self) -> float:
        """Height of the names."""
        return HEADING if self.is_named else 0.0

    @property
    def bias_width(self) -> float:
        """Width of the column of biases."""
        return max(self.cell[0], BIAS_LEAST)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of weights and biases together."""
        width, height = self.cell
        gap = BIAS_GAP * self.bias_width
        return width * self.columns + gap + self.bias_width, height * self.rows

    @property
    def frame(self) -> Box:
        """Left, bottom, right and top of the card."""
        wide, high = self.size
        x, y = self.centre
        half = high + self.heading
        return (
            x - wide / 2 - RIM,
            y - half / 2 - RIM,
            x + wide / 2 + RIM,
            y + half / 2 + RIM,
        )

    @property
    def weights(self) -> Box:
        """Left, bottom, right and top of the weights' cells."""
        left, bottom, _, top = self.frame
        right = left + RIM + self.cell[0] * self.columns
        return left + RIM, bottom + RIM, right, top - RIM - self.heading

    @property
    def biases(self) -> Box:
        """Left, bottom, right and top of the biases' cells."""
        _, bottom, right, top = self.frame
        low, high = bottom + RIM, top - RIM - self.heading
        return right - RIM - self.bias_width, low, right - RIM, high

    def cell_box(self, row: int, column: int | None) -> Box:
        """Return left, bottom, right and top of a weight's cell, or of a bias's."""
        left, _, right, top = self.biases if column is None else self.weights
        if column is not None:
            left, right = left + column * self.cell[0], left + (column + 1) * self.cell[0]
        return left, top - (row + 1) * self.cell[1], right, top - row * self.cell[1]

    def places(self) -> Iterator[tuple[int, int | None]]:
        """Yield row and column of every cell; that of a bias has no column."""
        for row in range(self.rows):
            yield from ((row, column) for column in range(self.columns))
            yield row, None

    def names(self) -> list[tuple[float, float]]:
        """Return where the names of weights and biases stand, if there is room for them."""
        if not self.is_named:
            return []
        y = self.frame[3] - RIM / 2 - self.heading / 2
        return [(middle_of(it)[0], y) for it in (self.weights, self.biases)]


@dataclass(frozen=True)
class HeatColours:
    """What a gradient looks like: its sign is the colour, its size how full that is.

    Attributes
    ----------
    theme : Theme
        Of the lesson.
    largest : float
        Size that has the full colour.
    """

    theme: Theme
    largest: float

    def of(self, value: float) -> Rgb:
        """Return the colour of a gradient."""
        share = min(abs(value) / self.largest, 1.0)
        return mix(self.theme.surface, self.theme.of_sign(value), share)

    def pixels(self, values: np.ndarray) -> np.ndarray:
        """Return (..., 4) bytes for gradients (...)."""
        share = np.clip(np.abs(values) / self.largest, 0, 1)[..., None]
        sign = np.where(values[..., None] < 0, self.theme.negative, self.theme.positive)
        surface = np.array(self.theme.surface)
        return with_alpha(surface + (sign - surface) * share)


def draw_card(ctx: Context, at: GradientMatrix, theme: Theme, opacity: float) -> None:
    """Draw what keeps edges behind a matrix out of sight."""
    left, bottom, right, top = at.frame
    rounded(ctx, left, bottom, right - left, top - bottom, RIM)
    fill(ctx, theme.background, CARD * opacity)


def draw_image(
    ctx: Context, at: GradientMatrix, values: np.ndarray, colours: HeatColours, opacity: float
) -> None:
    """Draw an (n_out, n_in + 1) matrix, the biases last, as an image with a rim."""
    for box, part in ((at.weights, values[:, :-1]), (at.biases, values[:, -1:])):
        draw_pixels(ctx, colours.pixels(part), box, opacity)
        rounded(ctx, box[0], box[1], box[2] - box[0], box[3] - box[1], 0.0)
        stroke(ctx, colours.theme.line, opacity, OUTLINE)


def draw_cell(ctx: Context, box: Box, colour: Rgb, theme: Theme, opacity: float) -> None:
    """Draw a cell; its outline is seen where its gradient is 0."""
    width, height = box[2] - box[0], box[3] - box[1]
    gap = CELL_GAP * min(width, height)
    rounded(ctx, box[0], box[1], width, height, gap, grow=-gap / 2)
    fill(ctx, colour, opacity, keep=True)
    stroke(ctx, theme.line, opacity, OUTLINE)


def on_the_way(start: tuple[float, float], box: Box, share: float) -> Box:
    """Return where a cell is that comes from its edge."""
    x, y = middle_of(box)
    size = STARTS + (1 - STARTS) * share
    half = (box[2] - box[0]) / 2 * size, (box[3] - box[1]) / 2 * size
    at = start[0] + (x - start[0]) * share, start[1] + (y - start[1]) * share
    return at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]
