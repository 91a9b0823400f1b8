"""Partial derivatives: the slopes of a surface while all variables but one are held.

Afterwards the viewer can say: that holding one variable cuts a curve out of the surface, that the
partial derivative is the slope of that curve's tangent, that the other variable gives another one
at the same point, and that one backward pass of torch computes both.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import curves, slopes
from backprop_studio.core.derivatives.params import SurfaceGroup
from backprop_studio.core.derivatives.secants import partials
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.families.slopes import SurfaceLesson
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import fitted
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import TIMES, Rgb
from backprop_studio.scenes.parts.charts.plot import Plot

HEADINGS = (0.0, math.pi / 2)
VARIABLES = ("x", "y")
CUT = 3
"""The colour of the second cut among those of series."""

SLIDE = 0.7
"""Of the reach: how far the point runs along its curve and back."""

COUNT = 401
TURN = math.radians(5)
"""In the end, so that it is seen how the two tangents stand."""


SLOPE = Sentences(
    "smooth",
    curves.Smooth,
    {
        "smooth": N_(
            "The slope of its tangent is the partial derivative of z with respect to {name}."
        ),
        "corner": N_("Here the curve has a corner: no tangent fits both sides; torch picks one."),
    },
)
BOTH = Sentences(
    "level",
    slopes.Level,
    {
        "slope": N_("One point, two slopes: one backward pass computes them both."),
        "level": N_("Both slopes are zero: along the axes the surface is flat here."),
    },
)


class Params(SurfaceGroup):
    """Parameters of the lesson."""


class PartialDerivatives(SurfaceLesson):
    """Hold y and move x; then the other way."""

    title = N_("Partial derivatives: hold one variable, move the other")
    summary = N_("Two upright cuts through a point of a surface, and the slopes of their curves.")
    chapter = N_("Derivatives")
    place = (1, 2)
    thumbnail = "both"
    subject = "formula"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Take the slices with their tangents, and the surface around them."""
        params = self.params
        self.record = partials(params.parsed(), params.point(), reach=params.reach, count=COUNT)
        self.sample()
        return self.records_sheet(at=self.record)

    def tell(self) -> None:
        """Tell it from the surface over two slices to both slopes."""
        self.show_surface()
        self.show_point()
        for k in range(2):
            self.cut(k)
            self.slope(k)
        self.show_both()

    # The stage

    def set_stage(self) -> None:
        """Lay out the surface, the diagrams of the slices and the board."""
        record = self.record
        self.mesh = self.surface(record.value, record.partials)
        for k, heading in enumerate(HEADINGS):
            self.mesh.add_curve(f"curve_{k}", heading, colour=self.colours()[k])
            self.mesh.add_line(f"tangent_{k}", heading, colour=self.theme.gradient)
            self.mesh.add_point(f"point_{k}", heading, colour=self.theme.focus)
        self.plots = tuple(self.make_plot(k) for k in range(2))
        self.add(self.mesh)

    def colours(self) -> tuple[Rgb, Rgb]:
        """Return the colours of the two slices."""
        return self.theme.text, series_colour(self.theme, CUT)

    def make_plot(self, k: int) -> Plot:
        """Return the diagram of a slice."""
        curve, record, name = self.record.curves[k], self.record, VARIABLES[k]
        # The steeper of both slices is to look so.
        every, colour = np.concatenate([it.y for it in record.curves]), self.colours()[k]
        plot = self.cut_plot(
            curve.x, curve.y, record.value, f"${name}$", colour=colour, among=every
        )
        at = record.slices[k].x
        plot.add_line("tangent", at, record.value, record.slices[k].slope)
        plot.add_point("here", at, on="cut")
        return plot.hide("tangent")

    # Words

    def spot(self) -> str:
        """Return the point as mathematics."""
        return f"{self.short('at.point.x')}, {self.short('at.point.y')}"

    def held(self, k: int) -> str:
        """Return the slice's function: one variable a letter, the other one its number."""
        number = self.short(f"at.point.{VARIABLES[1 - k]}")
        return f"f(x, {number})" if k == 0 else f"f({number}, y)"

    def symbol(self, k: int) -> str:
        """Return the partial derivative's symbol."""
        return coloured(f"(partial z) / (partial {VARIABLES[k]})", self.theme.gradient)

    def value(self, k: int) -> str:
        """Return the partial derivative's number."""
        return coloured(self.short(f"at.partials.{k}"), self.theme.gradient)

    def derived(self, k: int) -> str:
        """Return symbol, rule and number of a partial derivative."""
        rule = self.record.slices[k].derivative.typst
        middle = f" = {rule}" if rule and rule != self.short(f"at.partials.{k}") else ""
        return f"{self.symbol(k)}{middle} = {self.value(k)}"

    def answer(self, k: int) -> str:
        """Return what torch answers, where there is no derivative."""
        return f'"{VARIABLES[k]}.grad" = {self.value(k)}'

    def result(self, k: int) -> str:
        """Return the partial derivative, or torch's answer where there is none."""
        return self.derived(k) if self.record.slices[k].is_smooth else self.answer(k)

    # The beats

    def show_surface(self) -> None:
        """The surface rises."""
        self.beat("surface", N_("A function of two variables: a height z over every (x, y)."))
        self.show(
            self.torch_rule(),
            f"$ z = f(x, y) = {self.rule()} $",
            self.mesh.animate.raise_to(1),
            seconds=TIMES.travel,
        )

    def show_point(self) -> None:
        """The point at which the slopes are asked for."""
        self.beat("point", N_("How steep is it at this point? That depends on where we go."))
        place, z = self.spot(), self.short("at.value")
        self.show(
            self.torch_rule(),
            f"$ f({place}) = {z} $",
            self.mesh.animate.reveal("point_0"),
        )

    def cut(self, k: int) -> None:
        """A plane along one axis cuts a curve out of the surface, on which the point runs."""
        moves, holds = VARIABLES[k], VARIABLES[1 - k]
        text = N_("Now hold {held} and move {moved}: another cut, another curve.")
        if k == 0:
            text = N_("Hold {held} and move {moved} alone: the cut is a curve of {moved}.")
        self.beat(f"hold_{holds}", text, held=holds, moved=moves)
        plot, number = self.plots[k], self.short(f"at.point.{holds}")
        formula = f"$ {self.held(k)} = lr(({self.rule()})|)_({holds} = {number}) $"
        turned = self.mesh.animate.turn_plane(HEADINGS[k]).fade_plane(1)
        if k:
            turned = turned.hide("tangent_0").reveal("curve_0", strength=0.5)
        else:
            turned = turned.move_to(self.place_of_surface(self.layout.picture_centre))
        coming = [FadeIn(plot)] if k == 0 else [FadeOut(self.plots[0])]
        self.write(self.torch_rule(), formula, turned, *coming, seconds=TIMES.travel)
        if k:
            self.move(FadeIn(plot), seconds=TIMES.fade)
        shown = self.mesh.animate.reveal(f"curve_{k}", f"point_{k}")
        self.move(shown, plot.animate.grow(1.0, "cut"), seconds=TIMES.travel)
        self.run_along(k)
        self.hold(TIMES.look)

    def run_along(self, k: int) -> None:
        """Let the point run along its curve and back."""
        reach, at = SLIDE * self.params.reach, self.record.slices[k].x
        plot, point = self.plots[k], f"point_{k}"
        for t in (-reach, reach, 0.0):
            self.move(
                self.mesh.animate.slide(point, t),
                plot.animate.move_point("here", at + t),
                seconds=TIMES.move if t else TIMES.change,
            )

    def slope(self, k: int) -> None:
        """The tangent of the slice."""
        moves, record = VARIABLES[k], self.record.slices[k]
        text = SLOPE(curves.smooth(record.is_smooth), f"at.slices.{k}")
        self.beat(f"slope_{moves}", text, name=moves)
        x, y = (self.short(f"at.point.{name}") for name in VARIABLES)
        moved = f"{x} + h, {y}" if k == 0 else f"{x}, {y} + h"
        limit = f"lim_(h -> 0) (f({moved}) - f({x}, {y})) / h"
        formula = f"{self.symbol(k)} = {limit} wide {self.derived(k)}"
        self.show(
            f"torch.autograd.grad(z, {moves})",
            f"$ {formula if record.is_smooth else self.answer(k)} $",
            self.mesh.animate.reveal(f"tangent_{k}"),
            self.plots[k].animate.reveal("tangent"),
        )

    def show_both(self) -> None:
        """Both tangents at once."""
        is_smooth = all(it.is_smooth for it in self.record.slices)
        verdict = slopes.level(self.record.partials) if is_smooth else "slope"
        self.beat("both", BOTH(verdict, "at"))
        read = "; z.backward(); x.grad, y.grad"
        self.show(
            fitted(f"{self.torch_rule()}{read}", f"z = f(x, y){read}"),
            f"$ {self.result(0)} wide {self.result(1)} $",
            self.mesh.animate.fade_plane(0).reveal("curve_0", "tangent_0").turn_by(TURN),
            seconds=TIMES.travel,
        )
