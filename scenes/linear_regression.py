"""Linear regression: a line turns into place among its points.

Afterwards the viewer can say: what the mean squared error of a line is, how its gradient moves w
and b, that the line, the loss and the point (w, b) are one descent seen three ways, why the first
steps change much and the later ones little, and that a smaller rate needs as many more steps.
"""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut
from pydantic import ConfigDict

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.line_fit.params import LineFitGroup
from backprop_studio.scenes.families.regression.lesson import HEIGHT, RegressionLesson
from backprop_studio.scenes.families.regression.plots import last_shown, wide_room
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.table import Table

FEW_SECONDS = 2.5 * TIMES.travel
TRAIN_SECONDS = 5 * TIMES.travel
RACE_SECONDS = 4 * TIMES.travel

TABLE_DIGITS = 3

MUCH = 0.5
"""Of the first loss: one below it is called much smaller."""


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
        self.show(self.source(), self.formulas.model(has_truth=self.data.is_drawn), hold=TIMES.look)

    def show_loss(self) -> None:
        """The first line, its errors and its loss."""
        self.beat("loss", N_("A first line, and its errors: the loss is their mean square."))
        self.show(
            f"loss = {HEIGHT}",
            self.formulas.loss(),
            self.fit.animate.reveal("errors", "run"),
        )

    def show_gradient(self) -> None:
        """The gradient, and where the line stands on the map of the loss."""
        text = N_("The line is one point (w, b) on the map of the loss; its arrow goes downhill.")
        self.beat("gradient", text)
        aside = self.fit.animate.move_to((*self.rooms[0].centre, 0))
        self.map.choose(0).point_along(gradients=self.arrows())
        self.write("loss.backward()  # w.grad, b.grad", self.formulas.gradient(), aside)
        self.move(FadeIn(self.map), seconds=TIMES.change)

    def show_step(self) -> None:
        """The first step."""
        run = self.record.run
        better = bool(run.loss[1] < run.loss[0])
        text = N_("One step against the gradient: w and b change, but not for the better.")
        if better:
            text = N_("One step against the gradient: w and b change, and the loss is smaller.")
        self.beat("step", text)
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
        text = N_("After {steps} steps the loss is much smaller, but the fit is still wrong.")
        if self.record.run.is_right(self.record.few):
            text = N_("After {steps} steps the line fits already.")
        if self.record.run.loss[place] > MUCH * self.record.run.loss[0]:
            text = N_("After {steps} steps the fit is still wrong.")
        self.beat("few", text, steps=step)
        code = self.loop(self.record.few - 1)
        self.run_to("run", code, place, self.formulas.training(place, step), FEW_SECONDS)

    def show_training(self) -> None:
        """All steps of the first run."""
        step = self.given("fit.run.steps")
        text = N_("{steps} steps: quickly down into the valley, then slowly along its floor.")
        self.beat("train", text, steps=step)
        place = self.after("run", "fit.run.steps")
        code = self.loop(self.record.run.steps - self.record.few)
        self.run_to("run", code, place, self.formulas.training(place, step), TRAIN_SECONDS)
        self.hold(TIMES.look)

    def show_fit(self) -> None:
        """What came of it, beside the best line."""
        run, step = self.record.run, self.given("fit.run.steps")
        text = N_("After {steps} steps the line fits: w and b are nearly those of least squares.")
        if not run.is_right(run.steps):
            text = N_("After {steps} steps the line is not there yet: least squares says where.")
        self.beat("fit", text, steps=step)
        self.show(
            f"w.item(), b.item(), {HEIGHT}.item()",
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
            text = N_("Even the smaller rate, {rate}, is too large: it diverges, too.")
        else:
            place, step = self.after("slower", "fit.run.steps"), self.given("fit.run.steps")
            formula = self.formulas.race(place, step, "fit.amount_same")
            text = N_("A smaller rate, {rate}: after the same {steps} steps the fit is wrong.")
            if record.slower.is_right(record.run.steps):
                text = N_("A smaller rate, {rate}, fits after {steps} steps as well.")
        self.beat("slower", text, rate=rate, steps=step)
        self.start_again()
        code = self.loop(int(record.slower.at[place]))
        self.run_to("slower", code, place, formula, RACE_SECONDS)

    def show_more(self) -> None:
        """As many more steps as the rate is smaller."""
        record, step = self.record, self.given("fit.slower.steps")
        place = self.after("slower", "fit.slower.steps")
        if record.run.is_divergent:
            text = N_("The smaller rate with more steps, {steps}, is right.")
            if not record.slower.is_right(record.slower.steps):
                text = N_("The smaller rate converges; {steps} steps are not enough yet.")
        elif record.slower.is_right(record.slower.steps):
            text = N_("With {steps} steps it is right, too: rate times steps is what counts.")
        else:
            text = N_("With {steps} steps it is as far as the first: rate times steps counts.")
        self.beat("more", text, steps=step)
        self.move(self.losses.animate.look(x=(0.0, float(record.slower.steps))))
        formula = self.formulas.race(place, step, "fit.slower.amount")
        code = self.loop(record.slower.steps - record.run.steps)
        self.run_to("slower", code, place, formula, RACE_SECONDS)

    def show_table(self) -> None:
        """Both runs early and late."""
        self.beat("table", N_("A small rate is safe, but it needs more steps."))
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
