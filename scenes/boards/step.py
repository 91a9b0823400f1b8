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
from backprop_studio.scenes.paint.named_glyphs import named
from backprop_studio.scenes.paint.style import DECIMALS_FINE, decimals_for

DOWN = "dots.v"

MOST_LOGIT = 30
"""By size: beyond it powers of e are no numbers to compare."""

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
    def batch(self) -> str:
        """Return inputs and targets, the followed sample's row in the colour of light."""
        rows = elided(self.record.batch.size)
        inputs, targets = ([write(row) for row in rows] for write in (self._inputs, self._targets))
        return f"$ x = {matrix(inputs)} wide t = {matrix(targets)} $"

    @true_digits
    def unit(self, row: int) -> str:
        """Return the first layer's unit as products of inputs and weights, and its bias.

        Parts are named w0, x0 and so on, and b.
        """
        return f"$ {self._sum(row)} $"

    @true_digits
    def unit_sum(self, row: int) -> str:
        """Return the same with each product worked out, p0 and so on, and the sum z."""
        size = self.record.layers[0].weight.shape[1]
        products = few(lambda k: self.number(f"unit.products.{k}"), size, "dots.c")
        terms = sum_of([*products, self.number(f"layers.0.bias.{row}")])
        return f"$ {self._sum(row)} \\ = {terms} = {named('z', self.number('unit.z'))} $"

    def _sum(self, row: int, layer: int = 1) -> str:
        """Return a unit's sum, its products not worked out."""
        own = f"layers.{layer - 1}"

        def product(k: int) -> str:
            # Its product is worked out beside it.
            weight = bracketed(self.number(f"{own}.weight.{row}.{k}", DECIMALS_FINE))
            entering = bracketed(self._entering(layer, k))
            return f"{named(f'w{k}', weight)} dot {named(f'x{k}', entering)}"

        products = few(product, self.record.layers[layer - 1].weight.shape[1], "dots.c")
        bias = named("b", bracketed(self.number(f"{own}.bias.{row}")))
        return f"z_({layer},{row + 1}) = {' + '.join([*products, bias])}"

    def _entering(self, layer: int, unit: int) -> str:
        """Return the number of a unit that a layer takes in."""
        if layer == 1:
            return self.given(f"inputs.{self.sample}.{unit}")
        return self.number(f"layers.{layer - 2}.a.{self.sample}.{unit}")

    @true_digits
    def forward(self, layer: int) -> str:
        """Return z = W a + b of a layer, counted from 1.

        What goes in is named x0 and so on, weights w0_0, biases b0, and what comes out z0.
        """
        record, path = self.record.layers[layer - 1], f"layers.{layer - 1}"
        product = f"{self._named_matrix(f'{path}.weight', record.weight)} {self._vector_in(layer)}"
        bias = vector_of(_named_by("b", self.fine), f"{path}.bias", len(record.bias))
        z = self._named_vector("z", f"{path}.z.{self.sample}", record.z[self.sample])
        rule = f"z_{layer} = W_{layer} {self._symbol_in(layer)} + b_{layer}"
        return f"$ {rule} = {product} + {bias} = {z} $"

    @true_digits
    def softmax(self) -> str:
        """Return how the right class's probability p is made of the logits."""
        right, last = int(self.record.batch.targets[self.sample]), len(self.record.layers) - 1
        layer = last + 1
        rule = f"p_({right + 1}) = e^(z_({layer},{right + 1})) / (sum_j e^(z_({layer},j)))"
        logits = self.record.layers[-1].a[self.sample]
        if not np.abs(logits).max() < MOST_LOGIT:
            return f"$ {rule} $"

        def power(k: int) -> str:
            return f"e^({self.number(f'layers.{last}.z.{self.sample}.{k}')})"

        terms = " + ".join(few(power, len(logits), "dots.c", right))
        p = named("p", self.number(f"probabilities.{self.sample}.{right}"))
        return f"$ {rule} = {power(right)} / ({terms}) = {p} $"

    @true_digits
    def own_loss(self) -> str:
        """Return the followed sample's loss; of a batch of one it is the loss.

        Of classes, p is the probability of the right one; the result is named loss.
        """
        if self.record.batch.size == 1:
            written = self._sample_loss()
            if self._is_weighed():
                written = f"({written}) / {self.given('total_weight')}"
            return f"$ {self.as_loss(f'L = {written} = ')}{self._whole_loss()} $"
        own = named("own", self.number(f"sample_losses.{self.sample}"))
        return f"$ {sample_loss(self.sample + 1)} = {self._sample_loss()} = {own} $"

    @true_digits
    def loss(self) -> str:
        """Return the loss of the batch, of l0 and so on, behind that of the sample."""
        own = named("own", self.number(f"sample_losses.{self.sample}"))
        sample = f"{sample_loss(self.sample + 1)} = {self._sample_loss()} = {own}"
        mean = self._of_batch("sample_losses", _named_by("l", self.number))
        of_all = self.as_loss(f"L = {mean} = ")
        return f"$ {sample} wide {of_all}{self._whole_loss()} $"

    def _whole_loss(self) -> str:
        return named("loss", self.as_loss(self.fine("loss")))

    def _sample_loss(self) -> str:
        """Return the followed sample's loss before it is worked out."""
        kind, s = self.record.network.loss, self.sample
        n_out = self.record.network.sizes[-1]
        if kind == "cross_entropy" and self.record.network.has_shares:
            return self._shared_loss()
        if kind == "cross_entropy":
            right = int(self.record.batch.targets[s])
            return f"-ln {named('p', self.number(f'probabilities.{s}.{right}'))}"
        if kind == "binary_cross_entropy":
            share = "-1 / n" if self.record.network.reduction == "mean" else "-"
            return f"{share} sum (t ln a + (1 - t) ln (1 - a))"
        residual = f"residuals.{s}"
        terms = few(lambda k: f"({self.number(f'{residual}.{k}')})^2", n_out, "dots.c")
        squares = " + ".join(terms)
        network = self.record.network
        divisor = (n_out if network.reduction == "mean" else 1) * (2 if network.half else 1)
        return squares if divisor == 1 else f"({squares}) / {divisor}"

    def _shared_loss(self) -> str:
        """Return the followed sample's cross-entropy with what each class counts in it."""
        s, network = self.sample, self.record.network
        right = int(self.record.batch.targets[s])

        def term(k: int) -> str:
            p = self.number(f"probabilities.{s}.{k}")
            share = self._share(f"class_shares.{s}.{k}")
            return f"{share} dot (-ln {named('p', p) if k == right else p})"

        if not network.label_smoothing:
            return term(right)
        return " + ".join(few(term, network.sizes[-1], "dots.c", right))

    @true_digits
    def output_gradient(self) -> str:
        """Return dL/dz of the last layer: p - t over the batch, or dL/da times the slope.

        Probabilities are named p0 and so on, what comes out g0.
        """
        last, s = len(self.record.layers), self.sample
        layer = self.record.layers[-1]
        n_out = len(layer.bias)
        symbol = self.dL_over(f"z_{last}")
        dL_dz = self._named_vector("g", f"layers.{last - 1}.dL_dz.{s}", layer.dL_dz[s])
        if self.record.network.loss == "cross_entropy":
            p = vector(
                few(lambda k: named(f"p{k}", self.number(f"probabilities.{s}.{k}")), n_out, DOWN)
            )
            right = int(self.record.batch.targets[s])
            t = vector(few(lambda k: str(int(k == right)), n_out, DOWN))
            count = self.record.batch.size
            if self.record.network.has_shares:
                return f"$ {self._shared_gradient(symbol, p, dL_dz)} $"
            if self.record.network.reduction == "sum":
                return f"$ {symbol} = p - t = {p} - {t} = {dL_dz} $"
            return f"$ {symbol} = 1 / {count} (p - t) = 1 / {count} ({p} - {t}) = {dL_dz} $"
        dL_da = self._vector(f"layers.{last - 1}.dL_da.{s}", layer.dL_da[s])
        slope = activation_of(layer.activation, f"z_{last}", derivative=True)
        rule = f"{self.dL_over(f'a_{last}')} dot.o {slope}"
        return f"$ {symbol} = {rule} = {dL_da} dot.o {self._slopes(last)} = {dL_dz} $"

    def _share(self, path: str) -> str:
        """Return what a class counts: a weight as it was given, a share of smoothing rounded."""
        return (self.number if self.record.network.label_smoothing else self.given)(path)

    def _shared_gradient(self, symbol: str, p: str, dL_dz: str) -> str:
        """Return dL/dz where classes count by shares q: their sum times p, minus q."""
        s, n_out = self.sample, self.record.network.sizes[-1]
        q = vector(few(lambda k: self._share(f"class_shares.{s}.{k}"), n_out, DOWN))
        whole = self._share(f"sample_weights.{s}")
        inner = f"{whole} {p} - {q}"
        if self.record.network.reduction == "sum":
            return f"{symbol} = (sum_k q_k) p - q = {inner} = {dL_dz}"
        total = self.given("total_weight")
        return f"{symbol} = ((sum_k q_k) p - q) / {total} = 1 / {total} ({inner}) = {dL_dz}"

    @true_digits
    def arriving(self, layer: int) -> str:
        """Return dL/da of a hidden layer, counted from 1, as the transposed matrix behind it gives.

        Gradients behind it are named g0 and so on, weights w0_0, and what arrives m0.
        """
        here, following = self.record.layers[layer - 1 : layer + 1]
        s, behind = self.sample, self.dL_over(f"z_{layer + 1}")
        weights = self._named_matrix(f"layers.{layer}.weight", following.weight, transposed=True)
        gradients = self._named_vector("g", f"layers.{layer}.dL_dz.{s}", following.dL_dz[s])
        result = self._named_vector("m", f"layers.{layer - 1}.dL_da.{s}", here.dL_da[s])
        rule = f"{self.dL_over(f'a_{layer}')} = W_{layer + 1}^T {behind}"
        return f"$ {rule} = {weights} {gradients} = {result} $"

    @true_digits
    def through_slopes(self, layer: int) -> str:
        """Return dL/dz of a hidden layer, counted from 1: what arrives, m0, by its slopes, d0."""
        here, path, s = self.record.layers[layer - 1], f"layers.{layer - 1}", self.sample
        slope = activation_of(here.activation, f"z_{layer}", derivative=True)
        arriving = self._named_vector("m", f"{path}.dL_da.{s}", here.dL_da[s])
        result = self._named_vector("d", f"{path}.dL_dz.{s}", here.dL_dz[s])
        rule = f"{self.dL_over(f'z_{layer}')} = {self.dL_over(f'a_{layer}')} dot.o {slope}"
        return f"$ {rule} = {arriving} dot.o {self._slopes(layer)} = {result} $"

    def _of_batch(self, name: str, number: Number) -> str:
        """Return the loss of the batch, written out over its samples."""
        if self._is_weighed():
            whole = total_of(number, name, self.record.batch.size)
            return f"({whole}) / {self.given('total_weight')}"
        of = total_of if self.record.network.reduction == "sum" else mean_of
        return of(number, name, self.record.batch.size)

    def _is_weighed(self) -> bool:
        """Whether the losses are divided by the weights of their classes."""
        network = self.record.network
        return network.class_weights is not None and network.reduction != "sum"

    def _named_vector(self, letter: str, name: str, values: Array) -> str:
        """Return a vector of the answer sheet with a name for each entry."""
        number = self._fitting(values)
        entries = few(lambda k: named(f"{letter}{k}", number(f"{name}.{k}")), len(values), DOWN)
        return vector(entries)

    def _named_matrix(self, name: str, values: Array, *, transposed: bool = False) -> str:
        """Return a matrix of the answer sheet with a name for each entry, w0_0 and so on."""
        number = self._fitting(values)

        def entry(path: str) -> str:
            row, column = path.split(".")[-2:]
            return named(f"w{row}_{column}", number(path))

        return matrix_of(entry, name, *values.shape, transposed=transposed)

    def _vector(self, name: str, values: Array) -> str:
        """Return a vector of the answer sheet with as many decimals as its size asks for."""
        return vector_of(self._fitting(values), name, len(values))

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
            return vector_of(_named_by("x", self.given), f"inputs.{self.sample}", n_in)
        values = self.record.layers[layer - 2].a[self.sample]
        number = _named_by("x", self._fitting(values))
        return vector_of(number, f"layers.{layer - 2}.a.{self.sample}", len(values))

    def _inputs(self, row: int | None) -> list[str]:
        """Return a row of the inputs; None stands for dots."""
        size = self.record.batch.inputs.shape[1]
        if row is None:
            return ["dots.v"] * len(elided(size))
        if row != self.sample:
            return few(lambda k: self.given(f"inputs.{row}.{k}"), size, "dots.h")

        def followed(k: int) -> str:
            return named(f"x{k}", coloured(self.given(f"inputs.{row}.{k}"), self.theme.focus))

        return few(followed, size, "dots.h")

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


def _named_by(letter: str, number: Number) -> Number:
    """Return what prints an entry of a vector as a part of a formula, named by its place."""
    return lambda path: named(f"{letter}{path.rpartition('.')[2]}", number(path))
