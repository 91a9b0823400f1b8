"""The formulas of one weight that learns, link by link, with their numbers put in.

Numbers that come from somewhere are named parts: ``w x y t L`` values, ``dy dL g`` slopes of the
links and their product, ``change`` what changes the weight, ``after`` the weight after a step.
"""

from __future__ import annotations

from backprop_studio.core.answer_sheet import MINUS
from backprop_studio.core.training.data_loop import DataLoopRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import few, over
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.paint.named_glyphs import named

STEP = f"w <- w - eta {over('L', 'w')}"


class ChainRuleFormulas(Formulas):
    """Writes the steps on one sample, ``chain`` in the sheet, and the ``loop`` over the data."""

    def of_step(self, number: int, *names: str) -> list[str]:
        """Return numbers of a step."""
        return [self.short(f"chain.steps.{number}.{name}") for name in names]

    @true_digits
    def prediction(self) -> str:
        """Return the first weight's prediction."""
        w, y_pred = self.of_step(0, "w", "y_pred")
        product = f"{slot('w', w)} dot {slot('x', self.short('chain.x'))}"
        return f"$ hat(y) = w x = {product} = {named('y', y_pred)} $"

    @true_digits
    def loss(self) -> str:
        """Return the first prediction's loss."""
        y_pred, loss = self.of_step(0, "y_pred", "loss")
        distance = f"{named('y', y_pred)} - {slot('t', self.short('chain.y'))}"
        return f"$ L = (hat(y) - t)^2 = ({distance})^2 = {named('L', self.as_loss(loss))} $"

    @true_digits
    def slope_of_prediction(self) -> str:
        """Return the slope of the link from weight to prediction."""
        (slope,) = self.of_step(0, "dy_pred_dw")
        return f"$ {over('hat(y)', 'w')} = x = {named('dy', self.as_gradient(slope))} $"

    @true_digits
    def slope_of_loss(self, number: int) -> str:
        """Return a step's slope of the link from prediction to loss."""
        return f"$ {self._slope_of_loss(number)} $"

    def _slope_of_loss(self, number: int) -> str:
        y_pred, slope = self.of_step(number, "y_pred", "dL_dy_pred")
        distance = f"{named('y', y_pred)} - {slot('t', self.short('chain.y'))}"
        result = named("dL", self.as_gradient(slope))
        return f"{over('L', 'hat(y)')} = 2 (hat(y) - t) = 2 ({distance}) = {result}"

    @true_digits
    def product(self) -> str:
        """Return the product of the slopes."""
        links = f"{over('L', 'hat(y)')} dot {over('hat(y)', 'w')}"
        return f"$ {over('L', 'w')} = {links} = {self._slopes(0)} $"

    def _slopes(self, number: int) -> str:
        dL, dy, product = self.of_step(number, "dL_dy_pred", "dy_pred_dw", "dL_dw")
        factors = (slot(name, it, self.as_gradient) for name, it in (("dL", dL), ("dy", dy)))
        return f"{' dot '.join(factors)} = {named('g', self.as_gradient(product))}"

    @true_digits
    def nudged_loss(self) -> str:
        """Return the loss after the nudge, and by how much it has changed."""
        y_pred, after, before, change = self.of_step(
            0, "nudge.y_pred", "nudge.loss", "loss", "nudge.dL"
        )
        distance = f"{slot('y', y_pred)} - {slot('t', self.short('chain.y'))}"
        moved = named("change", f"Delta L = {after} - {bracketed(before)}")
        loss = named("L", self.as_loss(after))
        return f"$ L = ({distance})^2 = {loss} wide {moved} = {named('dl', change)} $"

    @true_digits
    def promise(self) -> str:
        """Return the change of the loss that the slope promises for the nudge, and what came."""
        product, dw, linear = self.of_step(0, "dL_dw", "nudge.dw", "nudge.linear_dL")
        factors = f"{slot('g', product, self.as_gradient)} dot {slot('dw', dw)}"
        return (
            f"$ Delta L approx {over('L', 'w')} dot Delta w = {factors} = {named('dl', linear)} $"
        )

    @true_digits
    def update(self, number: int) -> str:
        """Return the rule with a step's numbers."""
        return f"$ {STEP} {self._step(number)} $"

    @true_digits
    def again(self, number: int) -> str:
        """Return a step's gradient as the product of its links' slopes, and the step."""
        rule = f"{named('rule', STEP)} {self._step(number)}"
        return f"$ {over('L', 'w')} = {self._slopes(number)} wide {rule} $"

    def _step(self, number: int) -> str:
        w, product, after = self.of_step(number, "w", "dL_dw", "w_after")
        rate = self.short("chain.learning_rate")
        slope = self.as_gradient(product)
        slope = slope if bracketed(product) == product else f"({slope})"
        change = named("change", f"{rate} dot {slope}")
        return f"= {slot('w', w)} - {change} = {named('after', after)}"

    def rule(self) -> str:
        """Return what is to be remembered, without a number."""
        links = f"{over('L', 'hat(y)')} dot {over('hat(y)', 'w')}"
        return f"$ {STEP} wide {over('L', 'w')} = {links} $"

    def samples(self, loop: DataLoopRecord) -> str:
        """Return the samples of the loop, each input with its target: named sample0 and so on."""
        pairs = few(
            lambda k: named(
                f"sample{k}", f"{self.short(f'loop.x.{k}')} -> {self.short(f'loop.y.{k}')}"
            ),
            len(loop.x),
            "dots",
        )
        return f"$ x -> t : quad {' wide '.join(pairs)} $"

    @true_digits
    def first_update(self, loop: DataLoopRecord) -> str:
        """Return the first update of the loop: its sample's gradient, and the step."""
        names = ("w.0", "x.0", "y.0", "gradients.0", "learning_rate", "w.1")
        w, x, t, gradient, rate, after = (self.short(f"loop.{name}") for name in names)
        product = f"{bracketed(w)} dot {bracketed(x)} - {bracketed(t)}"
        slope = f"2 (w x - t) x = 2 ({product}) dot {bracketed(x)} = {named('g', gradient)}"
        step = f"{bracketed(rate)} dot {slot('g2', gradient, self.as_gradient)}"
        return f"$ {slope} wide w <- {w} - {step} = {named('after', after)} $"

    @true_digits
    def answer(self, loop: DataLoopRecord) -> str:
        """Return the prediction before and after the loop."""
        x, before, after = (self.short(f"loop.{name}") for name in ("test_x", "before", "after"))
        first, last = self.short("loop.w.0"), self.last_weight(loop)
        start = f"{bracketed(first)} dot {bracketed(x)} = {before}"
        end = f"{bracketed(last)} dot {bracketed(x)} = {after}"
        return f"$ hat(y)({x}) : {start} quad -> quad {end} $"

    def last_weight(self, loop: DataLoopRecord) -> str:
        """Return the weight in the end."""
        return self.short(f"loop.w.{len(loop.w) - 1}")


def slot(name: str, number: str, look: object = None) -> str:
    """Return a factor with its number as a named part, and what brackets it needs around it.

    Examples
    --------
    >>> slot("w", "−1"), slot("x", "2")
    ('(#part("w")[$−1$])', '#part("x")[$2$]')
    """
    shown = named(name, look(number) if callable(look) else number)
    return shown if bracketed(number) == number else f"({shown})"


def signed(number: str) -> str:
    """Return a printed change with its sign."""
    return number if number.startswith(MINUS) or number == "0" else f"+{number}"
