"""The formulae of a training step with the followed sample's numbers put in, as Typst markup."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.i18n import Translate
from core.record import StepRecord
from scenes.parts.formulae import (
    activation_of,
    coloured,
    elided,
    gradient_symbol,
    matrix,
    matrix_of,
    mean_of,
    vector,
    vector_of,
)
from scenes.parts.style import DECIMALS, DECIMALS_FINE, Theme

__all__ = ["StepFormulae"]


class StepFormulae:
    """Writes each moment of a step.

    Parameters
    ----------
    record : StepRecord
        Decides shapes and which formula applies.
    sample : int
        Row of the followed sample.
    number : callable
        ``(path in the answer sheet, decimals) -> printed number``; see ``LessonScene.number``.
    given : callable
        The same for numbers as short as the user wrote them.
    """

    def __init__(
        self,
        record: StepRecord,
        sample: int,
        number: Callable[[str, int], str],
        given: Callable[[str], str],
        theme: Theme,
        tr: Translate,
    ) -> None:
        self.record, self.sample, self.theme, self.tr = record, sample, theme, tr
        self.fine = lambda name: number(name, DECIMALS_FINE)
        self.number = lambda name: number(name, DECIMALS)
        self.given = given

    def shapes(self) -> str:
        """Return the shape of every layer's W and b."""
        shapes = [
            f"W_{k} : {layer.weight.shape[0]} times {layer.weight.shape[1]}, "
            f"quad b_{k} : {layer.weight.shape[0]}"
            for k, layer in enumerate(self.record.layers, start=1)
        ]
        return f"$ {' wide '.join(shapes)} $"

    def batch(self) -> str:
        """Return inputs and targets, the followed sample's row in the colour of light."""
        count, size = self.record.batch.inputs.shape
        rows = [
            ["dots.v"] * len(elided(size)) if row is None else self._input_row(row)
            for row in elided(count)
        ]
        targets = [
            ["dots.v"] * self._target_width() if row is None else self._target_row(row)
            for row in elided(count)
        ]
        return f"$ x = {matrix(rows)} wide t = {matrix(targets)} $"

    def forward(self, layer: int) -> str:
        """Return z = W a + b and a = f(z) of a layer, counted from 1."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        n_out, n_in = record.weight.shape
        z = (
            f"z_{layer} = W_{layer} {self._symbol_in(layer)} + b_{layer} = "
            f"{matrix_of(self.number, f'{path}.weight', n_out, n_in)} {self._vector_in(layer)} + "
            f"{vector_of(self.number, f'{path}.bias', n_out)} = "
            f"{vector_of(self.number, f'{path}.z.{self.sample}', n_out)}"
        )
        if record.activation == "identity":
            return f"$ {z} $"
        a = vector_of(self.number, f"{path}.a.{self.sample}", n_out)
        applied = activation_of(record.activation, f"z_{layer}")
        return f"$ {z} quad a_{layer} = {applied} = {a} $"

    def loss(self) -> str:
        """Return the batch's loss as the mean of its samples', and where the followed one's is from."""
        mean = mean_of(self.number, "sample_losses", self.record.batch.size)
        loss = coloured(f"L = {mean} = {self.fine('loss')}", self.theme.loss)
        own = f"L^(({self.sample + 1})) = {{}} = {self.number(f'sample_losses.{self.sample}')}"
        kind, s = self.record.network.loss, self.sample
        n_out = self.record.network.sizes[-1]
        if kind == "cross_entropy":
            p = vector_of(self.number, f"probabilities.{s}", n_out)
            right = self.number(f"probabilities.{s}.{int(self.record.batch.targets[s])}")
            last = len(self.record.layers)
            return f'$ p = "softmax"(z_{last}) = {p} wide {own.format(f"-ln {right}")} wide {loss} $'
        if kind == "binary_cross_entropy":
            return f"$ {own.format('-1 / n sum (t ln a + (1 - t) ln (1 - a))')} wide {loss} $"
        squares = " + ".join(
            "dots.c" if k is None else f"({self.number(f'residuals.{s}.{k}')})^2"
            for k in elided(n_out)
        )
        divisor = 2 if kind == "half_squared_error" else n_out
        written = squares if divisor == 1 else f"({squares}) / {divisor}"
        return f"$ {own.format(written)} wide {loss} $"

    def output_gradient(self) -> str:
        """Return dL/dz of the last layer: p - t over the batch, or dL/da times the slope."""
        last, s = len(self.record.layers), self.sample
        layer = self.record.layers[-1]
        n_out = len(layer.bias)
        symbol = self._over(f"z_{last}")
        dL_dz = vector_of(self.number, f"layers.{last - 1}.dL_dz.{s}", n_out)
        if self.record.network.loss == "cross_entropy":
            p = vector_of(self.number, f"probabilities.{s}", n_out)
            right = int(self.record.batch.targets[s])
            t = vector(["dots.v" if k is None else str(int(k == right)) for k in elided(n_out)])
            count = self.record.batch.size
            return f"$ {symbol} = 1 / {count} (p - t) = 1 / {count} ({p} - {t}) = {dL_dz} $"
        dL_da = vector_of(self.number, f"layers.{last - 1}.dL_da.{s}", n_out)
        slope = activation_of(layer.activation, f"z_{last}", derivative=True)
        return (
            f"$ {symbol} = {self._over(f'a_{last}')} dot.o {slope} = "
            f"{dL_da} dot.o {self._slopes(last)} = {dL_dz} $"
        )

    def weight_gradient(self, layer: int) -> str:
        """Return dL/dW of a layer as the product over all samples."""
        n_out, n_in = self.record.layers[layer - 1].weight.shape
        count, path = self.record.batch.size, f"layers.{layer - 1}"
        read = self.given if layer == 1 else self.number
        before = "inputs" if layer == 1 else f"layers.{layer - 2}.a"
        return (
            f"$ {self._over(f'W_{layer}')} = sum_{self._samples()} {self._over(f'z_{layer}')} dot "
            f"{self._symbol_in(layer)}^T = "
            f"{matrix_of(self.number, f'{path}.dL_dz', count, n_out, transposed=True)} "
            f"{matrix_of(read, before, count, n_in)} = "
            f"{matrix_of(self.number, f'{path}.dL_dW', n_out, n_in)} $"
        )

    def handed_back(self, layer: int) -> str:
        """Return dL/da and dL/dz of the layer before a layer."""
        n_out, n_in = self.record.layers[layer - 1].weight.shape
        s, path = self.sample, f"layers.{layer - 2}"
        slope = activation_of(
            self.record.layers[layer - 2].activation, f"z_{layer - 1}", derivative=True
        )
        dL_da = vector_of(self.number, f"{path}.dL_da.{s}", n_in)
        weight = f"layers.{layer - 1}.weight"
        return (
            f"$ {self._over(f'a_{layer - 1}')} = W_{layer}^T {self._over(f'z_{layer}')} = "
            f"{matrix_of(self.number, weight, n_out, n_in, transposed=True)} "
            f"{vector_of(self.number, f'layers.{layer - 1}.dL_dz.{s}', n_out)} = {dL_da} "
            f"quad {self._over(f'z_{layer - 1}')} = {self._over(f'a_{layer - 1}')} dot.o {slope} "
            f"= {dL_da} dot.o {self._slopes(layer - 1)} = "
            f"{vector_of(self.number, f'{path}.dL_dz.{s}', n_in)} $"
        )

    def update(self, gap: int, row: int, column: int) -> str:
        """Return the rule, and one weight's numbers in it."""
        weight = self.fine(f"layers.{gap}.weight.{row}.{column}")
        gradient = self.fine(f"layers.{gap}.dL_dW.{row}.{column}")
        new = self.fine(f"updated.{gap}.weight.{row}.{column}")
        rate = self.given("learning_rate")
        matrix_name = f"W_{gap + 1}"
        return (
            f"$ {matrix_name} <- {matrix_name} - eta {self._over(matrix_name)} wide "
            f"w_({row + 1} {column + 1}) = {weight} - {rate} dot "
            f"({coloured(gradient, self.theme.gradient)}) = {new} $"
        )

    def loss_change(self) -> str:
        """Return the loss before and after the step."""
        before, after = self.fine("loss"), self.fine("loss_after")
        return f"$ {coloured(f'L = {before} quad -> quad L = {after}', self.theme.loss)} $"

    def _over(self, quantity: str) -> str:
        return gradient_symbol(quantity, self.theme.gradient)

    def _samples(self) -> str:
        return f'"{self.tr("samples")}"'

    def _slopes(self, layer: int) -> str:
        """Return f'(z) of the followed sample; zeros and ones stay as short as they are."""
        values = self.record.layers[layer - 1].da_dz[self.sample]
        whole = bool(np.all(values == values.round()))
        name = f"layers.{layer - 1}.da_dz.{self.sample}"
        return vector_of(self.given if whole else self.number, name, len(values))

    def _symbol_in(self, layer: int) -> str:
        return "x" if layer == 1 else f"a_{layer - 1}"

    def _vector_in(self, layer: int) -> str:
        n_in = self.record.layers[layer - 1].weight.shape[1]
        if layer == 1:
            return vector_of(self.given, f"inputs.{self.sample}", n_in)
        return vector_of(self.number, f"layers.{layer - 2}.a.{self.sample}", n_in)

    def _input_row(self, row: int) -> list[str]:
        size = self.record.batch.inputs.shape[1]
        entries = [
            "dots.h" if k is None else self.given(f"inputs.{row}.{k}") for k in elided(size)
        ]
        if row != self.sample:
            return entries
        return [coloured(entry, self.theme.positive) for entry in entries]

    def _target_row(self, row: int) -> list[str]:
        targets = self.record.batch.targets
        if targets.ndim == 1:
            word = self.tr("class {number}").format(number=int(targets[row]) + 1)
            return [coloured(f'"{word}"', self.theme.target)]
        return [
            "dots.h" if k is None
            else coloured(self.given(f"targets.{row}.{k}"), self.theme.target)
            for k in elided(targets.shape[1])
        ]  # fmt: skip

    def _target_width(self) -> int:
        targets = self.record.batch.targets
        return 1 if targets.ndim == 1 else len(elided(targets.shape[1]))
