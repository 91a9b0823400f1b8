"""What lessons share that let points run down a surface: its map, its numbers, its loss curves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from manim.utils.rate_functions import linear

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula.text import number_text
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.core.formula.tree import Number, nodes
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import DescentRecord, Path, compare
from backprop_studio.core.surfaces.grid import SurfaceGrid, sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape, Landscape, gradient_at
from backprop_studio.core.surfaces.named import SURFACES
from backprop_studio.core.surfaces.outcomes import is_outside, rank
from backprop_studio.core.surfaces.sheet import descent_sheet
from backprop_studio.core.surfaces.slices import NetworkSlice
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE, fitted
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.table import ROW_MOST, Table
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries

SIDE = 121
"""Samples per axis."""

LEAST_SIDE = 31
MOST_NUMBERS = 1e7
"""Of the largest layer, over all samples and places; more would have to be waited for."""

WIDEST = 1.5
"""How much longer one unit of x may be drawn than one of y, to fill a wide picture."""

AROUND = (1.5, 1.0)
"""What ticks, names and legend take of a map's box."""

CLOSE_MARGIN, CLOSE_SHAPE, CLOSEST = 0.12, 0.6, 0.1
"""Of a picture's part: room around, least share of the other side, least share of the whole."""

TABLE_MORE = 0.4
"""A map keeps its right margin free, which a table beside it may use."""

FAR = 1e9
"""Pictures away from the picture: farther points are drawn here, as floats end."""

DECADES = 8
"""Powers of ten that a curve of losses may fall in its picture."""

LARGEST = 1e300
"""Beyond it there is no room for a picture's margins in a double."""


