"""One weight learns: which way it should move, and how far.

Question: one weight has to turn an input into a target. Which way should it move, and how far?

forward   The weight, the prediction and the loss on three coupled number lines.
nudge     A small change of the weight runs along the chain.
backward  Each link has a slope; a nudge passes both, so that they are multiplied.
update    "Up or down?" The sign of the product says so; the learning rate says how far.
step_2    The same once more, and again; the loss falls or does not.
loop      The samples take turns.
answer    Against its slope, and the learning rate times the slope far.

Afterwards the viewer can say: why the slope of the loss for the weight is -4 times 2, what its sign
says, and where the 1.8 comes from.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from manim import Mobject
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import one_weight
from backprop_studio.core.training.chain_rule import chain_rule
from backprop_studio.core.training.data_loop import data_loop
from backprop_studio.core.training.one_weight_params import ChainRuleGroup, DataLoopGroup
from backprop_studio.scenes.boards.chain_rule import ChainRuleFormulas, signed, slot
from backprop_studio.scenes.families.chain_rule_plots import loss_plot, weight_plot
from backprop_studio.scenes.families.chain_rule_words import (
    ANSWER,
    DIRECTION,
    LAST,
    LOSS_MOVES,
    PREDICTION_MOVES,
    TRAINED,
)
from backprop_studio.scenes.families.coupled_lines import CHANGES, NAMES, CoupledLines
from backprop_studio.scenes.lesson.numbers import in_sentence
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.paint.brush import middle_of
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.rooms import Rooms, halves

STEPS_TOLD = 3
"""Steps with a beat of their own; of the others the last is shown."""

FORWARD = "loss = (w * x - y) ** 2"
BACKWARD = "loss.backward()"
STEP = "opt.step()"

INSET = 0.15
"""Between the heading and a diagram's name."""

Finite = Annotated[float, Field(allow_inf_nan=False)]

_FIELDS: dict[str, Any] = {**DataLoopGroup.model_fields}


