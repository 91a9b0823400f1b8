"""Formulas of softmax and cross-entropy with the numbers of one sample put in."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from backprop_studio.core.network.softmax import SoftmaxRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import coloured, few, vector
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.style import DECIMALS, DECIMALS_FINE

DIGITS = 3


class SoftmaxFormulas(Formulas):
    """Writes the cells of the table and what stands on the board, for one set of logits.

    Parameters
    ----------
    record : SoftmaxRecord
        Its numbers.
    path : str
        Where it stands in the answer sheet.
    """

    def __init__(self, writer: Writer, record: SoftmaxRecord, path: str) -> None:
        super().__init__(writer)
        self.record, self.path, self.naive = record, path, record.naive
        self.count = len(record.logits)
        self.right = f"_({record.target + 1})"
        self.largest = int(np.argmax(record.logits))

    # Single numbers

    def logit(self, k: int) -> str:
        """Return a logit as short as it was given."""
        return self.given(f"{self.path}.logits.{k}", DECIMALS)

    def shifted(self, k: int) -> str:
        """Return z - m."""
        return self.given(f"{self.path}.shifted.{k}", DECIMALS)

    def power(self, k: int) -> str:
        """Return e^z of the naive way; infinity where it is larger than any number."""
        powers = self.naive.exponentials
        if math.isinf(powers[k]):
            return "infinity"
        largest = float(powers[np.isfinite(powers)].max())
        return self.alike(f"{self.path}.naive.exponentials.{k}", largest)

    def small_power(self, k: int) -> str:
        """Return e^(z - m)."""
        return self.number(f"{self.path}.exponentials.{k}")

    def share(self, k: int) -> str:
        """Return a probability."""
        return self.fine(f"{self.path}.probabilities.{k}")

    def naive_share(self, k: int) -> str:
        """Return a naive probability; where it is none, what was divided."""
        if math.isnan(self.naive.probabilities[k]):
            return "infinity \\/ infinity" if self.naive.overflows else "0 \\/ 0"
        return self.fine(f"{self.path}.naive.probabilities.{k}")

    def truth(self, k: int) -> str:
        """Return an entry of the one-hot target."""
        return self.given(f"{self.path}.one_hot.{k}")

    def pull(self, k: int) -> str:
        """Return an entry of the gradient."""
        return self.fine(f"{self.path}.gradient.{k}")

    def cells(self, entry: Callable[[int], str]) -> list[str]:
        """Return the texts of a column; mathematics where it is more than digits."""
        texts = map(entry, range(self.count))
        return [f"${it}$" if any(c in it for c in "i/^") else it for it in texts]

    def _any_size(self, name: str, digits: int = DECIMALS_FINE) -> str:
        return self.scientific(f"{self.path}.{name}", digits)

    def _row(self, entry: Callable[[int], str]) -> str:
        return vector(few(entry, self.count, "dots.v", self.record.target))

    def _sum(self, entry: Callable[[int], str]) -> str:
        return " + ".join(few(entry, self.count, "dots.c", self.record.target))

    # Beat by beat

    @true_digits
    def logits(self) -> str:
        """Return the logits."""
        return f"$ z = {self._row(self.logit)} $"

    @true_digits
    def powers(self) -> str:
        """Return e^z of each."""
        terms = few(lambda k: f"{self._power_of(k)} = {self.power(k)}", self.count, "dots.c")
        return f"$ {' wide '.join(terms)} $"

    @true_digits
    def shares(self) -> str:
        """Return softmax, with the true class's numbers."""
        t = self.record.target
        total = self.alike(f"{self.path}.naive.total", float(self.naive.exponentials.max()))
        power = bracketed(self.power(t))
        numbers = f"{power} / ({self._sum(self.power)}) = {power} / {bracketed(total)}"
        share = self._any_size(f"naive.probabilities.{t}")
        return f"$ p_k = e^(z_k) / (sum_j e^(z_j)) wide p{self.right} = {numbers} = {share} $"

    @true_digits
    def one_hot(self) -> str:
        """Return the target beside the probabilities."""
        truth = coloured(self._row(self.truth), self.theme.target)
        return f"$ p = {self._row(self.share)} wide t = {truth} $"

    @true_digits
    def loss(self) -> str:
        """Return the cross-entropy."""
        number = self.as_loss(self._any_size("loss"))
        share = bracketed(self._any_size(f"probabilities.{self.record.target}"))
        return f"$ L = -sum_k t_k ln p_k = -ln p{self.right} = -ln {share} = {number} $"

    @true_digits
    def gradient(self) -> str:
        """Return p - t."""
        shares, truth = self._row(self.share), self._row(self.truth)
        numbers = f"{shares} - {coloured(truth, self.theme.target)}"
        pulls = self.as_gradient(self._row(self.pull))
        return f"$ {self.dL_over('z')} = p - t = {numbers} = {pulls} $"

    @true_digits
    def invariance(self) -> str:
        """Return why a number added to all logits changes nothing."""
        moved = "e^(z_k + c) / (sum_j e^(z_j + c)) = (e^c e^(z_k)) / (e^c sum_j e^(z_j))"
        offset = self.given("parameters.offset")
        return f"$ {moved} = e^(z_k) / (sum_j e^(z_j)) wide c = {offset} $"

    @true_digits
    def fault(self) -> str:
        """Return what goes wrong in the naive way, or that nothing does."""
        t, k, n = self.record.target, self.largest, self.largest + 1
        none, so = self.word("is no number"), "space => space"
        if self.record.naive_holds:
            return f"$ {self._power_of(k)} = {self.power(k)} < {self._limit('largest')} $"
        if np.isinf(self.naive.exponentials).any():
            power, share = f"e^(z_({n})) = infinity", f"p_({n}) = infinity / infinity"
            reason = f"{self._power_of(k)} > {self._limit('largest')}"
            return f"$ {reason} {so} {power} wide {share} space {none} $"
        if self.naive.overflows:
            shares = "p_k = e^(z_k) / infinity = 0 wide L = -ln 0 = infinity"
            return f"$ sum_j e^(z_j) > {self._limit('largest')} {so} {shares} $"
        if self.naive.total == 0:
            reason = f"{self._power_of(k)} < {self._limit('smallest')}"
            return f"$ {reason} {so} e^(z_({n})) = 0 wide p_({n}) = 0 / 0 space {none} $"
        if self.naive.underflows:
            share = f"p{self.right} = {self._power_of(t)} / (sum_j e^(z_j))"
            vanished = f"p{self.right} = 0 wide L = -ln 0 = infinity"
            return f"$ {share} < {self._limit('smallest')} {so} {vanished} $"
        wrong = self.fine(f"{self.path}.naive.probabilities.{t}")
        power = bracketed(self.power(t))
        naive = f"p{self.right} = {power} / ({self._sum(self.power)}) = {wrong}"
        return f"$ {naive} wide {self.word('should be')} space {self.share(t)} $"

    @true_digits
    def ranges(self) -> str:
        """Return where e^z ends, in both kinds of numbers."""
        ends = []
        for kind in ("float32", "float64"):
            end = self.number(f"ranges.{kind}.largest_exponent", 2)
            ends.append(f'z > {end} space => space e^z = infinity space (#raw("{kind}"))')
        return f"$ {' wide '.join(ends)} $"

    @true_digits
    def shift(self) -> str:
        """Return the subtraction of the largest logit."""
        k = self.largest
        largest, one = self.logit(k), self.small_power(k)
        same = "e^(z_k - m) / (sum_j e^(z_j - m)) = e^(z_k) / (sum_j e^(z_j))"
        return f"$ m = max_j z_j = {largest} wide {same} wide e^(z_({k + 1}) - m) = e^0 = {one} $"

    @true_digits
    def cured_shares(self) -> str:
        """Return a probability by way of the shifted logits."""
        t = self.record.target
        total = self.number(f"{self.path}.total")
        power = bracketed(self.small_power(t))
        numbers = f"{power} / ({self._sum(self.small_power)}) = {power} / {bracketed(total)}"
        return f"$ p{self.right} = {numbers} = {self.share(t)} $"

    @true_digits
    def log_sum_exp(self) -> str:
        """Return the loss by log-sum-exp."""
        z = self.logit(self.record.target)
        total = self.number(f"{self.path}.total")
        number = self.as_loss(self._any_size("loss"))
        numbers = f"{self.logit(self.largest)} + ln {total} - {bracketed(z)} = {number}"
        return f"$ L = m + ln sum_j e^(z_j - m) - z{self.right} = {numbers} $"

    def _power_of(self, k: int) -> str:
        return f"e^({self.logit(k)})"

    def _limit(self, name: str) -> str:
        return self.scientific(f"ranges.float64.{name}", DIGITS)
