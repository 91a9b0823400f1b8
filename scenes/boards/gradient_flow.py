"""Formulas and torch lines of gradients that go wrong, with what was measured put in."""

from __future__ import annotations

import math
from collections.abc import Callable

from backprop_studio.core.training.gradient_accumulation import DescentRun
from backprop_studio.core.training.gradient_flow import FlowCase, FlowRecord
from backprop_studio.scenes.boards.markup import activation_of, coloured, gradient_symbol, quoted
from backprop_studio.scenes.lesson.torch_lines import forward_line
from backprop_studio.scenes.paint.style import DECIMALS, Theme

__all__ = ["FlowFormulas", "RunFormulas", "bracketed"]

DIGITS = 2
"""Of a gradient's length: its size is the point."""


class FlowFormulas:
    """Writes a fault and its cure.

    Parameters
    ----------
    case : FlowCase
        It stands in the answer sheet as ``flow`` and the fault's name.
    number, given, scientific : callable
        See ``LessonScene``.
    """

    def __init__(
        self,
        case: FlowCase,
        number: Callable[..., str],
        given: Callable[..., str],
        scientific: Callable[..., str],
        theme: Theme,
        tr: Callable[[str], str],
    ) -> None:
        self.case, self.theme, self.tr = case, theme, tr
        self.number, self.given, self.scientific = number, given, scientific
        self.path = f"flow.{case.fault}"
        self.last = len(case.faulty.layers)

    def flow(self, side: str) -> FlowRecord:
        """Return what was measured of ``faulty`` or ``cured``."""
        return self.case.faulty if side == "faulty" else self.case.cured

    def length(self, side: str, k: int) -> str:
        """Return the length of a layer's gradient, counted from 0; 0 is written short."""
        path = f"{self.path}.{side}.layers.{k}.norm_dL_dW"
        return self.scientific(path, DIGITS)

    def cells(self, side: str) -> list[str]:
        """Return the lengths of all layers, as markup."""
        texts = [self.length(side, k) for k in range(self.last)]
        return [f"${text}$" if "^" in text else text for text in texts]

    def backward(self) -> str:
        """Return the rule by which a gradient goes back one layer."""
        return (
            f"$ {self._over('a_(k-1)')} = W_k^T (f'(z_k) dot.o {self._over('a_k')}) wide "
            f"{self._over('W_k')} = (f'(z_k) dot.o {self._over('a_k')}) a_(k-1)^T $"
        )

    def fault(self) -> str:
        """Return why it goes wrong."""
        write = {
            "vanishing": self._slopes,
            "exploding": self._gain,
            "dead_relu": self._dead,
            "zero_weights": self._zeros,
        }[self.case.fault]
        return write()

    def _slopes(self) -> str:
        slope = self._slope("faulty")
        return f"$ {slope}{self._factor('faulty')} $"

    def _gain(self) -> str:
        gain = self.given("parameters.gain")
        return f"$ W_k arrow.l {gain} dot W_k{self._factor('faulty')} $"

    def _dead(self) -> str:
        bias = self.given("parameters.bias")
        first = f"{self.path}.faulty.layers.0"
        dead, units = self.given(f"{first}.dead"), self.given(f"{first}.units")
        words = quoted(self.tr("dead units"))
        silent = (
            f" wide {activation_of('relu', 'z_1', derivative=True)} = 0 space => space "
            f"{self._over('W_1')} = 0"
            if dead == units
            else ""
        )
        return f"$ z_1 = W_1 x + b_1 wide b_1 = {bias} wide {words} = {dead} \\/ {units}{silent} $"

    def _zeros(self) -> str:
        return (
            f"$ a_k = tanh(0) = 0 space => space {self._over('W_k')} = {self._over('z_k')} "
            f"a_(k-1)^T = 0 wide {self._over('a_(k-1)')} = W_k^T {self._over('z_k')} = 0 $"
        )

    def cure(self) -> str:
        """Return what the cure makes of the first layer's gradient."""
        before, after = self.length("faulty", 0), self.length("cured", 0)
        slope = f"{self._slope('cured')} wide " if self.case.fault != "exploding" else ""
        return f"$ {slope}norm({self._over('W_1')}) : {before} -> {after}{self._factor('cured')} $"

    def fault_line(self) -> str:
        """Return the line of torch that makes the fault."""
        if self.case.fault == "vanishing":
            return forward_line(self.case.faulty.network, 2)
        if self.case.fault == "exploding":
            return f"nn.init.xavier_uniform_(layer.weight, gain={self._plain('gain')})"
        if self.case.fault == "dead_relu":
            return f"nn.init.constant_(first.bias, {self._plain('bias')})"
        return "nn.init.zeros_(layer.weight)"

    def cure_line(self) -> str:
        """Return the line of torch that cures it."""
        if self.case.fault in {"vanishing", "dead_relu"}:
            return forward_line(self.case.cured.network, 2)
        return "nn.init.xavier_uniform_(layer.weight)"

    def _plain(self, name: str) -> str:
        return self.given(f"parameters.{name}").replace("−", "-")

    def _slope(self, side: str) -> str:
        """Return the mean slope in the first layer."""
        symbol = activation_of(self.flow(side).layers[0].activation, "z_1", derivative=True)
        value = self.number(f"{self.path}.{side}.layers.0.mean_slope", DECIMALS)
        mean = quoted(self.tr("mean"))
        return f"{mean} abs({symbol}) = {value}"

    def _factor(self, side: str) -> str:
        if math.isnan(self.flow(side).factor):
            return ""
        value = self.scientific(f"{self.path}.{side}.factor", DIGITS + 1)
        factor = coloured(f"times {value}", self.theme.gradient)
        words = quoted(self.tr("each layer back:"))
        return f" wide {words} space {factor}"

    def _over(self, quantity: str) -> str:
        return gradient_symbol(quantity, self.theme.gradient)


