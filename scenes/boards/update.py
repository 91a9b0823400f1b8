"""The formulas of one followed parameter: its gradient's factors, and the rule that moves it."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.factors import ParameterFactors
from backprop_studio.core.network.record import StepRecord
from backprop_studio.core.network.trained.masks import trained_masks
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import few, over
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer

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
    """

    def __init__(self, writer: Writer, record: StepRecord, factors: ParameterFactors) -> None:
        super().__init__(writer)
        self.record, self.factors = record, factors

    @property
    def symbol(self) -> str:
        """The parameter's letter with the places of its units, counted from 1."""
        return ParameterIndex(self.factors.layer, self.factors.row, self.factors.column).typst

    @true_digits
    def product(self, sample: int) -> str:
        """Return the gradient as a product of factors, and as the sum over the batch."""
        layer, column, count = self.factors.layer, self.factors.column, len(self.factors.terms)
        a, z = (f"{letter}_({layer + 1},{self.factors.row + 1})" for letter in "az")
        last, gradient = over(z, self.symbol), self.dL_over(self.symbol)
        names = ("dL_da", "da_dz", "dz_dw")
        numbers = " dot ".join(bracketed(self.given(f"factors.{it}.{sample}")) for it in names)
        own = f"{numbers} = {self.as_gradient(self.fine(f'factors.terms.{sample}'))}"
        value = "1" if column is None else self._incoming(layer, column)
        sums = f"sum_{self.word('samples')}" if count > 1 else ""
        symbols = f"{sums} {over('L', a)} dot {over(a, z)} dot {last}"
        written = f"{gradient} = {symbols} wide {last} = {value} \\ {own}"
        if count == 1:
            return f"$ {written} $"
        terms = few(lambda k: bracketed(self.fine(f"factors.terms.{k}")), count, "dots.c")
        total = self.as_gradient(self.fine("factors.gradient"))
        return f"$ {written} wide {gradient} = {' + '.join(terms)} = {total} $"

    def rule(self) -> str:
        """Return what is to be remembered: the gradient of any weight, and what a layer does."""
        value = "1" if self.factors.column is None else "a_j"
        unit = self.dL_over("z_i")
        letter = "b_i" if self.factors.column is None else "w_(i j)"
        weights = f"{self.dL_over(letter)} = {unit} dot {value}"
        back = f"{self.dL_over('a_j')} = sum_i {unit} dot w_(i j)"
        return f"$ {weights} wide {back} $"

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
            numbers = f"{self.symbol} = {weight} - {rate} dot {shown} = {new}"
            return f"$ w <- w - eta {self.dL_over('w')} wide {numbers} $"
        numbers = f"g = {shown} {self._memory(prefix)} wide {self.symbol} : {weight} -> {new}"
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
