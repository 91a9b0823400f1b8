"""The way back: one weight by a nudge and by its links, then every weight, and who is to blame."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut, VGroup

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts, slopes
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.core.network.story.blame import Blame, Share
from backprop_studio.core.network.story.nudge import Nudge
from backprop_studio.scenes.boards.chain_rule import signed
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.forward import ForwardBeats
from backprop_studio.scenes.families.training_step.pictures import nudge_lines, share_bars
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import in_sentence
from backprop_studio.scenes.paint.style import TIMES


class BackwardBeats(ForwardBeats):
    """From one weight to all of them.

    Attributes
    ----------
    factors, nudged, changes : ParameterFactors, Nudge or None, UpdateFormulas
        Of the followed weight: its links, what a small change of it does, and its formulas.
    blame : Blame
        All weights and biases, ranked.
    """

    factors: ParameterFactors
    nudged: Nudge | None
    changes: UpdateFormulas
    blame: Blame

    def whose(self, share: Share | ParameterFactors) -> str:
        """Return which weight or bias it is, in words."""
        fields = {"layer": share.layer + 1, "end": share.row + 1}
        text = N_("the bias of neuron {end} in layer {layer}")
        if share.column is not None:
            fields["start"] = share.column + 1
            text = N_("the weight from neuron {start} to neuron {end} of layer {layer}")
            if share.layer == 0:
                text = N_("the weight from input {start} to neuron {end} of layer {layer}")
        return self.tr(text).format(**fields)

    @property
    def it(self) -> str:
        """What the followed parameter is called once it has been named."""
        return self.tr(N_("the bias") if self.factors.column is None else N_("the weight"))

    # One weight

    def nudge_one(self) -> None:
        """A small change of one weight, and the network run again."""
        if self.nudged is None:
            return
        self.beat("nudge", N_("One weight alone"))
        record = self.record.layers[self.factors.layer]
        is_plain = record.activation == "identity"
        rows = {"w": self.changes.symbol, "z": self.unit_symbol("z"), "a": self.unit_symbol("a")}
        rows |= {"loss": "L"}
        if is_plain:
            del rows["a"]
        colours = {"w": self.theme.focus, "loss": self.theme.loss}
        parts = [
            (symbol, getattr(self.nudged, name), colours.get(name, self.theme.text))
            for name, symbol in rows.items()
        ]
        self.number_lines = nudge_lines(parts, self.layout.stage, *self.look)
        self.number_lines.move_to((*self.layout.stage_centre, 0))
        of_line = dict(zip(rows, self.number_lines, strict=True))
        with self.say(N_("Take one number alone: {whose}."), whose=self.whose(self.factors)):
            self.move(self.followed_lit())
            self.reach(0.5)
            self.move(FadeOut(self.network), FadeOut(self.panel), seconds=TIMES.fade)
            self.move(FadeIn(self.number_lines), seconds=TIMES.fade)
            self.move(*(self.put(of_line[name], name) for name in rows))
        dw = in_sentence(self.short("nudge.w.change"))
        with self.say(N_("We make {it} larger by {dw}, only that."), it=self.it, dw=dw):
            self.move(self.moved_by_nudge(of_line["w"], "w"))
        self.ask(N_("What will the loss do: will it rise or fall?"))
        dz, da = self.nudged.z.change, self.nudged.a.change
        verdict = claims.passes(record.activation, dz, da)
        words = {"dz": self.change_of("z"), "da": self.change_of("a"), "name": record.activation}
        with self.say(script.PASSES(verdict, "nudge"), **words):
            moved = [name for name in ("z", "a") if name in of_line]
            self.move(*(self.moved_by_nudge(of_line[name], name) for name in moved))
        loss = self.nudged.loss
        reaction = script.REACTION(claims.reaction(loss.before, loss.after), "nudge.loss")
        before, after = self.told_apart("nudge.loss.before", "nudge.loss.after")
        with self.say(reaction, before=before, after=after):
            self.move(self.moved_by_nudge(of_line["loss"], "loss"))
        if reaction.claim.verdict != "same":
            ratio = in_sentence(self.short("nudge.ratio", 2))
            with self.say(
                N_("So the loss changes about {ratio} times as fast as {it}."),
                ratio=ratio,
                it=self.it,
            ):
                pass

    def unit_symbol(self, letter: str) -> str:
        """Return z or a of the followed parameter's neuron."""
        return f"{letter}_({self.factors.layer + 1},{self.factors.row + 1})"

    def followed_lit(self) -> Any:
        """Return the animation that shows the followed weight."""
        factors, animated = self.factors, self.network.animate
        if factors.column is None:
            return animated.watch(factors.layer + 1, factors.row)
        return animated.watch(factors.layer + 1, factors.row).follow(
            factors.layer, factors.row, factors.column
        )

    def put(self, line: Any, name: str) -> Any:
        """Return the animation that puts a quantity on its line."""
        text = self.short(f"nudge.{name}.before")
        return line.animate.put(getattr(self.nudged, name).before, f"${text}$")

    def moved_by_nudge(self, line: Any, name: str) -> Any:
        """Return the animation of what the nudge does to a quantity."""
        after = self.short(f"nudge.{name}.after")
        change = signed(self.short(f"nudge.{name}.change"))
        return line.animate.nudge(getattr(self.nudged, name).after, f"${after}$", f"${change}$")

    def change_of(self, name: str) -> str:
        """Return the change of a quantity as a word of a sentence."""
        return in_sentence(self.short(f"nudge.{name}.change"))

    def multiply_links(self) -> None:
        """The same weight's gradient as a product of the links between it and the loss."""
        self.beat("factors", N_("The chain rule"))
        is_batch = self.record.batch.size > 1
        line = lines.loss_line(self.record.network)
        text = N_("Can we know that without a nudge? We follow the links from the loss back.")
        if self.nudged is None:
            text = N_("We follow the links from the loss back to {whose}.")
        with self.say(text, whose=self.whose(self.factors)):
            pass
        with self.say(
            N_("Each link has a factor: how fast the next number changes with this one.")
        ):
            self.write(line, self.changes.product(self.sample))
        text = N_("Multiplied, the factors give the gradient of the loss by {it}.")
        if is_batch:
            text = N_("Multiplied, they give the part of this sample; all parts are added up.")
        with self.say(text, it=self.it):
            pass
        gradient = self.factors.gradient
        if self.nudged is not None and claims.agrees(self.nudged.ratio, gradient):
            with self.say(
                N_("It is what the nudge has measured, without running the network again.")
            ):
                pass
        with self.say(script.SHOULD(slopes.sign(gradient), "factors.gradient"), it=self.it):
            pass
        if self.nudged is not None:
            self.move(FadeOut(self.number_lines), seconds=TIMES.fade)
            self.move(FadeIn(self.network), FadeIn(self.panel), seconds=TIMES.fade)

    # All weights

    def start_backward(self) -> None:
        """The gradient of the loss with respect to the outputs."""
        self.beat("backward", N_("Every weight at once"))
        free = self.network.animate.release().watch_all()
        text = N_(
            "That was one of {count} numbers. One sweep back finds the factors of all of them."
        )
        with self.say(text, count=self.count):
            self.move(free)
        self.ask(N_("Which of the {count} numbers is most to blame?"), count=self.count)
        text = N_("We begin at the loss: how does it change when an output changes?")
        if self.classifies:
            text = N_("We begin at the loss. For each logit it is probability minus target.")
            if self.record.network.reduction != "sum" and self.record.batch.size > 1:
                text = N_(
                    "We begin at the loss. For each logit it is probability minus target, "
                    "divided by the number of samples."
                )
        last = len(self.record.layers)
        with self.say(text):
            self.write(lines.BACKWARD, self.formulas.output_gradient(), self.gradient_lit(last))

    def show_weight_gradient(self, layer: int) -> None:
        """Gradient at a weight's end times value at its start, summed over the batch."""
        self.beat(f"weights_{layer}", N_("The weights of layer {layer}"), layer=layer)
        is_batch, record = self.record.batch.size > 1, self.record.layers[layer - 1]
        first = layer == len(self.record.layers)
        text = N_("For the weights of layer {layer} the rule is the same: end times start.")
        if first:
            text = N_("A weight's gradient: the gradient at its end times the value at its start.")
        grow = self.network.animate.grow_arrows
        own = grow(layer - 1, record.dL_dW_of(self.sample) if first else record.dL_dW)
        formula = self.formulas.weight_gradient(layer)
        if not first:
            with self.say(text, layer=layer):
                self.write(lines.BACKWARD, formula, own, seconds=TIMES.travel)
            return
        with self.say(text):
            self.move(own, seconds=TIMES.travel)
        text = N_("The wider the arrow, the larger the gradient.")
        if is_batch:
            text = N_("So far this is one sample. The others add their parts to it.")
        with self.say(text):
            self.write(lines.BACKWARD, formula, grow(layer - 1, record.dL_dW))

    def hand_back(self, layer: int) -> None:
        """Through the weights and the activation's slope to the layer before."""
        before = self.record.layers[layer - 2]
        self.beat(f"back_{layer - 1}", N_("Back to layer {layer}"), layer=layer - 1)
        if layer == len(self.record.layers):
            with self.say(
                N_("Gradients go back through the same weights, and add up in a neuron.")
            ):
                pass
        verdict = claims.slopes(before.activation, before.da_dz[self.sample])
        first = layer == len(self.record.layers)
        sentences = script.BACK if first else script.BACK_AGAIN
        sentence = sentences(verdict, f"layers.{layer - 2}")
        with self.say(sentence, name=before.activation, layer=layer - 1):
            lit = self.gradient_lit(layer - 1)
            self.write(lines.BACKWARD, self.formulas.handed_back(layer), lit)

    def rank(self) -> None:
        """All weights and biases by their gradients."""
        self.beat("blame", N_("Who is to blame?"))
        top = self.blame.top
        verdict = claims.most([it.gradient for it in top])
        box = (self.layout.panel_width, self.layout.network[1])
        bars, grown = share_bars(self.blame, self, box, *self.look)
        bars.move_to((*self.layout.panel_centre, 0))
        with self.say(N_("Now every number has its gradient. These are the largest.")):
            self.move(FadeOut(self.panel), seconds=TIMES.fade)
            self.move(FadeIn(bars), seconds=TIMES.fade)
            self.move(bars.animate.set_values(*grown), seconds=TIMES.travel)
        value = in_sentence(self.alike("blame.top.0.gradient"))
        with self.say(script.MOST(verdict, "blame"), whose=self.whose(top[0]), value=value):
            self.move(bars.animate.highlight(0), seconds=TIMES.change)
        zeros = self.blame.zeros
        if 0 < zeros < self.blame.count:
            idle = script.IDLE(counts.many(zeros), "blame.zeros")
            with self.say(idle, zeros=zeros, count=self.blame.count):
                pass
        self.let_read()
        self.move(FadeOut(bars), seconds=TIMES.fade)
        self.move(FadeIn(self.panel), seconds=TIMES.fade)

    number_lines: VGroup
