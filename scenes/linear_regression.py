"""Linear regression: a line turns into place among its points.

Afterwards the viewer can say: what the mean squared error of a line is, how its gradient moves w
and b, that the line, the loss and the point (w, b) are one descent seen three ways, why the first
steps change much and the later ones little, and that a smaller rate needs as many more steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, FadeOut
from pydantic import ConfigDict

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import line
from backprop_studio.core.claims.change import Change, change
from backprop_studio.core.claims.slopes import Level, level
from backprop_studio.core.line_fit.params import LineFitGroup
from backprop_studio.scenes.families.regression.lesson import RegressionLesson
from backprop_studio.scenes.families.regression.plots import last_shown, wide_room
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.table import Table

FEW_SECONDS = 2.5 * TIMES.travel
TRAIN_SECONDS = 5 * TIMES.travel
RACE_SECONDS = 4 * TIMES.travel

TABLE_DIGITS = 3

GRADIENT = Sentences(
    "level",
    Level,
    {
        "slope": N_(
            "The line is one point (w, b) on the map of the loss; its arrow goes downhill."
        ),
        "level": N_("The line is one point (w, b) on the map of the loss: its gradient is 0."),
    },
)
STEP = Sentences(
    "change",
    Change,
    {
        "falls": N_("One step against the gradient: w and b change, and the loss is smaller."),
        "rises": N_("One step against the gradient: w and b change, but not for the better."),
        "equal": N_("One step against the gradient, so small that the loss shows nothing of it."),
        "stationary": N_("One step, and nothing has changed."),
        "not_finite": None,
    },
)
FEW = Sentences(
    "few",
    line.Few,
    {
        "fits": N_("After {steps} steps the line fits already."),
        "much_smaller": N_(
            "After {steps} steps the loss is much smaller, but the fit is still wrong."
        ),
        "wrong": N_("After {steps} steps the fit is still wrong."),
    },
)
WAY = Sentences(
    "way",
    line.Way,
    {
        "quick_then_slow": N_(
            "{steps} steps: quickly down into the valley, then slowly along its floor."
        ),
        "plain": N_("{steps} steps, one like the other."),
    },
)
FIT = Sentences(
    "fit",
    line.Fit,
    {
        "fits": N_("At step {steps} the line fits: w and b are nearly those of least squares."),
        "not_yet": N_("At step {steps} the line is not there yet: least squares says where."),
    },
)
SLOWER = Sentences(
    "slower",
    line.Slower,
    {
        "diverges": N_("Even the smaller rate, {rate}, is too large: it diverges, too."),
        "fits": N_("A smaller rate, {rate}: at the same step, {steps}, it fits as well."),
        "not_yet": N_("A smaller rate, {rate}: at the same step, {steps}, the fit is wrong."),
    },
)
MORE = Sentences(
    "more",
    line.More,
    {
        "right": N_("The smaller rate with more steps, {steps}, is right."),
        "not_yet": N_("The smaller rate converges; {steps} steps are not enough yet."),
        "as_right": N_("With {steps} steps it is right, too: rate times steps is what counts."),
        "as_far": N_("With {steps} steps it is as far as the first: rate times steps counts."),
        "elsewhere": N_("With {steps} steps it has come to another place than the first."),
    },
)
BOTH = Sentences(
    "both",
    line.Both,
    {
        "needs_more": N_("A small rate is safe, but it needs more steps."),
        "enough": N_("Here the small rate needs no more steps: both fit."),
    },
)


class Params(LineFitGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "steps", "w", "b", "data"])
    )


class LinearRegression(RegressionLesson):
    """One line, its loss and its point, at the same steps; then a smaller rate."""

    title = N_("Linear regression: a line turns into place")
    summary = N_("The line, its loss and the point (w, b) on the loss's map, step by step.")
    chapter = N_("Training")
    place = (5, 1)
    thumbnail = "train"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Train with both rates."""
        self.data, self.record = self.params.fit()
        points = {"count": len(self.data.x), "rows": self.data.rows}
        return self.records_sheet(points=points, fit=self.record)

    def tell(self) -> None:
        """Tell it from the points to the second run."""
        self.show_points()
        self.show_loss()
        self.show_gradient()
        self.show_step()
        if self.record.run.is_divergent:
            self.show_divergence()
            self.show_limit()
        else:
            if self.record.few > 1:
                self.show_few()
            if self.record.run.steps > 1:
                self.show_training()
            self.show_fit()
        self.show_slower()
        if not self.record.slower.is_divergent:
            self.show_more()
        if not self.record.run.is_divergent:
            self.show_table()

    # The beats: one step

    def show_points(self) -> None:
        """The data."""
        self.beat("points", self.question())
        self.show(self.source(), self.formulas.model(has_truth=self.data.is_drawn))

    def show_loss(self) -> None:
        """The first line, its errors and its loss."""
        text = N_("A first line, and its errors: the loss is their mean square.")
        if self.record.half:
            text = N_("A first line, and its errors: the loss is half their mean square.")
        self.beat("loss", text)
        self.show(
            f"loss = {self.height_code}",
            self.formulas.loss(),
            self.fit.animate.reveal("errors", "run"),
        )

    def show_gradient(self) -> None:
        """The gradient, and where the line stands on the map of the loss."""
        run = self.record.run
        verdict = level((run.dL_dw[0], run.dL_db[0]))
        self.beat("gradient", GRADIENT(verdict, "fit.run"))
        aside = self.fit.animate.move_to((*self.rooms[0].centre, 0))
        self.map.choose(0).point_along(gradients=self.arrows())
        self.write("loss.backward()  # w.grad, b.grad", self.formulas.gradient(), aside)
        self.move(FadeIn(self.map), seconds=TIMES.change)

    def show_step(self) -> None:
        """The first step."""
        run = self.record.run
        moved = (run.w[0], run.b[0]) != (run.w[1], run.b[1])
        verdict = change(float(run.loss[0]), float(run.loss[1]), moved=moved)
        self.beat("step", STEP(verdict, "fit.run.loss"))
        self.add(self.losses)
        self.write(
            "opt = torch.optim.SGD([w, b], lr=eta); opt.step()",
            self.formulas.step(),
            FadeIn(self.losses),
            self.map.animate.point_along(),
        )
        self.go(1, TIMES.move)

    # The beats: many steps

    def show_few(self) -> None:
        """An early look."""
        place, step = self.after("run", "fit.few"), self.given("fit.few")
        run = self.record.run
        fits = run.is_right(self.record.few)
        verdict = line.few(float(run.loss[0]), float(run.loss[place]), fits=fits)
        self.beat("few", FEW(verdict, "fit"), steps=step)
        code = self.loop(self.record.few - 1)
        self.run_to("run", code, place, self.formulas.training(place, step), FEW_SECONDS)

    def show_training(self) -> None:
        """All steps of the first run."""
        step = self.given("fit.run.steps")
        run = self.record.run
        verdict = line.way(run.loss, run.at, self.record.curvatures)
        self.beat("train", WAY(verdict, "fit"), steps=step)
        place = self.after("run", "fit.run.steps")
        code = self.loop(self.record.run.steps - self.record.few)
        self.run_to("run", code, place, self.formulas.training(place, step), TRAIN_SECONDS)
        self.hold(TIMES.look)

    def show_fit(self) -> None:
        """What came of it, beside the best line."""
        run, step = self.record.run, self.given("fit.run.steps")
        self.beat("fit", FIT(line.fit(run.is_right(run.steps)), "fit.run"), steps=step)
        self.show(
            f"w.item(), b.item(), ({self.height_code}).item()",
            self.formulas.fit(self.after("run", "fit.run.steps"), step),
            self.fit.animate.hide("errors"),
        )

    # The beats: a rate that is too large

    def show_divergence(self) -> None:
        """Each step is longer than the one before."""
        run = self.record.run
        if run.left_at is None:
            text = self.tr("It diverges: the rate is so large that the loss grows.")
        else:
            text = self.tr(
                "It diverges: each step overshoots, and the point left the picture at step {step}."
            ).format(step=self.given("fit.run.left_at"))
        self.beat("diverge", text)
        place = last_shown(run)
        state = self.formulas.state("run", place, self.given(f"fit.run.at.{place}"))
        code = self.loop(int(run.at[place]) - 1)
        self.run_to("run", code, place, f"$ {state} $", FEW_SECONDS)

    def show_limit(self) -> None:
        """How large a rate may be."""
        text = N_("How large may the rate be? Below 2 / λ, where λ is the largest curvature.")
        self.beat("limit", text)
        self.show("lam = torch.linalg.eigvalsh(hessian).max()", self.formulas.limit())

    # The beats: a smaller rate

    def show_slower(self) -> None:
        """Both rates from the same start, with the same number of steps."""
        record = self.record
        rate = self.in_words("fit.slower.learning_rate")
        if record.slower.is_divergent:
            place = last_shown(record.slower)
            step = self.given(f"fit.slower.at.{place}")
            formula = f"$ {self.formulas.state('slower', place, step)} $"
        else:
            place, step = self.after("slower", "fit.run.steps"), self.given("fit.run.steps")
            formula = self.formulas.race(place, step, "fit.amount_same")
        is_divergent, is_right = (
            record.slower.is_divergent,
            record.slower.is_right(record.run.steps),
        )
        text = SLOWER(line.slower(is_divergent=is_divergent, is_right=is_right), "fit.slower")
        self.beat("slower", text, rate=rate, steps=step)
        self.start_again()
        code = self.loop(int(record.slower.at[place]))
        self.run_to("slower", code, place, formula, RACE_SECONDS)

    def show_more(self) -> None:
        """As many more steps as the rate is smaller."""
        record, step = self.record, self.given("fit.slower.steps")
        place = self.after("slower", "fit.slower.steps")
        ends = [np.array([run.w[-1], run.b[-1]]) for run in (record.slower, record.run)]
        first = None if record.run.is_divergent else ends[1]
        start = np.array([record.run.w[0], record.run.b[0]])
        is_right = record.slower.is_right(record.slower.steps)
        text = MORE(line.more(ends[0], first, start, is_right=is_right), "fit")
        self.beat("more", text, steps=step)
        self.move(self.losses.animate.look(x=(0.0, float(record.slower.steps))))
        formula = self.formulas.race(place, step, "fit.slower.amount")
        code = self.loop(record.slower.steps - record.run.steps)
        self.run_to("slower", code, place, formula, RACE_SECONDS)

    def show_table(self) -> None:
        """Both runs early and late."""
        record = self.record
        is_right = all(it.is_right(record.run.steps) for it in (record.run, record.slower))
        self.beat("table", BOTH(line.both(is_right_at_once=is_right), "fit"))
        room = wide_room(self.layout)
        heads = ["$eta$", escape(self.tr("Steps").lower()), "$w$", "$b$", "$L$"]
        table = Table(heads, 4, room.box, *self.look).move_to((*room.centre, 0))
        few, usual, more = "fit.few", "fit.run.steps", "fit.slower.steps"
        rows = [("run", few), ("run", usual), ("slower", usual), ("slower", more)]
        self.move(FadeOut(self.map), FadeOut(self.losses), seconds=TIMES.fade)
        self.add(table)
        for k, (name, step) in enumerate(rows):
            at = self.after(name, step)
            paths = [f"fit.{name}.learning_rate", step]
            paths += [f"fit.{name}.{it}.{at}" for it in ("w", "b", "loss")]
            cells = [f"${self.short(path, TABLE_DIGITS)}$" for path in paths]
            self.move(table.animate.set_row(k, cells), seconds=TIMES.fade)
