"""The learning rate: the same start on the same curve, and four sizes of step.

Afterwards the viewer can say: what too small and too large a rate look like, on the curve and in
the loss, and that above a bound every step leads farther away.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, linear
from pydantic import ConfigDict

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.change import Lowest
from backprop_studio.core.claims.descent import Descent
from backprop_studio.core.surfaces.curve_params import CurveComparisonGroup
from backprop_studio.core.surfaces.curve_runs import CurveRun, lowest_runs
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.families import curve_descent
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.type_block import note_block
from backprop_studio.scenes.paint.brush import mix
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.palette import series_marker
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import LEAST_ROOM, TICK_GAP, Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.ticks import Ticks

STATUS = 0.62
"""Height of the words under a panel: two lines."""

FAINT = 0.35
"""Of a rate that is not spoken of."""

LABEL_INK = 0.45
"""Of the text's colour in a rate beside its loss curve."""

PANEL_GAP = 0.12
RIGHT = 0.05

FIRST = Sentences(
    "slope",
    slopes.Sign,
    {
        **dict.fromkeys(
            ("positive", "negative"),
            N_("The slope is the same for all: η decides how far a step goes."),
        ),
        "zero": N_("The slope is 0 for all: η times 0 moves nothing."),
    },
)
RUN = Sentences(
    "descent",
    Descent,
    {
        "converges": N_("η = {rate}: the flatter the curve, the smaller the step. It settles."),
        "crosses": N_("η = {rate}: the steps cross the valley, and settle all the same."),
        "overshoots": N_(
            "η = {rate}: to and fro across the valley, ever closer, until it settles."
        ),
        "slow": N_("η = {rate}: at step {step} w is still on its way."),
        "oscillates": N_("η = {rate} is large: w still swings from side to side, less and less."),
        "bounces": N_("η = {rate} is too large: w swings from side to side, and no less."),
        "wanders": N_("η = {rate}: at step {step} w has not come to rest."),
        "diverges": N_("η = {rate} diverges: w left the picture at step {step}."),
        "not_finite": N_(
            "η = {rate}: at step {step} loss or slope is no finite number, and it ends."
        ),
        "stationary": N_("η = {rate}: the slope at the start is 0, so no rate moves w."),
    },
)
STATUS_WORDS = Sentences(
    "descent",
    Descent,
    {
        "converges": N_("settles"),
        "crosses": N_("crosses, settles"),
        "overshoots": N_("overshoots, settles"),
        "slow": N_("still on its way"),
        "oscillates": N_("still swinging"),
        "bounces": N_("too large"),
        "wanders": N_("not at rest"),
        "diverges": N_("left at step {step}"),
        "not_finite": N_("no value at step {step}"),
        "stationary": N_("does not move"),
    },
)
LOWEST = Sentences(
    "lowest",
    Lowest,
    {
        "one": N_("At step {step} η = {rate} has the lowest loss."),
        "of_inside": N_("Of those in the picture, η = {rate} has the lowest loss at step {step}."),
        "several": N_("Several rates share the lowest loss of those in the picture."),
        "all": N_("The loss alone does not tell these rates apart."),
        "alone": N_("Only with η = {rate} does w stay in the picture."),
        "only": None,
        "none": N_("None of these rates keeps w in the picture: try smaller ones."),
    },
)


class Params(CurveComparisonGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rates", "steps", "curve", "start"])
    )


