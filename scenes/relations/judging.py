"""Whether printed relations hold: the left side is worked out, and rounded to the printed result.

An equals sign holds if what the printed numbers give rounds to the printed result, digit for digit.
An approximate one holds as far as the digits of the numbers go that are put together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from backprop_studio.scenes.relations.reading import Chain, Figure, Sign, Tree, read
from backprop_studio.scenes.relations.values import Values, figures, is_printed, worth

NEAR = 0.05
"""Of the larger side: what is further apart is not approximately the same."""

ROUNDED = 100
"""Units of its last digit that a number has at least, to count as rounded."""

FINE = -3
"""Power of ten of a last digit from which on a number is rounded, however few digits it has."""

PRECISION = 4e-16
"""Of the largest number on the left; what float64 leaves where numbers cancel."""

SLACK = 1e-9
"""Of a unit and of what is worked out: the computer's own rounding."""


@dataclass(frozen=True, eq=False)
class Relation:
    """A calculation and its printed result.

    Attributes
    ----------
    number : int
        Which of the text's.
    left, result : Tree
        What is worked out, and what it should be.
    sign : Sign
        Beside what is worked out.
    kind : str
        ``=``, ``approx``, ``<`` or ``>``.
    """

    number: int
    left: Tree
    result: Tree
    sign: Sign
    kind: str

    @cached_property
    def found(self) -> Values:
        """What the left side is worth."""
        value = worth(self.left)
        assert value is not None
        return value

    @cached_property
    def expected(self) -> Values:
        """The printed result."""
        value = worth(self.result)
        assert value is not None
        return value

    @property
    def unit(self) -> Values:
        """Units of the last printed digits of the result."""
        units = np.array([10.0**it.power for it in figures(self.result)])
        return units.reshape(self.expected.shape)

    @property
    def half_units(self) -> Values:
        """By how much the sides may differ; of two printed numbers the coarser decides."""
        units = self.unit
        if is_printed(self.left):
            left = [10.0**it.power for it in figures(self.left)]
            units = np.maximum(units, np.array(left).reshape(self.found.shape))
        return np.asarray(units / 2)

    def holds(self) -> bool:
        """Whether it is true as it stands there."""
        if self.kind in "<>":
            less, more = (self.found, self.expected)[:: 1 if self.kind == "<" else -1]
            return not np.any(less > more)
        apart = np.abs(self.found - self.expected)
        slack = SLACK * np.maximum(self.half_units, np.abs(self.expected) * 1e-3)
        allowed = self.half_units + slack
        if self.kind == "approx":
            largest = np.maximum(np.abs(self.found), np.abs(self.expected))
            allowed = np.maximum(allowed + self.spread(), NEAR * largest)
        return not np.any(apart > allowed)

    def worst(self) -> tuple[float, float]:
        """Return what is found and what is printed where they are furthest apart."""
        found, expected = np.broadcast_arrays(self.found, self.expected)
        place = int(np.nan_to_num(np.abs(found - expected)).argmax())
        return float(found.flat[place]), float(expected.flat[place])

    def spread(self) -> Values:
        """Return by how much the left side may be off because its numbers are rounded.

        A whole number and one of few digits, such as a step of 0.1, are taken for exact.
        """
        numbers = list(figures(self.left))
        total = np.full_like(self.found, PRECISION * max(abs(it.value) for it in numbers))
        for it in numbers:
            if math.isinf(it.power) or it.power == 0:
                continue
            if it.power <= FINE or abs(it.value) >= ROUNDED * 10.0**it.power:
                total = total + np.abs(np.nan_to_num(self.effect(it, 10.0**it.power / 2)))
        return total

    def effect(self, figure: Figure, change: float) -> Values:
        """Return what a change of one number makes of the left side."""
        moved = worth(self.left, {id(figure): figure.value + change})
        return np.asarray(np.asarray(moved) - self.found)


@lru_cache(maxsize=4096)
def relations(markup: str) -> tuple[Relation, ...]:
    """Return what can be worked out of a piece of markup.

    Examples
    --------
    >>> [it.holds() for it in relations("$ 0.4 + 0.35 = 0.8 wide 2 dot 3 = 7 $")]
    [True, False]
    """
    found: list[Relation] = []
    for chain in read(markup).chains:
        for left, result, sign, kind in _pairs(chain):
            found.append(Relation(len(found), left, result, sign, kind))
    return tuple(found)


def zeros(markup: str) -> list[Figure]:
    """Return the printed zeros that say something: not those beside larger terms, or of a matrix.

    Examples
    --------
    >>> [it.text for it in zeros("$ p = 0.00 / (0.0 + 1.5) = 0.000 $")]
    ['0.00', '0.000']
    """
    return [it for chain in read(markup).chains for item in chain.items for it in _zeros(item)]


def _zeros(tree: Tree) -> Iterator[Figure]:
    if isinstance(tree, Figure):
        if tree.value == 0:
            yield tree
    elif tree is not None and tree.name != "rows":
        is_sum = tree.name in {"+", "-"}
        if not is_sum or all(it.value == 0 for it in figures(tree)):
            for part in tree.parts:
                yield from _zeros(part)


def _pairs(chain: Chain) -> Iterator[tuple[Tree, Tree, Sign, str]]:
    values = [worth(item) for item in chain.items]
    printed = [is_printed(item) for item in chain.items]
    known = [k for k, value in enumerate(values) if value is not None]
    for k in known:
        later = [j for j in known if j > k and printed[j]]
        earlier = [j for j in known if j < k and printed[j]]
        if later:
            between = chain.signs[k : later[0]]
            result, sign = chain.items[later[0]], chain.signs[k]
        elif earlier and not printed[k]:
            between = chain.signs[earlier[-1] : k]
            result, sign = chain.items[earlier[-1]], chain.signs[k - 1]
        else:
            continue
        kinds = {it.text for it in between}
        other, value = worth(result), values[k]
        if other is None or value is None or other.shape != value.shape:
            continue
        kind = "=" if kinds == {"="} else "approx" if kinds <= {"=", "approx"} else sign.text
        if len(kinds & {"<", ">"}) and len(between) > 1:
            continue
        yield chain.items[k], result, sign, kind
