"""The derivative: the slope that secants close in on.

Afterwards the viewer can say: what a secant's slope is, that it depends on the step, what remains
of it when the step goes to nothing, and that this remainder, taken everywhere, is a function again.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from manim import FadeIn
from pydantic import AfterValidator, Field

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.fields import param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import curves
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.params import CurveGroup
from backprop_studio.core.derivatives.secants import secants
from backprop_studio.core.formula.curve import jumps, sample_curve
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.scenes.boards.derivative import DerivativeFormulas
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import code_text
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import leaf_line
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import TICK_GAP, Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.table import Table

REACH = 2.5
"""How far the picture goes to either side of the point, in first steps."""

CLOSE = 0.4
"""Of the first step: a smaller one is looked at from close by."""

VALUES, SLOPES, FAR = 4.0, 1.5, 32.0
"""How far away values, slopes and the ends of a wave are still in sight, in heights of the rest."""

NEAR = 1e-3
"""Of the picture: how far the two tangents at a corner reach for their slopes."""


def _shrinking(eps: tuple[float, ...]) -> tuple[float, ...]:
    sizes = [abs(step) for step in eps]
    if 0 in sizes or sizes != sorted(set(sizes), reverse=True):
        text = N_("expected steps that shrink from one to the next and are not 0")
        raise ParameterError("eps.not_shrinking", text)
    return eps


Step = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


EXPANSION = Sentences(
    "rest",
    curves.Rest,
    {
        "smaller": N_("What the step adds: one part in proportion to ε, and one much smaller."),
        "not_smaller": N_("What the step adds: one part in proportion to ε, and one to ε²."),
        "no_linear": N_("What the step adds: nothing in proportion to ε, for the slope is 0."),
    },
)
TANGENT = Sentences(
    "smooth",
    curves.Smooth,
    {
        "smooth": N_(
            "When ε goes to 0, the secant becomes the tangent: the derivative is {slope}."
        ),
        "corner": N_("Here is a corner: no single tangent fits both sides; torch answers {slope}."),
    },
)


class Params(CurveGroup):
    """Parameters of the lesson."""

    eps: Annotated[tuple[Step, ...], AfterValidator(_shrinking)] = param(
        (1.0, 0.1, 0.02, 0.01),
        N_("Steps ε"),
        N_("How far each secant reaches, from large to small; negative to the left."),
        min_length=2,
        max_length=5,
    )


class Derivative(BoardLesson):
    """A secant becomes the tangent."""

    title = N_("The derivative: a secant becomes the tangent")
    summary = N_("While the step shrinks, the slope of the secant closes in on the derivative.")
    chapter = N_("Derivatives")
    place = (1, 1)
    thumbnail = "secant_1"
    subject = "formula"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Take the tangent, the secants, and the slope all along the picture."""
        params, formula = self.params, self.params.parsed()
        self.record = record = secants(formula, {"w": params.w}, params.eps)
        self._check_secants()
        reach = REACH * max(abs(step) for step in params.eps)
        self.low, self.high = params.w - reach, params.w + reach
        curve = sample_curve(formula, "w", self.low, self.high)
        places = _places(self.low, self.high, params.w, params.eps)
        places = np.union1d(places, [(gap.left + gap.right) / 2 for gap in curve.gaps])
        along = gradient(formula, {"w": places})
        inside = [(places > gap.left) & (places < gap.right) for gap in curve.gaps]
        hidden = np.any(inside, axis=0) if inside else np.zeros(len(places), dtype=bool)
        self.xs = places
        self.ys, self.slopes = np.where(hidden, np.nan, [along.values, along.partials[0]])
        self.has_jump = jumps(
            lambda w: gradient(formula, {"w": w}).partials[0], places, self.slopes
        )
        return self.records_sheet(tangent=record)

    def _check_secants(self) -> None:
        """Refuse steps at whose end there is nothing to see."""
        record = self.record
        for eps, x_eps, y_eps in zip(record.eps, record.x_eps, record.y_eps, strict=True):
            given = {"field": "eps", "eps": f"{eps:g}", "w": f"{x_eps:g}"}
            if x_eps == record.x:
                text = N_("{field}: a step of {eps} is lost beside w = {w}")
                raise InputError("eps.lost", text, **given)
            if not np.isfinite(y_eps):
                text = N_(
                    "{field}: the function has no value at w = {w}, one step of {eps} away; "
                    "expected smaller steps, or steps to the other side"
                )
                raise InputError("eps.no_value", text, **given)

    def tell(self) -> None:
        """Tell it from the curve to the derivative as a function."""
        self.show_curve()
        self.show_point()
        for number in range(len(self.record.eps)):
            self.show_secant(number)
        if self.record.is_smooth and self.record.taylor[2] != 0:
            self.show_expansion()
        self.show_tangent()
        self.show_derivative()
        self.show_everywhere()

    # The stage

    def set_stage(self) -> None:
        """Lay out the plot, the table of secants and the board."""
        self.formulas = DerivativeFormulas(self, self.record)
        theme, layout, record = self.theme, self.layout, self.record
        # The curve, but not a pole's rise beyond all bounds.
        own = [record.y, *record.y_eps]
        own += _whole(self.ys, float(min(own)), float(max(own)))
        self.view = _heights(self.ys, (float(min(own)), float(max(own))))
        across, up = Axis(self.low, self.high, "$w$"), Axis(*self.view, "$y$")
        self.plot = Plot(across, up, layout.picture, *self.look, room=self.room() + TICK_GAP)
        self.plot.add_curve("y", self.xs, self.ys, progress=0.0, label=f"${self.formulas.rule}$")
        slope: Any = {"colour": theme.gradient, "is_dashed": True, "label": "$y'$"}
        self.plot.add_curve("slope", *self.slope_curve(), progress=0.0, **slope)
        first = float(record.x_eps[0])
        self.plot.add_secant("secant", "y", record.x, first, slope="slope")
        self.plot.add_secant("other", "y", record.x, 2 * record.x - first)
        self.plot.add_point("end", first, on="y", colour=theme.gradient)
        # A falling step has its length above it, where the point's own label would be.
        free = (-np.sign(first - record.x), -1) if record.rises[0] < 0 else (0, 1)
        self.plot.add_point("here", record.x, on="y", corner=free)
        self.plot.add_mark("mark", record.x)
        label = f"${self.formulas.answer()}$"
        at: Any = {"colour": theme.gradient, "label": label, "corner": (1, -0.5)}
        self.plot.add_point("at", record.x, on="slope", **at)
        self.plot.hide("secant", "other", "end", "here", "slope", "at", "mark")
        self.plot.move_to((*layout.picture_centre, 0))
        heads = ["$epsilon$", "$y(w + epsilon)$", escape(self.tr("slope"))]
        self.table = self.placed(Table(heads, len(record.eps), layout.side, *self.look), "side")
        self.add(self.plot)

    def room(self) -> float:
        """Return how wide the labels of the y axis get, from far and from close by."""
        views = [self.close_to(number)[1] for number in range(len(self.record.eps))]
        texts = [text for view in [self.view, *views] for text in Axis(*view).ticks().texts]
        return max(width_of(text, SIZES.small, *self.look) for text in texts)

    # The beats

    def show_curve(self) -> None:
        """The function."""
        self.beat("curve", N_("A function gives a value y to every w."))
        self.show(
            f"def f(w): return {tracked_torch(self.record.formula.tree, 'w')}",
            f"$ y = {self.formulas.rule} $",
            self.plot.animate.grow(1.0, "y"),
            seconds=TIMES.travel,
        )

    def show_point(self) -> None:
        """The point at which the slope is asked for."""
        x, y = self.formulas.figure("x"), self.formulas.figure("y")
        self.beat("point", N_("How steep is the curve at w = {w}? The slope will tell."), w=x)
        self.plot.move_point("here", self.record.x, label=f"$({x}, {y})$")
        self.show(
            leaf_line(self, "w", "tangent.x", behind="; y = f(w)"),
            self.formulas.point(),
            self.plot.animate.reveal("here"),
        )

    def show_secant(self, number: int) -> None:
        """A secant one step long; a small step is looked at from close by."""
        record = self.record
        eps, slope = self.formulas.figure(f"eps.{number}"), self.formulas.figure(f"slopes.{number}")
        y_eps, rise = (
            self.formulas.figure(f"y_eps.{number}"),
            self.formulas.figure(f"rises.{number}"),
        )
        text = N_("A smaller step, ε = {eps}: the slope is {slope}.")
        if number == 0:
            text = N_("A step ε = {eps}: the line through both points has the slope {slope}.")
        self.beat(f"secant_{number + 1}", text, eps=eps, slope=slope)
        end = float(record.x_eps[number])
        legs = (f"$epsilon = {eps}$", f"${rise}$")
        moved = self.plot.animate.set_secant("secant", record.x, end, legs=legs)
        moved = moved.move_point("end", end).reveal("secant", "end").look(*self.close_to(number))
        cells = [f"${eps}$", f"${y_eps}$", f"${slope}$"]
        row = self.table.animate.set_row(number, cells) if number else FadeIn(self.table)
        if number == 0:
            self.table.set_row(0, cells)
        step = code_text(self.exact(f"tangent.eps.{number}"))
        there = f"w + {step}".replace("+ -", "- ")
        self.show(f"(f({there}) - f(w)) / {step}", self.formulas.secant(number), moved, row)

    def close_to(self, number: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return what of the plane is in sight for a secant."""
        record = self.record
        eps, y_eps = float(record.eps[number]), float(record.y_eps[number])
        if abs(eps) > CLOSE * abs(float(record.eps[0])):
            return (self.low, self.high), self.view
        ends = sorted((record.x - 0.8 * eps, record.x + 1.8 * eps))
        rise = (y_eps - record.y) or 1e-3 * (self.view[1] - self.view[0])
        heights = sorted((record.y - 0.8 * rise, record.y + 1.8 * rise))
        return (ends[0], ends[1]), (heights[0], heights[1])

    def show_expansion(self) -> None:
        """What the step adds, power by power."""
        last = len(self.record.eps) - 1
        eps, (_, linear, square) = float(self.record.eps[last]), self.record.taylor
        self.beat("expansion", EXPANSION(curves.rest(linear * eps, square * eps**2), "tangent"))
        self.show("f(w + eps)", self.formulas.expansion(), self.table.animate.highlight(last))

    def show_tangent(self) -> None:
        """Both points are one."""
        record = self.record
        slope = self.formulas.figure("slope")
        self.beat("tangent", TANGENT(curves.smooth(record.is_smooth), "tangent"), slope=slope)
        whole = ((self.low, self.high), self.view)
        # First back to the whole picture, then the two points become one.
        eps, rise = self.formulas.figure("eps.0"), self.formulas.figure("rises.0")
        back = self.plot.animate.look(*whole)
        back = back.set_secant(
            "secant", record.x, float(record.x_eps[0]), legs=(f"$epsilon = {eps}$", f"${rise}$")
        ).move_point("end", float(record.x_eps[0]))
        self.write("y.backward()", self.formulas.limit(), back, self.table.animate.release())
        if not record.is_smooth:
            self.move(self.plot.animate.reveal("other"), seconds=TIMES.fade)
        together = self.touching(self.plot.animate, record.x).move_point("end", record.x)
        self.move(together, seconds=2 * TIMES.travel)

    def touching(self, plot: Any, x: float) -> Any:
        """Lay the tangent on the curve; at the corner two lines, one for each side."""
        if x != self.record.x or self.record.is_smooth:
            return plot.set_secant("secant", x, x, legs=("", ""))
        near = NEAR * (self.high - self.low) * np.sign(self.record.eps[0])
        plot = plot.set_secant("secant", x, x + near, legs=("", "")).reveal("other")
        return plot.set_secant("other", x, x - near)

    def show_derivative(self) -> None:
        """The derivative as a formula, and torch's number."""
        slope, x = self.formulas.figure("slope"), self.formulas.figure("x")
        typst = self.record.derivative.typst
        text = N_("torch keeps the number in w.grad.")
        if typst and self.record.is_smooth:
            text = N_("The rules of calculus give the same: y' = {slope} at w = {w}.")
        self.beat("derivative", text, slope=slope, w=x)
        code = f"w.grad  # {code_text(slope)}"
        self.show(code, self.formulas.derivative(), self.plot.animate.hide("end"))

    def show_everywhere(self) -> None:
        """The tangent slides along, and its slope draws the derivative."""
        text = N_("Slide the tangent along the curve: its slope is a function of w again.")
        self.beat("everywhere", text)
        ends = self.x_in_sight()
        around = sorted((*self.view, float(self.record.slope)))
        values = np.concatenate([self.slope_curve()[1], self.view])
        seen = _heights(values, (around[0], around[-1]), most=SLOPES)
        start = self.plot.animate.hide("other").look(y=seen).set_secant("secant", ends[0], ends[0])
        self.write(
            "torch.autograd.grad(f(ws).sum(), ws)",
            self.formulas.everywhere(),
            start.move_point("here", ends[0], label="").reveal("slope"),
        )
        slide = self.plot.animate.grow(1.0, "slope").set_secant("secant", ends[1], ends[1])
        self.move(slide.move_point("here", ends[1]), seconds=3 * TIMES.travel)
        back = self.touching(self.plot.animate, self.record.x)
        back = back.move_point("here", self.record.x).reveal("at", "mark")
        self.move(back, seconds=TIMES.travel)

    def slope_curve(self) -> tuple[Any, Any]:
        """Return x and y of the slope as a curve: as far as the tangent slides, apart at jumps."""
        ends, gaps = self.x_in_sight(), np.flatnonzero(self.has_jump) + 1
        middles = (self.xs[gaps - 1] + self.xs[gaps]) / 2
        xs, slopes = np.insert(self.xs, gaps, middles), np.insert(self.slopes, gaps, np.nan)
        is_seen = (xs >= ends[0]) & (xs <= ends[1])
        return xs[is_seen], slopes[is_seen]

    def x_in_sight(self) -> tuple[float, float]:
        """Return the first and the last place where there is a curve in sight."""
        low, high = self.view
        seen = self.xs[np.isfinite(self.ys) & (self.ys >= low) & (self.ys <= high)]
        return float(seen[0]), float(seen[-1])


def _places(low: float, high: float, x: float, eps: tuple[float, ...]) -> Any:
    """Return where the curve is sampled: the closer to the point, the denser."""
    levels = [np.linspace(low, high, 401)]
    levels += [np.linspace(x - 3 * abs(step), x + 3 * abs(step), 241) for step in eps]
    found = np.unique(np.concatenate([*levels, [x]]))
    return found[(found >= low) & (found <= high)]


def _whole(values: Any, low: float, high: float) -> list[float]:
    """Return the ends of a curve that turns, if they are not very far: a wave is no hill."""
    rises = np.sign(np.diff(values))
    ends = float(np.nanmin(values)), float(np.nanmax(values))
    turns = (rises[:-1] * rises[1:] < 0).any()
    return list(ends) if turns and ends[1] - ends[0] <= FAR * (high - low) else []


def _heights(values: Any, around: tuple[float, float], most: float = VALUES) -> tuple[float, float]:
    """Return lowest and highest of the values that are not far from a range, in its sizes."""
    low, high = around
    size = max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-9)
    finite = values[np.isfinite(values)]
    near = finite[(finite > low - most * size) & (finite < high + most * size)]
    low, high = min(low, float(near.min(initial=low))), max(high, float(near.max(initial=high)))
    room = 0.05 * max(high - low, size)
    return low - room, high + room
