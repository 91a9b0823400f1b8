"""The formulas of the lesson on momentum with their numbers put in, as Typst markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from backprop_studio.scenes.boards.markup import coloured, quoted
from backprop_studio.scenes.paint.style import Theme

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Translate

__all__ = ["MomentumFormulas"]

WITH, WITHOUT = "descents.0", "descents.1"


class MomentumFormulas:
    """Writes each moment of the lesson.

    Parameters
    ----------
    short, pair : callable
        Of the lesson: ``path in the sheet -> printed number``, or pair of numbers.
    """

    def __init__(
        self,
        short: Callable[[str], str],
        pair: Callable[[str], str],
        theme: Theme,
        tr: Translate,
    ) -> None:
        self.short, self.pair, self.theme, self.tr = short, pair, theme, tr

    def crawl(self, rule: str, names: tuple[str, str], *, has_moved: bool) -> str:
        """Return the surface, and the first plain step in numbers."""
        surface = f"L({', '.join(names)}) = {rule}"
        path = f"{WITHOUT}.paths.0"
        start = self.pair(f"{path}.points.0")
        gradient = self._coloured(self.pair(f"{path}.gradients.0"))
        if not has_moved:
            return f"$ {surface} wide bold(w)_0 = {start} wide {self._nabla()} = {gradient} $"
        end = self.pair(f"{path}.points.1")
        return (
            f"$ {surface} \\ bold(w)_1 = bold(w)_0 - eta {self._nabla()} = "
            f"{start} - {self._rate()} dot {gradient} = {end} $"
        )

    def rule(self) -> str:
        """Return the rule of the lecture."""
        return (
            f"$ bold(v) <- gamma bold(v) + eta {self._nabla()} wide bold(w) <- bold(w) - bold(v) "
            f"\\ gamma = {self._gamma()} wide eta = {self._rate()} wide bold(v)_0 = (0, 0) $"
        )

    def step(self, k: int) -> str:
        """Return a step in numbers: the velocity, then the place."""
        path = f"{WITH}.paths.0"
        old, new = (self.pair(f"{path}.vectors.lecture_velocity.{it}") for it in (k - 1, k))
        gradient = self._coloured(self.pair(f"{path}.gradients.{k - 1}"))
        start, end = (self.pair(f"{path}.points.{it}") for it in (k - 1, k))
        return (
            f"$ bold(v)_{k} = gamma bold(v)_{k - 1} + eta {self._nabla()} = "
            f"{self._gamma()} dot {old} + {self._rate()} dot {gradient} = {new} "
            f"\\ bold(w)_{k} = bold(w)_{k - 1} - bold(v)_{k} = {start} - {new} = {end} $"
        )

    def race(self) -> str:
        """Return both rules side by side."""
        words = [quoted(it) for it in (self.tr("with momentum"), self.tr("without"))]
        steps, word = self.short("parameters.steps"), self.tr("steps")
        return (
            f"$ {words[0]}: space bold(v) <- {self._gamma()} bold(v) + {self._rate()} "
            f"{self._nabla()}, space bold(w) <- bold(w) - bold(v) wide "
            f"{words[1]}: space bold(w) <- bold(w) - {self._rate()} {self._nabla()} wide "
            f"{steps} {quoted(word)} $"
        )

    def code(self) -> str:
        """Return torch's line, with what it does inside."""
        return (
            f"opt.step()  # buf = {self._gamma()} * buf + w.grad; w -= {self._plain_rate()} * buf"
        )

    def line(self, *, has_momentum: bool) -> str:
        """Return the line that builds the optimizer."""
        more = f", momentum={self._gamma()}" if has_momentum else ""
        return f"opt = torch.optim.SGD([w], lr={self._plain_rate()}{more})"

    def _gamma(self) -> str:
        return self.short(f"{WITH}.optimizer.momentum")

    def _rate(self) -> str:
        return self.short(f"{WITH}.optimizer.learning_rate")

    def _plain_rate(self) -> str:
        rate = self._rate()
        return "eta" if "10^(" in rate else rate  # a power of ten is mathematics, not Python

    def _nabla(self) -> str:
        return self._coloured("nabla L")

    def _coloured(self, text: str) -> str:
        return coloured(text, self.theme.gradient)
