"""From arranged columns to coordinates in em: heights by least squares, curves through the columns.

A column's order is given, so its items' distances are bounded below; of all heights that keep
those, least squares takes the ones with the straightest edges. The coordinates are y up, the
origin in the middle.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from backprop_studio.scenes.parts.graphs.columns import Columns
from backprop_studio.scenes.parts.graphs.curves import CHANNEL, LANE, TURN, bent, wrapped

HEAD = 0.55
"""Length of an arrow head, and of the mark before a gradient."""

BADGE = 0.42
"""Half the width of the plus at which the gradients of several uses meet."""

LANDING = 2 * BADGE + HEAD + 0.1
"""How far edges that meet at a node stay level, so that their arrows end at its plus."""

PORT = 0.85
PORT_LEAST = 0.46
SHOULDER = 0.9
"""Between edges at a node: at best, at least; and what the node is higher than all of them."""

LEVEL_WEIGHT = 8.0
"""How much more it counts that an edge is level while it passes columns."""

ROUNDS = 80
STILL = 1e-3
WIDEST_GAP = 3.0


@dataclass(frozen=True)
class Body:
    """Extent of a node or a label, in em: width, and height above and below its middle or edge."""

    width: float
    up: float
    down: float


@dataclass(frozen=True)
class Spacing:
    """Free space in em.

    Attributes
    ----------
    above : float
        Between the nodes of a column.
    beside : float
        On either side of a column of labels, at least.
    steep : float
        The same in proportion to the rise of the steepest edge there.
    """

    above: float
    beside: float
    steep: float


SPACINGS = (
    Spacing(1.4, 1.9, 0.4),
    Spacing(1.4, 1.3, 0.3),
    Spacing(0.9, 1.0, 0.25),
    Spacing(0.5, 1.0, 0.25),
    Spacing(0.5, 1.0, 0.12),
)
"""From roomy to tight."""


@dataclass(frozen=True)
class Placement:
    """Coordinates in em, as :class:`scenes.parts.graphs.laid_out.GraphLayout` has them."""

    centres: np.ndarray
    labels: np.ndarray
    curves: list[np.ndarray]
    width: float
    height: float
    rows: int


class _Rows(NamedTuple):
    """What an edge has to know of the rows: who is where, who comes down, and the rows' ends."""

    row_of: dict[int, int]
    lanes: list[list[tuple[int, int]]]
    ceilings: list[float]
    end: float


