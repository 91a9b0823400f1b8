"""The numerical gradient: a chord over 2h against autograd, and why h must not be too small.

Afterwards the viewer can say: what a central difference is, that its error falls with h squared
until rounding takes over, and which way a gradient's sign moves a weight.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, FadeOut

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fields import Coordinate, Finite, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import curves, slopes
from backprop_studio.core.derivatives.differences import central_differences, step_ladder
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.params import CurveGroup
from backprop_studio.core.derivatives.secants import secants
from backprop_studio.core.formula.curve import sample_curve
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.scenes.boards.differences import DifferenceFormulas
from backprop_studio.scenes.families import numerical_gradient_plots as plots
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import fitted
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape

REACH = 2.0
"""How far the picture goes to either side of the point, in first steps."""

LARGEST_VALUE = 1e300
"""Beyond it there is no room for a picture's margins in a double."""

TRIED = 3
"""How many steps are tried one by one."""

INSIDE_U = 3.0
"""How far above its point the label of the picked error stands."""

BEND = 0.01
"""Slopes to both sides that differ by no larger share are one slope."""

DIFFERENCE = "(f(w + h) - f(w - h)) / (2 * h)"


DIRECTION = Sentences(
    "slope",
    slopes.Sign,
    {
        "positive": N_("A positive gradient lets w shrink, a negative one lets it grow: downhill."),
        "negative": N_("A negative gradient lets w grow, a positive one lets it shrink: downhill."),
        "zero": N_("A gradient of 0 leaves w where it is."),
    },
)
AUTOGRAD = Sentences(
    "sides",
    curves.Smooth,
    {
        "smooth": N_("Autograd gives the slope of the tangent at w."),
        "corner": N_("Both sides of w differ in slope, yet autograd answers with one."),
    },
)
SMALLER = Sentences(
    "tried",
    curves.Tried,
    {
        "falls": N_("A smaller h turns the chord into the tangent: the error falls."),
        "mixed": N_("A smaller h brings both ends of the chord to w."),
    },
)
PICKED = Sentences(
    "picked",
    curves.Picked,
    {
        "exact": N_("With the chosen h both agree to the last bit: the error is exactly 0."),
        "unseen": N_("With the chosen h the eye sees no difference from the tangent; digits do."),
        "misses": N_("With the chosen h the difference misses what autograd says."),
    },
)
ERRORS = Sentences(
    "errors",
    curves.Errors,
    {
        "valley": N_("All steps h: the error falls, reaches a valley, and rises again."),
        "exact": N_("All steps h agree to the last bit: a logarithmic axis has no place for 0."),
        "gaps": N_("All steps h; where the error is exactly 0, a logarithmic axis has a gap."),
        "plain": N_("All steps h and their errors."),
    },
)
TRUNCATION = Sentences(
    "order",
    curves.Order,
    {
        "square": N_(
            "On the right the curve leaves the chord: a tenth of h, a hundredth of error."
        ),
        "other": N_("On the right the curve leaves the chord: the error grows with h."),
    },
)
ROUNDING = Sentences(
    "digits",
    curves.Digits,
    {
        "shared": N_(
            "On the left both values share nearly all digits: what remains is round-off over h."
        ),
        "own": N_("On the left round-off is divided by an ever smaller h."),
    },
)


class Params(CurveGroup):
    """Parameters of the lesson."""

    formula: str = param(
        "sin(w)", N_("Function"), N_("A formula of w, such as w^2, 1/w, sin(w) or exp(-w^2).")
    )
    w: Coordinate = param(1.0, N_("Point w"), N_("Where the slope is taken."))
    h: Finite = param(
        1e-6,
        N_("Step h"),
        N_("How far the central difference reaches to either side."),
        ge=1e-15,
        le=1.0,
        widget="log_slider",
        range=[1e-15, 1.0],
    )


