"""Ticks of scales: round numbers, where they stand, and what is written at them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backprop_studio.core.answer_sheet import printed
from backprop_studio.scenes.paint.style import Unchanging
from backprop_studio.scenes.paint.typeset import escape

PLAIN_EXPONENTS = (-3, 4)
"""Powers of ten that are written out, as 0.001 and 10000."""


@dataclass(frozen=True)
class Ticks(Unchanging):
    """Where ticks stand and what is written at them.

    Attributes
    ----------
    places : tuple of float
        Coordinates.
    texts : tuple of str
        Typst markup, one per tick.
    """

    places: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()

    def pairs(self) -> Iterator[tuple[float, str]]:
        """Return each coordinate with its text."""
        return zip(self.places, self.texts, strict=True)


def even_ticks(low: float, high: float, count: int) -> Ticks:
    """Return about so many round numbers between two values."""
    values = round_ticks(low, high, count)
    return Ticks(tuple(values), tick_texts(values))


def log_ticks(low: float, high: float, count: int) -> Ticks:
    """Return about so many powers of ten between two exponents, or 1, 2 and 5 within a decade."""
    exponents = _whole(low, high, count)
    if len(exponents) >= 2:
        return Ticks(tuple(map(float, exponents)), _power_texts(exponents))
    values = [
        factor * 10.0**exponent
        for exponent in range(math.floor(low), math.ceil(high) + 1)
        for factor in (1, 2, 5)
        if low - 1e-9 <= math.log10(factor * 10.0**exponent) <= high + 1e-9
    ]
    return Ticks(tuple(map(math.log10, values)), tuple(tick_texts([it])[0] for it in values))


def round_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about ``count`` multiples of 1, 2 or 5 times a power of ten, from low to high.

    Examples
    --------
    >>> round_ticks(-5, 5, 5)
    [-4.0, -2.0, 0.0, 2.0, 4.0]
    """
    if not low < high:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((1, 2, 5, 10), key=lambda it: abs(math.log(it * power / rough))) * power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step)))
    return [round(k * step, digits) + 0.0 for k in range(first, last + 1)]


def tick_text(value: float) -> str:
    """Return a round number as it is written, with a real minus sign.

    Examples
    --------
    >>> [tick_text(value) for value in (-2.0, 0.25, 100000.0)]
    ['−2', '0.25', '100000']
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e7 else f"{value:.0e}"
    return text.replace("-", "−")


def tick_texts(values: Sequence[float]) -> tuple[str, ...]:
    """Return the markup of round numbers, all with the same digits behind the point.

    Examples
    --------
    >>> tick_texts([-0.5, 0.0, 0.5])
    ('#"−0.5"', '#"0.0"', '#"0.5"')
    >>> tick_texts([0.0, 2e6])
    ('#"0"', '$2 dot 10^6$')
    """
    largest = max((abs(value) for value in values), default=0.0)
    exponent = math.floor(math.log10(largest) + 1e-9) if largest else 0
    if not -4 <= exponent <= 4:
        return tuple(_scientific(value, exponent) for value in values)
    decimals = _decimals(values)
    return tuple(escape(printed(value, decimals)) for value in values)


def _whole(low: float, high: float, count: int) -> list[int]:
    """Return whole exponents between two, evenly apart, about so many."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    step = max(1, math.ceil((last - first) / max(count, 1)))
    # Multiples of the step, so that 1 is among them whenever it is in sight.
    return [k for k in range(first, last + 1) if k % step == 0]


def _power_texts(exponents: Sequence[int]) -> tuple[str, ...]:
    low, high = PLAIN_EXPONENTS
    if all(low <= k <= high for k in exponents):
        return tuple(escape(printed(10.0**k, max(0, -k))) for k in exponents)
    return tuple(f"$10^({k})$" for k in exponents)


def _scientific(value: float, exponent: int) -> str:
    mantissa = value / 10.0**exponent
    if not value:
        return escape("0")
    text = printed(mantissa, _decimals([mantissa]))
    return f"${text} dot 10^{exponent if exponent >= 0 else f'({exponent})'}$"


def _decimals(values: Sequence[float], most: int = 8) -> int:
    for decimals in range(most):
        if all(abs(round(it, decimals) - it) <= 1e-9 * max(abs(it), 1e-9) for it in values):
            return decimals
    return most
