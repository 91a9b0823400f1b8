"""Tensors of rank 0 to 4 as blocks of cells: a cell, a row, a grid, a stack of grids, a film strip.

The axes are named as the curriculum names them: a matrix is rows x columns, an image height x
width x channel, a video time x height x width x channel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprop_studio.scenes.paint.brush import (
    Box,
    Context,
    disc,
    fill,
    line,
    middle_of,
    mix,
    rectangle,
    set_colour,
    stroke,
)
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import AXIS_LINE
from backprop_studio.scenes.parts.networks.network_view import shown_units

MOST_RANK = 4
MOST_SHOWN = (4, 6, 6, 4)
"""Frames, rows, columns and layers that are drawn; of more, the first, dots, and the last."""

CELL_MOST = 0.8
CELL_GAP = 0.06
"""Between cells, as a share of a cell."""

LAYER_STEP = (0.55, 0.5)
"""From a layer to the one behind it, in cells."""

STACK_GAP = 0.9
"""Between frames, in cells."""

FILL = 0.5
"""How far a cell without a value is from the page's colour to its own, and the most of one that a
number is to be read on."""

SLAB = 0.16
"""The same for what lies under cells that are left out."""

LABEL_GAP = 0.14
LABEL_LINE = 0.56
DOT = 0.035
END = 0.08
OUTLINE = 0.045
LEAST_EM = 0.2


class TensorBlocks(Painted):
    """A tensor as cells, with what each axis is along its edges.

    Parameters
    ----------
    shape : sequence of int
        Sizes, at most four; an empty one is a scalar.
    axis_labels : sequence of str
        Typst markup per axis, its name and its size; empty for none.
    box : (float, float)
        Width and height in Manim units, labels included.
    texts : nested sequence of str, optional
        Printed entries of a tensor of rank 0 to 2 as Typst markup, of the tensor's shape.
    values : array of the tensor's shape, optional
        From 0 to 1: how strong each cell's colour is.
    layer_colours : sequence of Rgb, optional
        One per channel of an image or a video; all positive if not given.
    """

    def __init__(
        self,
        shape: Sequence[int],
        axis_labels: Sequence[str],
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        texts: Any = None,
        values: Any = None,
        layer_colours: Sequence[Rgb] | None = None,
    ) -> None:
        rank = len(shape)
        if rank > MOST_RANK or any(size < 1 for size in shape):
            raise ValueError(f"blocks are drawn of rank 0 to {MOST_RANK}, not of {tuple(shape)}")
        if len(axis_labels) not in (0, rank):
            raise ValueError(f"{rank} axes need as many labels, not {len(axis_labels)}")
        super().__init__(*box, axis=np.ones(rank), spread=1.0, mark=0.0, position=np.zeros(4))
        self.sizes = tuple(shape)
        self.axis_labels = list(axis_labels) or [""] * rank
        self.theme, self.language = theme, language
        self.entries: tuple[str, ...] | None = None
        if texts is not None:
            # An array of objects cannot be compared, which the camera does to find static mobjects.
            self.entries = tuple(np.array(texts, dtype=object).reshape(shape).ravel().tolist())
        self.full = _in_four(self.sizes)
        self.shown = [
            shown_units(size, most) for size, most in zip(self.full, MOST_SHOWN, strict=True)
        ]
        # Manim copies parts for every animation, so that only what is drawn is kept.
        drawn = np.ix_(*([unit or 0 for unit in units] for units in self.shown))
        self.values = None if values is None else np.reshape(values, self.full)[drawn].astype(float)
        # A cache of pictures keeps this instead of all values of a film.
        self.digest = b"" if self.values is None else hashlib.blake2b(self.values.data).digest()
        count = self.full[3]
        if layer_colours is not None and len(layer_colours) != count:
            raise ValueError(f"{count} layers need as many colours, not {len(layer_colours)}")
        self.layer_colours = list(layer_colours or [theme.positive] * count)
        self._lay_out()

    # What a scene says

    def hide_axes(self) -> TensorBlocks:
        """Take every axis label away, to show them one by one."""
        self.state["axis"][:] = 0.0
        return self

    def show_axis(self, *axes: int) -> TensorBlocks:
        """Show the labels of axes, counted from 0 as in the shape."""
        self.state["axis"][list(axes)] = 1.0
        return self

    def spread(self, amount: float) -> TensorBlocks:
        """Draw layers and frames apart: 0 on top of each other, 1 as far as the box allows."""
        return self.set_state(spread=np.clip(amount, 0, 1))

    def highlight(self, *index: int) -> TensorBlocks:
        """Outline one cell, by its index in the tensor; it has to be among those drawn."""
        if len(index) != len(self.sizes):
            raise ValueError(f"a tensor of rank {len(self.sizes)} has no entry {index}")
        entries = list(zip(self.shown, _in_four(index, 0), strict=True))
        if not all(entry in units for units, entry in entries):
            raise ValueError(f"entry {index} of {self.sizes} is not drawn")
        position = [units.index(entry) for units, entry in entries]
        return self.set_state(position=position, mark=1.0)

    def release(self) -> TensorBlocks:
        """Take the outline away."""
        return self.set_state(mark=0.0)

    def texts(self) -> list[str]:
        """Return the labels now visible and the entries that fit."""
        labels = [self.axis_labels[k] for k in np.flatnonzero(self.state["axis"] > 0)]
        cells = [] if not self.shows_entries else [text for _, text in self._entries()]
        return [text for text in [*labels, *cells] if text]

    # Geometry, in cells until it is scaled

    def _label(self, direction: int) -> str:
        """Return the label of one of the four directions: frames, rows, columns, layers."""
        directions = _directions(len(self.sizes))
        return self.axis_labels[directions.index(direction)] if direction in directions else ""

    def _lay_out(self) -> None:
        frames, rows, columns, layers = map(len, self.shown)
        stack = columns + (layers - 1) * LAYER_STEP[0], rows + (layers - 1) * LAYER_STEP[1]
        cells = frames * stack[0] + (frames - 1) * STACK_GAP, stack[1]
        left = self.width_of(self._label(1)) + 3 * LABEL_GAP if self._label(1) else 0.0
        right = self.width_of(self._label(3)) + 2 * LABEL_GAP if self._label(3) else 0.0
        below = LABEL_LINE * sum(bool(self._label(direction)) for direction in (0, 2))
        free = self.box[0] - left - right, self.box[1] - below
        if min(free) <= 0:
            raise ValueError(f"a box of {self.box} leaves no room beside the labels of axes")
        self.cell = min(free[0] / cells[0], free[1] / cells[1], CELL_MOST)
        self.stack_width = stack[0]
        used = cells[0] * self.cell + left + right, cells[1] * self.cell + below
        self.origin = (-used[0] / 2 + left, -used[1] / 2 + below)

    def cell_box(self, frame: float, row: float, column: float, layer: float) -> Box:
        """Return left, bottom, right and top of the drawn cell of that number in each direction."""
        spread = float(self.state["spread"])
        rows = len(self.shown[1])
        x = frame * (self.stack_width + STACK_GAP) * spread + column
        x += layer * LAYER_STEP[0] * spread
        y = rows - 1 - row + layer * LAYER_STEP[1] * spread
        left, bottom = self.origin[0] + x * self.cell, self.origin[1] + y * self.cell
        gap = CELL_GAP * self.cell / 2
        return left + gap, bottom + gap, left + self.cell - gap, bottom + self.cell - gap

    def grids(self) -> Iterator[tuple[int, int]]:
        """Yield the frame and layer of what is drawn, back layers first."""
        for frame, t in enumerate(self.shown[0]):
            for layer, c in reversed(list(enumerate(self.shown[3]))):
                if t is not None and c is not None:
                    yield frame, layer

    def cells(self, frame: int, layer: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Yield the drawn positions of a layer, and the entries there."""
        t, c = self.shown[0][frame], self.shown[3][layer]
        for row, y in enumerate(self.shown[1]):
            for column, x in enumerate(self.shown[2]):
                if t is not None and c is not None and y is not None and x is not None:
                    yield (frame, row, column, layer), (t, y, x, c)

    def _entries(self) -> Iterator[tuple[tuple[int, ...], str]]:
        if self.entries is None:
            return
        for grid in self.grids():
            for position, entry in self.cells(*grid):
                yield position, self.entries[int(np.ravel_multi_index(entry, self.full))]

    @property
    def entry_size(self) -> float:
        """Em at which every entry fits its cell."""
        widths = [self.width_of(text) / SIZES.small for _, text in self._entries()]
        widest = max(widths, default=0.0)
        return min(SIZES.label, self.cell * 0.55, self.cell * 0.84 / max(widest, 1e-9))

    @property
    def shows_entries(self) -> bool:
        """Whether there are entries and all of them fit."""
        return self.entries is not None and self.entry_size >= LEAST_EM

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw cells from back to front, dots, entries, outline and axes."""
        room = (self.theme.name, self.sizes, self.box, self.cell)
        values = (self.digest, tuple(self.layer_colours), float(self.state["spread"]))
        key = ("tensor", *room, *values, opacity)
        repaint(ctx, key, self.frame, lambda ctx: self._draw(ctx, opacity))
        if self.shows_entries:
            for position, text in self._entries():
                at, size = middle_of(self.cell_box(*position)), self.entry_size
                self.write(ctx, text, at, self.theme.text, opacity, size=size)
        self._paint_mark(ctx, opacity * float(self.state["mark"]))
        for axis, direction in enumerate(_directions(len(self.sizes))):
            alpha = opacity * float(self.state["axis"][axis])
            if alpha > 0 and self.axis_labels[axis]:
                self._paint_axis(ctx, direction, self.axis_labels[axis], alpha)

    def _draw(self, ctx: Context, opacity: float) -> None:
        for frame, layer in self.grids():
            self._draw_slab(ctx, frame, layer, opacity)
            for position, _ in self.cells(frame, layer):
                rectangle(ctx, self.cell_box(*position))
                fill(ctx, self._cell_colour(position), opacity)
        set_colour(ctx, self.theme.text, opacity)
        for direction in range(4):
            if None in self.shown[direction]:
                self._dots(ctx, direction, self.shown[direction].index(None))

    def _cell_colour(self, position: tuple[int, ...]) -> Rgb:
        """Return the colour of a drawn cell: the stronger, the larger its value."""
        strength = FILL if self.values is None else float(np.clip(self.values[position], 0, 1))
        if self.values is not None and self.shows_entries:
            strength *= FILL
        layer = self.shown[3][position[3]] or 0
        return mix(self.theme.surface, self.layer_colours[layer], strength)

    def _draw_slab(self, ctx: Context, frame: int, layer: int, opacity: float) -> None:
        """Draw what the cells of a layer lie on, so that none behind shows through a gap."""
        rows, columns = len(self.shown[1]) - 1, len(self.shown[2]) - 1
        left, _, _, top = self.cell_box(frame, 0, 0, layer)
        _, bottom, right, _ = self.cell_box(frame, rows, columns, layer)
        slab = left, bottom, right, top
        rectangle(ctx, slab, CELL_GAP * self.cell)
        fill(ctx, self.theme.background, opacity)
        if None in self.shown[1] or None in self.shown[2]:
            colour = self.layer_colours[self.shown[3][layer] or 0]
            rectangle(ctx, slab)
            fill(ctx, mix(self.theme.surface, colour, SLAB), opacity)

    def _dots(self, ctx: Context, direction: int, position: int) -> None:
        """Draw three dots where entries are left out, along the direction they are left out of."""
        middle = [0.0, (len(self.shown[1]) - 1) / 2, (len(self.shown[2]) - 1) / 2, 0.0]
        if direction == 3:
            # Behind the front layer only its right edge is seen.
            middle[1], middle[2] = 0.0, len(self.shown[2]) - 0.6
        middle[direction] = float(position)
        for offset in (-0.22, 0.0, 0.22):
            at = list(middle)
            at[direction] += offset
            disc(ctx, middle_of(self.cell_box(*at)), DOT)
            ctx.fill()

    def _paint_mark(self, ctx: Context, alpha: float) -> None:
        if alpha <= 0:
            return
        rectangle(ctx, self.cell_box(*self.state["position"].tolist()))
        stroke(ctx, self.theme.focus, alpha, OUTLINE)

    def _paint_axis(self, ctx: Context, direction: int, source: str, alpha: float) -> None:
        frames, rows, columns, layers = (len(units) - 1 for units in self.shown)
        front = self.cell_box(0, rows, 0, 0)
        if direction == 1:
            x = front[0] - LABEL_GAP
            start, end = (x, self.cell_box(0, 0, 0, 0)[3]), (x, front[1])
            where, anchor = (x - LABEL_GAP, (start[1] + end[1]) / 2), 1.0
        elif direction == 3:
            near = self.cell_box(frames, rows, columns, 0)
            far = self.cell_box(frames, rows, columns, layers)
            start, end = (near[2] + LABEL_GAP, near[1]), (far[2] + LABEL_GAP, far[1])
            x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
            where, anchor = (x + 1.4 * LABEL_GAP, y - 0.08), 0.0
        else:
            of_all = (frames, layers) if direction == 0 else (0, 0)
            last = self.cell_box(of_all[0], rows, columns, of_all[1])
            under = LABEL_LINE if direction == 0 and self._label(2) else 0.0
            y = front[1] - LABEL_GAP - under
            start, end = (front[0], y), (last[2], y)
            where, anchor = ((start[0] + end[0]) / 2, y - 0.23), 0.5
        set_colour(ctx, self.theme.muted, alpha)
        ctx.set_line_width(AXIS_LINE)
        _measure(ctx, np.array(start), np.array(end))
        if anchor == 0.5:
            reach = self.box[0] / 2 - self.width_of(source) / 2
            where = (min(max(where[0], -reach), reach), where[1])
        self.write(ctx, source, where, self.theme.text, alpha, anchor=anchor)


def _measure(ctx: Context, start: np.ndarray, end: np.ndarray) -> None:
    """Draw a line with a bar at either end."""
    line(ctx, start, end)
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    across = np.array([-along[1], along[0]]) * END
    for position in (start, end):
        line(ctx, position - across, position + across)


def _directions(rank: int) -> list[int]:
    """Return which of frames, rows, columns and layers the axes of a tensor are."""
    return {0: [], 1: [2], 2: [1, 2], 3: [1, 2, 3], 4: [0, 1, 2, 3]}[rank]


def _in_four(sizes: Sequence[int], missing: int = 1) -> tuple[int, ...]:
    """Return sizes in each direction; a direction that a tensor has not counts one."""
    four = [missing] * 4
    for direction, size in zip(_directions(len(sizes)), sizes, strict=True):
        four[direction] = size
    return tuple(four)
