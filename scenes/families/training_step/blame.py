"""Who is to blame: what all samples send back is added, and all numbers are ranked."""

from __future__ import annotations

from typing import Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts
from backprop_studio.core.network.story.blame import Blame
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.backward import BackwardBeats
from backprop_studio.scenes.families.training_step.pictures import share_bars
from backprop_studio.scenes.families.training_step.places import middle
from backprop_studio.scenes.lesson.numbers import in_sentence, short_text
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.rooms import Rooms
from backprop_studio.scenes.stage.terms import whole

MOST_ADDED = 4
"""With more samples they are added without their products."""


class BlameBeats(BackwardBeats):
    """From what single samples say to what all of them say.

    Attributes
    ----------
    blame, bars : Blame, Bars
        All weights and biases, ranked, and the picture of the first of them.
    """

    blame: Blame
    bars: Bars

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
            self.add_samples()
        self.check_nudge()
        text = N_("Each gradient has a cell; the bars show all {count} by size.")
        if self.blame.count > len(top):
            text = N_("Each gradient has a cell; the bars show the {most} largest of {count}.")
        with self.say(text, most=len(top), count=self.blame.count):
            self.move(self.collected(self.network.animate), seconds=TIMES.travel)
            self.move(*self.instead([self.panel], bars), seconds=TIMES.change)
            self.move(bars.animate.set_values(*grown), seconds=TIMES.change)
        value = in_sentence(self.alike("blame.top.0.gradient"))
        whose = self.whose(top[0])
        if (top[0].layer, top[0].row, top[0].column) == self.followed_at:
            whose = self.tr(N_("the one we followed"))
        with self.say(script.MOST(verdict, "blame"), whose=whose, value=value):
            self.run_line(line)
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

    def add_samples(self) -> None:
        """The followed weight's gradient as a sum of what each sample sends back."""
        count = self.record.batch.size
        each = count <= MOST_ADDED and self.is_worked_out
        first, rest = self.sample, [k for k in range(count) if k != self.sample]
        text = N_("That was sample {number} of {count}.")
        with self.say(text, number=first + 1, count=count):
            if each:  # the panel holds the answers to one sample alone
                self.move(*self.light(self.network), seconds=TIMES.change)
                self.move(self.ends_lit(first), seconds=TIMES.change)
                self.take_board()
                hidden = [f"{it}{k}" for k in range(count) for it in "gap"]
                formula = self.changes.sum_of_samples(first, products=True)
                self.work_out(formula, self.factors_of(first), hidden=whole([*hidden, "total"]))
        for k in rest if each else ():
            with self.say(N_("Now sample {number}."), number=k + 1):
                self.move(self.ends_lit(k), seconds=TIMES.change)
                self.bring(self.factors_of(k))
                shown = self.board.animate.reveal(*whole(self.factors_of(k)))
                self.move(shown, seconds=TIMES.change)
        value = in_sentence(self.fine("factors.gradient"))
        text = N_("Their sum is the gradient: {value}.")
        with self.say(text, value=value):
            if each:
                parts = [f"p{k}" for k in range(count)]
                self.move(self.board.animate.reveal(*whole(parts)), seconds=TIMES.change)
                self.move(self.board.animate.reveal(*whole(["total"])), seconds=TIMES.change)
            else:
                self.take_board()
                formula = self.changes.sum_of_samples(first, products=False)
                self.work_out(formula, last=["total"])
            home = self.followed_spot()
            if home is not None:
                self.carry("total", home)
        with self.say(N_("Now all arrows are sums.")):
            # From here on a number in a circle would be one of a single sample.
            self.move(self.emptied(self.summed(self.network.animate)), seconds=TIMES.travel)
            self.move(*self.light(), seconds=TIMES.change)

    @property
    def followed_at(self) -> tuple[int, int, int | None]:
        """Layer, row and column of the followed weight."""
        return self.factors.layer, self.factors.row, self.factors.column

    def factors_of(self, sample: int) -> dict[str, Spot | None]:
        """Return where a sample's two factors of the followed gradient stand."""
        it = self.factors
        end, start = self.unit_spot(it.layer + 1, it.row), self.unit_spot(it.layer, it.column or 0)
        return {f"g{sample}": end, f"a{sample}": start}

    def ends_lit(self, sample: int) -> Any:
        """Return the animation that shows a sample's numbers at both ends of the followed weight.

        All other units are empty.
        """
        gap, animated = self.factors.layer, self.followed_lit().drop_arrows()
        for layer in range(len(self.record.layers) + 1):
            if layer == gap + 1:
                at, tag = f"layers.{gap}.dL_dz.{sample}", f"partial L slash partial z_{layer}"
                values = self.record.layers[gap].dL_dz[sample]
                animated = self.lit(layer, values, at, tag, gradient=True, on=animated)
            elif layer == gap == 0:
                values, at = self.record.batch.inputs[sample], f"inputs.{sample}"
                animated = self.lit(0, values, at, "x", number=self.given, on=animated)
            elif layer == gap:
                values, at = self.record.layers[gap - 1].a[sample], f"layers.{gap - 1}.a.{sample}"
                animated = self.lit(layer, values, at, f"a_{layer}", on=animated)
            else:
                animated = animated.darken(layer)
        return animated

    def emptied(self, on: Any) -> Any:
        """Return the animation that leaves no number of a single sample in the units."""
        for layer in range(len(self.record.layers) + 1):
            on = on.darken(layer)
        return on.watch_all().release()

    def check_nudge(self) -> None:
        """The nudge's answer beside the gradient."""
        factors = self.factors
        if self.nudged is not None and claims.agrees(self.nudged.ratio, factors.gradient):
            text = N_("The nudge gave {ratio}; one ten times smaller gives {finer}.")
            names = {"ratio": "nudge.ratio", "finer": "nudge.finer"}
            if short_text(self.nudged.ratio, 3) == short_text(self.nudged.finer, 3):
                text, names = N_("That is what the nudge has measured."), {}
            words = {name: in_sentence(self.short(it, 3)) for name, it in names.items()}
            with self.say(text, **words):
                pass
        self.clear_board()

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
