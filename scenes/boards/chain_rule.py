"""The formulas of one weight that learns, link by link, with their numbers put in."""

from __future__ import annotations

from backprop_studio.core.answer_sheet import MINUS
from backprop_studio.core.training.data_loop import DataLoopRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import over
from backprop_studio.scenes.lesson.numbers import bracketed

FEW = 4
"""Samples that are written out."""


class ChainRuleFormulas(Formulas):
    """Writes the steps on one sample, ``chain`` in the sheet, and the ``loop`` over the data."""

    def of_step(self, number: int, *names: str) -> list[str]:
        """Return numbers of a step."""
        return [self.short(f"chain.steps.{number}.{name}") for name in names]

    @true_digits
    def forward(self) -> str:
        """Return prediction and loss of the first weight."""
        w, y_pred, loss = self.of_step(0, "w", "y_pred", "loss")
        x, y = bracketed(self.short("chain.x")), bracketed(self.short("chain.y"))
        first = f"hat(y) = w x = {bracketed(w)} dot {x} = {y_pred}"
        return f"$ {first} wide L = (hat(y) - y)^2 = ({y_pred} - {y})^2 = {loss} $"

    @true_digits
    def nudge(self) -> str:
        """Return what a small change of the weight becomes at each link."""
        dw, dy, dL = self.of_step(0, "nudge.dw", "nudge.dy_pred", "nudge.dL")
        product = f"{bracketed(self.short('chain.x'))} dot {bracketed(dw)}"
        first = f"Delta w = {dw} quad -> quad Delta hat(y) = {product} = {dy}"
        return f"$ {first} quad -> quad Delta L = {self.as_loss(dL)} $"

    @true_digits
    def backward(self) -> str:
        """Return the links' derivatives and their product."""
        y_pred, dL_dy, dy_dw, dL_dw = self.of_step(0, "y_pred", "dL_dy_pred", "dy_pred_dw", "dL_dw")
        y = bracketed(self.short("chain.y"))
        first = f"{over('L', 'hat(y)')} = 2 ({y_pred} - {y}) = {dL_dy}"
        second = f"{over('hat(y)', 'w')} = x = {dy_dw}"
        product = f"{bracketed(dL_dy)} dot {bracketed(dy_dw)} = {self.as_gradient(dL_dw)}"
        return f"$ {first} quad {second} quad {over('L', 'w')} = {product} $"

    def again(self, number: int) -> str:
        """Return a step's gradient as the product of its links' slopes, and the step."""
        dL_dy, dy_dw, dL_dw = self.of_step(number, "dL_dy_pred", "dy_pred_dw", "dL_dw")
        product = f"{over('L', 'w')} = {bracketed(dL_dy)} dot {bracketed(dy_dw)} = {dL_dw}"
        return self.update(number, f"{product} wide")

    @true_digits
    def update(self, number: int, before: str = "") -> str:
        """Return the rule with a step's numbers, behind what is given."""
        w, dL_dw, after = self.of_step(number, "w", "dL_dw", "w_after")
        rate = self.short("chain.learning_rate")
        step = f"{bracketed(w)} - {rate} dot {self.as_gradient(bracketed(dL_dw))} = {after}"
        return f"$ {before} w <- w - eta {over('L', 'w')} = {step} $"

    @true_digits
    def data(self, loop: DataLoopRecord) -> str:
        """Return the first samples of the loop, and its rate."""

        def first(name: str) -> str:
            numbers = [self.short(f"loop.{name}.{k}") for k in range(min(len(loop.x), FEW))]
            return ", ".join([*numbers, "dots"] if len(loop.x) > FEW else numbers)

        xs, ys = first("x"), first("y")
        return f"$ x = ({xs}) quad y = ({ys}) quad eta = {self.short('loop.learning_rate')} $"

    @true_digits
    def answer(self, loop: DataLoopRecord) -> str:
        """Return the prediction before and after the loop."""
        x, before, after = (self.short(f"loop.{name}") for name in ("test_x", "before", "after"))
        first, last = self.short("loop.w.0"), self.last_weight(loop)
        start = f"{bracketed(first)} dot {bracketed(x)} = {before}"
        end = f"{bracketed(last)} dot {bracketed(x)} = {after}"
        return f"$ w : {first} -> {last} wide hat(y)({x}) : {start} quad -> quad {end} $"

    def last_weight(self, loop: DataLoopRecord) -> str:
        """Return the weight in the end."""
        return self.short(f"loop.w.{len(loop.w) - 1}")


def signed(number: str) -> str:
    """Return a printed change with its sign."""
    return number if number.startswith(MINUS) or number == "0" else f"+{number}"
