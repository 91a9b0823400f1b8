"""The chain rule on one weight: a nudge runs forward, its effect is a product, and a step uses it.

Afterwards the viewer can say: why dL/dw is the product of the links' derivatives, what its sign
tells the weight to do, and how a weight settles when the samples take turns.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from manim import FadeIn, FadeOut, VGroup
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import one_weight
from backprop_studio.core.training.chain_rule import ChainRuleStep, chain_rule
from backprop_studio.core.training.data_loop import data_loop
from backprop_studio.core.training.one_weight_params import ChainRuleGroup, DataLoopGroup
from backprop_studio.scenes.boards.chain_rule import ChainRuleFormulas, signed
from backprop_studio.scenes.families.chain_rule_plots import PredictionPlot, loss_plot, weight_plot
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.sentences import Sentence, Sentences
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.number_line import NAME_GAP, NumberLine
from backprop_studio.scenes.parts.charts.table import Table

STEPS_TOLD = 3
"""Steps with a beat of their own; of the others the table shows the last."""

STEP = "opt.step()  # w -= eta * w.grad"
AGAIN = "opt.zero_grad(); ((w * x - y) ** 2).backward(); opt.step()"

CLOSER = 0.2
"""How far the number lines may reach beyond the picture's room: there is nothing at their ends."""

Finite = Annotated[float, Field(allow_inf_nan=False)]


_FIELDS: dict[str, Any] = {**DataLoopGroup.model_fields}


NUDGE = Sentences(
    "reaches",
    one_weight.Reaches,
    {
        "loss": N_("Nudge w a little: the change runs on, link by link, to the loss."),
        "prediction": N_("Nudge w: the prediction changes, and the loss is the same as before."),
        "nothing": N_("Nudge w: nothing of it reaches the prediction."),
    },
)
DIRECTION = Sentences(
    "direction",
    one_weight.Direction,
    {
        "grows": N_("A negative gradient: the weight grows, and the loss is taken again."),
        "shrinks": N_("A positive gradient: the weight shrinks, and the loss is taken again."),
        "zero": N_("The gradient is zero: the weight stays where it is."),
        "lost": N_("The step is so small that the weight stays where it is."),
    },
)
LAST = Sentences(
    "course",
    one_weight.Course,
    {
        "breaks": N_("It diverges: after step {number} the numbers leave float64."),
        "rises": N_("It diverges: this is step {number}, and the loss has only grown."),
        "falls": N_("The same again and again: this is step {number}, and the loss is smaller."),
        "equal": N_("The same again and again: at step {number} the loss is what it was."),
        "mixed": N_("The same again and again: this is step {number}."),
    },
)
ANSWER = Sentences(
    "loop_end",
    one_weight.LoopEnd,
    {
        "diverges": N_("It diverges: after {count} updates eta is plainly too large."),
        "worse": N_("After {count} updates the mean loss is no smaller than before."),
        "known": N_("Before and after training: the prediction for an input of the data."),
        "new": N_("Before and after training: the prediction for an input it never saw."),
    },
)


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


