"""Formulas of the numerical gradient, with the numbers of its record put in."""

from __future__ import annotations

import math

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.derivatives.records import DifferencesRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.lesson.numbers import bracketed, magnitude
from backprop_studio.scenes.lesson.writer import Writer

LEAST_DIGITS, MOST_DIGITS = 6, 16
"""A double has no more than 16 digits to show."""

OF_RISE = 5
"""Digits of f(w + h) - f(w - h) that can be checked from the two."""

QUOTIENT = "(f(w + h) - f(w - h)) / (2 h)"


class DifferenceFormulas(Formulas):
    """Writes what stands on the board.

    Parameters
    ----------
    record : DifferencesRecord
        Which numbers there are; it stands in the answer sheet as ``central``.
    """

    def __init__(self, writer: Writer, record: DifferencesRecord) -> None:
        super().__init__(writer)
        self.record = record
        self.w = self.given("central.w")
        self.error_word, self.arm_word = self.word("error"), self.word("slope of this arm")

    def slope(self, digits: int = 6) -> str:
        """Return autograd's number."""
        return self.as_gradient(self.scientific("central.gradient", digits))

    def step(self, k: int | None) -> str:
        """Return h: a rung of the ladder, or the one picked out."""
        return self.scientific("central.step" if k is None else f"central.h.{k}", 4, is_short=True)

    @true_digits
    def function(self) -> str:
        """Return the function, the point and autograd's slope."""
        value = self.scientific("central.value", 6)
        function = f"f(w) = {self.record.formula.typst} wide f({self.w}) = {value}"
        return f"$ {function} wide f'({self.w}) = {self.slope()} $"

    @true_digits
    def difference(self, k: int | None, *, has_error: bool = True, is_first: bool = False) -> str:
        """Return a central difference, and by how much it misses.

        Parameters
        ----------
        k : int, optional
            Rung of the ladder; the step picked out if None.
        is_first : bool
            Begin with the general formula.
        """
        picked = ["step_above", "step_below", "step_difference", "step_error"]
        rung = [f"{name}.{k}" for name in ("above", "below", "differences", "errors")]
        paths = [f"central.{name}" for name in (picked if k is None else rung)]
        above, below, difference, error = (look_up(self.sheet, path) for path in paths)
        rise = above - below
        decimals = digits_beside(above, rise, OF_RISE) - 1 - magnitude(above)
        upper, lower = (
            self.scientific(path, min(max(decimals + 1 + magnitude(it), 1), MOST_DIGITS))
            for path, it in zip(paths, (above, below), strict=False)
        )
        lower = bracketed(lower)
        slope = self.scientific(paths[2], digits_beside(difference, error))
        calculation = f"({upper} - {lower}) / (2 dot {self.step(k)}) = {slope}"
        begin = f"{QUOTIENT} =" if is_first else f"f'({self.w}) approx"
        if not has_error:
            return f"$ {begin} {calculation} $"
        exact = self.slope(digits_beside(self.record.gradient, error))
        missed = f"{self.error_word} = {self.scientific(paths[3])}"
        return f"$ {begin} {calculation} wide f'({self.w}) = {exact} wide {missed} $"

    @true_digits
    def sides(self) -> str:
        """Return the slopes to either side of a corner, and both answers."""
        right, left = (self.scientific(f"sides.slopes.{k}", 4) for k in (0, 1))
        mean = self.scientific("central.step_difference", 4)
        both = f"(f(w + h) - f(w)) / h = {right} wide (f(w) - f(w - h)) / h = {left}"
        return f"$ {both} wide {QUOTIENT} = {mean} wide f'({self.w}) = {self.slope(4)} $"

    @true_digits
    def best(self) -> str:
        """Return the error as a function of h, and its least value."""
        record = self.record
        general = f"{self.error_word}(h) = abs({QUOTIENT} - f'(w))"
        if not record.errors[record.best] > 0:
            return f"$ {general} $"
        least = self.scientific(f"central.errors.{record.best}")
        where = self.scientific(f"central.h.{record.best}", 2, is_short=True)
        found = f"{self.word('least')} = {least} wide {self.word('at')} h = {where}"
        return f"$ {general} wide {found} $"

    @true_digits
    def truncation(self, k: int) -> str:
        """Return what the chord misses, and how fast that falls."""
        value = self.scientific(f"central.truncation.{k}")
        error = self.scientific(f"central.errors.{k}")
        order = self.scientific("central.truncation_order", 4)
        law = f"{self.error_word} approx abs(f'''(w)) / 6 dot h^2"
        numbers = f"h = {self.step(k)}: quad {value} {self.word('against')} {error}"
        return f"$ {law} wide {numbers} wide {self.arm_word} = {order} $"

    def rounding(self, k: int) -> str:
        """Return a difference of numbers that share nearly all their digits."""
        order = self.scientific("central.rounding_order", 4)
        return f"{self.difference(k, has_error=False)[:-2]} wide {self.arm_word} = {order} $"

    @true_digits
    def update(self) -> str:
        """Return the step that a gradient asks for, and which way it goes."""
        sign, word = {
            -1: ("> 0", self.word("w shrinks")),
            0: ("", self.word("w stays")),
            1: ("< 0", self.word("w grows")),
        }[self.record.w_moves]
        slope = f"f'({self.w}) = {self.slope()} {sign}"
        return f"$ w arrow.l w - eta f'(w) wide {slope} quad => quad {word} $"


def digits_beside(large: float, small: float, digits: int = 2) -> int:
    """Return how many digits a number needs so that so many of a small part of it are seen.

    Examples
    --------
    >>> digits_beside(0.84, 1e-7), digits_beside(0.84, 0.0), digits_beside(5.0, 20.0)
    (8, 6, 6)
    """
    if not large or not small:
        return LEAST_DIGITS
    apart = math.floor(math.log10(abs(large))) - math.floor(math.log10(abs(small)))
    return min(max(apart + digits, LEAST_DIGITS), MOST_DIGITS)
