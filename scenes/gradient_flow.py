"""What goes wrong with gradients on their way back, and what cures each fault, all of it measured.

Afterwards the viewer can say: why a gradient vanishes or explodes with depth, why dead relus and
weights of zero learn nothing, what happens without zero_grad, and the cure of each.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import FadeIn, Mobject

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import flow as claims
from backprop_studio.core.claims.change import Change, change
from backprop_studio.core.training import accumulation
from backprop_studio.core.training.gradient_flow import FlowCase, FlowRecord, flow_case
from backprop_studio.core.training.gradient_flow_params import GradientFlowGroup
from backprop_studio.scenes.boards.gradient_flow import FlowFormulas, RunFormulas
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.sentences import Sentence, Sentences
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE
from backprop_studio.scenes.lesson.type_block import TypeBlock
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.table import Table

FLOW_SECONDS = 1.5 * TIMES.travel
"""From the last layer's bar to the first's."""

WAVES = 3
"""In which they come; a network has at least as many layers."""

SIGHT = 10.0
"""How far from its goal the weight is followed; what goes farther leaves the picture."""

ROWS = 4
"""Steps written into the table."""

TITLE = 1.7
"""Room for a panel's title, in its em."""

LENGTH = "$norm(partial L \\/ partial W_k) quad$"
"""What the bars show, before what the network is made of."""

TICKS = 4
NEAR = 0.05
"""Of a decade: what is nearer to its beginning has a bar from the decade before."""

CURES = {
    "vanishing": N_("The cure: relu's slope is 1 where it is alive, and He's weights fit it."),
    "exploding": N_("The cure: Xavier's weights fit the width of the layers."),
    "dead_relu": N_("The cure: a leaky relu has a small slope below zero, too."),
    "zero_weights": N_("The cure: random weights, different for every unit."),
}
INIT_WORDS = {
    "torch": N_("PyTorch's default"),
    "zeros": N_("all zero"),
    "constant": N_("all the same"),
    "normal": N_("narrow normal"),
    "xavier": N_("Xavier (Glorot), uniform"),
    "he": N_("He (Kaiming), normal"),
}


_FAULTY: dict[str, str | None] = {
    "silent": N_("No layer gets any gradient."),
    "partly_silent": N_("Some layers get no gradient at all."),
    "vanishes": N_("Vanishing: each layer back leaves a fraction of the gradient."),
    "shrinks": N_("On its way back the gradient becomes much smaller, but not at every layer."),
    "keeps": N_("Here the gradient keeps about the same size through all layers."),
    "grows": N_("On its way back the gradient becomes much larger, but not at every layer."),
    "explodes": N_("Exploding: each layer back makes the gradient larger."),
}
FAULTY = Sentences("flow", claims.Flow, _FAULTY)
FAULTY_SIGMOID = Sentences(
    "flow",
    claims.Flow,
    {
        **_FAULTY,
        "vanishes": N_("Vanishing: a sigmoid's slope is at most 1/4, and each layer costs one."),
    },
)
ALL_ZERO = Sentences(
    "flow",
    claims.Flow,
    {
        **_FAULTY,
        "silent": N_("All weights zero: no signal goes forward, so no weight gets a gradient."),
    },
)
DEAD = Sentences(
    "dead",
    claims.Dead,
    {
        "dead": N_("Dead relus: below zero for every sample, they let no gradient through."),
        "some_dead": N_("With this bias some relus are dead; through the others gradients flow."),
        "alive": N_("With this bias no relu is dead, and gradients flow."),
    },
)
_UNCURED: dict[str, str | None] = {
    "silent": N_("Even so, no layer gets any gradient."),
    "partly_silent": N_("Even so, some layers get no gradient at all."),
    "vanishes": N_("Even so, each layer back leaves a fraction of the gradient."),
    "shrinks": N_("Even so, the gradient becomes much smaller on its way back."),
    "grows": N_("Even so, the gradient becomes much larger on its way back."),
    "explodes": N_("Even so, each layer back makes the gradient larger."),
}
_HAVE_GRADIENTS = ("vanishes", "shrinks", "keeps", "grows", "explodes")
CURED = {
    "vanishing": Sentences("flow", claims.Flow, {**_UNCURED, "keeps": CURES["vanishing"]}),
    "exploding": Sentences("flow", claims.Flow, {**_UNCURED, "keeps": CURES["exploding"]}),
    # What these cure is that there is no gradient at all.
    "dead_relu": Sentences(
        "flow", claims.Flow, {**_UNCURED, **dict.fromkeys(_HAVE_GRADIENTS, CURES["dead_relu"])}
    ),
    "zero_weights": Sentences(
        "flow", claims.Flow, {**_UNCURED, **dict.fromkeys(_HAVE_GRADIENTS, CURES["zero_weights"])}
    ),
}
CURED_OTHERWISE = Sentences(
    "flow",
    claims.Flow,
    {**_UNCURED, "keeps": N_("The cure: in these layers the gradient keeps its size.")},
)
ZEROED = Sentences(
    "change",
    Change,
    {
        "falls": N_("The cure: zero_grad first, so that each step goes by its own slope alone."),
        **dict.fromkeys(
            ("rises", "equal", "not_finite"),
            N_("With zero_grad each step goes by its own slope, but here it is too long."),
        ),
        "stationary": N_("With zero_grad each step goes by its own slope; here it is too short."),
    },
)


