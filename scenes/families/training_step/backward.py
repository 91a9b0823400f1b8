"""The way back: every weight at once, layer by layer."""

from __future__ import annotations

from typing import Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.one_weight import OneWeightBeats
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import elided
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.terms import whole

WONDER = 0.5
"""Seconds after a question that the next beats answer."""

OUTGOING = 0.62
"""Where on its line a weight sets out whose line comes from the same unit as others."""


class BackwardBeats(OneWeightBeats):
    """From the loss back to the first layer.

    Attributes
    ----------
    last, last_changes : ParameterFactors, UpdateFormulas
        Of one weight of the last layer, which is told as an example of all.
    hidden, hidden_changes : ParameterFactors, UpdateFormulas
        Of a unit of the layer before it, if there is one.
    first, first_changes : ParameterFactors, UpdateFormulas
        Of one weight of the first layer.
    """

    last: ParameterFactors
    last_changes: UpdateFormulas
    hidden: ParameterFactors
    hidden_changes: UpdateFormulas
    first: ParameterFactors
    first_changes: UpdateFormulas

    def start_backward(self) -> None:
        """The gradient of the loss with respect to the outputs."""
        self.beat("backward", N_("Every weight at once"))
        self.stays_small = False
        free = self.network.animate.release().watch_all()
        text = N_("One sweep back finds the gradients of all {count} numbers.")
        if self.params.questions:
            text = N_("One sweep back finds all {count} gradients. Which is the largest?")
        with self.say(text, count=self.count):
            self.move(free)
        if self.params.questions:
            self.let_read(WONDER)
        text = N_("We begin at the loss: how does it change when an output changes?")
        if self.classifies:
            text = N_("A logit's gradient is p − t: t is 1 for the right class.")
        if self.record.network.has_shares:
            text = N_("A logit's gradient compares p with q, what its class counts in the loss.")
        last, size = len(self.record.layers), self.record.network.sizes[-1]
        with self.say(text):
            self.take_board(self.formulas.output_gradient)
            self.run_line(lines.BACKWARD)
            rows = [k for k in elided(size) if k is not None]
            coming = {f"p{k}": self.panel_spot(k) for k in rows} if self.classifies else {}
            there = {name: spot for name, spot in coming.items() if spot is not None}
            results = [f"g{k}" for k in rows]
            is_mean = self.record.network.reduction == "mean" and self.record.batch.size > 1
            if not (self.classifies and is_mean) or self.record.network.has_shares:
                self.work_out(self.formulas.output_gradient(), there, last=results)
                self.send(self.spots(last, "g"), self.gradient_lit(last))
                return
            self.work_out(self.formulas.output_gradient(), there, hidden=whole(results))
        text = N_("Divided by {size}: L is the mean of {size} samples.")
        with self.say(text, size=self.record.batch.size):
            self.move(self.board.animate.reveal(*whole(results)), seconds=TIMES.change)
            self.send(self.spots(last, "g"), self.gradient_lit(last))

    def show_weight_gradient(self, layer: int) -> None:
        """Gradient at a weight's end times value at its start, summed over the batch."""
        self.beat(f"weights_{layer}", N_("The weights of layer {layer}"), layer=layer)
        record = self.record.layers[layer - 1]
        # Of one sample, as what stands in the nodes is.
        arrows = layer - 1, record.dL_dW_of(self.sample)
        told, changes, text = self.told_at(layer)
        if told is None:
            with self.say(text, layer=layer):
                self.move(self.network.animate.grow_arrows(*arrows), seconds=TIMES.travel)
            return
        self.take_board()
        with self.say(text, layer=layer, it=self.it):
            self.move(self.told_lit(told), seconds=TIMES.change)
            self.work_out(changes.own_term(self.sample), self.ends(told), last=["own"])
            home = self.edge_spot(layer - 1, told.row, told.column or 0)
            if home is not None:
                self.carry("own", home)
            growing = self.network.animate.grow_arrows(*arrows).watch_all().release()
            self.move(growing, seconds=TIMES.travel)
        if layer == len(self.record.layers):
            with self.say(N_("Arrow colour: sign; width: size.")):
                pass

    def told_at(self, layer: int) -> tuple[ParameterFactors | None, UpdateFormulas, str]:
        """Return the weight of a layer that is worked out, its formulas, and what is said."""
        last, is_weight = len(self.record.layers), self.factors.column is not None
        text = N_("A weight's gradient: the gradient at its end times the value at its start.")
        told = (self.last, self.last_changes) if layer == last else None
        # Of several samples the followed weight is told with their sum.
        if self.factors.layer == layer - 1 and self.is_worked_out and self.record.batch.size == 1:
            told = self.factors, self.changes
        if told is not None:
            if layer < last:
                text = N_("Now {it} we followed, in the same way: end times start.")
            return *told, text
        if layer == 1:
            text = N_("In layer 1 the value at the start is an input.")
            if self.factors.layer + 1 == last or not is_weight:
                return self.first, self.first_changes, text
            return None, self.changes, text
        return None, self.changes, N_("In layer {layer} it is the same rule: end times start.")

    @property
    def is_worked_out(self) -> bool:
        """Whether the followed parameter is a weight, and both its ends are drawn."""
        layer, row, column = self.factors.layer, self.factors.row, self.factors.column
        return column is not None and self.network.edge_at(layer, row, column) is not None

    def told_lit(self, told: ParameterFactors) -> Any:
        """Return the animation that shows one weight with its neuron and what comes into it."""
        return self.network.animate.watch(told.layer + 1, told.row).follow(
            told.layer, told.row, told.column or 0
        )

    def ends(self, told: ParameterFactors) -> dict[str, Spot]:
        """Return where the numbers at both ends of a told weight stand."""
        spots = {
            "g": self.unit_spot(told.layer + 1, told.row),
            "a": self.unit_spot(told.layer, told.column or 0),
        }
        return {name: spot for name, spot in spots.items() if spot is not None}

    def hand_back(self, layer: int) -> None:
        """Through the weights and the activation's slope to the layer before."""
        before = self.record.layers[layer - 2]
        self.beat(f"back_{layer - 1}", N_("Back to layer {layer}"), layer=layer - 1)
        verdict = claims.slopes(before.activation, before.da_dz[self.sample])
        about = f"layers.{layer - 2}"
        if layer == len(self.record.layers):
            told = script.BACK_RELU if before.activation == "relu" else script.BACK
            self.hand_back_one(layer, told(verdict, about))
        elif layer == 2:
            self.hand_back_all(layer, script.BACK_LAST(verdict, about))
        else:
            again = script.BACK_AGAIN(verdict, about)
            with self.say(again, name=before.activation, layer=layer - 1):
                self.light_back(layer)
                self.move(self.gradient_lit(layer - 1))

    def light_back(self, layer: int) -> None:
        """Let light go back through the weights, which are seen instead of their gradients."""
        lit = self.network.animate.show_weights(layer - 1).send_light(layer - 1, back=True)
        self.move(lit, seconds=TIMES.travel)
        self.network.settle()

    def hand_back_one(self, layer: int, bent: Sentence) -> None:
        """Work out one neuron of the layer before; the others then have theirs."""
        changes, hidden, sample = self.hidden_changes, self.hidden, self.sample
        name = self.record.layers[layer - 2].activation
        self.take_board(lambda: changes.handed_back(sample), least=SIZES.small)
        with self.say(
            N_("Back through the weights: gradient times weight, added up in the neuron.")
        ):
            self.light_back(layer)
            self.move(
                self.network.animate.watch(layer - 1, hidden.row, back=True), seconds=TIMES.change
            )
            self.work_out(changes.arriving(sample), self.behind(), last=["da"])
        with self.say(bent, name=name, layer=layer - 1):
            self.work_out(changes.handed_back(sample), last=["dz"])
            home = self.unit_spot(layer - 1, hidden.row)
            lit = self.gradient_lit(layer - 1, self.network.animate.watch_all())
            self.send({"dz": home} if home else {}, lit)

    def hand_back_all(self, layer: int, bent: Sentence) -> None:
        """The whole layer in one product of matrices, and what its slopes let through."""
        name, to = self.record.layers[layer - 2].activation, layer - 1
        rows = [k for k in elided(self.record.network.sizes[to]) if k is not None]
        text = N_("Layer {layer} at once: a row holds one neuron's outgoing weights.")
        with self.say(text, layer=to):
            self.light_back(layer)
            self.take_board(lambda: self.formulas.arriving(to))
            arriving = [f"m{k}" for k in rows]
            self.work_out(lambda: self.formulas.arriving(to), self.spots(layer, "g"), last=arriving)
            if name == "identity":
                self.send(self.spots(to, "m"), self.gradient_lit(to))
        with self.say(bent, name=name, layer=to):
            if name != "identity":
                results = [f"d{k}" for k in rows]
                self.work_out(lambda: self.formulas.through_slopes(to), last=results)
                self.send(self.spots(to, "d"), self.gradient_lit(to))

    def behind(self) -> dict[str, Spot]:
        """Return where gradients and weights behind the told hidden unit are."""
        hidden, found = self.hidden, {}
        for k in elided(self.record.network.sizes[hidden.layer + 2]):
            if k is not None:
                found[f"g{k}"] = self.unit_spot(hidden.layer + 2, k)
                found[f"w{k}"] = self.edge_spot(hidden.layer + 1, k, hidden.row, OUTGOING)
        return {name: spot for name, spot in found.items() if spot is not None}
