"""The formulas of secants that close in on a tangent, with their numbers put in."""

from __future__ import annotations

import numpy as np

from backprop_studio.core.answer_sheet import MAX_DECIMALS, look_up
from backprop_studio.core.derivatives.records import SecantsRecord
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.relations.judging import NEAR

LEAST_DECIMALS, MOST_DECIMALS = 4, 8
MOST_DIGITS = 9
"""Of a number, before and behind the point."""

QUOTIENT = "(y(w + epsilon) - y(w)) / epsilon"


class DerivativeFormulas(Formulas):
    """Writes each moment of the lesson.

    Parameters
    ----------
    record : SecantsRecord
        The secants; they stand in the sheet as ``tangent``.
    """

    def __init__(self, writer: Writer, record: SecantsRecord) -> None:
        super().__init__(writer)
        self.record = record
        self.rule = formula_typst(record.formula.tree)
        # Enough to see the square of the smallest step.
        smallest = abs(float(record.eps[-1]))
        places = np.ceil(-2 * np.log10(smallest))
        self.decimals = int(np.clip(places, LEAST_DECIMALS, MOST_DECIMALS))

    def figure(self, name: str) -> str:
        """Return a number of the record with the digits that the smallest step asks for."""
        path = f"tangent.{name}"
        whole = len(f"{abs(look_up(self.sheet, path)):.0f}")
        most = int(np.clip(MOST_DIGITS - whole, 0, self.decimals))
        what, _, k = name.partition(".")
        if what == "slopes":
            most = min(most, self._slope_decimals(int(k)))
        return self.given(path, most)

    def _slope_decimals(self, k: int) -> int:
        """Return the decimals of a secant's slope: its step's, as far as differences have them."""
        places = int(np.ceil(-np.log10(abs(float(self.record.eps[k])))))
        return max(min(max(places, LEAST_DECIMALS), MAX_DECIMALS - places), 0)

    def slope(self) -> str:
        """Return the derivative, in the gradients' colour."""
        return self.as_gradient(self.figure("slope"))

    @true_digits
    def point(self) -> str:
        """Return the function and its value at the point."""
        return f"$ y = {self.rule} wide y({self.figure('x')}) = {self.figure('y')} $"

    @true_digits
    def secant(self, number: int) -> str:
        """Return the slope of a secant."""
        eps, slope = self.figure(f"eps.{number}"), self.figure(f"slopes.{number}")
        y, y_eps = self.figure("y"), self.figure(f"y_eps.{number}")
        numbers = f"({y_eps} - {bracketed(y)}) / {bracketed(eps)}"
        return f"$ {QUOTIENT} = {numbers} = {self.as_gradient(slope)} $"

    @true_digits
    def expansion(self) -> str:
        """Return y(w + eps) to the second power, in symbols and for the last two steps."""
        y, slope, half = (self.figure(f"taylor.{k}") for k in range(3))
        sign, more = self._third_term()
        slope, x = self.as_gradient(bracketed(slope)), self.figure("x")
        last = len(self.record.eps) - 1
        symbols = f"{y} + {_times(slope)}epsilon + {_times(half)}epsilon^2{more}"
        rows = [f"y({x} + epsilon) &{sign} {symbols}"]
        for k in (last - 1, last):
            eps = bracketed(self.figure(f"eps.{k}"))
            terms = f"{_times(slope, ' dot ')}{eps} + {_times(half, ' dot ')}{eps}^2"
            rows.append(f"{self.figure(f'y_eps.{k}')} &{sign} {y} + {terms}{more}")
        joined = " \\ ".join(rows)
        return f"$ {joined} $"

    def _third_term(self) -> tuple[str, str]:
        """Return the sign before the expansion, and dots where two terms are far from all."""
        found, exact = self.record.expansion[-2:], self.record.y_eps[-2:]
        if np.allclose(self.record.expansion, self.record.y_eps, rtol=0, atol=1e-12):
            return "=", ""
        return ("approx", "") if np.allclose(found, exact, rtol=NEAR) else ("=", " + dots.c")

    @true_digits
    def limit(self) -> str:
        """Return the limit of the secants' slopes; at a corner what torch answers."""
        if not self.record.is_smooth:
            return f"$ {self.answer()} $"
        x = self.figure("x")
        return f"$ y'(w) = lim_(epsilon -> 0) {QUOTIENT} wide y'({x}) = {self.slope()} $"

    @true_digits
    def derivative(self) -> str:
        """Return the derivative by the rules of calculus, and its number."""
        typst = self.record.derivative.typst
        rule = f"y = {self.rule} quad => quad y' = {typst} wide " if typst else ""
        return f"$ {rule} {self.answer()} $"

    def answer(self) -> str:
        """Return the derivative at the point; where there is none, what torch keeps."""
        if not self.record.is_smooth:
            return f'#raw("w.grad") = {self.slope()}'
        return f"y'({self.figure('x')}) = {self.slope()}"

    @true_digits
    def everywhere(self) -> str:
        """Return the derivative as a function."""
        return f"$ y' = {self.record.derivative.typst or f'lim_(epsilon -> 0) {QUOTIENT}'} $"


def _times(number: str, sign: str = " ") -> str:
    """Return a number as the first factor of a product; 1 is not written."""
    return "" if number == "1" else f"{bracketed(number)}{sign}"
