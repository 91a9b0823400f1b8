"""The formulas of one followed parameter: its gradient's factors, and the rule that moves it."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.core.network.record import StepRecord
from backprop_studio.core.network.trained.masks import trained_masks
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import activation_of, few, over
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.named_glyphs import named

_MEMORY = {
    "momentum": {"v": "velocity"},
    "nesterov": {"v": "velocity"},
    "adagrad": {"s": "square_sum"},
    "rmsprop": {"s": "square_mean"},
    "adam": {"hat(m)": "first_moment_hat", "hat(v)": "second_moment_hat"},
    "adamw": {"hat(m)": "first_moment_hat", "hat(v)": "second_moment_hat"},
}
"""Letters of an optimizer's rule, and what it remembers of a parameter under them."""

RULES = {
    "sgd": "w <- w - eta g",
    "momentum": "v <- gamma v + g quad w <- w - eta v",
    "nesterov": "v <- gamma v + g quad w <- w - eta (g + gamma v)",
    "adagrad": "s <- s + g^2 quad w <- w - eta g / (sqrt(s) + epsilon)",
    "rmsprop": "s <- alpha s + (1 - alpha) g^2 quad w <- w - eta g / (sqrt(s) + epsilon)",
    "adam": "w <- w - eta hat(m) / (sqrt(hat(v)) + epsilon)",
    "adamw": "w <- (1 - eta lambda) w - eta hat(m) / (sqrt(hat(v)) + epsilon)",
}
"""As torch.optim defines them; g is the gradient."""


_OUTSIDE = N_("torch adds ε outside the root; books also have"), "sqrt(s + epsilon)"
_WITHOUT_RATE = N_("torch keeps η out of v; books also have"), "v <- gamma v + eta g"
NOTES = {
    **dict.fromkeys(("momentum", "nesterov"), _WITHOUT_RATE),
    **dict.fromkeys(("adagrad", "rmsprop", "adam", "adamw"), _OUTSIDE),
}
"""Where torch's rule is not the one of a book, and that one; said once in a lesson."""


def inline_rule(name: str) -> str:
    """Return an optimizer's rule in one piece, not to be broken into lines inside of it."""
    return RULES[name].replace(" quad ", ", space ")


