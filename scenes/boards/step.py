"""The formulas of a training step with the followed sample's numbers put in, as Typst markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backprop_studio.core.base.i18n import Translate
from backprop_studio.core.network.record import Array, StepRecord
from backprop_studio.scenes.boards.markup import (
    Number,
    activation_of,
    coloured,
    elided,
    gradient_symbol,
    matrix,
    matrix_of,
    mean_of,
    quoted,
    vector,
    vector_of,
)
from backprop_studio.scenes.paint.style import DECIMALS, DECIMALS_FINE, Theme, decimals_for

__all__ = ["StepFormulas", "class_word"]

LONGEST_NAME = 16
"""Letters of a class's name; the column of targets stands beside the inputs."""


def class_word(index: int, names: Sequence[str], tr: Translate) -> str:
    """Return what a class is called: by its name, or by its number counted from 1.

    Parameters
    ----------
    index : int
        Which class, counted from 0.
    names : sequence of str
        Of all classes; empty if they have none.
    tr : callable
        Into the lesson's language.
    """
    name = names[index] if names else str(index + 1)
    if name.isdecimal():
        return tr("class {number}").format(number=name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


class StepFormulas:
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
    class_names : sequence of str
        What the classes are called, if they are targets.
    """

    def __init__(
        self,
        record: StepRecord,
        sample: int,
        number: Callable[[str, int], str],
        given: Callable[[str], str],
        theme: Theme,
        tr: Translate,
        class_names: Sequence[str] = (),
    ) -> None:
        self.record, self.sample, self.theme, self.tr = record, sample, theme, tr
        self.class_names = class_names
        self.number = lambda name: number(name, DECIMALS)
        self.printed = number
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
        z = (
            f"z_{layer} = W_{layer} {self._symbol_in(layer)} + b_{layer} = "
            f"{self._matrix(f'{path}.weight', record.weight)} {self._vector_in(layer)} + "
            f"{self._vector(f'{path}.bias', record.bias)} = "
            f"{self._vector(f'{path}.z.{self.sample}', record.z[self.sample])}"
        )
        if record.activation == "identity":
            return f"$ {z} $"
        a = self._vector(f"{path}.a.{self.sample}", record.a[self.sample])
        applied = activation_of(record.activation, f"z_{layer}")
        return f"$ {z} quad a_{layer} = {applied} = {a} $"

    def loss(self) -> str:
        """Return the followed sample's loss, and the batch's as the mean of all; of one, once."""
        kind, s, count = self.record.network.loss, self.sample, self.record.batch.size
        own = self._sample_loss()
        if count == 1:
            loss = coloured(f"L = {own} = {self._fine('loss')}", self.theme.loss)
        else:
            mean = mean_of(self.number, "sample_losses", count)
            of_all = coloured(f"L = {mean} = {self._fine('loss')}", self.theme.loss)
            number = self.number(f"sample_losses.{s}")
            loss = f"L^(({s + 1})) = {own} = {number} wide {of_all}"
        if kind == "cross_entropy":
            p = vector_of(self.number, f"probabilities.{s}", self.record.network.sizes[-1])
            return f'$ p = "softmax"(z_{len(self.record.layers)}) = {p} wide {loss} $'
        return f"$ {loss} $"

    def _sample_loss(self) -> str:
        """Return the followed sample's loss before it is worked out."""
        kind, s = self.record.network.loss, self.sample
        n_out = self.record.network.sizes[-1]
        if kind == "cross_entropy":
            return f"-ln {self.number(f'probabilities.{s}.{int(self.record.batch.targets[s])}')}"
        if kind == "binary_cross_entropy":
            return "-1 / n sum (t ln a + (1 - t) ln (1 - a))"
        squares = " + ".join(
            "dots.c" if k is None else f"({self.number(f'residuals.{s}.{k}')})^2"
            for k in elided(n_out)
        )
        divisor = 2 if kind == "half_squared_error" else n_out
        return squares if divisor == 1 else f"({squares}) / {divisor}"

    def output_gradient(self) -> str:
        """Return dL/dz of the last layer: p - t over the batch, or dL/da times the slope."""
        last, s = len(self.record.layers), self.sample
        layer = self.record.layers[-1]
        n_out = len(layer.bias)
        symbol = self._over(f"z_{last}")
        dL_dz = self._vector(f"layers.{last - 1}.dL_dz.{s}", layer.dL_dz[s])
        if self.record.network.loss == "cross_entropy":
            p = vector_of(self.number, f"probabilities.{s}", n_out)
            right = int(self.record.batch.targets[s])
            t = vector(["dots.v" if k is None else str(int(k == right)) for k in elided(n_out)])
            count = self.record.batch.size
            return f"$ {symbol} = 1 / {count} (p - t) = 1 / {count} ({p} - {t}) = {dL_dz} $"
        dL_da = self._vector(f"layers.{last - 1}.dL_da.{s}", layer.dL_da[s])
        slope = activation_of(layer.activation, f"z_{last}", derivative=True)
        return (
            f"$ {symbol} = {self._over(f'a_{last}')} dot.o {slope} = "
            f"{dL_da} dot.o {self._slopes(last)} = {dL_dz} $"
        )

    def weight_gradient(self, layer: int) -> str:
        """Return dL/dW of a layer as the product over all samples; beside it dL/db, if b moves."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        before = (
            matrix_of(self.given, "inputs", *record.a_in.shape)
            if layer == 1
            else self._matrix(f"layers.{layer - 2}.a", record.a_in)
        )
        dL_dz = self._matrix(f"{path}.dL_dz", record.dL_dz, transposed=True)
        dL_dW = self._matrix(f"{path}.dL_dW", record.dL_dW)
        product = (
            f"{self._over(f'W_{layer}')} = sum_{self._samples()} {self._over(f'z_{layer}')} dot "
            f"{self._symbol_in(layer)}^T = {dL_dz} {before} = {dL_dW}"
        )
        if not self.record.network.train_biases:
            return f"$ {product} $"
        dL_db = self._vector(f"{path}.dL_db", record.dL_db)
        return f"$ {product} quad {self._over(f'b_{layer}')} = {dL_db} $"

    def handed_back(self, layer: int) -> str:
        """Return dL/da and dL/dz of the layer before a layer."""
        record, before = self.record.layers[layer - 1], self.record.layers[layer - 2]
        s, path = self.sample, f"layers.{layer - 2}"
        slope = activation_of(before.activation, f"z_{layer - 1}", derivative=True)
        weight = self._matrix(f"layers.{layer - 1}.weight", record.weight, transposed=True)
        dL_dz = self._vector(f"layers.{layer - 1}.dL_dz.{s}", record.dL_dz[s])
        dL_da = self._vector(f"{path}.dL_da.{s}", before.dL_da[s])
        return (
            f"$ {self._over(f'a_{layer - 1}')} = W_{layer}^T {self._over(f'z_{layer}')} = "
            f"{weight} {dL_dz} = {dL_da} "
            f"quad {self._over(f'z_{layer - 1}')} = {self._over(f'a_{layer - 1}')} dot.o {slope} "
            f"= {dL_da} dot.o {self._slopes(layer - 1)} = "
            f"{self._vector(f'{path}.dL_dz.{s}', before.dL_dz[s])} $"
        )

    def loss_change(self) -> str:
        """Return the loss before and after the step."""
        before, after = self._fine("loss"), self._fine("loss_after")
        count = self.record.batch.size
        mean = f"{mean_of(self.number, 'sample_losses_after', count)} = " if count > 1 else ""
        change = f"L = {before} quad -> quad L = {mean}{after}"
        return f"$ {coloured(change, self.theme.loss)} $"

    def _vector(self, name: str, values: Array) -> str:
        """Return a vector of the answer sheet with as many decimals as its size asks for."""
        return vector_of(self._fitting(values), name, len(values))

    def _matrix(self, name: str, values: Array, *, transposed: bool = False) -> str:
        return matrix_of(self._fitting(values), name, *values.shape, transposed=transposed)

    def _fitting(self, values: Array) -> Number:
        decimals = decimals_for(float(np.abs(values).max(initial=0.0)))
        return lambda name: self.printed(name, decimals)

    def _fine(self, name: str) -> str:
        return self.printed(name, DECIMALS_FINE)

    def _over(self, quantity: str) -> str:
        return gradient_symbol(quantity, self.theme.gradient)

    def _samples(self) -> str:
        word = self.tr("samples")
        return f'"{word}"'

    def _slopes(self, layer: int) -> str:
        """Return f'(z) of the followed sample; zeros and ones stay as short as they are."""
        values = self.record.layers[layer - 1].da_dz[self.sample]
        whole = bool(np.all(values == values.round()))
        name = f"layers.{layer - 1}.da_dz.{self.sample}"
        return vector_of(self.given, name, len(values)) if whole else self._vector(name, values)

    def _symbol_in(self, layer: int) -> str:
        return "x" if layer == 1 else f"a_{layer - 1}"

    def _vector_in(self, layer: int) -> str:
        n_in = self.record.layers[layer - 1].weight.shape[1]
        if layer == 1:
            return vector_of(self.given, f"inputs.{self.sample}", n_in)
        values = self.record.layers[layer - 2].a[self.sample]
        return self._vector(f"layers.{layer - 2}.a.{self.sample}", values)

    def _input_row(self, row: int) -> list[str]:
        size = self.record.batch.inputs.shape[1]
        entries = ["dots.h" if k is None else self.given(f"inputs.{row}.{k}") for k in elided(size)]
        if row != self.sample:
            return entries
        return [coloured(entry, self.theme.positive) for entry in entries]

    def _target_row(self, row: int) -> list[str]:
        targets = self.record.batch.targets
        if targets.ndim == 1:
            word = class_word(int(targets[row]), self.class_names, self.tr)
            return [coloured(quoted(word), self.theme.target)]
        return [
            "dots.h" if k is None
            else coloured(self.given(f"targets.{row}.{k}"), self.theme.target)
            for k in elided(targets.shape[1])
        ]  # fmt: skip

    def _target_width(self) -> int:
        targets = self.record.batch.targets
        return 1 if targets.ndim == 1 else len(elided(targets.shape[1]))