class Plan:
    """An arranged graph with the sizes of what stands in it, before anything has a position.

    Parameters
    ----------
    arranged : Columns
    bodies, marks : sequence of Body
        Of the nodes, and of the edges' labels.
    spacing : Spacing
    """

    def __init__(
        self, arranged: Columns, bodies: Sequence[Body], marks: Sequence[Body], spacing: Spacing
    ) -> None:
        self.columns, self.chains = arranged.columns, arranged.chains
        self.leaving = Counter(chain[0] for chain in self.chains)
        self.spacing = spacing
        self.nodes = len(bodies)
        count = sum(map(len, self.columns))
        self.bodies = [*self._high_enough(bodies), *[Body(0.0, 0.0, 0.0)] * (count - len(bodies))]
        for chain, mark in zip(self.chains, marks, strict=True):
            # Beside its head, whose derivative it is.
            self.bodies[chain[-2]] = mark
        self.where = {item: k for k, column in enumerate(self.columns) for item in column}
        self.widths = [
            max((self.bodies[item].width for item in column), default=0.0)
            for column in self.columns
        ]
        self.landings = [self._landing(k) for k in range(len(self.columns))]
        self.enter, self.leave = self._ports()

    def _high_enough(self, bodies: Sequence[Body]) -> list[Body]:
        """Return the nodes with room for all the edges that meet at one of their sides."""
        coming = Counter(chain[-1] for chain in self.chains)
        found = []
        for node, body in enumerate(bodies):
            most = max(self.leaving[node], coming[node], 1)
            half = (SHOULDER + PORT_LEAST * (most - 1)) / 2
            found.append(Body(body.width, max(body.up, half), max(body.down, half)))
        return found

    def _landing(self, column: int) -> float:
        """Return how far behind a column its edges are level, for the sake of its plus signs."""
        needs = [
            LANDING - (self.widths[column] - self.bodies[item].width) / 2
            for item in self.columns[column]
            if item < self.nodes and self.leaving[item] > 1
        ]
        return max([0.0, *needs])

    def _ports(self) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
        """Return, per edge, how far above their nodes' middles its two ends stand."""
        rank = {item: k for column in self.columns for k, item in enumerate(column)}
        into: dict[int, list[tuple[int, int]]] = {}
        out: dict[int, list[tuple[int, int]]] = {}
        for edge, chain in enumerate(self.chains):
            out.setdefault(chain[0], []).append((rank[chain[1]], edge))
            into.setdefault(chain[-1], []).append((rank[chain[-2]], edge))
        return self._fanned(into), self._fanned(out)

    def _fanned(self, meeting: dict[int, list[tuple[int, int]]]) -> dict[tuple[int, int], float]:
        ports = {}
        for node, edges in meeting.items():
            body = self.bodies[node]
            pitch = min(PORT, (body.up + body.down - SHOULDER) / max(len(edges) - 1, 1))
            for k, (_, edge) in enumerate(sorted(edges)):
                ports[node, edge] = pitch * ((len(edges) - 1) / 2 - k)
        return ports

    def offset(self, item: int, edge: int, ports: dict[tuple[int, int], float]) -> float:
        """Return how far above an item's middle an edge ends there."""
        return ports[item, edge] if item < self.nodes else 0.0

    def gap(self, column: int) -> float:
        """Return the least free width behind a column; an empty one needs none of its own."""
        both = self.widths[column], self.widths[column + 1]
        free = self.spacing.beside * (1.0 if all(both) else 0.7)
        return self.landings[column] + free

    def least(self, breaks: Sequence[int]) -> tuple[float, float]:
        """Return a width and a height that no placement with these breaks goes below."""
        bounds = [0, *breaks, len(self.columns)]
        widths, height = [], (len(bounds) - 2) * (CHANNEL + LANE)
        for first, last in pairwise(bounds):
            gaps = sum(self.gap(k) for k in range(first, last - 1))
            widths.append(sum(self.widths[first:last]) + gaps)
            height += max(map(self._column_height, self.columns[first:last]))
        return max(widths), height

    def _column_height(self, column: Sequence[int]) -> float:
        if not column:
            return 0.0
        ends = self.bodies[column[0]].up + self.bodies[column[-1]].down
        return ends + sum(self._distance(upper, lower) for upper, lower in pairwise(column))

    def place(self, breaks: Sequence[int]) -> Placement:
        """Place rows of columns below each other; a new one begins at each of the breaks."""
        bounds = [0, *breaks, len(self.columns)]
        y, spans = np.zeros(len(self.bodies)), np.zeros((len(self.bodies), 2))
        row_of = {
            item: row
            for row, (first, last) in enumerate(pairwise(bounds))
            for column in self.columns[first:last]
            for item in column
        }
        lanes = [self._lanes(row, row_of) for row in range(len(bounds) - 1)]
        most = max(map(len, lanes))
        start = 0.0 if len(bounds) == 2 else LANE * most
        top, widest, ceilings = 0.0, 0.0, []
        for row, (first, last) in enumerate(pairwise(bounds)):
            items = [item for column in self.columns[first:last] for item in column]
            self._set_heights(first, last, y)
            up = max(y[item] + self.bodies[item].up for item in items)
            down = min(y[item] - self.bodies[item].down for item in items)
            if row:
                top -= CHANNEL + LANE * len(lanes[row])
            ceilings.append(top)
            y[items] += top - up
            top += down - up
            widest = max(widest, self._set_widths(first, last, y, spans, start))
        width = widest + (TURN + LANE * (most - 1) if most else 0.0)
        middle = np.array([width / 2, top / 2])
        centres = np.column_stack([spans.sum(axis=1) / 2, y]) - middle
        labels = centres[np.array([chain[-2] for chain in self.chains], dtype=int)]
        rows = _Rows(row_of, lanes, ceilings, widest)
        curves = [self._curve(edge, y, spans, rows) - middle for edge in range(len(self.chains))]
        return Placement(centres[: self.nodes], labels, curves, width, -top, len(lanes))

    def _lanes(self, row: int, row_of: dict[int, int]) -> list[tuple[int, int]]:
        """Return (edge, item) of what comes down from the row above, from top to bottom."""
        rank = {item: k for column in self.columns for k, item in enumerate(column)}
        found = []
        for edge, chain in enumerate(self.chains):
            for before, item in pairwise(chain):
                if row_of[item] == row and row_of[before] == row - 1:
                    found.append((rank[item], edge, item))
        return [(edge, item) for _, edge, item in sorted(found)]

    def _set_heights(self, first: int, last: int, y: np.ndarray) -> None:
        """Minimise the edges' rises, column by column, until nothing moves any more."""
        near = self._neighbours(first, last)
        spread = {}
        for k in range(first, last):
            column = self.columns[k]
            drops = [self._distance(upper, lower) for upper, lower in pairwise(column)]
            spread[k] = np.concatenate([[0.0], np.cumsum(drops)])[: len(column)]
            y[column] = (spread[k][-1] / 2 if column else 0.0) - spread[k]
        order = [k for k in (*range(first, last), *range(last - 2, first, -1)) if self.columns[k]]
        for _ in range(ROUNDS):
            before = y.copy()
            for k in order:
                self._set_column(self.columns[k], near, spread[k], y)
            if np.abs(y - before).max() < STILL:
                break
        for edge in [*range(len(self.chains))] * 2:
            self._level(edge, first, last, y)

    def _neighbours(self, first: int, last: int) -> dict[int, list[tuple[int, float, float]]]:
        """Return, per item, (another one, how far above it to be, how much that counts)."""
        near: dict[int, list[tuple[int, float, float]]] = {}
        for edge, chain in enumerate(self.chains):
            for a, b in pairwise(chain):
                if first <= self.where[a] and self.where[b] < last:
                    rise = self.offset(a, edge, self.leave) - self.offset(b, edge, self.enter)
                    weight = LEVEL_WEIGHT if min(a, b) >= self.nodes else 1.0
                    near.setdefault(a, []).append((b, -rise, weight))
                    near.setdefault(b, []).append((a, rise, weight))
        return near

    def _set_column(
        self,
        column: list[int],
        near: dict[int, list[tuple[int, float, float]]],
        spread: np.ndarray,
        y: np.ndarray,
    ) -> None:
        """Put a column where it is best while all others stay."""
        wanted, weights = [], []
        for item in column:
            links = near.get(item, [])
            # The little pull to the middle decides where nothing else does.
            total = sum(weight for _, _, weight in links) + 1e-3
            wanted.append(sum(weight * (y[other] + rise) for other, rise, weight in links) / total)
            weights.append(total)
        if len(column) == 1:
            y[column[0]] = wanted[0]
            return
        fitted = isotonic_regression(np.array(wanted) + spread, weights=weights, increasing=False)
        y[column] = fitted.x - spread

    def _level(self, edge: int, first: int, last: int, y: np.ndarray) -> None:
        """Let an edge bend once: its stand-ins as high as the end at which it is alone."""
        chain = self.chains[edge]
        run = [item for item in chain[1:-1] if first <= self.where[item] < last]
        if not run:
            return
        low, high = -math.inf, math.inf
        for item in run:
            column = self.columns[self.where[item]]
            k = column.index(item)
            if k:
                high = min(high, y[column[k - 1]] - self._distance(column[k - 1], item))
            if k + 1 < len(column):
                low = max(low, y[column[k + 1]] + self._distance(item, column[k + 1]))
        if low > high:
            return
        ends = (chain[0], self.leave), (chain[-1], self.enter)
        near = [(item, side) for item, side in ends if first <= self.where[item] < last]
        alone = [it for it in near if sum(node == it[0] for node, _ in it[1]) == 1]
        goals = [y[item] + side[item, edge] for item, side in alone[:1] or near]
        goal = sum(goals) / len(goals) if goals else float(y[run].mean())
        y[run] = min(max(goal, low), high)

    def _distance(self, upper: int, lower: int) -> float:
        """Return how far apart the middles of neighbours in a column are at least."""
        above, below = self.bodies[upper], self.bodies[lower]
        free = self.spacing.above
        if upper >= self.nodes or lower >= self.nodes:
            free *= 0.7
        return above.down + below.up + free

    def _set_widths(
        self, first: int, last: int, y: np.ndarray, spans: np.ndarray, x: float
    ) -> float:
        """Set the columns of a row beside each other, from x on; return where they end."""
        steepest: dict[int, float] = {}
        for edge, chain in enumerate(self.chains):
            for a, b in pairwise(chain):
                rise = y[a] + self.offset(a, edge, self.leave)
                rise -= y[b] + self.offset(b, edge, self.enter)
                column = self.where[a]
                steepest[column] = max(steepest.get(column, 0.0), abs(rise))
        for k in range(first, last):
            width = self.widths[k]
            for item in self.columns[k]:
                own = self.bodies[item].width if item < self.nodes else width
                spans[item] = x + (width - own) / 2, x + (width + own) / 2
            x += width + self.landings[k]
            if k + 1 < last:
                bend = min(self.spacing.steep * steepest.get(k, 0.0), WIDEST_GAP)
                x += max(self.gap(k) - self.landings[k], bend)
        return x

    def _curve(self, edge: int, y: np.ndarray, spans: np.ndarray, rows: _Rows) -> np.ndarray:
        chain = self.chains[edge]
        points: list[np.ndarray] = []
        for a, b in pairwise(chain):
            start = np.array([spans[a, 1], y[a] + self.offset(a, edge, self.leave)])
            stop = np.array([spans[b, 0], y[b] + self.offset(b, edge, self.enter)])
            row = rows.row_of[b]
            if rows.row_of[a] != row:
                lane, count = rows.lanes[row].index((edge, b)), len(rows.lanes[row])
                points.append(wrapped(start, stop, lane, count, rows.ceilings[row], rows.end))
                continue
            # Straight through one's own column, whose other nodes may be wider.
            column, following = self.columns[self.where[a]], self.columns[self.where[b]]
            landing = self.landings[self.where[a]]
            out = np.array([spans[column, 1].max() + landing, start[1]])
            arrival = np.array([spans[following, 0].min(), stop[1]])
            points += [start[None], bent(out, arrival), stop[None]]
        return np.concatenate(points)
