"""Formulas and torch lines of gradients that go wrong, with what was measured put in."""

from __future__ import annotations

import math

from backprop_studio.core.training.accumulation import DescentRun
from backprop_studio.core.training.gradient_flow import FlowCase, FlowRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import activation_of
from backprop_studio.scenes.lesson.numbers import bracketed, code_text, markup_of
from backprop_studio.scenes.lesson.torch_lines import forward_line
from backprop_studio.scenes.lesson.writer import Writer

DIGITS = 2
"""Of a gradient's length: its size is the point."""

TOLD = 3
"""Weights that have to be known for a step to be written out."""


class FlowFormulas(Formulas):
    """Writes a fault and its cure.

    Parameters
    ----------
    case : FlowCase
        It stands in the answer sheet as ``flow`` and the fault's name.
    """

    def __init__(self, writer: Writer, case: FlowCase) -> None:
        super().__init__(writer)
        self.case = case
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
        return [markup_of(self.length(side, k)) for k in range(self.last)]

    @true_digits
    def backward(self) -> str:
        """Return the rule by which a gradient goes back one layer."""
        slope = f"(f'(z_k) dot.o {self.dL_over('a_k')})"
        first = f"{self.dL_over('a_(k-1)')} = W_k^T {slope}"
        return f"$ {first} wide {self.dL_over('W_k')} = {slope} a_(k-1)^T $"

    @true_digits
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
        return f"$ {self._slope('faulty')}{self._factor('faulty')} $"

    def _gain(self) -> str:
        gain = self.given("parameters.gain")
        return f"$ W_k arrow.l {gain} dot W_k{self._factor('faulty')} $"

    def _dead(self) -> str:
        bias = self.given("parameters.bias")
        first = f"{self.path}.faulty.layers.0"
        dead, units = self.given(f"{first}.dead"), self.given(f"{first}.units")
        count = f"{self.word('dead units')} = {dead} \\/ {units}"
        if dead == units:
            slope = activation_of("relu", "z_1", derivative=True)
            count += f" wide {slope} = 0 space => space {self.dL_over('W_1')} = 0"
        return f"$ z_1 = W_1 x + b_1 wide b_1 = {bias} wide {count} $"

    def _zeros(self) -> str:
        forward = f"{self.dL_over('W_k')} = {self.dL_over('z_k')} a_(k-1)^T = 0"
        back = f"{self.dL_over('a_(k-1)')} = W_k^T {self.dL_over('z_k')} = 0"
        return f"$ a_k = tanh(0) = 0 space => space {forward} wide {back} $"

    @true_digits
    def cure(self) -> str:
        """Return what the cure makes of the first layer's gradient."""
        before, after = self.length("faulty", 0), self.length("cured", 0)
        slope = f"{self._slope('cured')} wide " if self.case.fault != "exploding" else ""
        lengths = f"norm({self.dL_over('W_1')}) : {before} -> {after}"
        return f"$ {slope}{lengths}{self._factor('cured')} $"

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
        return code_text(self.given(f"parameters.{name}"))

    def _slope(self, side: str) -> str:
        """Return the mean slope in the first layer."""
        symbol = activation_of(self.flow(side).layers[0].activation, "z_1", derivative=True)
        value = self.number(f"{self.path}.{side}.layers.0.mean_slope")
        return f"{self.word('mean')} abs({symbol}) = {value}"

    def _factor(self, side: str) -> str:
        if math.isnan(self.flow(side).factor):
            return ""
        value = self.scientific(f"{self.path}.{side}.factor", DIGITS + 1)
        factor = self.as_gradient(f"times {value}")
        return f" wide {self.word('each layer back, on average:')} space {factor}"


class RunFormulas(Formulas):
    """Writes the first steps of one weight.

    Parameters
    ----------
    run : DescentRun
        With or without zeroing.
    path : str
        Where it stands in the answer sheet.
    """

    def __init__(self, writer: Writer, run: DescentRun, path: str) -> None:
        super().__init__(writer)
        self.run, self.path = run, path

    def row(self, k: int) -> list[str]:
        """Return a step's row: its number, w, its gradient and what is in .grad."""
        texts = [self._at(name, k) for name in ("weight", "weight_own", "weight_used")]
        return [self.given(f"steps.{k}"), *map(markup_of, texts)]

    @true_digits
    def step(self) -> str:
        """Return what is in .grad at step 1, and where w goes by it."""
        used = self._at("weight_used", 1)
        rate = self.given("parameters.learning_rate", 6)
        terms = "g_1"
        if not self.path.endswith("zeroed"):
            own = f"{self._at('weight_own', 0)} + {bracketed(self._at('weight_own', 1))}"
            terms = f"g_0 + g_1 = {own}"
        grad = f'g = {self.dL_over("w")} wide w."grad" = {terms} = {self.as_gradient(used)}'
        if len(self.run.weight) < TOLD:
            return f"$ {grad} $"
        step = f"{self._at('weight', 1)} - {rate} dot {self.as_gradient(bracketed(used))}"
        return f'$ {grad} wide w_2 = w_1 - eta dot w."grad" = {step} = {self._at("weight", 2)} $'

    def _at(self, name: str, k: int) -> str:
        return self.short(f"{self.path}.{name}.{k}")