class Params(GradientFlowGroup):
    """Parameters of the lesson."""


class GradientFlow(BoardLesson):
    """Each fault, and its cure beside it."""

    title = N_("Gradient flow: what goes wrong, and the cure")
    summary = N_("Vanishing and exploding gradients, dead relus, zero weights, no zero_grad.")
    chapter = N_("Training")
    place = (5, 4)
    thumbnail = "vanishing_cure"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Measure every fault that is shown, and its cure."""
        params = self.params
        network, batch = params.deep_network(), params.deep_batch()
        self.cases = {
            fault: flow_case(fault, network, batch, params)
            for fault in params.faults
            if fault != "not_zeroed"
        }
        self.run = None
        if "not_zeroed" in params.faults:
            one = params.one_weight()
            self.run = accumulation.compare_zero_grad(
                one.network_spec(), one.batch(), params.learning_rate, params.steps
            )
        return self.records_sheet(
            flow=self.cases,
            descent={} if self.run is None else self.run,
            steps=[] if self.run is None else told_steps(self.run),
        )

    def tell(self) -> None:
        """Tell one fault after the other, in the order that was asked for."""
        self.standing: list[Mobject] = []
        for fault in self.params.faults:
            if fault == "not_zeroed":
                self.tell_zeroing()
            else:
                self.tell_fault(self.cases[fault])

    def bring(self, *coming: Mobject) -> None:
        """Let others come in the place of what was told before."""
        leaving, self.standing = self.standing, list(coming)
        self.exchange(leaving, *coming)

    # A deep network

    def tell_fault(self, case: FlowCase) -> None:
        """Tell one fault and its cure."""
        formulas = FlowFormulas(self, case)
        left, right = (self.panel(case, side) for side in ("faulty", "cured"))
        if not any(beat.name == "backward" for beat in self.beats):
            self.show_backward(formulas, left)
        self.show_fault(case, formulas, left)
        self.show_cure(case, formulas, right)

    def panel(self, case: FlowCase, side: str) -> tuple[TypeBlock, Bars]:
        """Return a title above empty bars, on the left or the right of the stage."""
        (width, height), (x, y) = self.layout.stage, self.layout.stage_centre
        sign = -1 if side == "faulty" else 1
        # The titles keep away from the lesson's own.
        box = (width / 2 - SIZES.gap, height - SIZES.gap / 2)
        place = (x + sign * width / 4, y - SIZES.gap / 4)
        titles = {it: self.words(case, it) for it in ("faulty", "cured")}
        lines = {it: LENGTH + escape(" · ".join(words)) for it, words in titles.items()}
        is_wide = all(width_of(it, SIZES.label, *self.look) < box[0] for it in lines.values())
        if not is_wide:
            lines = {
                it: f"{LENGTH}{escape(first)} \\ {escape(rest)}"
                for it, (first, rest) in titles.items()
            }
        room = SIZES.label * TITLE * (1 if is_wide else 2)
        top, below = (box[0], room), (box[0], box[1] - room)
        title = TypeBlock(
            lines[side], SIZES.label, top, self.theme.text, align="left", language=self.language
        )
        names = [f"$W_({k + 1})$" for k in range(len(case.faulty.layers))]
        lengths = decades(case, TICKS if is_wide else TICKS - 1)
        bars = Bars(names, lengths, below, *self.look)
        title.move_to((place[0], place[1] + (box[1] - room) / 2, 0))
        bars.move_to((place[0], place[1] - room / 2, 0))
        return title, bars

    def words(self, case: FlowCase, side: str) -> tuple[str, str]:
        """Return what a network is made of: its activation, and what its weights are."""
        flow = case.faulty if side == "faulty" else case.cured
        activation = flow.layers[0].activation
        if case.fault == "dead_relu":
            bias = self.given("parameters.bias")
            return activation, self.tr("first bias {bias}").format(bias=bias)
        if case.fault == "exploding" and side == "faulty":
            gain = self.given("parameters.gain")
            return activation, self.tr("Xavier times {gain}").format(gain=gain)
        init = INIT_WORDS[flow.network.init]
        return activation, self.tr(init)

    def grow(self, bars: Bars, flow: FlowRecord, texts: list[str]) -> None:
        """Let the bars come from the last layer to the first, as the gradient does."""
        lengths = np.array([layer.norm_dL_dW for layer in flow.layers])
        for arrived in np.array_split(np.arange(len(lengths))[::-1], WAVES):
            first = arrived[-1]
            values = np.where(np.arange(len(lengths)) >= first, lengths, np.nan)
            written = [text if k >= first else "" for k, text in enumerate(texts)]
            self.move(bars.animate.set_values(values, written), seconds=FLOW_SECONDS / WAVES)

    def show_backward(self, formulas: FlowFormulas, panel: tuple[TypeBlock, Bars]) -> None:
        """How a gradient goes back."""
        text = N_("Each layer back multiplies the gradient by its slopes and its weights.")
        self.beat("backward", text)
        self.bring(*panel)
        self.show("loss.backward()", formulas.backward())

    def show_fault(
        self, case: FlowCase, formulas: FlowFormulas, panel: tuple[TypeBlock, Bars]
    ) -> None:
        """The fault, layer by layer."""
        self.beat(case.fault, self.fault_text(case))
        if panel[0] not in self.standing:
            self.bring(*panel)
        self.write(formulas.fault_line(), formulas.fault())
        self.grow(panel[1], case.faulty, formulas.cells("faulty"))

    def show_cure(
        self, case: FlowCase, formulas: FlowFormulas, panel: tuple[TypeBlock, Bars]
    ) -> None:
        """The cure beside it."""
        self.beat(f"{case.fault}_cure", self.cure_text(case))
        self.standing += panel
        self.write(formulas.cure_line(), formulas.cure(), *map(FadeIn, panel))
        self.grow(panel[1], case.cured, formulas.cells("cured"))

    def fault_text(self, case: FlowCase) -> Sentence:
        """Say what was measured; a fault that did not come about is not claimed."""
        path, layers = f"flow.{case.fault}.faulty", case.faulty.layers
        if case.fault == "dead_relu":
            return DEAD(claims.dead([it.dead for it in layers], [it.units for it in layers]), path)
        sentences = FAULTY_SIGMOID if layers[0].activation == "sigmoid" else FAULTY
        return (ALL_ZERO if case.fault == "zero_weights" else sentences)(
            verdict_of(case.faulty), path
        )

    def cure_text(self, case: FlowCase) -> Sentence:
        """Say what the cure is, if it cures."""
        network = case.cured.network
        is_he = (network.activations[0], network.init) == ("relu", "he")
        sentences = CURED[case.fault]
        if case.fault == "vanishing" and not is_he:
            sentences = CURED_OTHERWISE
        return sentences(verdict_of(case.cured), f"flow.{case.fault}.cured")

    # One weight

    def tell_zeroing(self) -> None:
        """Tell the descent without and with zeroing."""
        assert self.run is not None
        self.plot = self.descent_plot(self.run)
        heads = [escape(self.tr("step")), "$w$", "$g$", '$w."grad"$']
        self.table = Table(heads, len(told_steps(self.run)), self.layout.side, *self.look)
        self.placed(self.table, "side")
        text = N_("Without zero_grad, every gradient is added to those before it.")
        self.show_run(self.run.accumulated, "accumulated", "not_zeroed", text)
        zeroed = self.run.zeroed
        end = math.inf if zeroed.diverged_at is not None else float(zeroed.losses[-1])
        moved = bool(np.any(zeroed.weight != zeroed.weight[0]))
        verdict = change(float(zeroed.losses[0]), end, moved=moved or not math.isfinite(end))
        cured = ZEROED(verdict, "descent.zeroed.losses")
        self.show_run(zeroed, "zeroed", "not_zeroed_cure", cured)

    def descent_plot(self, run: accumulation.ZeroGradComparison) -> Plot:
        """Return the weight over the steps, with a line at its goal."""
        goal = self.params.goal()
        weights = np.concatenate([run.accumulated.weight, run.zeroed.weight, [goal]])
        seen = np.clip(weights, goal - SIGHT, goal + SIGHT)
        across = Axis(0, self.params.steps, escape(self.tr("step")))
        plot = Plot(across, Axis.around(seen, "$w$"), self.layout.picture, *self.look)
        plot.add_mark("goal", goal, way="y", label=escape(self.tr("least loss")))
        plot.move_to((*self.layout.picture_centre, 0))
        return plot

    def show_run(
        self, run: accumulation.DescentRun, path: str, name: str, text: str | Sentence
    ) -> None:
        """One of the two descents: its curve, and its first steps in the table."""
        formulas = RunFormulas(self, run, f"descent.{path}")
        is_first = name == "not_zeroed"
        colour, word = series_colour(self.theme, 1), self.tr("zeroed")
        code = f"for _ in range({len(run.weight) - 1}): {STEP_LINE}"
        if is_first:
            colour, word = series_colour(self.theme, 3), self.tr("not zeroed")
            code = code.replace("opt.zero_grad(); ", "")
        weights, away, sight = run.weight, "", self.plot.axes.y
        outside = np.flatnonzero((weights < sight.low) | (weights > sight.high))
        if len(outside):
            left = int(outside[0])
            weights = weights[: left + 1]
            away = escape(self.tr("left at step {number}").format(number=left))
        self.beat(name, text)
        words: Any = {"label": escape(word), "exit_text": away}
        steps = np.arange(len(weights))
        self.plot.add_curve(
            path, steps, weights, colour=colour, progress=0.0, has_dots=True, **words
        ).hide(path)
        written: Any = self.table if is_first else self.table.animate
        for k in range(len(self.table.cells)):
            written = written.set_row(k, formulas.row(k))
        if is_first:
            self.bring(self.plot, self.table)
        self.write(code, formulas.step(), *([] if is_first else [written]))
        self.move(self.plot.animate.reveal(path).grow(1.0, path), seconds=FLOW_SECONDS)


def verdict_of(flow: FlowRecord) -> claims.Flow:
    """Return what becomes of a gradient on its way back through a network."""
    return claims.flow(np.array([layer.norm_dL_dW for layer in flow.layers]))


def decades(case: FlowCase, count: int) -> Axis:
    """Return an axis from one power of ten to another that holds both networks' gradients."""
    lengths = [it.norm_dL_dW for flow in (case.faulty, case.cured) for it in flow.layers]
    powers = np.log10([it for it in lengths if it > 0] or [1.0])
    low = math.floor(powers.min() - NEAR)
    return Axis(10.0**low, 10.0 ** max(math.ceil(powers.max()), low + 1), "", True, count)


def told_steps(run: accumulation.ZeroGradComparison) -> list[int]:
    """Return the steps that are written out: those that both descents have come to."""
    return list(range(min(ROWS, *(len(it.weight) for it in (run.zeroed, run.accumulated)))))
