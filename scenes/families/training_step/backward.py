"""The way back: one weight by a nudge and by its links, then every weight, and who is to blame."""

from __future__ import annotations

from typing import Any

from manim import FadeOut

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts, slopes
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.core.network.record import LayerRecord
from backprop_studio.core.network.story.blame import Blame, Share
from backprop_studio.core.network.story.nudge import Nudge
from backprop_studio.scenes.boards.chain_rule import signed
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.loss import LossBeats
from backprop_studio.scenes.families.training_step.pictures import nudge_lines, share_bars
from backprop_studio.scenes.families.training_step.places import middle
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import elided, in_sentence, short_text
from backprop_studio.scenes.lesson.reading import THINKING
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.rooms import Rooms

MIDDLE = 0.5
"""Where on its line a weight's own number is written."""

OUTGOING = 0.62
"""Where on its line a weight sets out whose line comes from the same unit as others."""


class BackwardBeats(LossBeats):
    """From one weight to all of them.

    Attributes
    ----------
    factors, nudged, changes : ParameterFactors, Nudge or None, UpdateFormulas
        Of the followed weight: its links, what a small change of it does, and its formulas.
    last, last_changes : ParameterFactors, UpdateFormulas
        Of one weight of the last layer, which is told as an example of all.
    hidden, hidden_changes : ParameterFactors, UpdateFormulas
        Of a unit of the layer before it, if there is one.
    first, first_changes : ParameterFactors, UpdateFormulas
        Of one weight of the first layer.
    blame, bars : Blame, Bars
        All weights and biases, ranked, and the picture of the first of them.
    """

    factors: ParameterFactors
    nudged: Nudge | None
    changes: UpdateFormulas
    last: ParameterFactors
    last_changes: UpdateFormulas
    hidden: ParameterFactors
    hidden_changes: UpdateFormulas
    first: ParameterFactors
    first_changes: UpdateFormulas
    blame: Blame
    bars: Bars

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
        lines_of = self.bring_number_lines()
        dw = in_sentence(self.short("nudge.w.change"))
        with self.say(N_("We make only {it} larger, by {dw}."), it=self.it, dw=dw):
            self.move(self.moved_by_nudge(lines_of["w"], "w"))
        loss = self.nudged.loss
        reaction = claims.reaction(loss.before, loss.after)
        choices = {"rises": N_("It rises"), "falls": N_("It falls"), "same": N_("It stays")}
        self.ask(N_("Will the loss rise or fall?"), choices, reaction)
        verdict = claims.passes(
            self.followed_layer.activation, self.nudged.z.change, self.nudged.a.change
        )
        words = {"dz": self.change_of("z"), "da": self.change_of("a")}
        sentence = script.PASSES(verdict, "nudge")
        with self.say(sentence, name=self.followed_layer.activation, **words):
            for name in ("z", "a"):
                if name in lines_of:
                    self.move(self.moved_by_nudge(lines_of[name], name))
        before, after = self.told_apart("nudge.loss.before", "nudge.loss.after")
        with self.say(script.REACTION(reaction, "nudge.loss"), before=before, after=after):
            self.move(self.moved_by_nudge(lines_of["loss"], "loss"))
        if reaction != "same":
            ratio = in_sentence(self.short("nudge.ratio", 2))
            text = N_("So the loss changes about {ratio} times as fast as {it}.")
            with self.say(text, ratio=ratio, it=self.it):
                pass
        self.leaving = self.instead(lines_of.values(), self.network, self.panel)

    @property
    def followed_layer(self) -> LayerRecord:
        """The layer of the followed parameter."""
        return self.record.layers[self.factors.layer]

    def bring_number_lines(self) -> dict[str, NumberLine]:
        """Show the followed weight, then number lines of it and of all that depends on it."""
        with self.say(N_("Take only {whose}."), whose=self.whose(self.factors)):
            followed = self.factors.layer, self.factors.layer + 1
            self.move(self.look_at(*followed), self.followed_lit(), FadeOut(self.panel))
        rows = {"w": self.changes.symbol, "z": self.unit_symbol("z"), "a": self.unit_symbol("a")}
        rows |= {"loss": "L"}
        if self.followed_layer.activation == "identity":
            del rows["a"]
        colours = {"w": self.theme.focus, "loss": self.theme.loss}
        parts = [
            (symbol, getattr(self.nudged, name), colours.get(name, self.theme.text))
            for name, symbol in rows.items()
        ]
        room = self.rooms.whole
        found = nudge_lines(parts, Rooms.size(room), middle(room), *self.look)
        lines_of = dict(zip(rows, found, strict=True))
        text = N_("Number lines show it, then z, a and the loss.")
        if "a" not in lines_of:
            text = N_("Number lines show it, then z and the loss.")
        with self.say(text):
            ways = self.ways_to_lines(lines_of)
            for name in lines_of.keys() - ways.keys():
                self.put(lines_of[name], name)
            self.camera.room = None
            changed = self.instead([self.network], *lines_of.values())
            self.zoom_out(*changed, *ways.values())
            # A frame that shows neither the number on its way nor the arrived one is none.
            for name in ways:
                self.put(lines_of[name], name)
        return lines_of

    def ways_to_lines(self, lines_of: dict[str, NumberLine]) -> dict[str, Any]:
        """Return the ways of the numbers from network and panel to their lines."""
        factors = self.factors
        unit = self.unit_spot(factors.layer + 1, factors.row)
        # One number stands in the node; where a and z are two, z is behind it and cannot set out.
        starts = {"w": unit, "a" if "a" in lines_of else "z": unit}
        if factors.column is not None:
            starts["w"] = self.edge_spot(factors.layer, factors.row, factors.column)
        found = {}
        for name, it in lines_of.items():
            start, text = starts.get(name), self.short(f"nudge.{name}.before")
            at = it.value_at(getattr(self.nudged, name).before, f"${text}$")
            end = Spot(*it.in_scene(*at), SIZES.label)
            if start is not None:
                found[name] = self.way(text, start, end)
        return found

    def unit_symbol(self, letter: str) -> str:
        """Return z or a of the followed parameter's neuron."""
        return f"{letter}_({self.factors.layer + 1},{self.factors.row + 1})"

    def followed_lit(self) -> Any:
        """Return the animation that shows the followed weight."""
        factors, animated = self.factors, self.network.animate
        watched = animated.watch(factors.layer + 1, factors.row)
        if factors.column is None:
            return watched
        return watched.follow(factors.layer, factors.row, factors.column)

    def followed_spot(self) -> Spot | None:
        """Return where the followed parameter stands, if it is drawn."""
        factors = self.factors
        if factors.column is None:
            return self.unit_spot(factors.layer + 1, factors.row)
        return self.edge_spot(factors.layer, factors.row, factors.column, MIDDLE)

    def put(self, line: NumberLine, name: str) -> None:
        """Put a quantity on its line."""
        text = self.short(f"nudge.{name}.before")
        line.put(getattr(self.nudged, name).before, f"${text}$")

    def moved_by_nudge(self, line: NumberLine, name: str) -> Any:
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
        factors, is_batch = self.factors, self.record.batch.size > 1
        text = N_("Can we know that without a nudge? We follow the links back.")
        if self.nudged is None:
            text = N_("We follow the links from the loss back to {whose}.")
        with self.say(text, whose=self.whose(factors)):
            self.take_board(lambda: self.changes.product(self.sample))
            self.move(self.followed_lit(), seconds=TIMES.change)
            self.work_out(self.changes.links())
        text = N_("Each ∂ is a link's factor: how fast the next number changes with it.")
        if factors.layer + 1 < len(self.record.layers):
            text = N_(
                "Each ∂ says how fast the next number changes; the first comes from layer {layer}."
            )
        with self.say(text, layer=factors.layer + 2):
            self.work_out(self.changes.own_product(self.sample), self.factor_spots(), last=["own"])
        text = N_("Multiplied, the factors give the gradient of the loss by {it}.")
        if is_batch:
            text = N_("Their product is this sample's part; all parts together make the gradient.")
        with self.say(text, it=self.it):
            if is_batch:
                self.work_out(self.changes.product(self.sample), last=["total"])
        if self.nudged is not None and claims.agrees(self.nudged.ratio, factors.gradient):
            text = N_("The nudge gave {ratio}, as it was not infinitely small.")
            if short_text(self.nudged.ratio, 2) == short_text(factors.gradient, 2):
                text = N_("That is what the nudge has measured.")
            with self.say(text, ratio=in_sentence(self.short("nudge.ratio", 2))):
                pass
        verdict = slopes.sign(factors.gradient)
        with self.say(script.SHOULD(verdict, "factors.gradient"), it=self.it):
            self.clear_board()

    def factor_spots(self) -> dict[str, Spot]:
        """Return where on the picture the links' factors set out."""
        factors = self.factors
        unit = self.unit_spot(factors.layer + 1, factors.row)
        spots = {"da": unit, "slope": unit, "in": unit}
        if factors.column is not None:
            spots["in"] = self.unit_spot(factors.layer, factors.column)
        return {name: spot for name, spot in spots.items() if spot is not None}

    # All weights

    def start_backward(self) -> None:
        """The gradient of the loss with respect to the outputs."""
        self.beat("backward", N_("Every weight at once"))
        free = self.network.animate.release().watch_all()
        text = N_("One sweep back finds the gradients of all {count} numbers.")
        if self.params.questions:
            text = N_("One sweep back finds all {count} gradients. Which is the largest?")
        with self.say(text, count=self.count):
            self.move(free)
        if self.params.questions:
            self.let_read(THINKING)
        text = N_("We begin at the loss: how does it change when an output changes?")
        if self.classifies:
            text = N_("A logit's gradient is p minus t; only the right class has t = 1.")
            if self.record.network.reduction == "mean" and self.record.batch.size > 1:
                text = N_("A logit's gradient is (p − t) / {size}; only the right class has t = 1.")
        if self.record.network.has_shares:
            text = N_("A logit's gradient compares p with q, what its class counts in the loss.")
        last, size = len(self.record.layers), self.record.network.sizes[-1]
        with self.say(text, size=self.record.batch.size):
            self.take_board(self.formulas.output_gradient)
            self.run_line(lines.BACKWARD)
            rows = [k for k in elided(size) if k is not None]
            coming = {f"p{k}": self.panel_spot(k) for k in rows} if self.classifies else {}
            there = {name: spot for name, spot in coming.items() if spot is not None}
            results = [f"g{k}" for k in rows]
            self.work_out(self.formulas.output_gradient(), there, last=results)
            self.send(self.spots(last, "g"), self.gradient_lit(last))

    def show_weight_gradient(self, layer: int) -> None:
        """Gradient at a weight's end times value at its start, summed over the batch."""
        self.beat(f"weights_{layer}", N_("The weights of layer {layer}"), layer=layer)
        record = self.record.layers[layer - 1]
        # Of one sample, as what stands in the nodes is.
        arrows = layer - 1, record.dL_dW_of(self.sample)
        if 1 < layer < len(self.record.layers):
            text = N_("In layer {layer} it is the same rule: end times start.")
            with self.say(text, layer=layer):
                self.move(self.network.animate.grow_arrows(*arrows), seconds=TIMES.travel)
            return
        told, changes = self.last, self.last_changes
        text = N_("A weight's gradient: the gradient at its end times the value at its start.")
        if layer < len(self.record.layers):
            told, changes = self.first, self.first_changes
            text = N_("In layer 1 the value at the start is an input.")
        self.take_board()
        with self.say(text):
            self.move(self.told_lit(told), seconds=TIMES.change)
            self.work_out(changes.own_term(self.sample), self.ends(told), last=["own"])
            home = self.edge_spot(layer - 1, told.row, told.column or 0)
            if home is not None:
                self.carry("own", home)
            growing = self.network.animate.grow_arrows(*arrows).watch_all().release()
            self.move(growing, seconds=TIMES.travel)
        if layer == len(self.record.layers):
            with self.say(N_("The wider the arrow, the larger the gradient.")):
                pass

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
        first = layer == len(self.record.layers)
        verdict = claims.slopes(before.activation, before.da_dz[self.sample])
        told = script.BACK_RELU if before.activation == "relu" else script.BACK
        sentence = (told if first else script.BACK_AGAIN)(verdict, f"layers.{layer - 2}")
        if first:
            handed_back = self.hidden_changes.handed_back
            self.take_board(lambda: handed_back(self.sample), least=SIZES.small)
            with self.say(
                N_("Gradients go back through the same weights, and a neuron adds them up.")
            ):
                self.work_out(self.hidden_changes.arriving(self.sample), self.behind(), last=["da"])
        with self.say(sentence, name=before.activation, layer=layer - 1):
            if not first:
                self.move(self.gradient_lit(layer - 1))
                return
            self.work_out(self.hidden_changes.handed_back(self.sample), last=["dz"])
            home = self.unit_spot(layer - 1, self.hidden.row)
            self.send({"dz": home} if home else {}, self.gradient_lit(layer - 1))

    def behind(self) -> dict[str, Spot]:
        """Return where gradients and weights behind the told hidden unit are."""
        hidden, found = self.hidden, {}
        for k in elided(self.record.network.sizes[hidden.layer + 2]):
            if k is not None:
                found[f"g{k}"] = self.unit_spot(hidden.layer + 2, k)
                found[f"w{k}"] = self.edge_spot(hidden.layer + 1, k, hidden.row, OUTGOING)
        return {name: spot for name, spot in found.items() if spot is not None}

    def rank(self) -> None:
        """All weights and biases by their gradients."""
        self.beat("blame", N_("Who is to blame?"))
        top = self.blame.top
        verdict = claims.most([it.gradient for it in top])
        box = self.places.panel
        bars, grown = share_bars(self.blame, self, Rooms.size(box), *self.look)
        bars.move_to(middle(box))
        line = f"b{self.factors.layer + 1}.grad[{self.factors.row}]"
        if self.factors.column is not None:
            line = f"W{self.factors.layer + 1}.grad[{self.factors.row}, {self.factors.column}]"
        if self.record.batch.size > 1:
            text = N_("Till now that was sample {number}; now all {count} are added.")
            with self.say(text, number=self.sample + 1, count=self.record.batch.size):
                self.take_board()
                self.move(self.summed(self.network.animate), seconds=2 * TIMES.travel)
        text = N_("Each gradient has a cell: the stronger its colour, the larger.")
        with self.say(text):
            self.move(self.collected(self.network.animate), seconds=TIMES.travel)
        value = in_sentence(self.alike("blame.top.0.gradient"))
        with self.say(script.MOST(verdict, "blame"), whose=self.whose(top[0]), value=value):
            self.run_line(line)
            self.move(*self.instead([self.panel], bars), seconds=TIMES.change)
            self.move(bars.animate.set_values(*grown), seconds=TIMES.change)
            followed = self.network.animate.watch_all().clear_matrices()
            if verdict != "zero" and top[0].column is not None:
                followed = followed.follow(top[0].layer, top[0].row, top[0].column)
            self.move(bars.animate.highlight(0), followed, seconds=TIMES.change)
        zeros = self.blame.zeros
        if 0 < zeros < self.blame.count:
            idle = script.IDLE(counts.many(zeros), "blame.zeros")
            with self.say(idle, zeros=zeros, count=self.blame.count):
                pass
        self.bars, self.leaving = bars, self.instead([bars], self.panel)

    def summed(self, on: Any) -> Any:
        """Return the animation that lets all arrows be those of the batch."""
        for gap, layer in enumerate(self.record.layers):
            on = on.grow_arrows(gap, layer.dL_dW)
        return on

    def collected(self, on: Any) -> Any:
        """Return the animation that gathers all gradients into a heat map for each layer."""
        for gap, layer in enumerate(self.record.layers):
            on = on.collect(gap, layer.dL_dW, layer.dL_db)
        return on