class LandscapeLesson(BoardLesson):
    """Base of lessons that descend on a surface.

    Attributes
    ----------
    landscape : Landscape
        What is descended on.
    grid : SurfaceGrid
        Its values.
    """

    landscape: Landscape
    grid: SurfaceGrid
    map: ContourMap
    losses: Plot

    def race(self, specs: Sequence[OptimizerSpec]) -> dict[str, Any]:
        """Let optimizers run from one start, and return the answer sheet."""
        params = self.params
        self.full: FormulaLandscape = params.surface.landscape()
        self.records = compare(self.full, specs, [params.start_point()], params.steps)
        self.paths = [it.paths[0] for it in self.records]
        self.ranking, landscape = rank(self.records), self.full
        if not self.ranking.outside and not params.surface.has_own_range:
            # Where all stay in a corner, only that corner is shown.
            landscape = close_up(landscape, [it.points for it in self.paths])
        self.sample(landscape)
        return self.descents_sheet(self.records)

    def descents_sheet(self, records: Iterable[DescentRecord]) -> dict[str, Any]:
        """Return the answer sheet of descents on the surface."""
        given = self.params.model_dump(mode="json")
        sheet = descent_sheet(self.lesson_name(), given, self.landscape, records)
        return {**sheet, "constants": self.constants()}

    def sample(self, landscape: Landscape, side: int = SIDE) -> None:
        """Take the values of a surface over the picture."""
        self.landscape, self.grid = landscape, sample_grid(landscape, side)

    # What a surface is called

    @property
    def axis_names(self) -> tuple[str, str]:
        """Return the coordinates as Typst mathematics."""
        first, second = self.landscape.names
        if isinstance(self.landscape, NetworkSlice) and self.landscape.indices:
            first, second = (it.typst for it in self.landscape.indices)
        return first, second

    def constants(self) -> list[float]:
        """Return the numbers in the surface's formula, for the answer sheet."""
        if not isinstance(self.landscape, FormulaLandscape):
            return []
        tree = self.landscape.formula.tree
        return [node.value for node in nodes(tree) if isinstance(node, Number)]

    def rule(self) -> str:
        """Return the surface's formula as mathematics, and note its numbers as shown."""
        assert isinstance(self.landscape, FormulaLandscape)
        written = formula_typst(self.landscape.formula.tree)
        for k, value in enumerate(self.constants()):
            decimals = number_text(value).partition(".")[2]
            if decimals.isdigit():
                self.number(f"constants.{k}", len(decimals))
        return written

    def torch_rule(self) -> str:
        """Return the line that computes the height."""
        if not isinstance(self.landscape, FormulaLandscape):
            return "loss = loss_fn(model(x), t)"
        code = tracked_torch(self.landscape.formula.tree, self.landscape.formula.names)
        return fitted(f"loss = {code}", "loss = f(w)")

    def race_line(self) -> str:
        """Return the loop in which all runners take their steps."""
        return f"for w, opt in {self.params.steps} * runners: {STEP_LINE}"

    # The pictures

    @cached_property
    def scale(self) -> HeightScale:
        """Return the scale that surface and map share."""
        found = self.grid.scale
        return HeightScale(found.low, found.high, found.knee)

    @cached_property
    def minima(self) -> np.ndarray:
        """Return the known minima in the picture, (k, 2)."""
        if not isinstance(self.landscape, FormulaLandscape):
            return np.empty((0, 2))
        text = self.landscape.formula.text
        known = next((it.minima for it in SURFACES.values() if it.text == text), ())
        found = np.array(known, dtype=np.float64).reshape(-1, 2)
        seen: np.ndarray = found[inside(found, self.landscape.ranges)]
        return seen

    def map_of(
        self, series: Sequence[DescentSeries], box: tuple[float, float], *, equal: bool = False
    ) -> ContourMap:
        """Return the contour map in a box; its axes share one unit, or nearly if not ``equal``."""
        (left, right), (low, high) = self.landscape.ranges
        shape = (right - left) / (high - low)
        width = min(box[0], AROUND[0] + WIDEST * shape * (box[1] - AROUND[1]))
        box = (max(width, box[0] / 2), box[1])
        first, second = self.axis_names
        return ContourMap(
            self.grid.x,
            self.grid.y,
            self.grid.values,
            box,
            *self.look,
            scale=self.scale,
            series=series,
            minima=self.minima,
            names=(f"${first}$", f"${second}$", "$L$"),
            bar=False,
            equal=equal,
        )

    def loss_plot(
        self, paths: Sequence[Path], names: Sequence[str], steps: int, box: tuple[float, float]
    ) -> Plot:
        """Return the diagram of losses over steps, with a curve per path that is not yet drawn."""
        across = Axis(0.0, float(steps), escape(self.tr("step")), count=4)
        losses = loss_axis([in_sight(it, self.landscape.ranges) for it in paths])
        plot = Plot(across, losses, box, *self.look)
        places, dashes = np.arange(steps + 1.0), self.theme.dashes_negative
        for k, (path, name) in enumerate(zip(paths, names, strict=True)):
            values = np.full(steps + 1, math.nan)
            values[: len(path.values)] = np.clip(path.values, -LARGEST, LARGEST)
            colour, is_dashed = series_colour(self.theme, k), dashes and k % 2 == 1
            plot.add_curve(name, places, values, colour=colour, progress=0.0, is_dashed=is_dashed)
        return plot

    def side_table(self, columns: Sequence[str], rows: int, row_most: float = ROW_MOST) -> Table:
        """Return an empty table beside the map, where there is a little more room than at first."""
        width, height = self.layout.side
        x, y = self.layout.side_centre
        wider = TABLE_MORE if x > 0 else 0.0
        table = Table(columns, rows, (width + wider, height), *self.look, row_most=row_most)
        return table.move_to((x - wider / 2, y, 0))

    def run(self, seconds: float) -> None:
        """Let those who are shown run; the map and the curves keep step."""
        self.move(
            self.map.animate(rate_func=linear).advance_to(self.params.steps),
            self.losses.animate(rate_func=linear).grow(1.0),
            seconds=seconds,
        )

    # Numbers and words

    def result(self, word: str, path: Path, name: str) -> list[str]:
        """Return a descent's row of a table: who it is, where it ended, and how low."""
        loss = ""
        if not is_outside(path, self.landscape.ranges):
            loss = f"${self.scientific(f'{name}.values.{len(path.values) - 1}', 3)}$"
        return [escape(word), self.fate(path, name), loss]

    def spot(self, name: str) -> str:
        """Return a point of the picture with as many decimals as the eye can tell apart."""
        least = min(high - low for low, high in self.landscape.ranges)
        decimals = max(0, 2 - math.floor(math.log10(least / 4)))
        numbers = (self.number(f"{name}.{k}", decimals) for k in range(2))
        return f"$({', '.join(numbers)})$"

    def fate(self, path: Path, name: str) -> str:
        """Return where a descent ended, as markup: its place, or when it left or failed.

        Parameters
        ----------
        name : str
            Where the path stands in the sheet.
        """
        if not is_outside(path, self.landscape.ranges):
            return self.spot(f"{name}.points.{len(path.points) - 1}")
        has_left = path.left_at is not None
        step = self.given(f"{name}.left_at" if has_left else f"{name}.diverged_at")
        text = N_("left at step {step}") if has_left else N_("no number at step {step}")
        return escape(self.tr(text).format(step=step))


