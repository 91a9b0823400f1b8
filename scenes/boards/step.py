"""The formulas of a training step with the followed sample's numbers put in, as Typst markup."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.core.base.i18n import Translate
from backprop_studio.core.network.record import StepRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import (
    Number,
    activation_of,
    coloured,
    few,
    matrix,
    matrix_of,
    mean_of,
    total_of,
    vector,
    vector_of,
)
from backprop_studio.scenes.boards.notation import sample_loss
from backprop_studio.scenes.lesson.numbers import bracketed, elided, sum_of
from backprop_studio.scenes.lesson.writer import Writer, cut, quoted
from backprop_studio.scenes.paint.style import decimals_for

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
    return cut(name, LONGEST_NAME)


def layer_words(count: int, tr: Translate, *, is_logits: bool) -> list[str]:
    """Return what the layers of a network are called, from the input on."""
    hidden = range(1, count - 1)
    name = tr("hidden {number}") if len(hidden) > 1 else tr("hidden")
    last = tr("logits") if is_logits else tr("output")
    return [tr("input"), *(name.format(number=k) for k in hidden), last]


class StepFormulas(Formulas):
    """Writes each moment of a step.

    Parameters
    ----------
    record : StepRecord
        Decides shapes and which formula applies.
    sample : int
        Row of the followed sample.
    class_names : sequence of str
        What the classes are called, if they are targets.
    """

    def __init__(
        self, writer: Writer, record: StepRecord, sample: int, class_names: Sequence[str] = ()
    ) -> None:
        super().__init__(writer)
        self.record, self.sample, self.class_names = record, sample, class_names

    @true_digits
    def shapes(self) -> str:
        """Return the shape of every layer's W and b."""
        shapes = []
        for k, layer in enumerate(self.record.layers, start=1):
            n_out, n_in = layer.weight.shape
            shapes.append(f"W_{k} : {n_out} times {n_in}, quad b_{k} : {n_out}")
        note = self.word("torch keeps W as (outputs, inputs)")
        return f"$ {' wide '.join([*shapes, note])} $"

    @true_digits
    def batch(self) -> str:
        """Return inputs and targets, the followed sample's row in the colour of light."""
        rows = elided(self.record.batch.size)
        inputs, targets = ([write(row) for row in rows] for write in (self._inputs, self._targets))
        return f"$ x = {matrix(inputs)} wide t = {matrix(targets)} $"

    @true_digits
    def forward(self, layer: int) -> str:
        """Return z = W a + b and a = f(z) of a layer, counted from 1."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        product = f"{self._matrix(f'{path}.weight', record.weight)} {self._vector_in(layer)}"
        bias = self._vector(f"{path}.bias", record.bias)
        sums = self._vector(f"{path}.z.{self.sample}", record.z[self.sample])
        rule = f"z_{layer} = W_{layer} {self._symbol_in(layer)} + b_{layer}"
        z = f"{rule} = {product} + {bias} = {sums}"
        if record.activation == "identity":
            return f"$ {z} $"
        a = self._vector(f"{path}.a.{self.sample}", record.a[self.sample])
        applied = activation_of(record.activation, f"z_{layer}")
        return f"$ {z} quad a_{layer} = {applied} = {a} $"

    @true_digits
    def unit(self, layer: int, row: int) -> str:
        """Return a unit's sum with the numbers of its inputs, layer and row counted from 0."""
        return f"$ {self._sum(layer, row)} $"

    @true_digits
    def unit_sum(self, layer: int, row: int) -> str:
        """Return a unit's sum with each product worked out, and what comes out."""
        record = self.record.layers[layer]
        products = few(
            lambda k: self.number(f"unit.products.{k}"), record.weight.shape[1], "dots.c"
        )
        terms = sum_of([*products, self.number(f"layers.{layer}.bias.{row}")])
        written = f"{self._sum(layer, row)} \\ = {terms} = {self.number('unit.z')}"
        return f"$ {written} $"

    def _sum(self, layer: int, row: int) -> str:
        """Return a unit's sum, its products not worked out."""
        record = self.record.layers[layer]
        before = f"layers.{layer - 1}.a.{self.sample}" if layer else f"inputs.{self.sample}"
        entering = self.number if layer else self.given

        def product(k: int) -> str:
            factors = self.number(f"layers.{layer}.weight.{row}.{k}"), entering(f"{before}.{k}")
            return " dot ".join(map(bracketed, factors))

        products = few(product, record.weight.shape[1], "dots.c")
        bias = self.number(f"layers.{layer}.bias.{row}")
        return f"z_({layer + 1},{row + 1}) = {sum_of([*products, bracketed(bias)])}"

    @true_digits
    def loss(self) -> str:
        """Return the followed sample's loss, and the batch's as the mean of all; of one, once."""
        kind, s, count = self.record.network.loss, self.sample, self.record.batch.size
        own = self._sample_loss()
        if count == 1:
            loss = self.as_loss(f"L = {own} = {self.fine('loss')}")
        else:
            of_all = self.as_loss(f"L = {self._of_batch('sample_losses')} = {self.fine('loss')}")
            number = self.number(f"sample_losses.{s}")
            loss = f"{sample_loss(s + 1)} = {own} = {number} wide {of_all}"
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
            share = "-1 / n" if self.record.network.reduction == "mean" else "-"
            return f"{share} sum (t ln a + (1 - t) ln (1 - a))"
        residual = f"residuals.{s}"
        terms = few(lambda k: f"({self.number(f'{residual}.{k}')})^2", n_out, "dots.c")
        squares = " + ".join(terms)
        network = self.record.network
        divisor = (n_out if network.reduction == "mean" else 1) * (2 if network.half else 1)
        return squares if divisor == 1 else f"({squares}) / {divisor}"

    @true_digits
    def output_gradient(self) -> str:
        """Return dL/dz of the last layer: p - t over the batch, or dL/da times the slope."""
        last, s = len(self.record.layers), self.sample
        layer = self.record.layers[-1]
        n_out = len(layer.bias)
        symbol = self.dL_over(f"z_{last}")
        dL_dz = self._vector(f"layers.{last - 1}.dL_dz.{s}", layer.dL_dz[s])
        if self.record.network.loss == "cross_entropy":
            p = vector_of(self.number, f"probabilities.{s}", n_out)
            right = int(self.record.batch.targets[s])
            t = vector(few(lambda k: str(int(k == right)), n_out, "dots.v"))
            count = self.record.batch.size
            if self.record.network.reduction == "sum":
                return f"$ {symbol} = p - t = {p} - {t} = {dL_dz} $"
            return f"$ {symbol} = 1 / {count} (p - t) = 1 / {count} ({p} - {t}) = {dL_dz} $"
        dL_da = self._vector(f"layers.{last - 1}.dL_da.{s}", layer.dL_da[s])
        slope = activation_of(layer.activation, f"z_{last}", derivative=True)
        rule = f"{self.dL_over(f'a_{last}')} dot.o {slope}"
        return f"$ {symbol} = {rule} = {dL_da} dot.o {self._slopes(last)} = {dL_dz} $"

    @true_digits
    def weight_gradient(self, layer: int) -> str:
        """Return dL/dW of a layer as the product over all samples; beside it dL/db, if b moves."""
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        if layer == 1:
            before = matrix_of(self.given, "inputs", *record.a_in.shape)
        else:
            before = self._matrix(f"layers.{layer - 2}.a", record.a_in)
        dL_dz = self._matrix(f"{path}.dL_dz", record.dL_dz, transposed=True)
        dL_dW = self._matrix(f"{path}.dL_dW", record.dL_dW)
        terms = f"{self.dL_over(f'z_{layer}')} dot {self._symbol_in(layer)}^T"
        rule = f"{self.dL_over(f'W_{layer}')} = sum_{self.word('samples')} {terms}"
        product = f"{rule} = {dL_dz} {before} = {dL_dW}"
        network = self.record.network
        if network.train is None and not network.train_biases:
            return f"$ {product} $"
        dL_db = self._vector(f"{path}.dL_db", record.dL_db)
        return f"$ {product} quad {self.dL_over(f'b_{layer}')} = {dL_db} $"

    @true_digits
    def handed_back(self, layer: int) -> str:
        """Return dL/da and dL/dz of the layer before a layer."""
        record, before = self.record.layers[layer - 1], self.record.layers[layer - 2]
        s, path = self.sample, f"layers.{layer - 2}"
        slope = activation_of(before.activation, f"z_{layer - 1}", derivative=True)
        weight = self._matrix(f"layers.{layer - 1}.weight", record.weight, transposed=True)
        dL_dz = self._vector(f"layers.{layer - 1}.dL_dz.{s}", record.dL_dz[s])
        dL_da = self._vector(f"{path}.dL_da.{s}", before.dL_da[s])
        by_a, by_z = (self.dL_over(f"{letter}_{layer - 1}") for letter in "az")
        through = f"{by_a} = W_{layer}^T {self.dL_over(f'z_{layer}')} = {weight} {dL_dz} = {dL_da}"
        numbers = f"{dL_da} dot.o {self._slopes(layer - 1)}"
        handed = self._vector(f"{path}.dL_dz.{s}", before.dL_dz[s])
        return f"$ {through} quad {by_z} = {by_a} dot.o {slope} = {numbers} = {handed} $"

    @true_digits
    def loss_change(self) -> str:
        """Return the loss before and after the step."""
        before, after = self.fine("loss"), self.fine("loss_after")
        count = self.record.batch.size
        mean = f"{self._of_batch('sample_losses_after')} = " if count > 1 else ""
        return f"$ {self.as_loss(f'L = {before} quad -> quad L = {mean}{after}')} $"

    def _of_batch(self, name: str) -> str:
        """Return the loss of the batch, written out over its samples."""
        of = total_of if self.record.network.reduction == "sum" else mean_of
        return of(self.number, name, self.record.batch.size)

    def _vector(self, name: str, values: Array) -> str:
        """Return a vector of the answer sheet with as many decimals as its size asks for."""
        return vector_of(self._fitting(values), name, len(values))

    def _matrix(self, name: str, values: Array, *, transposed: bool = False) -> str:
        return matrix_of(self._fitting(values), name, *values.shape, transposed=transposed)

    def _fitting(self, values: Array) -> Number:
        decimals = decimals_for(float(np.abs(values).max(initial=0.0)))
        return lambda name: self.number(name, decimals)

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

    def _inputs(self, row: int | None) -> list[str]:
        """Return a row of the inputs; None stands for dots."""
        size = self.record.batch.inputs.shape[1]
        if row is None:
            return ["dots.v"] * len(elided(size))
        entries = few(lambda k: self.given(f"inputs.{row}.{k}"), size, "dots.h")
        if row != self.sample:
            return entries
        return [coloured(entry, self.theme.focus) for entry in entries]

    def _targets(self, row: int | None) -> list[str]:
        """Return a row of the targets; None stands for dots."""
        targets, colour = self.record.batch.targets, self.theme.target
        size = 1 if targets.ndim == 1 else targets.shape[1]
        if row is None:
            return ["dots.v"] * len(elided(size))
        if targets.ndim == 1:
            word = class_word(int(targets[row]), self.class_names, self.tr)
            return [coloured(quoted(word), colour)]
        return few(lambda k: coloured(self.given(f"targets.{row}.{k}"), colour), size, "dots.h")