class RunFormulas:
    """Writes the first steps of one weight.

    Parameters
    ----------
    run : DescentRun
        With or without zeroing.
    path : str
        Where it stands in the answer sheet.
    short, given : callable
        See ``BoardLesson``.
    """

    def __init__(
        self,
        run: DescentRun,
        path: str,
        short: Callable[..., str],
        given: Callable[..., str],
        theme: Theme,
    ) -> None:
        self.run, self.path, self.theme = run, path, theme
        self.short, self.given = short, given

    def row(self, k: int) -> list[str]:
        """Return a step's row: its number, w, its gradient and what is in .grad."""
        texts = [self.short(f"{self.path}.{name}.{k}") for name in _COLUMNS]
        return [self.given(f"steps.{k}"), *(f"${text}$" if "^" in text else text for text in texts)]

    def step(self) -> str:
        """Return what is in .grad at step 1, and where w goes by it."""
        used = coloured(self._at("weight_used", 1), self.theme.gradient)
        rate = self.given("parameters.learning_rate", 6)
        grad = f'w."grad" = g_1 = {used}'
        if not self.path.endswith("zeroed"):
            terms = f"{self._at('weight_own', 0)} + {bracketed(self._at('weight_own', 1))}"
            grad = f'w."grad" = g_0 + g_1 = {terms} = {used}'
        grad = f"g = {gradient_symbol('w', self.theme.gradient)} wide {grad}"
        if len(self.run.weight) < _TOLD:
            return f"$ {grad} $"
        factor = coloured(bracketed(self._at("weight_used", 1)), self.theme.gradient)
        return (
            f'$ {grad} wide w_2 = w_1 - eta dot w."grad" = {self._at("weight", 1)} - '
            f"{rate} dot {factor} = {self._at('weight', 2)} $"
        )

    def _at(self, name: str, k: int) -> str:
        return self.short(f"{self.path}.{name}.{k}")


_COLUMNS = ("weight", "weight_own", "weight_used")
_TOLD = 3
"""Weights that have to be known for the step to be written out."""


def bracketed(number: str) -> str:
    """Return a number as it may stand behind a sign.

    Examples
    --------
    >>> bracketed("−1.6"), bracketed("1.6")
    ('(−1.6)', '1.6')
    """
    return f"({number})" if number.startswith("−") else number
