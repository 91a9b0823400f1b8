"""One weight learns: which way it should move, and how far.

Question: one weight has to turn an input into a target. Which way should it move, and how far?

forward   The weight, the prediction and the loss on three coupled number lines; the loss is the
          square of the distance to the target, and drawn as one.
nudge     A small change of the weight runs along the chain; the square loses two strips.
backward  Each link has a slope; a nudge passes both, so that they are multiplied. What a nudge
          does is not quite that: the strips share a corner, which has its own size.
update    "Up or down?" The sign of the product says so; the learning rate says how far. In torch
          all of it is one line.
step_2    The same once more, and again; the loss falls or does not.
loop      The samples take turns; the first update is worked out; whose turn it is, is lit.
answer    Against its slope, and the learning rate times the slope far.

Afterwards the viewer can say: why the slope of the loss for the weight is -4 times 2, what its sign
says, where the 1.8 comes from, and why a nudge of 0.1 changes the loss by 0.76 and not by 0.8.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import one_weight, slopes
from backprop_studio.core.training.chain_rule import chain_rule, dragged
from backprop_studio.core.training.data_loop import data_loop
from backprop_studio.core.training.one_weight_params import ChainRuleGroup
from backprop_studio.scenes.boards.chain_rule import ChainRuleFormulas, signed
from backprop_studio.scenes.families.coupled_lines import CHANGES, NAMES, CoupledLines
from backprop_studio.scenes.families.one_weight.lines import LOSS, STEPS_TOLD
from backprop_studio.scenes.families.one_weight.loop import LoopParams, LoopTold
from backprop_studio.scenes.families.one_weight.words import (
    ANSWER,
    DIRECTION,
    DRAGGED,
    LAST,
    LOSS_MOVES,
    PREDICTION_MOVES,
    PROMISED,
    SIDES,
)
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.stage.formula import Spot

STEP = "loss = (w * x - t) ** 2; loss.backward(); opt.step()"

AGAIN = N_("The prediction is {y} now, so the slope of the loss is another: {slope}.")

DRAG = 2.0
"""Seconds in which the weight is dragged."""

TRIED = 0.25
"""Of the first step: how far w goes to show what a little more of it does."""


class Params(ChainRuleGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "x", "y", "w", "steps", "nudge"])
    )

    loop: LoopParams = Field(default_factory=lambda: LoopParams(), title=N_("Loop over data"))


class ChainRule(LoopTold):
    """One weight, one sample; then one weight and the samples in turn."""

    title = N_("The chain rule: one weight learns")
    summary = N_("A nudge of the weight runs to the loss; the product of slopes says how to step.")
    chapter = N_("Computation graphs")
    place: ClassVar[tuple[int, int] | None] = (2, 3)
    thumbnail = "backward"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Take the steps on one sample, and run the loop over the data."""
        self.record = chain_rule(self.params)
        self.loop = data_loop(self.params.loop)
        return self.records_sheet(chain=self.record, loop=self.loop)

    def set_stage(self) -> None:
        """Put three coupled number lines on the stage, of which only the weight is known."""
        self.formulas = ChainRuleFormulas(self)
        told = self.record.steps[:STEPS_TOLD]
        printed = self.short("chain.y"), self.short("chain.x")
        self.chain = CoupledLines(self.record, told, self.rooms.whole, printed, *self.look)
        self.lines, self.square = self.chain.lines, self.chain.square
        self.lines[0].put(told[0].w, self.texts_of(0, "w")[0])
        self.add(*self.chain.parts)

    def tell(self) -> None:
        """Tell one step link by link, some more quickly, then the loop; and answer the question."""
        self.show_forward()
        self.show_nudge()
        self.show_backward()
        self.show_update()
        for number in range(1, min(len(self.record.steps), STEPS_TOLD)):
            self.show_next(number)
            if self.record.steps[number].w_after == self.record.steps[number].w:
                break  # the next one would be the same
        if len(self.record.steps) > STEPS_TOLD or self.record.divergence:
            self.show_last()
        self.show_loop()
        self.show_answer()

    # One sample

    def show_forward(self) -> None:
        """Weight to prediction to loss."""
        self.beat("forward", N_("One weight, one prediction, one loss"))
        fields = {"w": self.words("chain.steps.0.w"), "x": self.words("chain.x")}
        question = N_("A weight w, now {w}, times the input x, {x}, should give the target t: {t}.")
        with self.say(question, **fields, t=self.words("chain.y")):
            self.point_at(0, 1)
        with self.say(N_("Which way should w move, and how far?")):
            pass
        with self.say(
            N_("Weight times input is the prediction, y hat: {y}."), **self.said_of(0, y="y_pred")
        ):
            self.move(*self.chain.spread(self.rooms.picture), seconds=TIMES.change)
            coming = {"w": self.chain.now(0), "x": self.chain.link(0, "x")}
            self.work_out(self.formulas.prediction, coming, last=["y"])
            self.bring_home(1, "y", "y_pred")
        text = N_("From there to the target it is {distance}: the side of a square.")
        with self.say(text, **self.said_of(0, distance="distance")):
            self.clear_board()
            self.point_at(1, 2)
            distance, side, _ = self.squared(0)
            self.move(self.square.animate.put(distance, side, ""))
        with self.say(N_("Its area is the loss, L: {L}."), **self.said_of(0, L="loss")):
            coming = {"y": self.chain.now(1), "t": self.chain.goal()}
            self.work_out(self.formulas.loss, coming, last=["L"])
            distance, side, area = self.squared(0)
            self.carry("L", self.chain.area(distance, area))
            self.move(self.square.animate.put(distance, side, area), seconds=TIMES.fade)
            self.bring_home(2, "L", "loss")
        self.drag()

    def drag(self) -> None:
        """Drag the weight through what the steps will need, and back; the others follow."""
        told = self.record.steps[:STEPS_TOLD]
        start = told[0].w
        places = [it for step in told for it in (step.w, step.w_after, step.nudge.w)]
        ends, nudge = (max(places), min(places)), told[0].nudge
        if ends[0] == ends[1]:
            return
        verdict = one_weight.reaches(nudge.dy_pred, nudge.dL)
        with self.say(DRAGGED(verdict, "chain.steps.0.nudge")):
            self.clear_board(*self.chain.spread(self.rooms.whole))
            self.point_at()
            self.run_through(start, *ends, seconds=DRAG)

    def show_nudge(self) -> None:
        """A small change of w runs through to L."""
        step = self.record.steps[0]
        self.beat("nudge", N_("A small change runs along the chain"))
        reached = one_weight.reaches(step.nudge.dy_pred, step.nudge.dL)
        about = "chain.steps.0.nudge"
        text = N_("Now nudge the weight a little, by {change}, to {w}.")
        with self.say(text, **self.said_of(0, change="nudge.dw", w="nudge.w")):
            self.clear_board(*self.chain.spread(self.rooms.whole))
            self.point_at(0)
            self.move(*self.nudged(0))
        fields = self.said_of(0, change="nudge.dy_pred")
        with self.say(PREDICTION_MOVES(reached, about), **fields):
            self.point_at(0, 1)
            self.move(*self.nudged(1))
        fields = self.said_of(0, change="nudge.dL", loss="nudge.loss")
        with self.say(LOSS_MOVES(reached, about), **fields):
            self.move(*self.chain.spread(self.rooms.picture), seconds=TIMES.change)
            self.point_at(1, 2)
            places = {"y": self.chain.now(1), "t": self.chain.goal()}
            coming = {**places, "L": None, "change": None}
            self.work_out(self.formulas.nudged_loss, coming, last=["dl"])
            self.move(*self.nudged(2), self.square_nudged())

    def nudged(self, *numbers: int) -> list[Any]:
        """Return the animations in which the nudge runs on to lines."""
        step, moves = self.record.steps[0], []
        for number in numbers:
            name, change = NAMES[number], f"nudge.{CHANGES[number]}"
            after, text = self.formulas.of_step(0, f"nudge.{name}", change)
            texts = f"${after}$", f"${signed(text)}$"
            moves.append(self.lines[number].animate.nudge(getattr(step.nudge, name), *texts))
        return moves

    def square_nudged(self, corner: str = "") -> Any:
        """Return the animation in which the nudge takes strips off the square, or adds them."""
        return self.square.animate.compare(*self.squared(0, before="nudge."), corner)

    def show_backward(self) -> None:
        """The links' derivatives and their product."""
        self.beat("backward", N_("Each link has a slope"))
        text = N_("By how much does each link multiply a tiny nudge? That is its slope.")
        with self.say(text):
            self.clear_board()
            self.point_at()
            self.move(*self.back(0))
        text = N_("From weight to prediction it is the input, {slope}.")
        with self.say(text, **self.said_of(0, slope="dy_pred_dw")):
            self.point_at(0, 1)
            self.work_out(self.formulas.slope_of_prediction, {"dy": self.chain.link(0, "x")})
            self.take_slope(0, 0, "dy", "dy_pred_dw")
        with self.say(N_("The curly d is read: partial.")):
            pass
        step = self.record.steps[0]
        sides = SIDES(slopes.sign(step.dL_dy_pred), "chain.steps.0.dL_dy_pred")
        with self.say(sides, **self.said_of(0, slope="dL_dy_pred")):
            self.point_at(1, 2)
            if step.nudge.dy_pred > 0:  # as it is said: the prediction grows
                self.move(*self.nudged(1), self.square.animate.compare(step.nudge.distance))
            self.find_slope()
            self.move(*self.back(0), seconds=TIMES.change)
        text = N_("A nudge passes both links, so we multiply: {slope}. That is the chain rule.")
        with self.say(text, **self.said_of(0, slope="dL_dw")):
            self.point_at()
            self.work_out(self.formulas.product, self.slopes(), last=["g"])
        self.compare()

    def find_slope(self, number: int = 0) -> None:
        """Work out a step's slope of the loss, and write it at its link."""
        coming = {"y": self.chain.now(1), "t": self.chain.goal()}
        self.work_out(lambda: self.formulas.slope_of_loss(number), coming, last=["dL"])
        self.take_slope(number, 1, "dL", "dL_dy_pred")

    def compare(self) -> None:
        """What the slope promises for the nudge, and what came."""
        step = self.record.steps[0]
        if not (step.nudge.dw and step.dL_dw):
            return
        distances = step.distance, step.nudge.distance
        verdict = one_weight.corner(distances, step.nudge.linear_dL, step.nudge.dL)
        names, corner = {"promised": "nudge.linear_dL", "came": "nudge.dL"}, ""
        if verdict in {"shared", "extra"}:
            names |= {"corner": "nudge.corner"}
            (corner,) = self.texts_of(0, "nudge.corner")
        with self.say(PROMISED(verdict, "chain.steps.0"), **self.said_of(0, **names)):
            moves = [*self.nudged(0, 1, 2), self.square_nudged(corner)]
            coming = {"g": None, "dw": None}
            self.work_out(self.formulas.promise, coming, *moves, last=["dl"])

    def show_update(self) -> None:
        """The step against the gradient."""
        step = self.record.steps[0]
        verdict = one_weight.direction(step.dL_dw, step.w, step.w_after)
        self.beat("update", N_("Which way, and how far?"))
        if step.dL_dw and self.params.questions:
            self.clear_for_update()
            text = N_("The slope is {slope}, and we want less loss. Should w go up or down?")
            choices = {"grows": N_("It goes up"), "shrinks": N_("It goes down")}
            self.ask(text, choices, verdict, **self.said_of(0, slope="dL_dw"))
        with self.say(DIRECTION(verdict, "chain.steps.0")):
            self.clear_for_update()
            if step.w_after != step.w:
                tried = step.w + TRIED * (step.w_after - step.w)
                ends = [it[0] for it in ([tried], *dragged(self.record, [tried]))]
                lines = zip(self.lines, ends, strict=True)
                self.move(*(line.animate.unlabel() for line in self.lines), seconds=TIMES.fade)
                self.move(*(line.animate.nudge(end, "") for line, end in lines))
        text = N_(
            "How far? We subtract eta times the slope. Eta, the learning rate, we choose: {rate}."
        )
        with self.say(text, rate=self.words("chain.learning_rate")):
            self.move(*self.back(0), seconds=TIMES.change)
            self.move(*self.chain.spread(self.rooms.picture), seconds=TIMES.change)
            self.point_at(0)
            coming = {"w": self.chain.now(0), "change": None}
            self.work_out(lambda: self.formulas.update(0), coming, last=["after"])
            self.step_on(0)
        fields = self.said_of(0, w="w_after", y="y_pred_after", L="loss_after")
        with self.say(N_("Now w is {w}, the prediction {y}, and the loss {L}."), **fields):
            self.point_at()
            self.run_forward(0)
        with self.say(N_("The line at the top is torch: loss, slope and step.")):
            self.run_line(STEP)

    def clear_for_update(self) -> None:
        """Take the nudge back and the board away, unless that is done."""
        if self.strip.formula is not None:
            self.let_board_be_read()
            self.move(*self.back(0), seconds=TIMES.change)
            self.clear_board(*self.chain.spread(self.rooms.whole))

    def step_on(self, number: int) -> None:
        """Let the new weight travel to its line, and the weight with it."""
        after = self.record.steps[number].w_after
        (text,) = self.texts_of(number, "w_after")
        self.move(self.lines[0].animate.unlabel(), seconds=TIMES.fade)
        moved = self.lines[0].animate.forget().nudge(after, "")
        self.carry("after", self.chain.value(0, after, text), moved)
        self.lines[0].labels = [text, ""]

    def run_forward(self, number: int) -> None:
        """Let prediction and loss follow the weight's step, one after the other."""
        step = self.record.steps[number]
        y_pred, loss = self.texts_of(number, "y_pred_after", "loss_after")
        for line, value, text in (
            (self.lines[1], step.y_pred_after, y_pred),
            (self.lines[2], step.loss_after, loss),
        ):
            # Where the prediction moves on, the slope at its link is another one.
            away: list[Any] = [line.animate.unlabel(), self.chain.links.animate.slope(1, "")]
            moved: list[Any] = [line.animate.forget().nudge(value, text)]
            if line is not self.lines[LOSS]:  # nor is the square that of this prediction
                away.append(self.square.animate.unlabel())
            else:
                moved.append(self.square.animate.put(*self.squared(number, "_after")))
            self.move(*away, seconds=TIMES.fade)
            self.move(*moved)

    def show_next(self, number: int) -> None:
        """Another step, told more quickly."""
        self.beat(f"step_{number + 1}", N_("Step {number}"), number=number + 1)
        slope = self.chain.links.animate.slope(1, self.slope(number, "dL_dy_pred"))
        settled = [line.animate.settle() for line in self.lines]
        if number == 1:  # where the other slope comes from
            names = {"y": "y_pred", "slope": "dL_dy_pred"}
            with self.say(AGAIN, **self.said_of(number, **names)):
                self.run_line("", *settled)
                self.find_slope(number)
                settled = []
        with self.say(
            N_("Once more: now the slope is {slope}."), **self.said_of(number, slope="dL_dw")
        ):
            self.run_line("", *settled, slope)
            coming: dict[str, Spot | None] = {**self.slopes(), "g": None, "rule": None}
            coming |= {"w": self.chain.now(0), "change": None}
            self.work_out(lambda: self.formulas.again(number), coming, last=["after"])
        text = N_("So w goes to {w}, and the loss to {L}.")
        with self.say(text, **self.said_of(number, w="w_after", L="loss_after")):
            self.step_on(number)
            self.run_forward(number)

    def show_last(self) -> None:
        """Where the steps have led."""
        steps, last = self.record.steps, len(self.record.steps) - 1
        self.beat("last", N_("Step {number}"), number=last + 1)
        breaks = self.record.divergence is not None
        losses = [steps[0].loss, *(it.loss_after for it in steps)]
        verdict = one_weight.course(losses, breaks=breaks)
        with self.say(LAST(verdict, "chain.steps"), number=last + 1):
            ends, longest = self.chain.look_at((*steps[:STEPS_TOLD], steps[last]))
            moved: list[Any] = [
                line.animate.settle().forget().look(*seen).put(*it)
                for line, seen, it in zip(self.lines, ends, self.at(last), strict=True)
            ]
            moved.append(self.chain.links.animate.slope(1, self.slope(last, "dL_dy_pred")))
            moved.append(self.square.animate.look(longest).put(*self.squared(last)))
            self.work_out(lambda: self.formulas.update(last), None, *moved, last=["after"])
            self.step_on(last)
            self.run_forward(last)

    def show_answer(self) -> None:
        """The first question, answered on the first step."""
        step = self.record.steps[0]
        self.beat("answer", N_("Which way, and how far?"))
        verdict = one_weight.direction(step.dL_dw, step.w, step.w_after)
        self.begin_again(self.lines, self.chain.links, self.square)
        with self.say(ANSWER(verdict, "chain.steps.0")):
            self.clear_board()
            self.exchange((self.plot, self.losses), *self.lines_and_links())
            self.work_out(self.formulas.rule)
            (after,) = self.texts_of(0, "w_after")
            moved = self.lines[0].animate.nudge(step.w_after, after)
            self.move(moved)
            if verdict not in {"grows", "shrinks"}:
                self.run_forward(0)
                return
        with self.say(N_("And how far? Eta times the product.")):
            self.run_forward(0)