class UpdateFormulas(Formulas):
    """Writes what happens to one weight or bias.

    Parameters
    ----------
    record : StepRecord
        The step.
    factors : ParameterFactors
        Of the followed parameter.
    at : str
        Where they stand in the answer sheet.
    """

    def __init__(
        self,
        writer: Writer,
        record: StepRecord,
        factors: ParameterFactors,
        at: str = "factors",
    ) -> None:
        super().__init__(writer)
        self.record, self.factors, self._at = record, factors, at

    @property
    def symbol(self) -> str:
        """The parameter's letter with the places of its units, counted from 1."""
        return ParameterIndex(self.factors.layer, self.factors.row, self.factors.column).typst

    @true_digits
    def links(self) -> str:
        """Return the gradient as a product of its links, without numbers."""
        return f"$ {self._links()} $"

    def _links(self) -> str:
        a, z = (f"{letter}_({self.factors.layer + 1},{self.factors.row + 1})" for letter in "az")
        sums = self._sums()
        symbols = f"{sums} {over('L', a)} dot {over(a, z)} dot {over(z, self.symbol)}"
        return f"{self.dL_over(self.symbol)} = {symbols}"

    @true_digits
    def known_links(self, sample: int) -> str:
        """Return the links with what is known of them below: slope, and in; the first is not."""
        a, z = (f"{letter}_({self.factors.layer + 1},{self.factors.row + 1})" for letter in "az")
        slope = named("slope", self.given(f"{self._at}.da_dz.{sample}"))
        read = self.given if self.factors.column is None else self.number
        entering = named("in", read(f"{self._at}.dz_dw.{sample}"))
        links = (over("L", a), '"?"'), (over(a, z), slope), (over(z, self.symbol), entering)
        written = " dot ".join(f"underbrace({link}, {below})" for link, below in links)
        return f"$ {self.dL_over(self.symbol)} = {self._sums()} {written} $"

    @true_digits
    def sum_of_samples(self, sample: int, *, products: bool) -> str:
        """Return the gradient as a sum over samples: p0 and so on, and total.

        Parameters
        ----------
        sample : int
            Whose part is written in any case.
        products : bool
            Write what each part is a product of, too: g0 and a0 and so on.
        """
        size = len(self.factors.terms)

        def part(k: int) -> str:
            return named(f"p{k}", bracketed(self.fine(f"{self._at}.terms.{k}")))

        total = named("total", self.as_gradient(self.fine(f"{self._at}.gradient")))
        terms = " + ".join(few(part, size, "dots.c", sample))
        if not products or self.factors.column is None:
            return f"$ {self.dL_over(self.symbol)} = {terms} = {total} $"
        written = " + ".join(few(self._product_of, size, "dots.c", sample))
        # In one line, as two lines with a fraction would be small.
        symbol = self.as_gradient(f"partial L slash partial {self.symbol}")
        return f"$ {symbol} = {written} \\ = {terms} = {total} $"

    def _product_of(self, sample: int) -> str:
        layer, row = self.factors.layer, self.factors.row
        end = named(f"g{sample}", bracketed(self.fine(f"layers.{layer}.dL_dz.{sample}.{row}")))
        read = self.fine if layer else self.given  # an input is printed as it was given
        value = bracketed(read(f"{self._at}.dz_dw.{sample}"))
        return f"{end} dot {named(f'a{sample}', value)}"

    @true_digits
    def own_term(self, sample: int) -> str:
        """Return a sample's part of the gradient: that at its end, g, times a at its start."""
        return f"$ {self._term(sample)} $"

    def _term(self, sample: int) -> str:
        layer, row, column = self.factors.layer, self.factors.row, self.factors.column
        assert column is not None
        z, start = f"z_({layer + 1},{row + 1})", self._incoming(layer, column)
        end = named("g", bracketed(self.fine(f"layers.{layer}.dL_dz.{sample}.{row}")))
        read = self.fine if layer else self.given  # an input is printed as it was given
        value = named("a", bracketed(read(f"{self._at}.dz_dw.{sample}")))
        own = named("own", self.as_gradient(self.fine(f"{self._at}.terms.{sample}")))
        return f"{self.dL_over(z)} dot {start} = {end} dot {value} = {own}"

    @true_digits
    def arriving(self, sample: int) -> str:
        """Return dL/da of a unit: gradients g0 and so on behind it times weights w0, named da."""
        return f"$ {self._arriving(sample)} $"

    def _arriving(self, sample: int) -> str:
        assert self.factors.next_weights is not None

        def product(k: int) -> str:
            gradient = bracketed(self.fine(f"{self._at}.next_dL_dz.{sample}.{k}"))
            weight = bracketed(self.fine(f"{self._at}.next_weights.{k}"))
            return f"{named(f'g{k}', gradient)} dot {named(f'w{k}', weight)}"

        a = f"a_({self.factors.layer + 1},{self.factors.row + 1})"
        terms = few(product, len(self.factors.next_weights), "dots.c")
        da = named("da", self.as_gradient(self.fine(f"{self._at}.dL_da.{sample}")))
        return f"{self.dL_over(a)} = {' + '.join(terms)} = {da}"

    @true_digits
    def handed_back(self, sample: int) -> str:
        """Return dL/dz of a unit: what arrives, da, times the slope: dz."""
        z = f"z_({self.factors.layer + 1},{self.factors.row + 1})"
        a = f"a_({self.factors.layer + 1},{self.factors.row + 1})"
        da = named("da", bracketed(self.fine(f"{self._at}.dL_da.{sample}")))
        slope = named("slope", bracketed(self.given(f"{self._at}.da_dz.{sample}")))
        path = f"layers.{self.factors.layer}.dL_dz.{sample}.{self.factors.row}"
        dz = named("dz", self.as_gradient(self.fine(path)))
        rule = f"{self.dL_over(z)} = {self.dL_over(a)} dot {over(a, z)}"
        return f"$ {rule} = {da} dot {slope} = {dz} $"

    def rule(self) -> str:
        """Return what is to be remembered: the gradient of any weight, and what a layer does.

        Units are called by where they stand on a weight's line, as it was said.
        """
        start, end = self.word("start"), self.word("end")
        unit, is_bias = self.dL_over(f"z_{end}"), self.factors.column is None
        letter, value = ("b", "") if is_bias else ("w", f" dot a_{start}")
        weights = f"{self.dL_over(letter)} = {self._sums()} {unit}{value}"
        slope = activation_of(self.record.layers[0].activation, f"z_{start}", derivative=True)
        times = "" if slope == "1" else f"{slope} dot "
        ends = self.word("ends")
        back = f"{self.dL_over(f'z_{start}')} = {times}sum_{ends} {unit} dot w"
        return f"$ {weights} wide {back} $"

    def _sums(self) -> str:
        """Return the sign of a sum over the samples, if there are several."""
        return f"sum_{self.word('samples')}" if len(self.factors.terms) > 1 else ""

    @true_digits
    def update(self, prefix: str = "") -> str:
        """Return the rule and the parameter's numbers in it.

        Parameters
        ----------
        prefix : str
            Where the step stands in the answer sheet; empty for the first.
        """
        spec = self.record.optimizer
        if not self._is_trained():
            kept = self.fine(self._paths()[0])
            return f"$ {self.symbol} = {kept} quad {self.word('not trained')} $"
        weight, gradient, new = (self.fine(f"{prefix}{path}") for path in self._paths())
        rate = self.given(f"{prefix}learning_rate")
        shown = self.as_gradient(bracketed(gradient))
        if spec.name == "sgd" and not spec.weight_decay:
            numbers = (
                f"{self.symbol} = {named('w', weight)} - {rate} dot {shown} = {named('new', new)}"
            )
            return f"$ w <- w - eta {self.dL_over('w')} wide {numbers} $"
        change = f"{self.symbol} : {named('w', weight)} -> {named('new', new)}"
        numbers = f"g = {shown} {self._memory(prefix)} wide {change}"
        note = (
            f" wide {self.remark(*NOTES[spec.name])}" if spec.name in NOTES and not prefix else ""
        )
        return f"$ {RULES[spec.name]} wide eta = {rate}{note} \\ {numbers} $"

    def _is_trained(self) -> bool:
        weights, biases = trained_masks(self.record.network)[self.factors.layer]
        row, column = self.factors.row, self.factors.column
        return bool(biases[row] if column is None else weights[row, column])

    def _memory(self, prefix: str) -> str:
        """Return what the optimizer remembers of the parameter after the step."""
        vectors, place = f"{prefix}optimizer_vectors_after", f"{self.factors.layer}.{self._place()}"
        letters = _MEMORY.get(self.record.optimizer.name, {})
        parts = (f"{it} = {self.fine(f'{vectors}.{letters[it]}.{place}')}" for it in letters)
        return "".join(f"quad {part} " for part in parts)

    def _place(self) -> str:
        if self.factors.column is None:
            return f"bias.{self.factors.row}"
        return f"weight.{self.factors.row}.{self.factors.column}"

    def _paths(self) -> tuple[str, str, str]:
        """Return where parameter, gradient and new parameter stand in a step's sheet."""
        layer, place = self.factors.layer, self._place()
        gradient = place.replace("weight", "dL_dW").replace("bias", "dL_db")
        return f"layers.{layer}.{place}", f"layers.{layer}.{gradient}", f"updated.{layer}.{place}"

    def _incoming(self, layer: int, column: int) -> str:
        return f"x_{column + 1}" if layer == 0 else f"a_({layer},{column + 1})"
