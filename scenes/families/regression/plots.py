"""Diagrams of a line that learns: the line among its points, and losses over steps.

They and the map of the loss keep the same time: a place among the kept steps, whole or between two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import cairo
import numpy as np
from manim import Mobject

from backprop_studio.core.line_fit.record import LineFitRecord, LineRun
from backprop_studio.scenes.boards.regression import RUNS
from backprop_studio.scenes.families.landscape import loss_axis, nearer
from backprop_studio.scenes.families.rooms import Room
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import Layout, Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries, trace

GAP = 0.25
SHARES = (0.34, 0.35, 0.31)
"""Of a wide stage: points, map and losses."""

TALL = 0.7
"""Stages that are higher, as a share of their width, have the points above the others."""

TALL_SHARE = 0.52
"""Of a tall stage's height: the points, above the two others."""

ERROR = 0.02
"""Width of an error's line."""

MOST_ERRORS = 60
"""Errors that are drawn; more would be a block of colour."""

FEW_POINTS, SMALL = 150, 0.03
"""Above so many points their dots are smaller."""

MARGIN = 0.08
NEAR = 1.0
"""Heights of the data that a first line may be away and still be in the picture."""

AFTER = 3
"""Steps that are shown after a run has left the picture."""

TICKS = 3
WIDEST = 7.4
"""Of a table, whose columns would else be far apart."""


def rooms(layout: Layout) -> tuple[Room, Room, Room]:
    """Return the rooms of points, map and losses: side by side, or in a tall frame below."""
    stage = Room(layout.stage, layout.stage_centre)
    width, height = stage.box
    if height < TALL * width:
        points, rest = stage.across(SHARES[0] * (width - 2 * GAP), GAP)
        first, second = rest.across(SHARES[1] * (width - 2 * GAP), GAP)
    else:
        points, rest = stage.down(TALL_SHARE * (height - GAP), GAP)
        first, second = rest.across((width - GAP) / 2, GAP)
    return points, first, second


def wide_room(layout: Layout) -> Room:
    """Return the rooms of map and losses as one, for a table."""
    _, first, second = rooms(layout)
    width = second.centre[0] - first.centre[0] + (first.box[0] + second.box[0]) / 2
    left = first.centre[0] - first.box[0] / 2
    return Room((min(width, WIDEST), first.box[1]), (left + width / 2, first.centre[1]))


def last_shown(run: LineRun) -> int:
    """Return the place of the last kept step that is drawn: soon after the picture is left."""
    last = len(run.at) - 1
    if not run.is_divergent or run.left_at is None:
        return last
    return min(last, run.index(run.left_at) + AFTER)


def series_of(record: LineFitRecord, names: Sequence[str] = ("", "")) -> list[DescentSeries]:
    """Return both runs as points on the map of the loss."""
    series = []
    for run, name in zip((record.run, record.slower), names, strict=True):
        points = np.stack([run.w, run.b], axis=1)[: last_shown(run) + 1]
        series.append(DescentSeries(nearer(points, record.ranges), name))
    return series