class LoopParams(BaseModel):
    """The second half: the samples take turns."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Loop over data"))

    learning_rate: float = _FIELDS["learning_rate"]
    xs: tuple[Finite, ...] = _FIELDS["xs"]
    ys: tuple[Finite, ...] = _FIELDS["ys"]
    w: float = _FIELDS["w"]
    epochs: int = _FIELDS["epochs"]
    test_x: float = _FIELDS["test_x"]

    @model_validator(mode="after")
    def _fit_together(self) -> LoopParams:
        DataLoopGroup(**self.model_dump())
        return self


class Params(ChainRuleGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "x", "y", "w", "steps", "nudge"])
    )

    loop: LoopParams = Field(default_factory=lambda: LoopParams(), title=N_("Loop over data"))


class ChainRule(DirectedLesson):
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
        self.lines = self.chain.lines
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
        if len(self.record.steps) > STEPS_TOLD or self.record.divergence:
            self.show_last()
        self.show_loop()
        self.show_answer()

    def texts_of(self, number: int, *names: str) -> list[str]:
        """Return numbers of a step as the lines write them."""
        return [f"${text}$" for text in self.formulas.of_step(number, *names)]

    def words(self, path: str) -> str:
        """Return a number as a sentence has it."""
        return in_sentence(self.short(path))

    def said_of(self, number: int, **names: str) -> dict[str, str]:
        """Return numbers of a step as a sentence has them."""
        return {key: self.words(f"chain.steps.{number}.{name}") for key, name in names.items()}

    # One sample

    def show_forward(self) -> None:
        """Weight to prediction to loss."""
        self.beat("forward", N_("One weight, one prediction, one loss"))
        fields = {"w": self.words("chain.steps.0.w"), "x": self.words("chain.x")}
        question = N_("One weight w, now {w}, has to turn the input {x} into the target {t}.")
        with self.say(question, **fields, t=self.words("chain.y")):
            self.point_at(0, 1)
        with self.say(N_("Which way should w move, and how far?")):
            pass
        with self.say(
            N_("Weight times input is the prediction: {y}."), **self.said_of(0, y="y_pred")
        ):
            self.run_line(FORWARD, *self.chain.spread(self.rooms.picture))
            coming = {"w": self.chain.now(0), "x": self.chain.link(0, "x")}
            self.work_out(self.formulas.prediction, coming, last=["y"])
            self.bring_home(1, "y", "y_pred")
        text = N_("Its distance to the target, squared, is the loss: {L}.")
        with self.say(text, **self.said_of(0, L="loss")):
            self.point_at(1, 2)
            coming = {"y": self.chain.now(1), "t": self.chain.goal()}
            self.work_out(self.formulas.loss, coming, last=["L"])
            self.bring_home(2, "L", "loss")

    def point_at(self, *numbers: int) -> None:
        """Dim the lines that are not spoken of; without a number, none."""
        bright: list[Mobject] = [self.lines[k] for k in numbers]
        if bright:
            bright.append(self.chain.links)
        self.move(*self.light(*bright), seconds=TIMES.change)

    def bring_home(self, line: int, part: str, name: str) -> None:
        """Let a result travel from the board to its line."""
        value = getattr(self.record.steps[0], name)
        (text,) = self.texts_of(0, name)
        self.carry(part, self.chain.value(line, value, text))
        self.move(self.lines[line].animate.put(value, text), seconds=TIMES.change)

    def show_nudge(self) -> None:
        """A small change of w runs through to L."""
        step = self.record.steps[0]
        self.beat("nudge", N_("A small change runs along the chain"))
        reached = one_weight.reaches(step.nudge.dy_pred, step.nudge.dL)
        about = "chain.steps.0.nudge"
        text = N_("Now nudge the weight a little, by {change}.")
        with self.say(text, **self.said_of(0, change="nudge.dw")):
            self.run_line("")
            self.clear_board(*self.chain.spread(self.rooms.whole))
            self.point_at(0)
            self.nudge(0)
        fields = self.said_of(0, change="nudge.dy_pred")
        with self.say(PREDICTION_MOVES(reached, about), **fields):
            self.point_at(0, 1)
            self.nudge(1)
        with self.say(LOSS_MOVES(reached, about), **self.said_of(0, change="nudge.dL")):
            self.point_at()
            self.nudge(2)

    def nudge(self, number: int) -> None:
        """Let the nudge run on to a line."""
        step, name, change = self.record.steps[0], NAMES[number], CHANGES[number]
        moved = getattr(step, name) + getattr(step.nudge, change)
        (text,) = self.formulas.of_step(0, f"nudge.{change}")
        self.move(self.lines[number].animate.nudge(moved, "", f"${signed(text)}$"))

    def show_backward(self) -> None:
        """The links' derivatives and their product."""
        self.beat("backward", N_("Each link has a slope"))
        with self.say(N_("How strongly does each link pass a tiny nudge on? That is its slope.")):
            pass
        text = N_("From weight to prediction the slope is the input: {slope}.")
        with self.say(text, **self.said_of(0, slope="dy_pred_dw")):
            self.run_line(BACKWARD, *self.chain.spread(self.rooms.picture))
            self.point_at(0, 1)
            self.work_out(self.formulas.slope_of_prediction, {"dy": self.chain.link(0, "x")})
            self.take_slope(0, "dy", "dy_pred_dw")
        text = N_("From prediction to loss it is prediction minus target, doubled: {slope}.")
        with self.say(text, **self.said_of(0, slope="dL_dy_pred")):
            places = zip(self.lines, self.at(0), strict=True)
            self.move(*(line.animate.put(*it) for line, it in places))
            self.point_at(1, 2)
            coming = {"y": self.chain.now(1), "t": self.chain.goal()}
            self.work_out(self.formulas.slope_of_loss, coming, last=["dL"])
            self.take_slope(1, "dL", "dL_dy_pred")
        text = N_("A nudge passes both links. So we multiply: {slope}. That is the chain rule.")
        with self.say(text, **self.said_of(0, slope="dL_dw")):
            self.point_at()
            coming = {"dL": self.chain.link(3, "s"), "dy": self.chain.link(2, "s")}
            self.work_out(self.formulas.product, coming, last=["g"])
        self.compare()

    def compare(self) -> None:
        """What the slope promised for the nudge, and what came."""
        step = self.record.steps[0]
        if not (step.nudge.dw and step.dL_dw):
            return
        text = N_("For our nudge, that promises {promised}. What came was {came}.")
        with self.say(text, **self.said_of(0, promised="nudge.linear_dL", came="nudge.dL")):
            self.work_out(self.formulas.promise, last=["dl"])
        with self.say(N_("The smaller the nudge, the closer the two.")):
            pass

    def at(self, number: int) -> list[tuple[float, str]]:
        """Return where a step begins on each line, and what is written there."""
        step = self.record.steps[number]
        texts = self.texts_of(number, *NAMES)
        return [(getattr(step, name), text) for name, text in zip(NAMES, texts, strict=True)]

    def take_slope(self, link: int, part: str, name: str) -> None:
        """Let a slope travel from the board to its link."""
        source = self.slope(0, name)
        self.carry(part, self.chain.slope_to_be(link, source))
        self.move(self.chain.links.animate.slope(link, source), seconds=TIMES.change)

    def slope(self, number: int, name: str) -> str:
        """Return a step's slope as it stands at a link."""
        (text,) = self.formulas.of_step(number, name)
        return f"$times {slot('s', text)}$"

    def show_update(self) -> None:
        """The step against the gradient."""
        step = self.record.steps[0]
        verdict = one_weight.direction(step.dL_dw, step.w, step.w_after)
        self.beat("update", N_("Which way, and how far?"))
        if step.dL_dw:
            text = N_("The slope is {slope}, and we want less loss. Should w go up or down?")
            self.ask(text, **self.said_of(0, slope="dL_dw"))
        with self.say(DIRECTION(verdict, "chain.steps.0")):
            self.point_at(0)
        text = N_("How far? The learning rate, {rate}, times the slope, against its sign.")
        with self.say(text, rate=self.words("chain.learning_rate")):
            self.run_line(STEP)
            self.work_out(lambda: self.formulas.update(0), {"w": self.chain.now(0)}, last=["after"])
            self.step_on(0)
        fields = self.said_of(0, w="w_after", y="y_pred_after", L="loss_after")
        with self.say(N_("Now w is {w}, the prediction {y}, and the loss {L}."), **fields):
            self.point_at()
            self.run_forward(0)

    def step_on(self, number: int) -> None:
        """Let the new weight travel to its line, and the weight with it."""
        after = self.record.steps[number].w_after
        (text,) = self.texts_of(number, "w_after")
        moved = self.lines[0].animate.forget().nudge(after, "")
        self.carry("after", self.chain.value(0, after, text), moved)
        self.lines[0].labels = [text, ""]

    def run_forward(self, number: int) -> None:
        """Let prediction and loss follow the weight's step, one after the other."""
        step = self.record.steps[number]
        y_pred, loss = self.texts_of(number, "y_pred_after", "loss_after")
        self.move(self.lines[1].animate.forget().nudge(step.y_pred_after, y_pred))
        self.move(self.lines[2].animate.forget().nudge(step.loss_after, loss))

    def show_next(self, number: int) -> None:
        """Another step, told more quickly."""
        self.beat(f"step_{number + 1}", N_("Step {number}"), number=number + 1)
        text = N_("Once more, from where w is now: the product of the slopes is {slope}.")
        with self.say(text, **self.said_of(number, slope="dL_dw")):
            self.run_line("", *(line.animate.settle() for line in self.lines))
            source = self.slope(number, "dL_dy_pred")
            self.move(self.chain.links.animate.slope(1, source), seconds=TIMES.change)
            coming = {"dL": self.chain.link(3, "s"), "dy": self.chain.link(2, "s")}
            coming["w"] = self.chain.now(0)
            last = ["g", "gradient", "after"]
            self.work_out(lambda: self.formulas.again(number), coming, last=last)
        fields = self.said_of(number, w="w_after", L="loss_after")
        with self.say(N_("The weight goes to {w}, and the loss to {L}."), **fields):
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
            ends = self.chain.look_at((*steps[:STEPS_TOLD], steps[last]))
            moved: list[Any] = [
                line.animate.settle().forget().look(*seen).put(*it)
                for line, seen, it in zip(self.lines, ends, self.at(last), strict=True)
            ]
            moved.append(self.chain.links.animate.slope(1, self.slope(last, "dL_dy_pred")))
            self.work_out(lambda: self.formulas.update(last), None, *moved, last=["after"])
            self.step_on(last)
            self.run_forward(last)

    def show_loop(self) -> None:
        """The weight over all updates."""
        loop, count = self.loop, len(self.loop.x)
        self.beat("loop", N_("Training: the samples take turns"))
        text = N_("Now one sample comes again and again; number of epochs: {epochs}.")
        if count > 1:
            text = N_(
                "So far there was one sample. Now {count} take turns, in {epochs} rounds: epochs."
            )
        if count > 1 and loop.epochs == 1:
            text = N_(
                "So far there was one sample. Now {count} take turns, in one round: an epoch."
            )
        with self.say(text, epochs=loop.epochs, count=count):
            self.run_line("")
            self.clear_board()
            self.lay_out_loop()
        with self.say(N_("Watch the weight, and the mean loss of all samples.")):
            growing = self.plot.animate.grow(1.0, "w"), self.losses.animate.grow(1.0, "loss")
            self.move(*growing, seconds=3 * TIMES.travel)
        names = {"x": "test_x", "before": "before", "after": "after"}
        fields = {key: self.words(f"loop.{name}") for key, name in names.items()}
        with self.say(self.trained(), **fields, count=len(loop.w) - 1):
            last = self.formulas.last_weight(loop)
            self.plot.add_mark("end", float(loop.w[-1]), way="y", label=f"${last}$")
            self.plot.hide("end")
            self.work_out(lambda: self.formulas.answer(loop), None, self.plot.animate.reveal("end"))

    def lay_out_loop(self) -> None:
        """Put two diagrams in place of the lines, which grow in step."""
        left, bottom, right, top = self.rooms.picture
        boxes = halves((left, bottom, right, top - INSET), is_tall=self.home[1] > self.home[0])
        names = escape(self.tr("update")), escape(self.tr("epoch"))
        self.plot = weight_plot(self.loop, names[0], Rooms.size(boxes[0]), *self.look)
        self.losses = loss_plot(self.loop, names[1], Rooms.size(boxes[1]), *self.look)
        for plot, box in zip((self.plot, self.losses), boxes, strict=True):
            plot.move_to((*middle_of(box), 0))
        self.exchange(self.chain.parts, self.plot, self.losses)

    def trained(self) -> Sentence:
        """Return what became of the prediction, with places for numbers."""
        loop = self.loop
        verdict = one_weight.loop_end(
            loop.epoch_losses,
            1 - 2 * loop.learning_rate * loop.x**2,
            is_known=loop.test_x in loop.x,
            breaks=loop.divergence is not None,
        )
        return TRAINED(verdict, "loop")

    def show_answer(self) -> None:
        """The first question, answered on the first step."""
        step = self.record.steps[0]
        self.beat("answer", N_("Which way, and how far?"))
        verdict = one_weight.direction(step.dL_dw, step.w, step.w_after)
        ends = self.chain.look_at(self.record.steps[:STEPS_TOLD])
        for line, seen, it in zip(self.lines, ends, self.at(0), strict=True):
            line.settle().forget().look(*seen).put(*it)
        for link, name in enumerate(("dy_pred_dw", "dL_dy_pred")):
            self.chain.links.slope(link, self.slope(0, name))
        with self.say(N_("So: multiply the slopes along the chain.")):
            self.clear_board()
            self.exchange((self.plot, self.losses), *self.chain.parts)
            self.work_out(self.formulas.rule)
        with self.say(ANSWER(verdict, "chain.steps.0")):
            (after,) = self.texts_of(0, "w_after")
            self.move(self.lines[0].animate.nudge(step.w_after, after))
            self.run_forward(0)
