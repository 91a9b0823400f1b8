"""Backpropagation: one training step of a small network, number by number.

Afterwards the viewer can say: what a layer computes, what the loss measures, that gradients are
products of factors handed back layer by layer, and that one step against them lowers the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import Field

from core.answer_sheet import step_sheet
from core.engine import run_step
from core.i18n import N_
from core.parameters import LearningRateGroup, NetworkGroup
from core.record import StepRecord
from scenes.parts.board_lesson import BoardLesson
from scenes.parts.layered_network import LayeredNetwork
from scenes.parts.loss_panel import LossPanel
from scenes.parts.network_drawing import Drawing, network_view
from scenes.parts.network_view import shown_units
from scenes.parts.step_formulae import StepFormulae, class_word
from scenes.parts.style import DECIMALS_FINE, TIMES
from scenes.parts.torch_lines import (
    BACKWARD,
    BATCH,
    STEP,
    forward_line,
    loss_line,
    model_line,
)


class Params(NetworkGroup, LearningRateGroup):
    """What the lecturer chooses."""

    network_drawing: Drawing = Field(
        "auto",
        title=N_("Drawing of the network"),
        description=N_("How layers with many units are drawn."),
        json_schema_extra={
            "x-labels": {
                "auto": N_("By size"),
                "collapsed": N_("First two units, dots and the last, with numbers"),
                "whole": N_("All units and all weights"),
                "strongest": N_("All units and the strongest weights"),
            },
            "x-level": "advanced",
        },
    )


class Backprop(BoardLesson):
    """One step: forward, loss, backward, update, and the loss again."""

    title = N_("Backpropagation: one training step")
    summary = N_("Values flow forward, gradients flow back, and one step lowers the loss.")
    chapter = N_("Networks")
    Params = Params

    record: StepRecord
    network: LayeredNetwork
    panel: LossPanel
    formulae: StepFormulae

    def compute(self) -> dict[str, Any]:
        """Run the step."""
        params = self.params
        self.record = run_step(params.network_spec(), params.batch(), params.learning_rate)
        self.sample = params.sample - 1
        return step_sheet("backprop", params.model_dump(mode="json"), self.record, [])

    def tell(self) -> None:
        """Tell the step in the order in which torch takes it."""
        layers = range(1, len(self.record.layers) + 1)
        self.set_stage()
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
        self.update_weights()
        self.show_loss_after()

    # The stage

    def set_stage(self) -> None:
        """Lay out network, loss panel and the board of formulae."""
        # In the middle as long as it is alone; it makes room when the loss comes.
        self.network = self.make_network().move_to((*self.layout.network_alone, 0))
        self.panel = self.make_panel()
        self.panel.move_to((*self.layout.panel_centre, 0))
        self.formulae = StepFormulae(
            self.record, self.sample, self.number, self.given, self.theme, self.tr,
            self.class_names(),
        )  # fmt: skip
        self.set_board()
        self.add(self.network, self.panel)

    def make_network(self) -> LayeredNetwork:
        """Return the network, dark."""
        record, tr = self.record, self.tr
        hidden = len(record.layers) - 1
        names = [tr("input")]
        names += [
            tr("hidden {number}").format(number=k) if hidden > 1 else tr("hidden")
            for k in range(1, hidden + 1)
        ]
        names.append(tr("logits") if self.classifies else tr("output"))
        weights = [layer.weight for layer in record.layers]
        gradients = [layer.dL_dW for layer in record.layers]
        return network_view(
            self.params.network_drawing, record.network.sizes, names, weights, gradients,
            self.layout.network, self.theme, self.language, image_shape=self.image_shape(),
        )  # fmt: skip

    def image_shape(self) -> tuple[int, int] | None:
        """Return rows and columns of a sample, if it is a picture."""
        chosen = self.params.dataset() if self.params.data.inputs is None else None
        return chosen.image_shape if chosen is not None else None

    def make_panel(self) -> LossPanel:
        """Return the panel with one row per output that is drawn."""
        tr, record = self.tr, self.record
        self.outputs = [k for k in shown_units(record.network.sizes[-1]) if k is not None]
        classes = self.class_names()
        target = int(record.batch.targets[self.sample]) if self.classifies else None
        return LossPanel(
            tr("probability p") if self.classifies else tr("output − target"),
            [
                class_word(k, classes, tr)
                if self.classifies
                else tr("output {number}").format(number=k + 1)
                for k in self.outputs
            ],
            [k == target for k in self.outputs],
            (tr("loss L"), tr("loss after")), self.layout.panel_width, self.theme, self.language,
        )  # fmt: skip

    @property
    def classifies(self) -> bool:
        """Whether outputs are logits of classes."""
        return self.record.before.probabilities is not None

    def class_names(self) -> tuple[str, ...]:
        """Return what the data set calls its classes; rows that the user wrote have no names."""
        chosen = self.params.dataset() if self.params.data.inputs is None else None
        return chosen.class_names if chosen is not None else ()

    def lit(
        self,
        layer: int,
        values: Any,
        name: str,
        tag: str,
        *,
        number: Callable[[str], str] | None = None,
        gradient: bool = False,
    ) -> Any:
        """Return the animation that puts values, printed from the answer sheet, into a layer."""
        units, numbered = self.network.units[layer], self.network.numbered[layer]
        decimals = self.network.decimals(values)
        read = number or (lambda path: self.number(path, decimals))
        return self.network.animate.light(
            layer,
            [0.0 if k is None else float(values[k]) for k in units],
            ["" if k is None or not numbered else read(f"{name}.{k}") for k in units],
            f"${tag}$",
            gradient=gradient,
        )

    # The beats

    def show_network(self) -> None:
        """The network appears; each line is a weight."""
        self.beat(
            "network",
            self.tr("Each line is a weight: solid positive, dashed negative, wider is larger.")
            if self.theme.dashes_negative
            else self.tr("Each line is a weight: blue positive, orange negative, wider is larger."),
        )
        self.write(
            model_line(self.record.network), self.formulae.shapes(), self.network.animate.reveal()
        )
        for layer, count in enumerate(self.network.counts()):
            if count:
                self.number(f"sizes.{layer}", 0)
        self.hold()

    def show_input(self) -> None:
        """The batch goes in; one sample is followed."""
        caption = (
            self.tr("A batch of {count} samples goes in; the picture follows sample {number}.")
            if self.record.batch.size > 1
            else self.tr("One sample goes in.")
        )
        self.beat("input", caption.format(count=self.record.batch.size, number=self.sample + 1))
        inputs = self.record.batch.inputs[self.sample]
        self.write(
            BATCH,
            self.formulae.batch(),
            self.lit(0, inputs, f"inputs.{self.sample}", "x", number=self.given),
        )
        self.hold()

    def go_forward(self, layer: int) -> None:
        """A layer weighs its inputs, adds the bias and applies its activation."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        identity = record.activation == "identity"
        caption = (
            self.tr("Layer {layer} weighs what comes in and adds the bias.")
            if identity
            else self.tr("Layer {layer} weighs what comes in, adds the bias and applies {name}.")
        )
        self.beat(f"forward_{layer}", caption.format(layer=layer, name=record.activation))
        self.write(
            forward_line(self.record.network, layer),
            self.formulae.forward(layer),
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
        self.beat("loss", self.tr(_LOSS_CAPTIONS[self.record.network.loss]))
        self.write(
            loss_line(self.record.network),
            self.formulae.loss(),
            self.network.animate.move_to((*self.layout.network_centre, 0)),
        )
        self.move(self.panel.animate.show_answers(*self.answers("")))
        self.move(self.panel.animate.show_loss(self.number("loss", DECIMALS_FINE)))
        self.hold()

    def answers(self, suffix: str) -> tuple[list[float], list[str]]:
        """Return bars and printed numbers of the panel, before or after the step."""
        forward = self.record.after if suffix else self.record.before
        name = "probabilities" if self.classifies else "residuals"
        values = getattr(forward, name)[self.sample]
        texts = [self.number(f"{name}{suffix}.{self.sample}.{k}") for k in self.outputs]
        return [float(abs(values[k])) for k in self.outputs], texts

    def start_backward(self) -> None:
        """The gradient of the loss with respect to the outputs."""
        caption = (
            self.tr("Backward begins: each logit's probability minus target, over the batch size.")
            if self.classifies
            else self.tr("Backward begins at the loss: how it changes with each output.")
        )
        self.beat("backward", caption)
        last = len(self.record.layers)
        self.write(BACKWARD, self.formulae.output_gradient(), self.gradient_lit(last))
        self.hold()

    def gradient_lit(self, layer: int) -> Any:
        """Return the animation that puts dL/dz into a layer's nodes."""
        values = self.record.layers[layer - 1].dL_dz[self.sample]
        name = f"layers.{layer - 1}.dL_dz.{self.sample}"
        return self.lit(layer, values, name, f"partial L slash partial z_{layer}", gradient=True)

    def show_weight_gradient(self, layer: int) -> None:
        """Gradient at a weight's end times value at its start, summed over the batch."""
        self.beat(
            f"weights_{layer}",
            self.tr(
                "A weight's gradient: the gradient where it ends times the value where it starts."
            ),
        )
        gradients = self.record.layers[layer - 1].dL_dW
        self.write(
            BACKWARD,
            self.formulae.weight_gradient(layer),
            self.network.animate.grow_arrows(layer - 1, gradients),
            seconds=TIMES.travel,
        )
        self.hold()

    def hand_back(self, layer: int) -> None:
        """Through the weights and the activation's slope to the layer before."""
        activation = self.record.layers[layer - 2].activation
        caption = self.tr(
            "Back to layer {layer}: through the weights, then times the slope of {name}."
        )
        self.beat(f"back_{layer - 1}", caption.format(layer=layer - 1, name=activation))
        self.write(BACKWARD, self.formulae.handed_back(layer), self.gradient_lit(layer - 1))
        self.hold()

    def update_weights(self) -> None:
        """Every weight steps against its gradient; one is followed digit by digit."""
        gap, row, column = self.largest_gradient()
        self.beat(
            "update",
            self.tr("Every weight steps against its gradient; here the one with the largest."),
        )
        self.write(
            STEP,
            self.formulae.update(gap, row, column),
            self.network.animate.follow(gap, row, column),
        )
        self.hold(TIMES.look)
        moved = self.network.animate.drop_arrows()
        for index, update in enumerate(self.record.updated):
            moved = moved.set_weights(index, update.weight).darken(index + 1)
        self.move(moved, seconds=TIMES.travel)
        self.hold(TIMES.look)

    def largest_gradient(self) -> tuple[int, int, int]:
        """Return layer, row and column of the weight with the largest |dL/dW| that is drawn."""
        best, place = -1.0, (0, 0, 0)
        for gap, layer in enumerate(self.record.layers):
            sizes = np.abs(self.network.pick(gap, layer.dL_dW))
            row, column = np.unravel_index(int(np.nanargmax(sizes)), sizes.shape)
            if sizes[row, column] > best:
                best = float(sizes[row, column])
                units = self.network.units
                place = (gap, units[gap + 1][row] or 0, units[gap][column] or 0)
        return place

    def show_loss_after(self) -> None:
        """The same batch again, through the moved weights."""
        caption = (
            self.tr("The same batch again: the loss has fallen from {before} to {after}.")
            if self.record.loss_after < self.record.loss
            else self.tr("The same batch again: from {before} to {after}. The step was too long.")
        )
        before = self.number("loss", DECIMALS_FINE)
        after = self.number("loss_after", DECIMALS_FINE)
        self.beat("after", caption.format(before=before, after=after))
        self.write(
            "loss = loss_fn(model(x), t)",
            self.formulae.loss_change(),
            self.network.animate.release(),
        )
        for layer, values in enumerate(self.record.after.activations, start=1):
            self.move(self.network.animate.send_light(layer - 1), seconds=TIMES.change)
            self.network.settle()
            name = f"a_after.{layer - 1}.{self.sample}"
            identity = self.record.layers[layer - 1].activation == "identity"
            tag = f"{'z' if identity else 'a'}_{layer}"
            self.move(self.lit(layer, values[self.sample], name, tag), seconds=TIMES.fade)
        bars, texts = self.answers("_after")
        self.move(self.panel.animate.show_answers(bars, texts).show_loss_after(after))
        self.hold()


_LOSS_CAPTIONS = {
    "cross_entropy": N_(
        "Softmax makes probabilities; the loss is −ln p of the right class, averaged."
    ),
    "mse": N_("The loss is the squared difference from the target, averaged."),
    "half_squared_error": N_(
        "The loss is half the squared difference from the target, averaged over the batch."
    ),
    "binary_cross_entropy": N_("The loss is −ln of the probability of the right answer, averaged."),
}