def close_up(
    landscape: FormulaLandscape,
    points: Sequence[np.ndarray],
    closest: float = CLOSEST,
    shape: float | None = None,
) -> FormulaLandscape:
    """Return the same surface with a picture of the part that holds all points in the picture.

    Parameters
    ----------
    landscape : FormulaLandscape
        Of two coordinates.
    points : sequence of (n, 2) arrays
        At least one of them in the picture.
    closest : float
        Least share of the picture to either side.
    shape : float, optional
        Width over height that it shall have in the units of the axes, if there is room.
    """
    low, high = np.array(landscape.ranges).T
    together = np.concatenate([*points])
    together = together[inside(together, landscape.ranges)]
    size = high - low
    first, last = together.min(axis=0), together.max(axis=0)
    reach = (last - first) * (0.5 + CLOSE_MARGIN)
    # Not so flat that nothing is seen of the way across.
    reach = np.maximum(reach, size * np.max(reach / size) * CLOSE_SHAPE)
    reach = np.maximum(reach, size * closest)
    if shape is not None:
        reach = np.minimum(np.maximum(reach, reach[::-1] * (shape, 1 / shape)), size / 2)
    middle = (first + last) / 2
    if shape is not None:
        middle = np.clip(middle, low + reach, high - reach)
    ends = np.stack([np.maximum(low, middle - reach), np.minimum(high, middle + reach)], axis=1)
    return FormulaLandscape(landscape.formula, tuple(map(tuple, ends.tolist())))


def drawn(path: Path, ranges: Any, name: str = "") -> DescentSeries:
    """Return a descent as a picture can draw it: what is very far away is drawn less far."""
    return DescentSeries(nearer(path.points, ranges), name)


def nearer(points: np.ndarray, ranges: Any) -> np.ndarray:
    """Return points, (n, 2), of which those very far from a picture are moved towards it."""
    low, high = np.array(ranges, dtype=np.float64).T
    middle, reach = (low + high) / 2, FAR * (high - low)
    with np.errstate(over="ignore"):
        excess = np.max(np.abs(points / reach - middle / reach), axis=1)
    found: np.ndarray = middle + (points - middle) / np.maximum(excess, 1.0)[:, None]
    return found


def inside(points: np.ndarray, ranges: Any) -> np.ndarray:
    """Return which points, (n, 2), are in a picture."""
    low, high = np.array(ranges, dtype=np.float64).T
    found: np.ndarray = np.all((points >= low) & (points <= high), axis=1)
    return found


def loss_axis(losses: Sequence[np.ndarray]) -> Axis:
    """Return the axis for curves of losses: of powers of ten where all are above 0."""
    values = np.concatenate([*losses]) if losses else np.empty(0)
    values = np.clip(values[np.isfinite(values)], -LARGEST, LARGEST)
    top = float(values.max(initial=0.0))
    least = float(values.min(initial=math.inf))
    if least < 0 or not top > 0:
        return Axis.around(values, "$L$", count=4)
    floor = top * 10.0**-DECADES
    seen = values[values >= floor]
    if not floor > 0 or seen.min() > top / 10:
        return Axis(0.0, 1.06 * top, "$L$", count=4)
    return Axis.around(seen, "$L$", logarithmic=True, count=4)


def in_sight(path: Path, ranges: Any) -> np.ndarray:
    """Return the losses of the points that are in the picture."""
    found: np.ndarray = path.values[inside(path.points, ranges)]
    return found


def fine_side(landscape: Landscape) -> int:
    """Return how many samples per axis a surface can be given in a moment; a loss costs time."""
    if not isinstance(landscape, NetworkSlice):
        return SIDE
    cost = landscape.batch.size * max(landscape.network.sizes[1:])
    return int(min(max(math.sqrt(MOST_NUMBERS / cost), LEAST_SIDE), SIDE))


def spread_starts(landscape: Landscape) -> tuple[tuple[float, ...], ...]:
    """Return four places near the corners of a picture that nothing is known about.

    The first, whose numbers are told, has a slope if any has.
    """
    shares = np.array([[0.15, 0.2], [0.85, 0.15], [0.8, 0.85], [0.2, 0.8]])
    low, high = np.array(landscape.ranges).T
    found = map(tuple, (low + shares * (high - low)).tolist())
    return tuple(sorted(found, key=lambda it: not gradient_at(landscape, it).any()))
