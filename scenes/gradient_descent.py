"""Gradient descent: a point comes down a curve by steps against the slope.

Afterwards the viewer can say: how the rule w <- w - eta dL/dw makes a step of a slope, why its sign
sends w downhill from either side, and why the steps become smaller by themselves.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, linear
from pydantic import ConfigDict

from backprop_studio.core.base.fields import hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.descent import Descent, Ends
from backprop_studio.core.surfaces.curve_params import MOST_STEPS, CurveStartsGroup
from backprop_studio.core.surfaces.curve_runs import CurveRun, run_ends
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.families import curve_descent
from backprop_studio.scenes.lesson.numbers import DIGITS, bracketed
from backprop_studio.scenes.lesson.sentences import Sentence, Sentences
from backprop_studio.scenes.paint.palette import series_marker
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.table import Table

TOLD = 3
"""Steps with a beat of their own."""

SLOPE = Sentences(
    "slope",
    slopes.Sign,
    {
        "positive": N_("At w = {w} the slope is positive: to the right it goes uphill."),
        "negative": N_("At w = {w} the slope is negative: to the right it goes downhill."),
        "zero": N_("At w = {w} the slope is 0: the tangent is level."),
    },
)
STEP = Sentences(
    "next_step",
    slopes.Next,
    {
        "leaves": N_("This step leads out of the picture."),
        "level": N_("The slope is 0 here: minus eta times 0 moves nothing."),
        "shrinks": N_("The slope is positive, the step is negative: w shrinks."),
        "grows": N_("The slope is negative, the step is positive: w grows."),
        "turns": N_("That was across the valley: the slope has changed its sign, w turns back."),
        "flatter": N_("It is flatter here: a smaller slope, so a smaller step."),
        "flatter_again": N_("Flatter than before: the slope shrinks, and the step with it."),
        "steeper": N_("It is steeper here: a larger slope, so a larger step."),
        "alike": N_("The same slope again, so the same step."),
    },
)
ENDING = Sentences(
    "descent",
    Descent,
    {
        "converges": N_(
            "The flatter the curve, the smaller the step: at step {step} w has settled."
        ),
        "crosses": N_("The steps have crossed the valley; at step {step} w has settled."),
        "overshoots": N_(
            "To and fro across the valley, ever closer: at step {step} w has settled."
        ),
        "slow": N_("On and on by the same rule: at step {step} w is still on its way."),
        "oscillates": N_("From side to side: at step {step} w still swings, but less and less."),
        "bounces": N_("From side to side: at step {step} the swings are no smaller."),
        "wanders": N_("At step {step} w has not come to rest."),
        "diverges": N_("The steps lead away: w left the picture at step {step}."),
        "not_finite": N_(
            "Step {step} would go where loss or slope is no finite number: it ends here."
        ),
        "stationary": N_("The slope is 0: minus eta times 0 moves nothing, w stays where it is."),
    },
)
OTHER = Sentences(
    "other_start",
    slopes.OtherStart,
    {
        "level": N_("A start with a slope of 0: w stays there."),
        "same_side": N_("Another start, the same rule, with the slope that it finds."),
        "grows": N_("From the other side the slope is negative: minus times minus, and w grows."),
        "shrinks": N_("From the other side the slope is positive: now w shrinks."),
    },
)
ENDS = Sentences(
    "ends",
    Ends,
    {
        "one": None,
        "outside": N_("None of them ends in the picture."),
        "some_outside": N_("Not all of them end in the picture: start and rate decide."),
        "under_way": N_("Not all have arrived: with more steps they would go on."),
        "same": N_("All come to rest in the same place."),
        "valleys": N_("They come to rest in different valleys: the start decides."),
        "different": N_("They come to rest in different places: the start decides."),
    },
)


class Params(CurveStartsGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "steps", "curve", "starts"])
    )

    steps: int = param(
        30, N_("Steps"), N_("How many each point makes."), ge=1, le=MOST_STEPS, range=[1, 100]
    )


class GradientDescent(curve_descent.CurveLesson):
    """Points descend on a curve."""

    title = N_("Gradient descent: step by step downhill")
    summary = N_("A weight goes down a curve: each step is the slope times eta, against it.")
    chapter = N_("Descent")
    place: ClassVar[tuple[int, int] | None] = (4, 1)
    thumbnail = "step_2"
    subject = "curve"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Draw the curve, and let torch make the steps from every start."""
        return self.descend([self.params.rate()], self.params.chosen_starts())

    def tell(self) -> None:
        """Tell some steps one by one, then the rest, then the other starts."""
        self.show_curve()
        self.show_slope()
        for step in range(1, self.told + 1):
            self.show_step(step)
        first = self.runs[0]
        if first.last_seen > self.told or first.verdict in {"stationary", "not_finite"}:
            self.show_rest()
        for number in range(1, len(self.runs)):
            self.show_start(number)
        if len(self.runs) > 1:
            self.show_end()

    # The stage

    def set_stage(self) -> None:
        """Lay out the curve, the table of steps and the board."""
        layout, theme, language = self.layout, self.theme, self.language
        run = self.runs[0]
        self.told = 0 if run.verdict == "stationary" else min(TOLD, run.last_seen)
        self.plot = curve_descent.DescentPlot(self.picture, layout.picture, theme, language)
        for number, each in enumerate(self.runs):
            colour, marker = curve_descent.run_colour(theme, number), series_marker(number)
            words = escape(self.left(each))
            self.plot.add_run(f"run_{number}", each, colour=colour, marker=marker, exit_text=words)
        self.plot.move_to((*layout.picture_centre, 0))
        middle = (self.told + run.last_seen) // 2
        rest = () if run.verdict == "stationary" else (middle, run.last_seen)
        self.rows = sorted({*range(self.told + 1), *rest})
        heads = [escape(self.tr("step")), "$w$", "$L$", "$dif L slash dif w$"]
        self.table = self.placed(Table(heads, len(self.rows), layout.side, theme, language), "side")
        self.add(self.plot)

    def left(self, run: CurveRun) -> str:
        """Return when a run left the picture, for the arrow where it does."""
        if run.left_at is None:
            return ""
        return self.tr("left the picture at step {step}").format(step=run.left_at)

    def row(self, step: int) -> list[str]:
        """Return a step's row of the table."""
        run = self.runs[0]
        columns = (("w", run.w), ("loss", run.loss), ("slope", run.slope))
        cells = [
            f"${self.alike(f'runs.0.{name}.{step}', np.abs(values[self.rows]).max(), DIGITS)}$"
            for name, values in columns
        ]
        return [escape(str(step)), *cells]

    def update(self, number: int, step: int) -> str:
        """Return the rule with a step's numbers put in; a step that breaks has no result."""
        run, before = self.runs[number], f"runs.{number}"
        slope = coloured(
            bracketed(self.short(f"{before}.slope.{step - 1}")),
            self.theme.of_sign(float(run.slope[step - 1])),
        )
        rate = self.short(f"{before}.learning_rate")
        w = self.weight(number, step - 1)
        result = f" = {self.weight(number, step)}" if step <= run.last else ""
        return f"w <- w - eta {curve_descent.SLOPE} = {w} - {bracketed(rate)} dot {slope}{result}"

    # The beats

    def show_curve(self) -> None:
        """The loss over the weight."""
        text = N_("The loss L depends on the weight w; we look for the w that makes it smallest.")
        self.beat("curve", text)
        self.show(
            self.loss_line(),
            f"$ L = {self.formula.typst} $",
            self.plot.animate.grow(1.0, "L"),
            seconds=TIMES.travel,
        )

    def show_slope(self) -> None:
        """The start, and the slope there."""
        slope = float(self.runs[0].slope[0])
        caption = SLOPE(slopes.sign(slope), "runs.0.slope.0")
        w, text = self.short("runs.0.w.0"), self.short("runs.0.slope.0")
        self.beat("slope", caption, w=self.in_words("runs.0.w.0"))
        self.table.set_row(0, self.row(0))
        answer = coloured(text, self.theme.of_sign(slope))
        self.show(
            "loss.backward()  # w.grad",
            f"$ {self.slope_at(w, answer)} $",
            self.plot.animate.reveal("run_0").lean("run_0"),
            FadeIn(self.table),
        )

    def show_step(self, step: int) -> None:
        """One step, with its numbers."""
        run = self.runs[0]
        self.beat(f"step_{step}", self.why(step))
        w, after, loss = (float(it) for it in (run.w[step - 1], run.w[step], run.loss[step - 1]))
        move = self.short(f"runs.0.moves.{step - 1}")
        self.write(
            "opt.step()  # w -= eta * w.grad" if step == 1 else self.step_line(),
            lambda: f"$ {self.update(0, step)} $",
            self.plot.animate.add_arrow("move", w, after, loss, label=f"${move}$"),
        )
        self.move(
            self.plot.animate(rate_func=linear).advance("run_0", step),
            self.table.animate.set_row(step, self.row(step)).highlight(step),
        )

    def why(self, step: int) -> Sentence:
        """Return what the slope says about a step."""
        run = self.runs[0]
        verdict = slopes.next_step(run.slope, step, leaves=step == run.left_at)
        return STEP(verdict, f"runs.0.slope.{step - 1}")

    def show_rest(self) -> None:
        """All the other steps."""
        run = self.runs[0]
        last = run.last_seen
        number = {"diverges": run.left_at, "not_finite": run.diverged_at}.get(run.verdict, last)
        self.beat("rest", ENDING(run.verdict, "runs.0"), step=number)

        def formula() -> str:
            if run.verdict in {"stationary", "not_finite"}:
                update = self.update(0, (run.last if run.verdict == "not_finite" else 0) + 1)
                return f"$ {update} $"
            return f"$ {self.ends(0)} $"

        table = self.table.animate.release()
        new = [k for k in range(len(self.rows)) if k > self.told]
        for k in new:
            table = table.set_row(k, self.row(self.rows[k]))
        if new:
            table = table.highlight(new[-1])
        code = self.loop_line(run, self.told) if last > self.told else self.step_line()
        self.write(code, formula, *self.without_arrow())
        self.move(
            self.plot.animate(rate_func=linear).advance("run_0", last),
            table,
            seconds=3 * TIMES.travel,
        )

    def without_arrow(self) -> list[Any]:
        """Return the animation that takes the last step's arrow away."""
        return [self.plot.animate.hide("move")] if self.told else []

    def ends(self, number: int) -> str:
        """Return where a run begins and ends, with the slopes there."""
        run, at = self.runs[number], f"runs.{number}"
        last = run.last_seen
        first, end = self.way(number)
        slopes = (self.short(f"{at}.slope.0"), self.short(f"{at}.slope.{last}"))
        return f"w : {first} -> {end} wide {curve_descent.SLOPE} : {slopes[0]} -> {slopes[1]}"

    def way(self, number: int) -> tuple[str, str]:
        """Return the first and the last weight of a run, with the decimals that differ."""
        run = self.runs[number]
        size = float(abs(run.w[run.last_seen] - run.w[0]))
        most = curve_descent.decimals_of(size) if size else 0
        first, end = (self.short(f"runs.{number}.w.{k}", decimals=most) for k in (0, run.last_seen))
        return first, end

    def show_start(self, number: int) -> None:
        """Another start; its first step in numbers, the others at once."""
        run, first = self.runs[number], float(self.runs[0].slope[0])
        slope = float(run.slope[0])
        verdict = slopes.other_start(slope, first)
        text = OTHER(verdict, f"runs.{number}.slope.0")
        self.beat(f"start_{number + 1}", text)
        name = f"run_{number}"
        others = [f"run_{k}" for k in range(number)]
        shown = self.plot.animate.reveal(name).lean(name)
        if self.told:
            shown = shown.hide("move")
        for other in others:
            shown = shown.lean(other, 0.0)
        self.show(
            self.loop_line(run, 0),
            lambda: f"$ {self.update(number, 1)} $",
            shown,
            self.table.animate.release(),
        )
        self.move(
            self.plot.animate(rate_func=linear).advance(name, run.last_seen),
            seconds=2 * TIMES.travel,
        )

    def show_end(self) -> None:
        """Where all of them are in the end."""
        text = ENDS(run_ends(self.params.curve.landscape(), self.runs), "runs")
        self.beat("end", text)
        rows = [
            f"w : {first} &-> {end}" for first, end in (self.way(k) for k in range(len(self.runs)))
        ]
        joined = " \\ ".join(rows)
        everybody = self.plot.animate
        for k in range(len(self.runs)):
            everybody = everybody.lean(f"run_{k}")
        self.show("[w.item() for w in ws]", f"$ {joined} $", everybody)
