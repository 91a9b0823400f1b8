"""The way forward: the question, one neuron in full, its layer, the others, and the loss."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import parameter_count
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts
from backprop_studio.core.network.story.course import Course
from backprop_studio.core.network.story.unit import Unit
from backprop_studio.scenes.boards.step import class_word
from backprop_studio.scenes.families.loss_captions import loss_caption
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.stage import TrainingStepLesson
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import in_sentence, markup_of
from backprop_studio.scenes.paint.style import TIMES


class ForwardBeats(TrainingStepLesson):
    """From the question to the loss.

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
            self.write(lines.model_line(self.record.network), self.formulas.shapes())
            for layer, count in enumerate(self.network.counts()):
                if count:
                    self.whole(f"sizes.{layer}")
        with self.say(script.ANSWER(self.course.answers[0]), **self.answer_words()):
            self.move(self.panel.animate.show_answers(*self.answers("")))
        with self.say(script.QUESTION[self.course.answers[0]], count=self.count):
            pass

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
        text = N_("One sample goes in: these are its numbers.")
        if self.record.batch.size > 1:
            text = N_("The batch has {count} samples. We follow sample {number} on its way.")
        inputs = self.record.batch.inputs[self.sample]
        with self.say(text, count=self.record.batch.size, number=self.sample + 1):
            lit = self.lit(0, inputs, f"inputs.{self.sample}", "x", number=self.given)
            self.write(lines.BATCH, self.formulas.batch(), lit)

    def show_neuron(self) -> None:
        """One neuron: products, sum, activation."""
        self.beat("neuron", N_("One neuron"))
        line, row = lines.forward_line(self.record.network, 1), self.unit.row
        text = N_("We look at one neuron. Each input is multiplied by the weight on its line.")
        with self.say(text):
            formula = self.formulas.unit(0, row)
            self.write(line, formula, self.network.animate.watch(1, row))
        with self.say(script.ADDED(counts.many(self.record.network.sizes[0]), "sizes.0")):
            self.write(line, self.formulas.unit_sum(0, row))
        activation = self.record.layers[0].activation
        verdict = claims.activated(activation, self.unit.z)
        a = in_sentence(self.number("unit.a"))
        with self.say(script.ACTIVATED(verdict, "unit"), name=activation, a=a):
            self.show_values(1)

    def go_forward(self, layer: int) -> None:
        """A layer weighs its inputs, adds the bias and applies its activation."""
        last = len(self.record.layers)
        self.beat(f"forward_{layer}", N_("Layer {layer}"), layer=layer)
        text = N_("Layer {layer} takes these numbers and does the same.")
        if layer == last:
            text = N_("The last layer gives the answer, one number for each output.")
            if self.classifies:
                text = N_("The last layer gives a score for each class, called a logit.")
        if layer == 1:
            text = script.NEIGHBOURS(counts.many(self.record.network.sizes[1]), "sizes.1")
        light = self.network.animate.watch_all().send_light(layer - 1)
        line = lines.forward_line(self.record.network, layer)
        with self.say(text, layer=layer):
            self.write(line, self.formulas.forward(layer), light, seconds=TIMES.travel)
            self.network.settle()
            self.show_values(layer)

    def show_values(self, layer: int) -> None:
        """Put z, and then a, into a layer's nodes."""
        record = self.record.layers[layer - 1]
        for quantity in ("z",) if record.activation == "identity" else ("z", "a"):
            values = getattr(record, quantity)[self.sample]
            name = f"layers.{layer - 1}.{quantity}.{self.sample}"
            self.move(self.lit(layer, values, name, f"{quantity}_{layer}"), seconds=TIMES.change)
            self.hold(TIMES.change)

    def show_loss(self) -> None:
        """Answers against targets, and the mean over the batch."""
        self.beat("loss", N_("The loss"))
        line, network = lines.loss_line(self.record.network), self.record.network
        if self.classifies:
            with self.say(N_("Softmax turns the scores into probabilities. Together they are 1.")):
                self.move(self.panel.animate.show_answers(*self.answers("")))
        surprise = N_("The loss is the surprise at the right class: −ln of its probability.")
        text = surprise if self.classifies else loss_caption(network)
        with self.say(text):
            self.write(line, self.formulas.loss())
        together = N_("For this one sample, that is {loss}.")
        if self.record.batch.size > 1:
            together = N_("Of all {count} samples together it is {loss}.")
        loss = self.fine("loss")
        with self.say(together, count=self.record.batch.size, loss=in_sentence(loss)):
            self.move(self.panel.animate.show_loss(markup_of(loss)))
