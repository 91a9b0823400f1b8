"""The formulas of the lesson on momentum with their numbers put in, as Typst markup."""

from __future__ import annotations

from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.lesson.numbers import code_text
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE, fitted

WITH, WITHOUT = "descents.0", "descents.1"


class MomentumFormulas(Formulas):
    """Writes each moment of the lesson."""

    @true_digits
    def crawl(self, rule: str, names: tuple[str, str], *, has_moved: bool) -> str:
        """Return the surface, and the first plain step in numbers."""
        surface = f"L({', '.join(names)}) = {rule}"
        path, nabla = f"{WITHOUT}.paths.0", self._nabla()
        start = self.pair(f"{path}.points.0")
        gradient = self.as_gradient(self.pair(f"{path}.gradients.0"))
        if not has_moved:
            return f"$ {surface} wide bold(w)_0 = {start} wide {nabla} = {gradient} $"
        end = self.pair(f"{path}.points.1")
        step = f"{start} - {self._rate()} dot {gradient} = {end}"
        return f"$ {surface} \\ bold(w)_1 = bold(w)_0 - eta {nabla} = {step} $"

    @true_digits
    def rule(self) -> str:
        """Return the rule of the lecture."""
        velocity = f"bold(v) <- gamma bold(v) + eta {self._nabla()}"
        numbers = f"gamma = {self._gamma()} wide eta = {self._rate()} wide bold(v)_0 = (0, 0)"
        return f"$ {velocity} wide bold(w) <- bold(w) - bold(v) \\ {numbers} $"

    @true_digits
    def step(self, k: int) -> str:
        """Return a step in numbers: the velocity, then the place."""
        path = f"{WITH}.paths.0"
        old, new = (self.pair(f"{path}.vectors.lecture_velocity.{it}") for it in (k - 1, k))
        gradient = self.as_gradient(self.pair(f"{path}.gradients.{k - 1}"))
        start, end = (self.pair(f"{path}.points.{it}") for it in (k - 1, k))
        rule = f"bold(v)_{k} = gamma bold(v)_{k - 1} + eta {self._nabla()}"
        numbers = f"{self._gamma()} dot {old} + {self._rate()} dot {gradient} = {new}"
        moved = f"bold(w)_{k} = bold(w)_{k - 1} - bold(v)_{k} = {start} - {new} = {end}"
        return f"$ {rule} = {numbers} \\ {moved} $"

    @true_digits
    def race(self) -> str:
        """Return both rules side by side."""
        steps = f"{self.short('parameters.steps')} {self.word('steps')}"
        first, second = self.word("with momentum"), self.word("without")
        step = f"{self._rate()} {self._nabla()}"
        velocity = f"bold(v) <- {self._gamma()} bold(v) + {step}"
        rules = f"{first}: space {velocity}, space bold(w) <- bold(w) - bold(v)"
        return f"$ {rules} wide {second}: space bold(w) <- bold(w) - {step} wide {steps} $"

    def code(self) -> str:
        """Return torch's line, with what it does inside."""
        velocity = f"{STEP_LINE}  # buf = {self._code('momentum')} * buf + w.grad"
        return fitted(f"{velocity}; w -= {self._code('learning_rate')} * buf", velocity)

    def line(self, *, has_momentum: bool) -> str:
        """Return the line that builds the optimizer."""
        more = f", momentum={self._code('momentum')}" if has_momentum else ""
        return f"opt = torch.optim.SGD([w], lr={self._code('learning_rate')}{more})"

    def _code(self, name: str) -> str:
        return code_text(self.exact(f"{WITH}.optimizer.{name}"))

    def _gamma(self) -> str:
        return self.short(f"{WITH}.optimizer.momentum")

    def _rate(self) -> str:
        return self.short(f"{WITH}.optimizer.learning_rate")

    def _nabla(self) -> str:
        return self.as_gradient("nabla L")