class LearningRate(curve_descent.CurveLesson):
    """Several learning rates side by side."""

    title = N_("The learning rate: too small, good, too large")
    summary = N_("The same start with several learning rates: slow, settled, swinging, divergent.")
    chapter = N_("Descent")
    place: ClassVar[tuple[int, int] | None] = (4, 2)
    thumbnail = "rate_4"
    subject = "curve"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Draw the curve, and let torch make the steps with every rate."""
        return self.descend(self.params.rates(), [self.params.chosen_start()])

    def tell(self) -> None:
        """Tell what all have in common, then one rate after the other, then compare."""
        self.show_start()
        self.show_first_step()
        for number in range(len(self.runs)):
            self.show_run(number)
        self.show_comparison()

    # The stage

    def set_stage(self) -> None:
        """Lay out a panel per rate, the loss over the steps, and the board."""
        layout, theme, language = self.layout, self.theme, self.language
        count = len(self.runs)
        room = TICK_GAP + max(
            width_of(text, SIZES.small, theme, language)
            for text in Axis(*self.picture.heights).ticks().texts
        )
        rooms = [room, *[LEAST_ROOM] * (count - 1)]
        width = (layout.picture[0] - sum(rooms) - PANEL_GAP * (count - 1)) / count
        left = layout.picture_centre[0] - layout.picture[0] / 2
        top = layout.picture_centre[1] + layout.picture[1] / 2
        height = layout.picture[1] - STATUS
        self.panels, self.status = [], []
        for number, run in enumerate(self.runs):
            own = rooms[number]
            heading = f"$eta = {self.short(f'runs.{number}.learning_rate')}$"
            box = (width + own, height)
            panel = curve_descent.DescentPlot(
                self.picture, box, *self.look, y=heading, counts=(3, 5), room=own, right=RIGHT
            )
            if number:  # the first has the numbers for all; their lines go on
                across, along = panel.ticks
                panel.ticks = (across, Ticks(along.places, ("",) * len(along.places)))
            colour = curve_descent.run_colour(theme, number)
            panel.add_run("run", run, colour=colour, marker=series_marker(number))
            panel.move_to((left + (width + own) / 2, top - height / 2, 0))
            words = self.tr(STATUS_WORDS(run.verdict).text).format(step=_when(run))
            block = note_block(escape(words), (width, STATUS), theme.text, language, wrap=True)
            block.move_to((left + own + width / 2, top - height - STATUS / 2, 0))
            self.panels.append(panel)
            self.status.append(block)
            left += width + own + PANEL_GAP
        self.losses = self.loss_plot()
        self.add(*self.panels, self.losses)

    def loss_plot(self) -> Plot:
        """Return the losses over the steps, none of them drawn yet."""
        theme = self.theme
        axes = (
            Axis(0, self.params.steps, escape(self.tr("step")), count=4),
            Axis(*self.picture.heights, "$L$"),
        )
        plot = Plot(*axes, self.layout.side, theme, self.language)
        for number, run in enumerate(self.runs):
            seen = run.last_seen + 1
            # A series' own colour is made for marks; as ink it is too light on a light page.
            ink = mix(curve_descent.run_colour(theme, number), theme.text, LABEL_INK)
            label = f"${coloured(self.short(f'runs.{number}.learning_rate'), ink)}$"
            corners = curve_descent.pulled_in(np.arange(seen), run.loss[:seen], *axes)
            name, colour = f"run_{number}", curve_descent.run_colour(theme, number)
            plot.add_curve(
                name, *corners, progress=0.0, colour=colour, label=label, exit_text=label
            )
            plot.hide(f"run_{number}")
        return plot.move_to((*self.layout.side_centre, 0))

    # The beats

    def show_start(self) -> None:
        """What all have in common."""
        self.beat("start", N_("One curve, one start; only the learning rate η differs."))
        w, slope = self.short("runs.0.w.0"), self.short("runs.0.slope.0")
        self.show(
            self.loss_line("; loss.backward()"),
            f"$ L = {self.formula.typst} wide {self.slope_at(w, self.signed(slope))} $",
            *(panel.animate.grow(1.0, "L").reveal("run").lean("run") for panel in self.panels),
            seconds=TIMES.travel,
        )

    def signed(self, slope: str) -> str:
        """Return the slope at the start in the colour of its sign."""
        return coloured(bracketed(slope), self.theme.of_sign(float(self.runs[0].slope[0])))

    def show_first_step(self) -> None:
        """The same slope, and a first step with each rate."""
        slope_here = slopes.sign(float(self.runs[0].slope[0]))
        self.beat("first", FIRST(slope_here, "runs.0.slope.0"))

        def formula() -> str:
            w, slope = self.short("runs.0.w.0"), self.signed(self.short("runs.0.slope.0"))
            lines = []
            for number, run in enumerate(self.runs):
                rate = self.short(f"runs.{number}.learning_rate")
                result = f" = {self.weight(number, 1)}" if run.last else ""
                lines.append(f"w <- {bracketed(w)} - {rate} dot {slope}{result}")
            return self.rows(lines)

        self.show(
            "opt = torch.optim.SGD([w], lr=eta); opt.step()",
            formula,
            *(
                panel.animate(rate_func=linear).advance("run", 1).lean("run", 0.0)
                for panel in self.panels
            ),
            seconds=TIMES.travel,
        )

    def rows(self, texts: list[str]) -> str:
        """Return pieces of mathematics, a row each in a tall frame and two to a row otherwise."""
        width, height = self.layout.board
        in_row = 1 if 2 * height > width else 2
        rows = [texts[k : k + in_row] for k in range(0, len(texts), in_row)]
        joined = " \\ ".join(" wide && ".join(["& " + row[0], *row[1:]]) for row in rows)
        return f"$ {joined} $"

    def show_run(self, number: int) -> None:
        """All steps with one rate, on the curve and in the loss."""
        run = self.runs[number]
        rate = self.in_words(f"runs.{number}.learning_rate")
        text = RUN(run.verdict, f"runs.{number}")
        self.beat(f"rate_{number + 1}", text, rate=rate, step=_when(run))
        others = [
            panel.animate.reveal("L", "run", strength=1.0 if k <= number else FAINT)
            for k, panel in enumerate(self.panels)
            if k != number
        ]
        self.write(self.loop_line(run, 0), f"$ {self.ends(number)} $", *others)
        name, panel = f"run_{number}", self.panels[number]
        self.losses.reveal(name)
        self.move(
            panel.animate(rate_func=linear).reveal("L", "run").advance("run", run.last_seen),
            self.losses.animate(rate_func=linear).grow(1.0, name),
            seconds=2 * TIMES.travel,
        )
        self.move(FadeIn(self.status[number]), seconds=TIMES.fade)

    def ends(self, number: int) -> str:
        """Return the way of weight and loss from the first to the last step that is seen."""
        run, at = self.runs[number], f"runs.{number}"
        last = run.last_seen
        size = float(np.abs(run.w[1:] - run.w[0]).max(initial=0.0)) if last else 0.0
        most = curve_descent.decimals_of(size) if size else 0
        values = {
            name: [self.short(f"{at}.{name}.{step}", decimals=most) for step in (0, last)]
            for name in ("w", "loss")
        }
        w, loss = values["w"], values["loss"]
        return (
            f"w_0 = {w[0]} quad w_({last}) = {w[1]} wide "
            f"L_0 = {loss[0]} quad L_({last}) = {coloured(loss[1], self.theme.loss)}"
        )

    def show_comparison(self) -> None:
        """Whose loss is the lowest."""
        verdict, best = lowest_runs(self.runs)
        rate = self.in_words(f"runs.{best[0]}.learning_rate") if best else ""
        self.beat("compare", LOWEST(verdict, "runs"), step=self.params.steps, rate=rate)
        cells = []
        for number, run in enumerate(self.runs):
            rate = self.short(f"runs.{number}.learning_rate")
            end = f"L_({run.last_seen}) = {self.short(f'runs.{number}.loss.{run.last_seen}')}"
            shown = coloured(end, self.theme.loss) if number in best else end
            cells.append(f"eta = {rate} : {shown}")
        self.show(
            self.height_line(),
            self.rows(cells),
            *(
                panel.animate.reveal(
                    "L", "run", strength=1.0 if number in best or not best else FAINT
                )
                for number, panel in enumerate(self.panels)
            ),
        )


def _when(run: CurveRun) -> int:
    """Return the step at which a run ended, left, or broke off."""
    if run.verdict == "diverges":
        return int(run.left_at or 0)
    return int(run.diverged_at or 0) if run.verdict == "not_finite" else run.last
