"""Backpropagation: one training step of a small network, number by number.

Afterwards the viewer can say: what a layer computes, what the loss measures, that gradients are
products of factors handed back layer by layer, and that one step against them lowers the loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, FadeOut
from pydantic import ConfigDict, model_validator

from backprop_studio.core.answer_sheet import step_sheet, step_values
from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.change import Change, change
from backprop_studio.core.json_ready import plain
from backprop_studio.core.network.factors import parameter_factors
from backprop_studio.core.network.optimizers import OptimizerGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_steps
from backprop_studio.core.network.told import told_sample
from backprop_studio.core.surfaces.params import ParameterChoice
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families import training_step as step
from backprop_studio.scenes.families.loss_captions import loss_caption
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import in_sentence, markup_of
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.networks.network_drawing import Drawing

STEPS_TOLD = 4
"""Steps with a beat of their own; the others are in the curve of the loss."""

MOST_DOTS = 20


UPDATE = Sentences(
    "update",
    slopes.Update,
    {
        "against": N_("Every weight steps against its gradient; the formula shows the same one."),
        "partly": N_("Weights step against their gradients; where that is 0 they stay."),
        "stationary": N_("All gradients of the weights are 0: no weight moves."),
        "by_rule": N_(
            "The optimizer makes a step of each gradient; the formula shows the same one."
        ),
    },
)
_TOO_LONG = N_("The same batch again: from {before} to {after}. The step was too long.")
AFTER = Sentences(
    "change",
    Change,
    {
        "falls": N_("The same batch again: the loss has fallen from {before} to {after}."),
        "rises": _TOO_LONG,
        "not_finite": _TOO_LONG,
        "equal": N_("The same batch again: after the step the loss is {after}, as it was before."),
        "stationary": N_("The gradient is 0, so nothing has moved: the loss stays {after}."),
    },
)
LOSSES = Sentences(
    "change",
    Change,
    {
        "falls": N_("{count} steps: the loss has fallen from {first} to {last}."),
        "rises": N_("{count} steps: the loss has risen from {first} to {last}."),
        "not_finite": N_("{count} steps: from {first} to {last}. The steps were too long."),
        "equal": N_("{count} steps: in the end the loss is {last}, as it was at the beginning."),
        "stationary": N_("{count} steps, and nothing has moved: the loss stays {last}."),
    },
)


class Params(NetworkGroup, OptimizerGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(
            order=["learning_rate", "steps", "network", "data", "sample", "optimizer", "followed"]
        )
    )

    steps: int = param(
        1,
        N_("Steps"),
        N_("The first is told in detail, the next ones quickly."),
        ge=1,
        le=1000,
        range=[1, 50],
    )
    followed: ParameterChoice | None = param(
        None, N_("Followed weight"), N_("Left out, it is the weight with the largest gradient.")
    )
    network_drawing: Drawing = param(
        "auto",
        N_("Drawing of the network"),
        N_("How layers with many units are drawn."),
        labels={
            "auto": N_("By size"),
            "collapsed": N_("First two units, dots and the last, with numbers"),
            "whole": N_("All units and all weights"),
            "strongest": N_("All units and the strongest weights"),
        },
        level="advanced",
    )

    @model_validator(mode="after")
    def _followed_is_there(self) -> Params:
        if self.followed is None:
            return self
        sizes, place = self.network_spec().sizes, self.followed
        if place.layer >= len(sizes):
            text = N_("{field}: allowed are 1 to {most}")
            most = len(sizes) - 1
            raise ParameterError("followed.layer", text, field="followed.layer", most=most)
        n_in, n_out = sizes[place.layer - 1 : place.layer + 1]
        if place.row > n_out:
            text = N_("{field}: layer {layer} has units 1 to {most}")
            fields = {"field": "followed.row", "layer": place.layer, "most": n_out}
            raise ParameterError("followed.row", text, **fields)
        if place.column is not None and place.column > n_in:
            text = N_("{field}: layer {layer} has inputs 1 to {most}")
            fields = {"field": "followed.column", "layer": place.layer, "most": n_in}
            raise ParameterError("followed.column", text, **fields)
        return self


class Backprop(step.TrainingStepLesson):
    """One step: forward, loss, backward, update, and the loss again."""

    title = N_("Backpropagation: one training step")
    summary = N_("Values flow forward, gradients flow back, and one step lowers the loss.")
    chapter = N_("Networks")
    place = (3, 2)
    thumbnail = "back_1"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run the step."""
        params = self.params
        network, optimizer = params.network_spec(), params.optimizer_spec()
        self.records = run_steps(network, params.batch(), optimizer, params.steps)
        self.record = self.records[0]
        self.factors = parameter_factors(self.record, *self.followed_place())
        self.sample = told_sample(self.record, self.factors)
        if params.sample is not None:
            self.sample = params.sample - 1
        sheet = step_sheet("backprop", params.model_dump(mode="json"), self.record)
        losses = [self.record.loss, *(record.loss_after for record in self.records)]
        return {
            **sheet,
            "factors": plain(self.factors),
            "steps": [step_values(record) for record in self.records[1:]],
            "losses": plain(losses),
        }

    def followed_place(self) -> tuple[int, int, int | None]:
        """Return layer, row and column of the followed weight; of a bias, no column."""
        if self.params.followed is None:
            return step.largest_gradient(self.record)
        index = self.params.followed.index()
        return index.layer, index.row, index.column

    def resolved(self) -> dict[str, Any]:
        """Return what stands for parameters that are left open, and which weight is followed."""
        layer, row, column = self.followed_place()
        place = {"layer": layer + 1, "row": row + 1}
        if column is not None:
            place["column"] = column + 1
        followed = {f"followed.{name}": at for name, at in place.items()}
        return super().resolved() | followed | {"sample": self.sample + 1}

    def tell(self) -> None:
        """Tell the step in the order in which torch takes it."""
        layers = range(1, len(self.record.layers) + 1)
        self.changes = UpdateFormulas(self, self.record, self.factors)
        self.show_network()
        self.show_input()
        for layer in layers:
            self.go_forward(layer)
        self.show_loss()
        self.start_backward()
        for layer in reversed(layers):
            self.show_weight_gradient(layer)
            if layer > 1:
                self.hand_back(layer)
        self.show_factors()
        self.update_weights()
        self.show_loss_after()
        self.tell_next_steps()

    # The beats

    def show_network(self) -> None:
        """The network appears; each line is a weight."""
        text = N_("Each line is a weight: blue positive, orange negative, wider is larger.")
        if self.theme.dashes_negative:
            text = N_("Each line is a weight: solid positive, dashed negative, wider is larger.")
        self.beat("network", text)
        self.write(
            lines.model_line(self.record.network),
            self.formulas.shapes(),
            self.network.animate.reveal(),
        )
        for layer, count in enumerate(self.network.counts()):
            if count:
                self.whole(f"sizes.{layer}")
        self.hold(TIMES.look)

    def show_input(self) -> None:
        """The batch goes in; one sample is followed."""
        text = N_("One sample goes in.")
        if self.record.batch.size > 1:
            text = N_("A batch of {count} samples goes in; the picture follows sample {number}.")
        self.beat("input", text, count=self.record.batch.size, number=self.sample + 1)
        inputs = self.record.batch.inputs[self.sample]
        self.show(
            lines.BATCH,
            self.formulas.batch(),
            self.lit(0, inputs, f"inputs.{self.sample}", "x", number=self.given),
        )

    def go_forward(self, layer: int) -> None:
        """A layer weighs its inputs, adds the bias and applies its activation."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        identity = record.activation == "identity"
        text = N_("Layer {layer} weighs what comes in, adds the bias and applies {name}.")
        if identity:
            text = N_("Layer {layer} weighs what comes in and adds the bias.")
        self.beat(f"forward_{layer}", text, layer=layer, name=record.activation)
        self.write(
            lines.forward_line(self.record.network, layer),
            self.formulas.forward(layer),
            self.network.animate.send_light(layer - 1),
            seconds=TIMES.travel,
        )
        self.network.settle()
        for quantity in ("z",) if identity else ("z", "a"):
            values = getattr(record, quantity)[self.sample]
            name = f"{path}.{quantity}.{self.sample}"
            self.move(self.lit(layer, values, name, f"{quantity}_{layer}"), seconds=TIMES.change)
            self.hold(TIMES.look)

    def show_loss(self) -> None:
        """Answers against targets, and the mean over the batch."""
        self.beat("loss", loss_caption(self.record.network))
        self.write(
            lines.loss_line(self.record.network),
            self.formulas.loss(),
            self.network.animate.move_to((*self.layout.network_centre, 0)),
        )
        self.move(self.panel.animate.show_answers(*self.answers("")))
        self.move(self.panel.animate.show_loss(markup_of(self.fine("loss"))))

    def start_backward(self) -> None:
        """The gradient of the loss with respect to the outputs."""
        text = N_("Backward begins: each logit's probability minus target, over the batch size.")
        if not self.classifies:
            text = N_("Backward begins at the loss: how it changes with each output.")
        self.beat("backward", text)
        last = len(self.record.layers)
        self.show(lines.BACKWARD, self.formulas.output_gradient(), self.gradient_lit(last))

    def show_weight_gradient(self, layer: int) -> None:
        """Gradient at a weight's end times value at its start, summed over the batch."""
        text = N_("A weight's gradient: the gradient it leads to times the value it comes from.")
        is_batch, record = self.record.batch.size > 1, self.record.layers[layer - 1]
        if is_batch:
            text = N_(
                "A weight's gradient: the gradient it leads to times the value it comes from, "
                "added up over the batch."
            )
        self.beat(f"weights_{layer}", text)
        grow = self.network.animate.grow_arrows
        own = grow(layer - 1, record.dL_dW_of(self.sample))
        self.write(lines.BACKWARD, self.formulas.weight_gradient(layer), own, seconds=TIMES.travel)
        if is_batch:  # what stands in the nodes is of one sample
            self.hold(TIMES.look)
            self.move(self.network.animate.grow_arrows(layer - 1, record.dL_dW))
        self.let_read()

    def hand_back(self, layer: int) -> None:
        """Through the weights and the activation's slope to the layer before."""
        activation = self.record.layers[layer - 2].activation
        text = N_("Back to layer {layer}: through the weights, then times the slope of {name}.")
        self.beat(f"back_{layer - 1}", text, layer=layer - 1, name=activation)
        self.show(lines.BACKWARD, self.formulas.handed_back(layer), self.gradient_lit(layer - 1))

    def show_factors(self) -> None:
        """One parameter's gradient, factor by factor."""
        text = N_("One bias's gradient, factor by factor: each link passes a change on.")
        if self.factors.column is not None:
            text = N_("One weight's gradient, factor by factor: how each link passes a change on.")
        self.beat("factors", text)
        layer, row, column = self.followed_place()
        followed, line = self.network.animate, f"b{layer + 1}.grad[{row}]"
        if column is not None:
            followed = followed.follow(layer, row, column)
            line = f"W{layer + 1}.grad[{row}, {column}]"
        self.show(line, self.changes.product(self.sample), followed)

    def update_weights(self) -> None:
        """Every weight steps against its gradient; one is followed digit by digit."""
        pairs = zip(self.record.updated, self.record.layers, strict=True)
        moves = [new.weight - old.weight for new, old in pairs]
        verdict = slopes.update(moves, [layer.dL_dW for layer in self.record.layers])
        text, counts = step.what_learns(self.record.network, UPDATE(verdict))
        self.beat("update", text, **counts)
        self.show(
            lines.step_line(self.record.optimizer, self),
            self.changes.update(),
            *self.moved(0),
        )

    def show_loss_after(self) -> None:
        """The same batch again, through the moved weights."""
        before, after = self.told_apart("loss", "loss_after")
        self.beat("after", AFTER(self.record.outcome), before=before, after=after)
        released = self.network.animate.release()
        line = lines.loss_line(self.record.network, by_model=True)
        self.write(line, self.formulas.loss_change(), released)
        for layer in range(1, len(self.record.layers) + 1):
            self.move(self.network.animate.send_light(layer - 1), seconds=TIMES.change)
            self.network.settle()
            self.move(self.lit_after(0, layer, self.network.animate), seconds=TIMES.fade)
        bars, texts = self.answers("_after")
        self.move(self.panel.animate.show_answers(bars, texts).show_loss_after(markup_of(after)))

    # Further steps

    def tell_next_steps(self) -> None:
        """Tell some more steps quickly, and all of them as a curve."""
        for number in range(1, min(len(self.records), STEPS_TOLD)):
            self.tell_step(number)
        if len(self.records) > 1:
            self.show_losses()

    def tell_step(self, number: int) -> None:
        """One step in three movements: gradients, weights, values."""
        prefix = step.step_prefix(number)
        before, after = (self.fine(f"{prefix}{name}") for name in ("loss", "loss_after"))
        text = N_("Step {number}: backward, update, forward: from {before} to {after}.")
        self.beat(
            f"step_{number + 1}",
            text,
            number=number + 1,
            before=in_sentence(before),
            after=in_sentence(after),
        )
        arrows = self.network.animate
        for gap, record in enumerate(self.records[number].layers):
            arrows = arrows.grow_arrows(gap, record.dL_dW)
        line = lines.again_line(self.record.network)
        self.write(line, self.changes.update(prefix), arrows, seconds=TIMES.travel)
        self.move(*self.moved(number), seconds=TIMES.travel)
        lit = self.network.animate
        for layer in range(1, len(self.record.layers) + 1):
            lit = self.lit_after(number, layer, lit)
        bars, texts = self.answers("_after", number)
        panel = self.panel.animate.show_answers(bars, texts).show_loss(markup_of(before))
        self.move(lit, panel.show_loss_after(markup_of(after)))
        self.hold(TIMES.look)

    def show_losses(self) -> None:
        """The loss over all steps."""
        losses = np.array([self.record.loss, *(record.loss_after for record in self.records)])
        last = len(losses) - 1
        first, end = self.told_apart("losses.0", f"losses.{last}")
        is_still = all(record.outcome == "stationary" for record in self.records)
        verdict = change(float(losses[0]), float(losses[-1]), moved=not is_still)
        self.beat("losses", LOSSES(verdict, "losses"), count=last, first=first, last=end)
        axes = Axis(0, last, self.tr("step")), Axis.around(losses, "$L$")
        curve = Plot(*axes, self.layout.stage, *self.look)
        steps = range(last + 1)
        curve.add_curve(
            "loss", steps, losses, colour=self.theme.loss, progress=0.0, has_dots=last <= MOST_DOTS
        )
        curve.move_to((*self.layout.stage_centre, 0))
        self.move(FadeOut(self.network), FadeOut(self.panel), seconds=TIMES.fade)
        formula = coloured(f"L_0 = {first} quad -> quad L_{last} = {end}", self.theme.loss)
        told = min(len(self.records), STEPS_TOLD)
        left = len(self.records) - told
        code = lines.loss_line(self.record.network, by_model=True)
        code = lines.again_line(self.record.network, left) if left else code
        self.write(code, f"$ {formula} $", FadeIn(curve))
        self.move(curve.animate.grow(1.0, "loss"), seconds=2 * TIMES.travel)
