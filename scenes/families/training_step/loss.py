"""The loss of a step: what each sample costs on the curve -ln p, and the mean of all."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.story.surprise import Surprise
from backprop_studio.scenes.boards.notation import sample_loss
from backprop_studio.scenes.families.loss_captions import loss_caption
from backprop_studio.scenes.families.training_step.forward import ForwardBeats
from backprop_studio.scenes.families.training_step.places import middle
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import in_sentence, markup_of
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.rooms import Rooms

BEYOND = 1.06
"""How much farther than to the largest cost its axis reaches."""

OTHERS = 0.075
"""Radius of the other samples where they are many."""

MOST_NAMED, APART = 4, 0.06
"""With more samples none has a name; nor has one whose probability is nearer to another's."""


class LossBeats(ForwardBeats):
    """From the outputs to the loss.

    Attributes
    ----------
    surprise : Surprise or None
        What the samples cost, of classes.
    """

    surprise: Surprise | None

    def show_loss(self) -> None:
        """Answers against targets, and the mean over the batch."""
        self.beat("loss", N_("The loss"))
        network, is_batch = self.record.network, self.record.batch.size > 1
        if self.classifies:
            self.turn_into_shares()
        text = N_("The loss is −ln p of the right class: p = 1 costs 0, a small p much.")
        if not self.classifies or network.has_shares:
            text = loss_caption(network)
        self.take_board()
        curve = self.surprise_curve()
        with self.say(text):
            self.run_line(lines.loss_line(network))
            if curve is not None:
                self.move(*self.instead([self.network], curve), seconds=TIMES.change)
            slides = [] if curve is None else [self.slid(curve)]
            last = ["own" if is_batch else "loss"]
            self.work_out(self.formulas.own_loss(), self.right_answer(), *slides, last=last)
        loss = self.fine("loss")
        together = N_("For this one sample, that is {loss}.")
        if is_batch:
            together = N_("Each sample has a loss; the mean of all {count} is {loss}.")
            if network.class_weights is not None:
                together = N_(
                    "The sum of all {count} losses over the weights of their classes is {loss}."
                )
            if network.reduction == "sum":
                together = N_("Each sample has a loss; the sum of all {count} is {loss}.")
        with self.say(together, count=self.record.batch.size, loss=in_sentence(loss)):
            if is_batch:
                coming = None
                if curve is not None:
                    self.move(self.with_others(curve), seconds=TIMES.change)
                    coming = self.costs_on(curve)
                self.work_out(self.formulas.loss(), coming, last=["loss"])
            shown = self.panel.animate.show_loss(markup_of(loss), self.record.loss)
            self.send({"loss": self.loss_spot(markup_of(loss))}, shown)
        if curve is not None:
            self.leaving = self.instead([curve], self.network)

    def turn_into_shares(self) -> None:
        """Make probabilities of the logits: only now the panel's bars have numbers."""
        self.take_board()
        text = N_("Softmax gives probabilities: e to the score, divided by the sum.")
        with self.say(text):
            self.work_out(self.formulas.softmax(), last=["p"])
            shown = self.panel.animate.head(self.share_heading)
            shown = shown.show_answers(*self.answers(""))
            self.send(self.right_answer(), shown)

    def right_answer(self) -> dict[str, Spot]:
        """Return where the probability of the right class is seen, if it is."""
        if not self.classifies:
            return {}
        spot = self.panel_spot(int(self.record.batch.targets[self.sample]))
        return {} if spot is None else {"p": spot}

    def surprise_curve(self) -> Plot | None:
        """Return the curve with our sample where it would cost nothing."""
        found = self.surprise
        if found is None:
            return None
        box = self.places.network
        most = float(found.curve_costs[0]) * BEYOND
        axes = Axis(0.0, 1.0, "$p$"), Axis(0.0, most, "$-ln p$")
        plot = Plot(*axes, Rooms.size(box), *self.look)
        plot.add_curve("loss", found.curve_shares, found.curve_costs, colour=self.theme.loss)
        corner = (-1, -1) if self.record.batch.size > 1 else (0, 1)
        plot.add_point("sample", 1.0, on="loss", colour=self.theme.target, corner=corner)
        return plot.move_to(middle(box))

    def slid(self, curve: Plot) -> Any:
        """Return the animation that lets our sample slide to what it costs."""
        assert self.surprise is not None
        name = sample_loss(self.sample + 1) if self.record.batch.size > 1 else "L"
        return curve.animate.move_point("sample", self.surprise.own, label=f"${name}$")

    def with_others(self, curve: Plot) -> Any:
        """Return the animation that brings the other samples, and the mean if it is one."""
        assert self.surprise is not None
        marked = curve.animate
        if self.record.batch.size > MOST_NAMED:
            found = self.surprise.shares, self.surprise.costs
            marked.add_scatter("others", *found, colour=self.theme.text, radius=OTHERS)
        else:
            named: list[float] = []
            for k, share in self.others():
                apart = min((abs(share - it) for it in named), default=1.0)
                name = f"${sample_loss(k + 1)}$" if apart > APART else ""
                named += [share] if name else []
                marked.add_point(
                    f"sample {k}",
                    share,
                    on="loss",
                    colour=self.theme.text,
                    label=name,
                    corner=(1, 1),
                )
        if self.record.network.reduction == "sum":
            return marked
        return marked.add_mark("mean", self.record.loss, way="y", label="$L$")

    def others(self) -> list[tuple[int, float]]:
        """Return the other samples that are on the curve, and what their right class was given."""
        given = self.record.before.probabilities
        assert given is not None
        assert self.surprise is not None
        shares = given[np.arange(len(given)), self.record.batch.targets.astype(int)]
        on_it = set(self.surprise.shares.tolist())
        found = enumerate(shares.tolist())
        return [(k, it) for k, it in found if k != self.sample and it in on_it]

    def costs_on(self, curve: Plot) -> dict[str, Spot]:
        """Return where on the curve the losses of the samples set out."""
        if self.record.batch.size > MOST_NAMED:
            return {}
        points = {self.sample: "sample"} | {k: f"sample {k}" for k, _ in self.others()}
        return {
            f"l{k}": Spot(*curve.in_scene(*map(float, curve.place_of(points[k]))), SIZES.label)
            for k in sorted(points)
        }
