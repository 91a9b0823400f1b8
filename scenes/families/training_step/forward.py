"""The way forward: the question, one neuron in full, its layer, and the others."""

from __future__ import annotations

from typing import Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import parameter_count
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts
from backprop_studio.core.network.story.course import Course
from backprop_studio.core.network.story.unit import Unit
from backprop_studio.scenes.boards.step import class_word
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.stage import TrainingStepLesson
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import elided, in_sentence
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.stage.terms import whole

QUESTION_STANDS = 0.5
"""Seconds that the film's question stands when it has been said."""

BATCH_AT = 0.5
"""When the batch is written, as a share of the sentence that names it."""

ROW = 1.3
"""Seconds for a row of the first product of matrices."""


class ForwardBeats(TrainingStepLesson):
    """From the question to the outputs.

    Attributes
    ----------
    unit : Unit
        The neuron that is told in full.
    course : Course
        The answers to the followed sample.
    """

    unit: Unit
    course: Course

    @property
    def count(self) -> int:
        """How many weights and biases there are."""
        return parameter_count(self.record.network.sizes)

    def target_word(self) -> str:
        """Return what the network should have said to the followed sample, if that is a class."""
        if not self.classifies:
            return ""
        target = int(self.record.batch.targets[self.sample])
        return class_word(target, self.class_names(), self.tr)

    def ask_the_question(self) -> None:
        """The network, what it says, and what it should have said."""
        self.beat("question", N_("The question"))
        signs = N_("Each line is a weight: blue positive, orange negative, wider is larger.")
        if self.theme.dashes_negative:
            signs = N_("Each line is a weight: solid positive, dashed negative, wider is larger.")
        with self.say(signs):
            for layer, count in enumerate(self.network.counts()):
                if count:
                    self.whole(f"sizes.{layer}")
        with self.say(script.ANSWER(self.course.answers[0]), **self.answer_words()):
            bars, texts = self.answers("")
            # Shares have no numbers yet: it is told later how they are made.
            texts = [""] * len(texts) if self.classifies else texts
            self.move(self.panel.animate.show_answers(bars, texts))
        with self.say(script.QUESTION[self.course.answers[0]], count=self.count):
            pass
        self.let_read(QUESTION_STANDS)

    def answer_words(self) -> dict[str, str]:
        """Return what the network says to the followed sample, and what it should say."""
        if self.course.said is not None:
            said = class_word(self.course.said, self.class_names(), self.tr)
            return {"said": said, "target": self.target_word()}
        if self.course.answers[0] != "off":
            return {}
        last = len(self.record.layers) - 1
        paths = f"layers.{last}.a.{self.sample}.0", f"targets.{self.sample}.0"
        said, target = self.told_apart(*paths)
        return {"said": said, "target": target}

    def show_input(self) -> None:
        """The batch goes in; one sample is followed."""
        self.beat("input", N_("The input"))
        text = N_("One sample goes in: these are its numbers, rounded like all that follow.")
        if self.record.batch.size > 1:
            text = N_(
                "The batch has {count} samples. We follow sample {number}. Numbers are rounded."
            )
        inputs = self.record.batch.inputs[self.sample]
        with self.say(text, count=self.record.batch.size, number=self.sample + 1):
            self.run_line(lines.model_line(self.record.network))
            self.reach(BATCH_AT)
            self.take_board(self.formulas.batch, least=SIZES.small)
            self.run_line(lines.BATCH)
            self.work_out(self.formulas.batch())
            lit = self.lit(0, inputs, f"inputs.{self.sample}", "x", number=self.given)
            self.send(self.spots(0, "x"), lit)

    def show_neuron(self) -> None:
        """One neuron: products, sum, activation."""
        self.beat("neuron", N_("One neuron"))
        row, size = self.unit.row, self.record.network.sizes[0]
        activation = self.record.layers[0].activation
        self.take_board()
        text = N_("One neuron: each input is multiplied by the weight on its line.")
        with self.say(text):
            self.run_line("", self.network.animate.watch(1, row))
            coming = self.spots(0, "x")
            for k in elided(size):
                spot = None if k is None else self.edge_spot(0, row, k)
                if spot is not None:
                    coming[f"w{k}"] = spot
            home = self.unit_spot(1, row)
            self.work_out(self.formulas.unit(row), coming, hidden=whole(["b"]))
        with self.say(script.ADDED(counts.many(size), "sizes.0")):
            self.move(self.one_lit(row, "bias"), seconds=TIMES.change)
            self.bring({"b": home})
            self.move(self.board.animate.reveal(*whole(["b"])), seconds=TIMES.change)
            self.work_out(self.formulas.unit_sum(row), last=["z"])
            self.send({"z": home} if home else {}, self.one_lit(row, "z"))
        verdict = claims.activated(activation, self.unit.z)
        a = in_sentence(self.number("unit.a"))
        with self.say(script.ACTIVATED(verdict, "unit"), name=activation, a=a):
            if activation != "identity":
                self.clear_board()
                self.move(self.one_lit(row, "a"), seconds=TIMES.change)

    def one_lit(self, row: int, letter: str) -> Any:
        """Return the animation that puts bias, z or a of the neuron into its node."""
        value, text = getattr(self.unit, letter), self.number(f"unit.{letter}")
        return self.lit_one(1, row, value, text, f"{letter[0]}_1")

    def go_forward(self, layer: int) -> None:
        """A layer weighs its inputs, adds the bias and applies its activation."""
        last = len(self.record.layers)
        self.beat(f"forward_{layer}", N_("Layer {layer}"), layer=layer)
        text: str | Sentence = N_("Layer {layer} takes these numbers and does the same.")
        if layer == last:
            text = N_("The last layer gives the answer, one number for each output.")
            if self.classifies:
                text = N_("The last layer gives a score for each class, called a logit.")
        if layer == 1:
            text = script.NEIGHBOURS(counts.many(self.record.network.sizes[1]), "sizes.1")
        light = self.network.animate.watch_all().send_light(layer - 1)
        line = lines.forward_line(self.record.network, layer)
        with self.say(text, layer=layer):
            self.run_line(line)
            self.move(light, seconds=TIMES.travel)
            self.network.settle()
            if layer == 1:
                self.write_layer()
                self.lit_layer()
            else:
                self.show_values(layer)

    def write_layer(self) -> None:
        """Write the first layer as a product of matrices, and tell it row by row."""
        shape = self.record.layers[0].weight.shape
        outputs, inputs = ([k for k in elided(size) if k is not None] for size in shape)
        rows = [
            ([*(f"w{row}_{k}" for k in inputs), *(f"x{k}" for k in inputs), f"b{row}"], f"z{row}")
            for row in outputs
        ]
        self.take_board(lambda: self.formulas.forward(1))
        self.work_out(self.formulas.forward(1), hidden=[result for _, result in rows])
        self.row_by_row(rows, ROW)

    def lit_layer(self) -> None:
        """Send the sums of the first layer to its nodes, and let them be activated."""
        self.send(self.spots(1, "z"), self.layer_lit(1, "z"))
        if self.record.layers[0].activation != "identity":
            self.move(self.layer_lit(1, "a"), seconds=TIMES.change)

    def layer_lit(self, layer: int, quantity: str) -> Any:
        """Return the animation that puts z or a into a layer's nodes."""
        values = getattr(self.record.layers[layer - 1], quantity)[self.sample]
        name = f"layers.{layer - 1}.{quantity}.{self.sample}"
        return self.lit(layer, values, name, f"{quantity}_{layer}")

    def show_values(self, layer: int) -> None:
        """Put z, and then a, into a layer's nodes."""
        is_plain = self.record.layers[layer - 1].activation == "identity"
        for quantity in ("z",) if is_plain else ("z", "a"):
            self.move(self.layer_lit(layer, quantity), seconds=TIMES.change)
            self.hold(TIMES.change)
