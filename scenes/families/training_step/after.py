"""The step: all weights move, the loss is measured again, and training goes on."""

from __future__ import annotations

import numpy as np

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.change import change
from backprop_studio.core.network.story.nudge import Moved
from backprop_studio.scenes.boards.step import class_word
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step.blame import BlameBeats
from backprop_studio.scenes.families.training_step.places import middle
from backprop_studio.scenes.families.training_step.stage import what_learns
from backprop_studio.scenes.lesson import torch_lines as lines
from backprop_studio.scenes.lesson.numbers import in_sentence, markup_of
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.rooms import Rooms

MOST_DOTS = 20

STEPS_AT = 0.7
"""Of its sentence: when arrows that stand on the weights become what they change them to."""


class StepBeats(BlameBeats):
    """From the gradients to what the network answers after many steps.

    Attributes
    ----------
    moved_once : Moved
        The followed parameter before and after the first step.
    curve : Plot or None
        The loss over all steps.
    """

    curve: Plot | None = None
    moved_once: Moved

    def update_weights(self) -> None:
        """Every weight steps against its gradient; one is followed digit by digit."""
        self.beat("update", N_("The step"))
        pairs = zip(self.record.updated, self.record.layers, strict=True)
        moves = [new.weight - old.weight for new, old in pairs]
        verdict = slopes.update(moves, [layer.dL_dW for layer in self.record.layers])
        text, numbers = what_learns(self.record.network, script.UPDATE(verdict))
        with self.say(text, **numbers):
            self.run_line(lines.step_line(self.record.optimizer, self))
            self.move(self.network.animate.step(moves), seconds=2 * TIMES.travel)
            self.reach(STEPS_AT)
            self.move(*self.moved(0), seconds=2 * TIMES.travel)
            self.hold(TIMES.move)
        text, words = N_("For {it} that we followed, it looks like this."), {"it": self.it}
        if self.moved_once.change:
            text = N_("The learning rate η is {rate}: {it} we followed changes by {change}.")
            words["rate"] = in_sentence(self.given("learning_rate"))
            if "×" in words["rate"]:  # as long as both are, they would take a third line
                text = N_("With η = {rate}, {it} we followed changes by {change}.")
            words["change"] = in_sentence(self.short("moved.change"))
        with self.say(text, **words):
            self.take_board(self.changes.update)
            self.show_own_step()

    def show_own_step(self) -> None:
        """The followed parameter's step: its number comes from the picture and goes back there."""
        lit, home = self.followed_lit(), self.followed_spot()
        if home is None or not self.moved_once.change:
            self.work_out(self.changes.update(), None, lit)
            return
        before, after = self.names_of_step()
        self.move(lit.name_followed(before), seconds=TIMES.change)
        if before:
            home = self.on_frame(Spot(*self.network.name_at(), SIZES.label))
        self.work_out(self.changes.update(), {"w": home}, last=["new"])
        self.send({"new": home}, self.network.animate.name_followed(after))

    def names_of_step(self) -> tuple[str, str]:
        """Return what is written at the followed weight before and after, as far as it has room."""
        has_room, gap = self.network.has_room, self.factors.layer
        shown = dict(self.notes.shown)
        parts = zip(("before", "after"), self.step_decimals, strict=True)
        old, new = (self.printed_step(*part) for part in parts)
        before, after, both = f"${old}$", f"${new}$", f"${old} -> {new}$"
        is_weight = self.factors.column is not None
        if not (is_weight and has_room(gap, before) and has_room(gap, after)):
            self.notes.shown = shown  # they are not
            return "", ""
        return before, both if has_room(gap, both) else after

    def printed_step(self, when: str, decimals: int) -> str:
        """Return the followed parameter before or after its step, as in its formula."""
        return self.number(f"moved.{when}", decimals) if decimals else self.short(f"moved.{when}")

    def show_loss_after(self) -> None:
        """The same batch again, through the moved weights."""
        self.beat("after", N_("The loss again"))
        before, after = self.told_apart("loss", "loss_after")
        with self.say(N_("The same batch goes through once more.")):
            self.run_line(lines.loss_line(self.record.network, by_model=True))
            released = self.network.animate.release().watch_all()
            given = self.record.batch.inputs[self.sample], f"inputs.{self.sample}"
            released = self.lit(0, *given, "x", number=self.given, on=released)
            self.move(released, seconds=TIMES.fade)
            for layer in range(1, len(self.record.layers) + 1):
                self.move(self.network.animate.send_light(layer - 1), seconds=TIMES.change)
                self.network.settle()
                self.move(self.lit_after(0, layer, self.network.animate), seconds=TIMES.fade)
        with self.say(script.AFTER(self.record.outcome), before=before, after=after):
            bars, texts = self.answers("_after")
            self.move(self.panel.animate.show_answers(bars, texts))
            self.move(self.panel.animate.show_loss_after(markup_of(after), self.record.loss_after))
        course, shares = self.course, self.record.after.probabilities
        if shares is not None and np.isfinite(shares[self.sample]).all():
            verdict = claims.next_answer(*course.answers[:2], same=course.next == course.said)
            said = class_word(int(shares[self.sample].argmax()), self.class_names(), self.tr)
            with self.say(script.NEXT_ANSWER(verdict, "course"), said=said):
                pass

    def train_on(self) -> None:
        """The loss over all steps, and what becomes of the answer."""
        losses = np.array([self.record.loss, *(record.loss_after for record in self.records)])
        last = len(losses) - 1
        self.beat("losses", N_("Training on"))
        first, end = self.told_apart("losses.0", f"losses.{last}")
        is_still = all(record.outcome == "stationary" for record in self.records)
        verdict = change(float(losses[0]), float(losses[-1]), moved=not is_still)
        axes = Axis(0, last, self.tr("step")), Axis.around(losses, "$L$")
        curve = Plot(*axes, Rooms.size(self.rooms.whole), *self.look)
        steps = range(last + 1)
        curve.add_curve(
            "loss",
            steps,
            losses,
            colour=self.theme.loss,
            progress=1 / last,
            has_dots=last <= MOST_DOTS,
        )
        curve.move_to(middle(self.rooms.whole))
        with self.say(script.LOSSES(verdict, "losses"), count=last, first=first, last=end):
            self.run_line(lines.again_line(self.record.network, last - 1))
            changed = self.instead([self.network, self.panel], curve)
            self.move(*changed, seconds=TIMES.change)
            self.move(curve.animate.grow(1.0, "loss"), seconds=2 * TIMES.travel)
        if self.classifies:
            found = script.COURSE(claims.course(self.course.answers[0], self.course.answers[-1]))
            words = {"target": self.target_word(), "number": self.course.right_from}
            with self.say(found, **words):
                self.mark_step(curve, losses)
        self.curve = curve

    def mark_step(self, curve: Plot, losses: np.ndarray) -> None:
        """Mark the step from which on the followed sample's answer is right, if there is one."""
        step = self.course.right_from
        if step and np.isfinite(losses[step]):
            marked = curve.animate.add_mark("right", step)
            marked = marked.add_point("sample", step, on="loss", colour=self.theme.target)
            self.move(marked, seconds=TIMES.change)
