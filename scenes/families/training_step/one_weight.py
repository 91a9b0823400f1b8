"""One weight alone: a nudge that runs through the network, and the links of its chain."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from manim import FadeOut

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims.change import decimals_apart
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.core.network.record import LayerRecord
from backprop_studio.core.network.story.blame import Share
from backprop_studio.core.network.story.nudge import Nudge
from backprop_studio.scenes.boards.chain_rule import signed
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.loss import LossBeats
from backprop_studio.scenes.families.training_step.pictures import nudge_lines
from backprop_studio.scenes.families.training_step.places import middle
from backprop_studio.scenes.lesson.numbers import in_sentence
from backprop_studio.scenes.paint.style import DECIMALS_FINE, SIZES, TIMES
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.rooms import Rooms

MIDDLE = 0.5
"""Where on its line a weight's own number is written."""


class OneWeightBeats(LossBeats):
    """What is told of the followed weight before all others.

    Attributes
    ----------
    factors, nudged, changes : ParameterFactors, Nudge or None, UpdateFormulas
        Of the followed weight: its links, what a small change of it does, and its formulas.
    """

    factors: ParameterFactors
    nudged: Nudge | None
    changes: UpdateFormulas

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
        words = {"dz": self.change_of("z"), "da": self.change_of("a"), "dw": dw}
        said = script.PASSES
        if self.factors.column is None:
            said = script.BIAS_PASSES
        else:
            words["start"] = in_sentence(self.number(f"factors.dz_dw.{self.sample}"))
        sentence = said(verdict, "nudge")
        with self.say(sentence, name=self.followed_layer.activation, **words):
            for name in ("z", "a"):
                if name in lines_of:
                    self.move(self.moved_by_nudge(lines_of[name], name))
        before, after = self.told_apart("nudge.loss.before", "nudge.loss.after")
        with self.say(script.REACTION(reaction, "nudge.loss"), before=before, after=after):
            self.move(self.moved_by_nudge(lines_of["loss"], "loss"))
        if reaction != "same":
            ratio = in_sentence(self.short("nudge.ratio", 2))
            text = N_("That is about {ratio} times as much.")
            with self.say(text, ratio=ratio):
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
            named = self.followed_lit()
            symbol, is_weight = f"${self.changes.symbol}$", self.factors.column is not None
            if is_weight and self.network.has_room(self.factors.layer, symbol):
                named = named.name_followed(symbol)
            self.move(self.look_at(*followed), named, FadeOut(self.panel))
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
        text = N_("Number lines: {it}, z, a, the loss.")
        if "a" not in lines_of:
            text = N_("Number lines: {it}, z, the loss.")
        with self.say(text, it=self.it):
            self.run_line("")
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
            start, text = starts.get(name), self.printed(name, "before")
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

    def printed(self, name: str, when: str) -> str:
        """Return a quantity of the nudge as it is printed in the whole film."""
        if name == "loss":
            assert self.nudged is not None
            apart = decimals_apart(self.nudged.loss.before, self.nudged.loss.after)
            return self.number(f"nudge.loss.{when}", max(DECIMALS_FINE, apart or 0))
        decimals = self.step_decimals[0] if name == "w" else 0
        return self.short(f"nudge.{name}.{when}", decimals=decimals)

    @cached_property
    def step_decimals(self) -> tuple[int, int]:
        """How many decimals the followed parameter has where its step is worked out.

        Before the step, and after it.
        """
        shown = self.notes.shown
        self.notes.shown = {}
        self.changes.update()
        kind = "bias" if self.factors.column is None else "weight"
        at = f"{self.factors.layer}.{kind}.{self.factors.row}"
        texts = [
            [text for path, text in self.notes.shown if path.startswith(f"{root}.{at}")]
            for root in ("layers", "updated")
        ]
        self.notes.shown = shown
        before, after = (
            max((len(it.partition(".")[2]) for it in some if "^" not in it), default=0)
            for some in texts
        )
        return before, after

    def put(self, line: NumberLine, name: str) -> None:
        """Put a quantity on its line."""
        text = self.printed(name, "before")
        line.put(getattr(self.nudged, name).before, f"${text}$")

    def moved_by_nudge(self, line: NumberLine, name: str) -> Any:
        """Return the animation of what the nudge does to a quantity."""
        after = self.printed(name, "after")
        change = signed(self.short(f"nudge.{name}.change"))
        return line.animate.nudge(getattr(self.nudged, name).after, f"${after}$", f"${change}$")

    def change_of(self, name: str) -> str:
        """Return the change of a quantity as a word of a sentence."""
        return in_sentence(self.short(f"nudge.{name}.change"))

    def multiply_links(self) -> None:
        """The same weight's gradient as a product of the links between it and the loss."""
        self.beat("factors", N_("The chain rule"))
        factors = self.factors
        text = N_("Can we know that without a nudge? Follow the links back.")
        if self.nudged is None:
            text = N_("We follow the links from the loss back to {whose}.")
        with self.say(text, whose=self.whose(factors)):
            self.take_board(lambda: self.changes.known_links(self.sample))
            self.stays_small = True
            self.move(self.followed_lit(), seconds=TIMES.change)
            self.work_out(self.changes.links())
        text = N_("Each factor says how fast a number changes with the one before.")
        with self.say(text):
            pass
        with self.say(self.two_known(), name=self.followed_layer.activation, **self.known()):
            self.work_out(self.changes.known_links(self.sample), self.factor_spots())
        text = N_("The first has to come from the loss.")
        if factors.layer + 1 < len(self.record.layers):
            text = N_("The first has to come back from layer {layer}.")
        with self.say(text, layer=factors.layer + 2):
            pass

    def two_known(self) -> str:
        """Return the sentence of the links of which the numbers stand on the picture."""
        if self.factors.column is None:
            return N_("Two we know: the neuron's slope, {slope}, and 1 for a bias.")
        if self.followed_layer.activation == "identity":
            return N_("Two we know: 1 without activation, and the start's value, {value}.")
        return N_("Two we know: the slope of {name}, {slope}, and the start's value, {value}.")

    def known(self) -> dict[str, str]:
        """Return the numbers of those links as words of a sentence."""
        words = {"slope": in_sentence(self.given(f"factors.da_dz.{self.sample}"))}
        if self.factors.column is not None:  # of a bias it is 1, as the sentence says
            words["value"] = in_sentence(self.number(f"factors.dz_dw.{self.sample}"))
        return words

    def factor_spots(self) -> dict[str, Spot | None]:
        """Return where on the picture the known links set out."""
        factors = self.factors
        if factors.column is None:
            return {"slope": None, "in": None}
        return {"slope": None, "in": self.unit_spot(factors.layer, factors.column)}
