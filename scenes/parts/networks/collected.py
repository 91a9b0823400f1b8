"""A network whose gradients gather from their edges into a heat map for each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context
from backprop_studio.scenes.paint.painted import replaced_at
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.parts.networks.edge_density import Matrix
from backprop_studio.scenes.parts.networks.gradient_matrix import (
    GradientMatrix,
    HeatColours,
    draw_card,
    draw_cell,
    draw_image,
    on_the_way,
)
from backprop_studio.scenes.parts.networks.turned import Turned

ALONG = 0.94
ACROSS = 0.72
"""Of what is between two columns, and of their height: what a heat map may take."""


GONE = 2.0


class CollectedGradients(Turned):
    """Base of a network that shows the gradients of a layer as a matrix.

    Attributes
    ----------
    matrices : list of Matrix or None
        Per gap dL/dW (n_out, n_in) with dL/db as its last column.
    gradient_scale : float
        Size of a gradient that has the full colour.

    Its state ``matrix`` is how far a heat map has come: from 0, where all is on the edges, by 1,
    where it is gathered, to 2, where it has faded.
    """

    sizes: tuple[int, ...]
    units: Sequence[Sequence[int | None]]
    reach: list[float]
    matrices: list[Matrix | None]
    gradient_scale: float

    def _edge(self, gap: int, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where an edge starts and ends."""
        raise NotImplementedError

    def collect(self, gap: int, weights: Any, biases: Any) -> Self:
        """Gather a gap's gradients, and those of the biases behind it, into a heat map."""
        both = Matrix(np.column_stack([weights, biases]))
        self.matrices = replaced_at(self.matrices, gap, both)
        self.state["matrix"][gap] = 1.0
        return self

    def clear_matrices(self) -> Self:
        """Fade the heat maps where they are; what they were gathered from is seen again."""
        gathered = self.state["matrix"]
        gathered[gathered > 0] = GONE
        return self

    def _uncovered(self, layer: int) -> float:
        """Return how much of a layer is seen: the heat maps beside it take its room."""
        beside = self.state["matrix"][max(layer - 1, 0) : layer + 1]
        gathered = np.minimum(beside, GONE - beside)
        return 1.0 - float(gathered.max(initial=0.0))

    def matrix_at(self, gap: int) -> GradientMatrix:
        """Return where a gap's heat map stands, in the part's units."""
        first, last = (float(self.centres[it][0][0]) for it in (gap, gap + 1))
        room = (last - first) * ALONG, self.extent[1] * ACROSS
        centre = self.drawn_at((first + last) / 2, 0.0)
        wide, high = room[::-1] if self.downward else room
        return GradientMatrix(self.sizes[gap + 1], self.sizes[gap], centre, (wide, high))

    def _paint_collected(self, ctx: Context, gap: int, opacity: float) -> None:
        state, both = float(self.state["matrix"][gap]), self.matrices[gap]
        if not 0 < state < GONE or both is None:
            return
        share = min(state, 1.0)
        opacity *= min(1.0, GONE - state)
        at = self.matrix_at(gap)
        if at.is_image:
            draw_card(ctx, at, self.theme, opacity * share)
            draw_image(ctx, at, both.values, self._heat, opacity * share)
        elif share < 1:
            draw_card(ctx, at, self.theme, opacity * share)
            self._draw_cells(ctx, gap, at, share, opacity)
        else:
            key = ("collected", self.theme.name, at, both.key, self.gradient_scale)
            RASTERS.paint(ctx, key, at.frame, lambda ctx: self._draw_still(ctx, gap, at), opacity)
        for text, place in zip(self._names_of(gap), at.names(), strict=False):
            super().write(ctx, text, place, self.theme.gradient, opacity * share)

    def _names_of(self, gap: int) -> tuple[str, str]:
        return f"$W_{gap + 1}$", f"$b_{gap + 1}$"

    def _names_of_matrices(self) -> list[str]:
        """Return what is written at the heat maps that are shown."""
        state = self.state["matrix"]
        shown = np.flatnonzero((state > 0) & (state < GONE)).tolist()
        return [
            text for gap in shown if self.matrix_at(gap).is_named for text in self._names_of(gap)
        ]

    @property
    def _heat(self) -> HeatColours:
        return HeatColours(self.theme, self.gradient_scale)

    def _draw_still(self, ctx: Context, gap: int, at: GradientMatrix) -> None:
        draw_card(ctx, at, self.theme, 1.0)
        self._draw_cells(ctx, gap, at, 1.0, 1.0)

    def _draw_cells(
        self, ctx: Context, gap: int, at: GradientMatrix, share: float, opacity: float
    ) -> None:
        both = self.matrices[gap]
        assert both is not None
        for row, column in at.places():
            box, start = at.cell_box(row, column), self._start(gap, row, column)
            colour = self._heat.of(float(both.values[row, -1 if column is None else column]))
            shown = opacity if start is not None else opacity * share
            if start is not None and share < 1:
                box = on_the_way(start, box, share)
            draw_cell(ctx, box, colour, self.theme, shown)

    def _start(self, gap: int, row: int, column: int | None) -> tuple[float, float] | None:
        """Return where a cell sets out: the middle of its edge or its node, if that is drawn."""
        rows, columns = self.units[gap + 1], self.units[gap]
        if row not in rows or (column is not None and column not in columns):
            return None
        k = rows.index(row)
        if column is None:
            x, y = self.centres[gap + 1][k]
            return self.drawn_at(float(x), float(y))
        start, end = self._edge(gap, k, columns.index(column))
        x, y = (start + end) / 2
        return self.drawn_at(float(x), float(y))
