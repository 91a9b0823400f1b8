"""How a number is printed: one rule for all lessons.

A number is written out if its size lies between 0.001 and a million, and else as digits times a
power of ten. One that stands alone has :data:`DIGITS` significant digits, and fewer only if it ends
there; numbers that stand together have the decimals of the largest, zeros included. What the user
gave is as short as it was written. A lesson whose point is a small difference asks for more
decimals, and so does a formula whose result would not come out (``scenes/relations/digits.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from backprop_studio.core.answer_sheet import (
    EXACT,
    MINUS,
    PLAIN_POWERS,
    printed,
    printed_scientific,
)
from backprop_studio.core.formula.text import number_text
from backprop_studio.scenes.paint.style import decimals_for

DIGITS = 4
"""Significant digits of a number that stands alone."""

MOST_ENTRIES = 4
"""A longer row or column shows its first two entries, dots, and its last."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

LOW, HIGH = 10.0 ** PLAIN_POWERS[0], 10.0 ** (PLAIN_POWERS[1] + 1)


def is_plain(value: float) -> bool:
    """Whether a number is written out, without a power of ten.

    Examples
    --------
    >>> [is_plain(it) for it in (0.0, 0.001, -999_999.0, 1e6, 0.0009)]
    [True, True, True, False, False]
    """
    return value == 0 or LOW <= abs(value) < HIGH


def magnitude(value: float) -> int:
    """Return the power of ten of a number's first digit; 0 of what has none.

    Examples
    --------
    >>> [magnitude(it) for it in (-25.0, 0.03, 0.0, math.inf)]
    [1, -2, 0, 0]
    """
    return math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0


def short_text(value: float, digits: int = DIGITS, decimals: int = 0) -> str:
    """Return a number with no more digits than it needs, as Typst mathematics.

    Parameters
    ----------
    digits : int
        Significant digits.
    decimals : int
        Decimals that are written in any case where the number has them.

    Examples
    --------
    >>> short_text(28.0), short_text(-0.5), short_text(1e-9), short_text(1.00004, decimals=5)
    ('28', '−0.5', '10^(-9)', '1.00004')
    """
    if not is_plain(value):
        digits = max(digits, decimals + 1 + magnitude(value)) if decimals else digits
        return printed_scientific(value, digits, is_short=True)
    most = max(decimals_for(abs(value), digits), decimals)
    return printed(value, needed_decimals(value, most))


def exact_text(value: float) -> str:
    """Return a number with all its digits, as Typst mathematics.

    Examples
    --------
    >>> exact_text(-2.0), exact_text(0.1 + 0.2), exact_text(2.5e-9), exact_text(1e22)
    ('−2', '0.30000000000000004', '2.5 times 10^(-9)', '10^(22)')
    """
    mantissa, _, power = number_text(abs(value)).partition("e")
    if power:
        mantissa = f"{'' if mantissa == '1' else f'{mantissa} times '}10^({power})"
    return f"{MINUS}{mantissa}" if value < 0 else mantissa


def needed_decimals(value: float, most: int) -> int:
    """Return how many decimals write a number: as many as it has, if they are not too many.

    Zeros at the end are left away of a number that ends there, and of no other: they are digits.

    Examples
    --------
    >>> [needed_decimals(value, 3) for value in (6.0, 0.1 + 0.2, 1 / 3, 0.50001)]
    [0, 1, 3, 3]
    """
    near = min(EXACT * abs(value), 10.0 ** -(most + 1))
    for decimals in range(most):
        if abs(value - round(value, decimals)) <= near:
            return decimals
    return most


def code_text(number: str, *, is_real: bool = False) -> str:
    """Return a printed number as Python writes it.

    Parameters
    ----------
    is_real : bool
        With a point, as torch differentiates no integers.

    Examples
    --------
    >>> code_text("−0.5"), code_text("2 times 10^(-9)"), code_text("10^(-9)")
    ('-0.5', '2e-9', '1e-9')
    >>> code_text("3", is_real=True)
    '3.'
    """
    text = number.replace(MINUS, "-").replace(" times 10^(", "e").replace("10^(", "1e")
    return f"{text}." if is_real and text.lstrip("-").isdigit() else text.removesuffix(")")


def markup_of(number: str) -> str:
    """Return a printed number as markup: mathematics if it has a power of ten.

    Examples
    --------
    >>> markup_of("28"), markup_of("10^(-9)")
    ('28', '$10^(-9)$')
    """
    return f"${number}$" if "^" in number else number


def in_sentence(number: str) -> str:
    """Return a printed number as it stands in a sentence, where no mathematics is set.

    Examples
    --------
    >>> in_sentence("1.0324"), in_sentence("−2.50 times 10^(-12)")
    ('1.0324', '−2.50 × 10⁻¹²')
    """
    digits, _, power = number.partition("10^(")
    raised = power.removesuffix(")").translate(_RAISED)
    return f"{digits.replace('times', '×')}10{raised}" if power else number


def bracketed(number: str) -> str:
    """Return a printed number as a factor or base: in brackets if it has a sign or a power.

    Examples
    --------
    >>> bracketed("28"), bracketed("−1"), bracketed("10^(-9)")
    ('28', '(−1)', '(10^(-9))')
    """
    return f"({number})" if number.startswith(MINUS) or "^" in number else number


def sum_of(terms: Sequence[str]) -> str:
    """Return printed numbers as a sum in which no two signs meet.

    Examples
    --------
    >>> sum_of(["−1", "28", "−0.5"])
    '−1 + 28 + (−0.5)'
    """
    rest = (f"({it})" if it.startswith(MINUS) else it for it in terms[1:])
    return " + ".join([*terms[:1], *rest])


def elided(size: int, always: int | None = None) -> list[int | None]:
    """Return which entries of a row or column are written; None stands for dots.

    Parameters
    ----------
    always : int, optional
        One that is written in any case.

    Examples
    --------
    >>> elided(3), elided(9), elided(9, always=4), elided(5, always=3)
    ([0, 1, 2], [0, 1, None, 8], [0, None, 4, None, 8], [0, None, 3, 4])
    """
    if size <= MOST_ENTRIES:
        return list(range(size))
    if always is None or always in (0, 1, size - 1):
        return [0, 1, None, size - 1]
    after: list[int | None] = [] if always == size - 2 else [None]
    return [0, None, always, *after, size - 1]