class ChainRule(BoardLesson):
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

    def tell(self) -> None:
        """Tell one step link by link, some more quickly, and then the loop."""
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

    # The stage

    def set_stage(self) -> None:
        """Lay out three number lines, the model beside them, the table of steps and the board."""
        self.formulas = ChainRuleFormulas(self)
        layout, theme = self.layout, self.theme
        told = self.record.steps[:STEPS_TOLD]
        room = NAME_GAP + max(
            width_of(name, SIZES.label, *self.look) for name in ("$w$", "$hat(y)$", "$L$")
        )
        self.lines = [
            NumberLine(axis, layout.picture[0], *self.look, room=room, colour=colour)
            for axis, colour in (
                (_axis("$w$", told, "w", "dw"), theme.focus),
                (_axis("$hat(y)$", told, "y_pred", "dy_pred", self.record.y), theme.text),
                (_axis("$L$", told, "loss", "dL", 0.0), theme.loss),
            )
        ]
        lines = VGroup(*self.lines).arrange(direction=(0, -1, 0), buff=0)
        # Neighbours may come as close as their texts allow: a line's box has room at both ends.
        spare = layout.picture[1] + CLOSER - lines.height
        lines.arrange(direction=(0, -1, 0), buff=min(spare / (len(self.lines) - 1), 0.0))
        lines.move_to((*layout.picture_centre, 0))
        heads = [escape(self.tr("step")), "$w$", "$hat(y)$", "$L$", "$partial L slash partial w$"]
        rows = min(len(self.record.steps), STEPS_TOLD + 1)
        self.table = self.placed(Table(heads, rows, layout.side, *self.look), "side")
        self.model = self.placed(PredictionPlot(self.record, told, layout.side, *self.look), "side")
        self.add(*self.lines, self.model)

    def row(self, number: int) -> list[str]:
        """Return a step's row of the table."""
        numbers = self.formulas.of_step(number, "w", "y_pred", "loss", "dL_dw")
        return [escape(str(number + 1)), *(f"${text}$" for text in numbers)]

    def put(self, number: int) -> list[Any]:
        """Return the animations that put a step's values on the lines."""
        step = self.record.steps[number]
        texts = self.formulas.of_step(number, "w", "y_pred", "loss")
        return [
            line.animate.put(value, f"${text}$")
            for line, value, text in zip(
                self.lines, (step.w, step.y_pred, step.loss), texts, strict=True
            )
        ]

    # One sample

    def show_forward(self) -> None:
        """Weight to prediction to loss."""
        self.beat("forward", N_("Forward: the weight makes a prediction, that makes a loss."))
        code = "y_pred = w * x; loss = (y_pred - y) ** 2"
        self.show(code, self.formulas.forward(), *self.put(0))

    def show_nudge(self) -> None:
        """A small change of w runs through to L."""
        step = self.record.steps[0]
        reached = one_weight.reaches(step.nudge.dy_pred, step.nudge.dL)
        self.beat("nudge", NUDGE(reached, "chain.steps.0.nudge"))
        dw, dy, dL = self.formulas.of_step(0, "nudge.dw", "nudge.dy_pred", "nudge.dL")
        moves = (
            (step.w, step.nudge.dw, dw),
            (step.y_pred, step.nudge.dy_pred, dy),
            (step.loss, step.nudge.dL, dL),
        )
        self.write("y_pred = (w + dw) * x", self.formulas.nudge())
        nudged = self.model.animate.turn(*(value + change for value, change, _ in moves[:2]))
        for line, (value, change, text) in zip(self.lines, moves, strict=True):
            also = [nudged] if line is self.lines[1] else []
            self.move(line.animate.nudge(value + change, f"${signed(text)}$"), *also)

    def show_backward(self) -> None:
        """The links' derivatives and their product."""
        text = N_("Backward: every link has a slope, and the slopes are multiplied.")
        self.beat("backward", text)
        step = self.record.steps[0]
        settled = [line.animate.settle() for line in self.lines]
        self.write("loss.backward()  # w.grad", self.formulas.backward(), *settled)
        self.move(*self.put(0), self.model.animate.turn(step.w, step.y_pred))

    def show_update(self) -> None:
        """The step against the gradient."""
        step = self.record.steps[0]
        verdict = one_weight.direction(step.dL_dw, step.w, step.w_after)
        self.beat("update", DIRECTION(verdict, "chain.steps.0"))
        moved = self.lines[0].animate.forget().nudge(step.w_after, self.weight_after(0))
        self.write(STEP, self.formulas.update(0), moved)
        self.run_forward(0)

    def weight_after(self, number: int) -> str:
        """Return the weight after a step, as markup."""
        return f"${self.formulas.of_step(number, 'w_after')[0]}$"

    def run_forward(self, number: int) -> None:
        """Let prediction and loss follow the weight's step."""
        step = self.record.steps[number]
        y_pred, loss = self.formulas.of_step(number, "y_pred_after", "loss_after")
        self.move(
            self.lines[1].animate.forget().nudge(step.y_pred_after, f"${y_pred}$"),
            self.lines[2].animate.forget().nudge(step.loss_after, f"${loss}$"),
            *([self.model.animate.turn(step.w_after, step.y_pred_after)] if number == 0 else []),
        )

    def show_next(self, number: int) -> None:
        """Another step in one go."""
        step = self.record.steps[number]
        text = N_("Once more, from where the weight is now: step {number}.")
        self.beat(f"step_{number + 1}", text, number=number + 1)
        self.write(
            f"{AGAIN}  # w -= eta * w.grad",
            self.formulas.again(number),
            *self.add_row(number),
            *(line.animate.settle() for line in self.lines),
        )
        self.move(self.lines[0].animate.nudge(step.w_after, self.weight_after(number)))
        self.run_forward(number)

    def add_row(self, number: int) -> list[Any]:
        """Return the animations that write a step into the table, which first takes its place."""
        if number > 1:
            return [self.table.animate.set_row(number, self.row(number)).highlight(number)]
        for row in range(number + 1):
            self.table.set_row(row, self.row(row))
        self.table.highlight(number)
        return [FadeOut(self.model), FadeIn(self.table)]

    def show_last(self) -> None:
        """Where the steps have led."""
        steps, last = self.record.steps, len(self.record.steps) - 1
        self.beat("last", self.ending(), number=last + 1)
        index = min(last, STEPS_TOLD)
        rows = []
        if len(steps) > STEPS_TOLD:
            rows = [self.table.animate.set_row(index, self.row(last)).highlight(index)]
        names = ("w", "y_pred", "loss")
        lines = []
        for line, name, text in zip(
            self.lines, names, self.formulas.of_step(last, *names), strict=True
        ):
            values = [getattr(step, name) for step in (*steps[:STEPS_TOLD], steps[last])]
            seen = Axis.around(values)
            moved = line.animate.settle().forget().look(seen.low, seen.high)
            lines.append(moved.put(values[-1], f"${text}$"))
        told = min(len(steps), STEPS_TOLD)
        code = f"for _ in range({len(steps) - told}): {AGAIN}" if len(steps) > told else AGAIN
        self.show(code, self.formulas.update(last), *rows, *lines)

    def ending(self) -> Sentence:
        """Return what became of the loss in the end, with a place for the step's number."""
        steps, breaks = self.record.steps, self.record.divergence is not None
        verdict = one_weight.course(
            [steps[0].loss, *(it.loss_after for it in steps)], breaks=breaks
        )
        return LAST(verdict, "chain.steps")

    # The loop over the data

    def show_loop(self) -> None:
        """The weight over all updates."""
        loop, count = self.loop, len(self.loop.x)
        text = N_("Now there is one sample again and again; epochs: {epochs}.")
        if count > 1:
            text = N_("Now the samples take turns; samples: {count}, epochs: {epochs}.")
        self.beat("loop", text, epochs=loop.epochs, count=count)
        beside = self.table if len(self.record.steps) > 1 else self.model
        self.move(*(FadeOut(part) for part in (*self.lines, beside)), seconds=TIMES.fade)
        layout, look = self.layout, self.look
        self.plot = weight_plot(loop, escape(self.tr("update")), layout.picture, *look)
        self.placed(self.plot, "picture")
        losses = self.placed(loss_plot(loop, escape(self.tr("epoch")), layout.side, *look), "side")
        self.write(
            f"for x, y in {loop.epochs} * data: {AGAIN}",
            self.formulas.data(loop),
            FadeIn(self.plot),
            FadeIn(losses),
        )
        self.move(
            self.plot.animate.grow(1.0, "w"),
            losses.animate.grow(1.0, "loss"),
            seconds=3 * TIMES.travel,
        )
        self.hold(TIMES.look)

    def show_answer(self) -> None:
        """The prediction before and after."""
        loop = self.loop
        self.beat("answer", self.loop_ending(), count=len(loop.w) - 1)
        formula, last = self.formulas.answer(loop), self.formulas.last_weight(loop)
        self.plot.add_mark("end", float(loop.w[-1]), way="y", label=f"${last}$")
        self.plot.hide("end")
        self.show("w * x_test", formula, self.plot.animate.reveal("end"))

    def loop_ending(self) -> Sentence:
        """Return what became of the prediction, with a place for the number of updates."""
        loop = self.loop
        verdict = one_weight.loop_end(
            loop.epoch_losses,
            1 - 2 * loop.learning_rate * loop.x**2,
            is_known=loop.test_x in loop.x,
            breaks=loop.divergence is not None,
        )
        return ANSWER(verdict, "loop")


def _axis(
    name: str, steps: tuple[ChainRuleStep, ...], value: str, change: str, also: float | None = None
) -> Axis:
    """Return a line that holds a quantity at every step told, and the nudged value."""
    values = [getattr(step, value) for step in steps]
    values += [getattr(step, f"{value}_after") for step in steps]
    values.append(getattr(steps[0], value) + getattr(steps[0].nudge, change))
    return Axis.around(values if also is None else [*values, also], name, margin=0.08)
