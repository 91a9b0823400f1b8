"""What the lesson on linear regression stands on: its stage, its numbers, and runs in step."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut
from manim.utils.rate_functions import linear

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.line_fit.fit import loss_map
from backprop_studio.core.line_fit.params import LineData
from backprop_studio.core.line_fit.record import LineFitRecord
from backprop_studio.scenes.boards.regression import RegressionFormulas
from backprop_studio.scenes.families.regression.plots import (
    FitPlot,
    loss_plot,
    rooms,
    series_of,
    share_of,
)
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import code_text
from backprop_studio.scenes.lesson.writer import cut
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap

NAME_LONGEST = 20
"""Characters of a column's name at an axis."""

EQUAL = (0.5, 2.0)
"""Shapes of the picture of the loss in which w and b have the same unit."""

ARROW = 0.25
"""Length of the gradient's arrow, as a share of the picture."""

_OF_TABLE = N_("{count} points of a table: the line y = wx + b that fits them best is wanted.")
_NOISY = N_("{count} points scattered around a line: descent finds the y = wx + b that fits.")

HEIGHT = "((w * x + b - y) ** 2).mean()"


class RegressionLesson(BoardLesson):
    """Base of the lesson in which a line learns.

    Attributes
    ----------
    record, data : LineFitRecord, LineData
        What core computed, to be set before the stage is.
    fit, map, losses : FitPlot, ContourMap, Plot
        The line among its points, the point over its loss, and the loss over the steps.
    """

    record: LineFitRecord
    data: LineData

    # The stage

    def set_stage(self) -> None:
        """Lay out points, map, losses and board."""
        self.rooms = rooms(self.layout)
        record = self.record
        # The form's own word: how many, and not the unit.
        words = self.tr("least squares:"), self.tr("Steps").lower()
        self.formulas = RegressionFormulas(self, record, words)
        labels = ("$x$", "$y$")
        if not self.data.is_drawn:
            names = (self.data.x_name, self.data.y_name)
            x, y = (escape(f"  {cut(name, NAME_LONGEST)}") for name in names)
            labels = (f"$x$ {x}", f"$y$ {y}")
        points = self.rooms[0]
        self.fit = FitPlot(record, labels, points.box, *self.look)
        # Alone it stands in the middle; its place is beside the map.
        self.fit.move_to((self.layout.stage_centre[0], points.centre[1], 0))
        self.found = loss_map(record)
        self.map = self.map_of(("", ""))
        self.losses = self.losses_of()
        self.add(self.fit)

    def map_of(self, names: tuple[str, str]) -> ContourMap:
        """Return the map of the loss with both runs, at their start."""
        record, found, (box, centre) = self.record, self.found, self.rooms[1]
        (left, right), (low, high) = record.ranges
        is_equal = EQUAL[0] <= (right - left) / (high - low) <= EQUAL[1]
        scale = HeightScale(found.scale.low, found.scale.high, found.scale.knee)
        place = ContourMap(
            found.x,
            found.y,
            found.values,
            box,
            *self.look,
            scale=scale,
            series=series_of(record, names),
            names=("$w$", "$b$", ""),
            bar=False,
            minima=[[record.best_w, record.best_b]],
            equal=is_equal,
        )
        return place.move_to((*centre, 0))

    def losses_of(self, *, is_race: bool = False) -> Plot:
        """Return the diagram of the losses, empty."""
        room = self.rooms[2]
        words = escape(self.tr("step")), escape(self.tr("diverges"))
        plot = loss_plot(self.record, words, room.box, *self.look, is_race=is_race)
        return plot.move_to((*room.centre, 0))

    def go(self, place: int, seconds: float) -> None:
        """Let line, point and losses run together to a place among the kept steps."""
        self.move(
            self.fit.animate(rate_func=linear).advance_to(place),
            self.map.animate(rate_func=linear).advance_to(place),
            self.losses.animate(rate_func=linear).grow(share_of(self.losses, place)),
            seconds=seconds,
        )

    def run_to(self, name: str, code: str, place: int, formula: str, seconds: float) -> None:
        """Let the runs go to a place under the rule, then write what a run has come to."""
        self.write(code, self.formulas.rule(name))
        self.go(place, seconds)
        self.write(code, formula, seconds=TIMES.change)

    def after(self, name: str, step: str) -> int:
        """Return the place of a step, given by its path in the sheet, among a run's kept ones."""
        run = self.record.run if name == "run" else self.record.slower
        return run.index(int(look_up(self.sheet, step)))

    def arrows(self) -> list[tuple[float, float]]:
        """Return the direction against the gradient for the map, as long as suits its picture."""
        run, ranges = self.record.run, self.record.ranges
        return [downhill(run.dL_dw[0], run.dL_db[0], ranges), (0.0, 0.0)]

    def start_again(self) -> None:
        """Put both runs at the start of the same pictures, with a legend."""
        rates = [self.in_words(f"fit.{name}.learning_rate") for name in ("run", "slower")]
        old = self.map, self.losses
        self.map = self.map_of((f"η = {rates[0]}", f"η = {rates[1]}"))
        self.losses = self.losses_of(is_race=True).reveal("slower")
        self.move(*(FadeOut(it) for it in old), seconds=TIMES.fade)
        self.fit.hide("errors").advance_to(0)
        coming = [FadeIn(self.map), FadeIn(self.losses), self.fit.animate.reveal("slower")]
        self.move(*coming, seconds=TIMES.fade)

    # Words

    def question(self) -> str:
        """Return what is asked about the points."""
        count = self.given("points.count")
        if self.data.rows > len(self.data.x):
            return self.tr(
                "{count} of the table's {rows} rows, drawn by chance: the line y = wx + b "
                "that fits them best is wanted."
            ).format(count=count, rows=self.given("points.rows"))
        text = N_("{count} points of one line y = wx + b: descent is to find its w and its b.")
        if not self.data.is_drawn:
            text = _OF_TABLE
        elif self.params.data.noise:
            text = _NOISY
        return self.tr(text).format(count=count)

    def source(self) -> str:
        """Return the line that brings the points."""
        if not self.data.is_drawn:
            return "x, y = torch.tensor(table).T"
        line = f"y = {self._code('slope')} * x + {self._code('intercept')}"
        line = f"x = torch.rand({self.given('points.count')}); {line}"
        if self.params.data.noise:
            line += f" + {self._code('noise')} * torch.randn_like(x)"
        return line

    def _code(self, name: str) -> str:
        return code_text(self.exact(f"parameters.data.{name}"))

    def loop(self, steps: int) -> str:
        """Return the loop of so many steps of training."""
        loss = f"({self.height_code})" if self.record.half else self.height_code
        return f"for _ in range({steps}): opt.zero_grad(); {loss}.backward(); opt.step()"

    @property
    def height_code(self) -> str:
        """The loss as torch computes it."""
        return f"{HEIGHT} / 2" if self.record.half else HEIGHT


def downhill(slope: float, lift: float, ranges: Any) -> tuple[float, float]:
    """Return the direction against a gradient as an arrow of fixed length in a picture."""
    wide = [high - low for low, high in ranges]
    size = max(abs(slope) / wide[0], abs(lift) / wide[1])
    share = ARROW / size if size else 0.0
    return -slope * share, -lift * share