class FitPlot(Plot):
    """Points, and for each run the line that it has after so many kept steps.

    Parameters
    ----------
    labels : (str, str)
        Typst markup at the axes.
    """

    def __init__(
        self,
        record: LineFitRecord,
        labels: tuple[str, str],
        size: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        ends = np.array([record.x.min(), record.x.max()])
        across = Axis.around(record.x, labels[0], margin=MARGIN, count=TICKS)
        up = Axis.around(_heights(record, ends), labels[1], margin=MARGIN, count=4)
        super().__init__(across, up, size, theme, language)
        self.paths = [np.stack([it.w, it.b]) for it in (record.run, record.slower)]
        self.ends = ends
        every = max(1, -(-len(record.x) // MOST_ERRORS))
        self.marked = (record.x[::every], record.y[::every])
        self.state["step"] = np.zeros(2)
        # An error goes from its point to the line, and the next one begins anew.
        xs = np.repeat(self.marked[0], 3)
        self.add_curve("errors", xs, self._errors(), colour=theme.loss)
        radius = {} if len(record.x) <= FEW_POINTS else {"radius": SMALL}
        self.add_scatter("points", record.x, record.y, colour=theme.positive, **radius)
        for k, name in enumerate(RUNS):
            self.add_line(name, 0.0, 0.0, 0.0, colour=series_colour(theme, k))
        self.hide("errors", *RUNS)
        self._turn()

    def advance_to(self, step: float) -> FitPlot:
        """Let both lines stand after so many kept steps; one with fewer stays at its end."""
        self.state["step"] = np.full(2, float(step))
        return self._turn()

    def interpolate(
        self, mobject1: Mobject, mobject2: Mobject, alpha: float, *args: Any, **kwargs: Any
    ) -> Self:
        """Stand between two states: where the runs were in between, and not on a straight way."""
        super().interpolate(mobject1, mobject2, alpha, *args, **kwargs)
        self._turn()
        return self

    def line_of(self, k: int) -> tuple[float, float]:
        """Return w and b of a run's line as it is drawn."""
        w, b = self.paths[k]
        places = np.arange(len(w))
        step = float(self.state["step"][k])
        return float(np.interp(step, places, w)), float(np.interp(step, places, b))

    def _curve(self, ctx: cairo.Context[Any], name: str, item: Any) -> None:
        """Draw the errors thin, and other curves as ever."""
        if name != "errors":
            super()._curve(ctx, name, item)
            return
        ctx.set_line_width(ERROR)
        trace(ctx, self._path(name).reshape(-1, 3, 2)[:, :2].tolist())
        ctx.stroke()

    def _turn(self) -> FitPlot:
        for k, name in enumerate(RUNS):
            w, b = self.line_of(k)
            self.state[f"{name}.at"] = np.array([0.0, b, w])
        self.state["errors.y"] = self._errors()
        return self

    def _errors(self) -> np.ndarray:
        (w, b), (xs, ys) = self.line_of(0), self.marked
        return np.stack([ys, w * xs + b, np.full(len(xs), np.nan)], axis=1).ravel()


def _heights(record: LineFitRecord, ends: np.ndarray) -> np.ndarray:
    """Return what the picture of the points has to hold: them, and lines that are near them."""
    low, high = record.y.min(), record.y.max()
    reach = NEAR * ((high - low) or abs(high) or 1.0)
    first = record.run.w[0] * ends + record.run.b[0]
    near = first[(first >= low - reach) & (first <= high + reach)]
    return np.concatenate([record.y, near])


def loss_plot(
    record: LineFitRecord,
    words: tuple[str, str],
    size: tuple[float, float],
    theme: Theme,
    language: str,
    *,
    is_race: bool = False,
) -> Plot:
    """Return the diagram of both runs' losses over their steps, none yet drawn.

    Both curves have a corner per kept step, so that one share is one time.

    Parameters
    ----------
    words : (str, str)
        Typst markup of what is counted along x, and of where losses that diverge leave the picture.
    is_race : bool
        Whether both runs are to be seen, and not the first alone.
    """
    runs = (record.run, record.slower)
    shown = [it.loss[: last_shown(it) + 1] for it in runs]
    seen, end = shown[:1], int(record.run.at[last_shown(record.run)])
    is_wild = record.run.is_divergent
    if is_race:
        calm = [losses for losses, run in zip(shown, runs, strict=True) if not run.is_divergent]
        seen, end = calm or shown, record.run.steps if calm else end
        is_wild = not calm
    # Losses that grow by many powers of ten are all worth seeing; of those that fall, the first.
    up = loss_axis(seen)
    if is_wild:
        up = Axis.around(np.concatenate(seen), "$L$", logarithmic=True, count=4)
    across = Axis(0.0, float(max(end, 1)), words[0], count=TICKS)
    plot = Plot(across, up, size, theme, language)
    count = max(len(it.at) for it in runs)
    steps = np.full(count, np.nan)
    for run in runs:
        steps[: len(run.at)] = run.at
    for k, (name, losses) in enumerate(zip(RUNS, shown, strict=True)):
        values = np.full(count, np.nan)
        values[: len(losses)] = losses
        colour, exit_text = series_colour(theme, k), words[1] if runs[k].is_divergent else ""
        plot.add_curve(name, steps, values, colour=colour, progress=0.0, exit_text=exit_text)
    return plot.hide(RUNS[1])


def share_of(plot: Plot, step: float) -> float:
    """Return the share of the corners of a curve of losses at a place among the kept steps."""
    return step / max(len(plot.state[f"{RUNS[0]}.x"]) - 1, 1)
