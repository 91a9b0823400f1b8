"""The formulas of the lesson on loss surfaces with their numbers put in, as Typst markup."""

from __future__ import annotations

from backprop_studio.core.surfaces.descent import DescentRecord
from backprop_studio.core.surfaces.landscape import Landscape
from backprop_studio.core.surfaces.slices import NetworkSlice
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.update import inline_rule
from backprop_studio.scenes.lesson.writer import Writer

PATH, RATE = "descents.0.paths.0", "descents.0.optimizer.learning_rate"


class SurfaceFormulas(Formulas):
    """Writes each moment of the lesson.

    Parameters
    ----------
    record : DescentRecord
        The descents, ``descents.0`` in the sheet.
    landscape : Landscape
        What they are on.
    names : (str, str)
        The coordinates as Typst mathematics.
    """

    last = "K"
    """The index of the end, as Typst mathematics."""

    def __init__(
        self, writer: Writer, record: DescentRecord, landscape: Landscape, names: tuple[str, str]
    ) -> None:
        super().__init__(writer)
        self.record, self.landscape, self.names = record, landscape, names

    @true_digits
    def surface(self, rule: str) -> str:
        """Return what the height is: the formula, or which network's loss."""
        arguments = ", ".join(self.names)
        if not isinstance(self.landscape, NetworkSlice):
            return f"$ bold(w) = ({arguments}) wide L(bold(w)) = {rule} $"
        if self.landscape.kind == "parameters":
            held = self.word("all other parameters held")
            return f"$ bold(w) = ({arguments}) wide L(bold(w)), space {held} $"
        plane = "L(bold(theta)_0 + alpha bold(d)_1 + beta bold(d)_2) wide bold(w) = (alpha, beta)"
        cosine = self.short("surface.cosine")
        return f"$ {plane} wide cos angle (bold(d)_1, bold(d)_2) = {cosine} $"

    @true_digits
    def gradient(self) -> str:
        """Return height and gradient where the first point starts."""
        start = f"bold(w)_0 = {self.pair(f'{PATH}.points.0')}"
        loss = f"L = {self.short(f'{PATH}.values.0')}"
        return f"$ {self._first()} {start} wide {loss} wide {self._nabla()} = {self._gradient()} $"

    @true_digits
    def step(self) -> str:
        """Return the first step of the first point in numbers."""
        if len(self.record.paths[0].points) < 2:
            return self.rule()
        start, end = (self.pair(f"{PATH}.points.{k}") for k in range(2))
        if not self._is_plain():
            return f"$ {self._rule()} wide {self._rate()} wide {start} -> {end} $"
        rate = self.short(RATE)
        rule = f"bold(w)_1 = bold(w)_0 - eta {self._nabla()}"
        return f"$ {self._first()} {rule} = {start} - {rate} dot {self._gradient()} = {end} $"

    @true_digits
    def rule(self) -> str:
        """Return the rule of the steps."""
        if not self._is_plain():
            return f"$ {self._rule()} wide {self._rate()} $"
        return f"$ bold(w)_(k+1) = bold(w)_k - eta {self._nabla(k='k')} wide {self._rate()} $"

    @true_digits
    def ends(self) -> str:
        """Return after how many steps the table is."""
        steps = self.short("descents.0.steps")
        return f"$ {self._rate()} wide {self.last} = {steps} $"

    def _first(self) -> str:
        return "A: space" if len(self.record.paths) > 1 else ""

    def _is_plain(self) -> bool:
        spec = self.record.optimizer
        return spec.name == "sgd" and not spec.weight_decay

    def _rule(self) -> str:
        return inline_rule(self.record.optimizer.name)

    def _rate(self) -> str:
        return f"eta = {self.short(RATE)}"

    def _gradient(self) -> str:
        return self.as_gradient(self.pair(f"{PATH}.gradients.0"))

    def _nabla(self, k: str = "0") -> str:
        return self.as_gradient(f"nabla L(bold(w)_{k})")