class NumericalGradient(BoardLesson):
    """Central differences against autograd."""

    title = N_("The numerical gradient: checking autograd")
    summary = N_("The slope of a chord checks autograd, if h is neither too large nor too small.")
    chapter = N_("Derivatives")
    place = (1, 4)
    thumbnail = "errors"
    subject = "formula"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Take the differences, the slopes to either side, and the curve around the point."""
        params, formula = self.params, self.params.parsed()
        point = {"w": params.w}
        self.record = record = central_differences(formula, point, step=params.h)
        self._check()
        self.sides = secants(formula, point, [params.h, -params.h])
        right, left = self.sides.slopes
        self.is_corner = not self.sides.is_smooth and not np.isclose(right, left, rtol=BEND)
        is_whole = np.isin(record.h, step_ladder(1)) & np.isfinite(record.errors)
        self.tried = np.flatnonzero(is_whole)[:TRIED].tolist()
        rises = np.flatnonzero(is_whole & (record.above != record.below))
        self.last_rise = int(rises[-1]) if len(rises) else len(record.h) - 1
        reach = REACH * float(record.h[self.tried[0]] if self.tried else params.h)
        reach = max(reach, plots.FINEST * abs(params.w))
        self.curve = sample_curve(formula, "w", params.w - reach, params.w + reach)
        with np.errstate(over="ignore"):  # of the norms, which are not looked at
            self.slopes = gradient(formula, {"w": self.curve.x}).partials[0]
        return self.records_sheet(central=record, sides=self.sides)

    def _check(self) -> None:
        """Refuse a step at whose ends there is nothing to subtract."""
        record = self.record
        formula, values = record.formula.text, (record.step_above, record.step_below)
        for sign, step, value in zip("+-", (record.step, -record.step), values, strict=True):
            if not np.isfinite(value):
                text = N_(
                    "{field}: {formula} has no value at w {sign} h = {end}; expected a smaller "
                    "h, or a point with values to both sides"
                )
                end = f"{record.w + step:g}"
                raise InputError("h.no_value", text, field="h", formula=formula, sign=sign, end=end)
        sizes = np.abs([record.value, *values, record.gradient])
        if not (np.isfinite(record.step_error) and sizes.max() < LARGEST_VALUE):
            text = N_(
                "{field}: {formula} is too large at w = {w} to be drawn; expected values and "
                "slopes below {most}"
            )
            given = {"formula": formula, "w": f"{record.w:g}", "most": f"{LARGEST_VALUE:g}"}
            raise InputError("formula.too_large", text, field="formula", **given)

    def tell(self) -> None:
        """Tell it from one chord to all of them, and what the gradient is for."""
        self.show_function()
        self.show_chord()
        self.show_smaller()
        self.show_picked()
        if self.is_corner:
            self.show_corner()
        self.show_errors()
        if self.has_arm("truncation"):
            self.show_truncation()
        if self.has_arm("rounding"):
            self.show_rounding()
        self.show_direction()

    def has_arm(self, name: str) -> bool:
        """Whether truncation or rounding prevails somewhere, so that a law can be seen."""
        order = getattr(self.record, f"{name}_order")
        return bool(np.isfinite(order) and plots.in_sight(self.errors, self.record, name).any())

    # The stage

    def set_stage(self) -> None:
        """Lay out the curve alone, and the board."""
        layout = self.layout
        self.own = series_colour(self.theme, 0)
        self.formulas = DifferenceFormulas(self, self.record)
        theme, language = self.theme, self.language
        self.alone, self.plot = (
            plots.curve_plot(self.record, self.curve, self.first_step(), box, theme, language)
            for box in (layout.stage, layout.side)
        )
        self.alone.move_to((*layout.stage_centre, 0))
        self.plot.move_to((*layout.side_centre, 0))
        words = escape(self.tr("error")), self.formulas.step(None)
        self.errors = plots.error_plot(self.record, layout.picture, *words, *self.look)
        self.placed(self.errors, "picture")
        self.add(self.alone)

    def first_step(self) -> float:
        """Return the largest step that is tried."""
        return float(self.record.h[self.tried[0]]) if self.tried else float(self.record.step)

    # The beats

    def show_function(self) -> None:
        """The function, and what autograd says."""
        self.beat("autograd", AUTOGRAD(curves.smooth(not self.is_corner), "sides"))
        tail = "; y.backward(); w.grad"
        line = f"y = {tracked_torch(self.record.formula.tree, 'w')}{tail}"
        shown = self.alone.animate.reveal("tangent")
        self.show(fitted(line, f"y = f(w){tail}"), self.formulas.function(), shown)

    def show_chord(self) -> None:
        """The largest step."""
        text = N_("To check it, step h to both sides of w: the chord has a slope, too.")
        self.beat("chord", text)
        k = self.tried[0] if self.tried else None
        self.write(
            DIFFERENCE,
            self.formulas.difference(k, is_first=True),
            self.alone.animate.reveal("chord", "below", "above"),
        )
        self.plot.reveal("tangent", "chord", "below", "above")

    def show_smaller(self) -> None:
        """Smaller steps, each with its error."""
        errors = [float(self.record.errors[k]) for k in self.tried]
        self.beat("smaller", SMALLER(curves.tried(errors), "central"))
        self.move(FadeOut(self.alone), FadeIn(self.plot), FadeIn(self.errors))
        for k in self.tried:
            h = float(self.record.h[k])
            self.show(
                DIFFERENCE,
                self.formulas.difference(k),
                *self.chord_at(h, k),
            )

    def chord_at(self, h: float, k: int | None) -> list[Any]:
        """Return the animations that bring the chord to a step, and its dot among the errors."""
        w = self.record.w
        moved = self.plot.animate.set_secant("chord", w - h, w + h)
        is_wide = h >= self.first_step()
        for name, side in (("below", -1), ("above", 1)):
            label = f"$w {'+' if side > 0 else '-'} h$" if is_wide else ""
            moved = moved.move_point(name, w + side * h, label=label)
        error = self.record.step_error if k is None else float(self.record.errors[k])
        if not error > 0:
            return [moved]
        name = "picked" if k is None else f"tried_{k}"
        label = f"${self.scientific('central.step_error')}$" if k is None else ""
        colour = self.theme.focus if k is None else self.own
        dot = self.errors.animate.add_point(
            name, h, error, colour=colour, label=label, corner=self.free_side(error)
        )
        return [moved, dot.reveal("mark") if k is None else dot]

    def free_side(self, error: float) -> tuple[float, float]:
        """Return where a label keeps out of the curve's way: inside of its U, or below its ends."""
        low, high = self.errors.axes.y.ends
        is_low = float(self.errors.axes.y.places(error)) < (low + high) / 2
        return (0, INSIDE_U) if is_low else (0, -1)

    def show_picked(self) -> None:
        """The step that was chosen."""
        error = self.record.step_error
        size = max(abs(self.record.gradient), self.record.step)
        self.beat("picked", PICKED(curves.picked(error, size), "central"))
        animations = self.chord_at(self.record.step, None)
        if len(animations) == 1:
            animations.append(self.errors.animate.reveal("mark"))
        self.show(DIFFERENCE, self.formulas.difference(None), *animations)

    def show_corner(self) -> None:
        """Where both sides have slopes of their own."""
        text = N_(
            "Each side has its own slope here: the difference is their mean,"
            " autograd picks a value."
        )
        self.beat("corner", text)
        self.show("(f(w + h) - f(w)) / h, (f(w) - f(w - h)) / h", self.formulas.sides())

    def show_errors(self) -> None:
        """All steps."""
        record = self.record
        is_u = self.has_arm("truncation") and self.has_arm("rounding")
        self.beat("errors", ERRORS(curves.errors(record.errors, has_both_arms=is_u), "central"))
        self.show(
            f"abs({DIFFERENCE} - w.grad)",
            self.formulas.best(),
            self.errors.animate.grow(1.0, "error"),
            seconds=2 * TIMES.travel,
        )

    def show_truncation(self) -> None:
        """The right arm."""
        self.beat("truncation", TRUNCATION(curves.order(self.record.truncation_order), "central"))
        plots.add_arm(self.errors, self.record, "truncation")
        self.show(
            DIFFERENCE,
            self.formulas.truncation(self.tried[:2][-1] if self.tried else 0),
            self.errors.animate.reveal("truncation"),
        )

    def show_rounding(self) -> None:
        """The left arm."""
        ends = (float(it[self.last_rise]) for it in (self.record.above, self.record.below))
        self.beat("rounding", ROUNDING(curves.digits(*ends), f"central.{self.last_rise}"))
        plots.add_arm(self.errors, self.record, "rounding")
        self.show(
            DIFFERENCE,
            self.formulas.rounding(self.last_rise),
            self.errors.animate.reveal("rounding"),
        )

    def show_direction(self) -> None:
        """Which way a step against the gradient goes."""
        walks = plots.downhill_walks(self.record, self.curve, self.slopes, self.alone)
        words = {1: self.tr("w shrinks"), -1: self.tr("w grows")}
        self.beat("direction", DIRECTION(slopes.sign(self.record.gradient), "central.gradient"))
        self.alone.hide("chord", "tangent", "below", "above")
        self.move(FadeOut(self.errors), FadeOut(self.plot), FadeIn(self.alone))
        for name, walk in walks.items():
            self.alone.add_point(name, walk.start, on="f", colour=self.theme.of_sign(walk.sign))
        moved = self.alone.animate.move_point("w", self.record.w, self.record.value, label="")
        for name, walk in walks.items():
            label, colour = escape(words[walk.sign]), self.theme.of_sign(walk.sign)
            moved = moved.move_point(name, walk.end).add_arrow(
                f"{name}_way", walk.start, walk.end, walk.height, label=label, colour=colour
            )
        self.show("with torch.no_grad(): w -= eta * w.grad", self.formulas.update(), moved)
