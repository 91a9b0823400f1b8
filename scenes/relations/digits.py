"""The digits at which printed relations hold: chosen for all numbers of a formula at once.

A formula is written, read as a viewer reads it, and written again with more digits of what is put
together wherever its result does not come out. What does not come out with the most digits that are
ever written has an approximately-equals sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from backprop_studio.core.answer_sheet import MAX_DECIMALS
from backprop_studio.scenes.lesson.numbers import magnitude
from backprop_studio.scenes.relations.judging import Relation, relations
from backprop_studio.scenes.relations.reading import Applied, Figure, Tree

MOST_DIGITS = 6
"""Significant digits of a number, or of the difference that it is needed for."""

TRIES = 3
"""How often a relation's numbers get another digit; then its result gets one, and once more."""


@dataclass
class Digits:
    """Decimals that numbers of the formula at hand are written with at least.

    Attributes
    ----------
    decimals : dict
        By the number's path in the answer sheet; a path that ends with a dot is a whole list's.
    printed : dict
        Paths of what was printed since, by its text.
    is_open : bool
        A formula is being written.
    """

    decimals: dict[str, int] = field(default_factory=dict)
    printed: dict[str, set[str]] = field(default_factory=dict)
    is_open: bool = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Choose digits for one formula, and forget them."""
        self.is_open = True
        self.decimals, self.printed = {}, {}
        try:
            yield
        finally:
            self.decimals, self.printed, self.is_open = {}, {}, False

    def least(self, name: str) -> int:
        """Return how many decimals a number needs at least."""
        group = name.rpartition(".")[0]
        return max(self.decimals.get(name, 0), self.decimals.get(f"{group}.", 0))

    def note(self, name: str, text: str) -> None:
        """Note what a number is printed as."""
        if self.is_open:
            self.printed.setdefault(text, set()).add(name)

    def raise_to(self, figure: Figure, decimals: int) -> None:
        """Give a printed number more decimals, and all that stand in a list with it.

        It is known by its text: numbers that look the same stay so.
        """
        most = min(decimals, MAX_DECIMALS)
        for name in self.printed.get(figure.text, ()):
            group, _, place = name.rpartition(".")
            key = f"{group}." if place.isdigit() else name
            self.decimals[key] = max(self.decimals.get(key, 0), most)


def worked_out(
    write: Callable[[], str], digits: Digits, has_room: Callable[[str], bool] = lambda _: True
) -> str:
    """Write a formula with the digits at which what it says is true.

    Parameters
    ----------
    write : callable
        Writes it, with the decimals that ``digits`` asks for.
    has_room : callable
        Whether there is room for it with more digits.
    """
    if digits.is_open:  # a part of a formula, whose digits are chosen for the whole
        return write()
    with digits.opened():
        text = plain = write()
        broken = _broken(plain, set())
        arrays = {it.number for it in broken if it.found.ndim}
        # Where there is no room, matrices keep their digits, and then all do.
        for hopeless in (set[int](), arrays, {it.number for it in broken}) if broken else ():
            text = _raised(write, digits, hopeless)
            if text == plain or has_room(text):
                break
    return _approximated(text)


def _broken(text: str, given_up: set[int]) -> list[Relation]:
    found = relations(text)
    return [it for it in found if it.number not in given_up and it.kind == "=" and not it.holds()]


def _raised(write: Callable[[], str], digits: Digits, given_up: set[int]) -> str:
    """Return a formula with more digits where they help."""
    tries: dict[int, int] = {}
    digits.decimals.clear()
    while True:
        digits.printed.clear()
        text = write()
        broken = _broken(text, given_up)
        if not broken:
            return text
        for relation in broken:
            tries[relation.number] = tried = tries.get(relation.number, -1) + 1
            if tried == TRIES:
                _raise_result(relation, digits)
            elif tried <= 2 * TRIES:
                _raise_left(relation, tried % (TRIES + 1), digits)
        hopeless = {number for number, tried in tries.items() if tried > 2 * TRIES}
        if hopeless:
            # What does not hold all the same needs no digits of its own.
            given_up = given_up | hopeless
            digits.decimals.clear()
            tries.clear()


def _raise_left(relation: Relation, level: int, digits: Digits) -> None:
    """Give what is put together as many digits as the result's last digit takes."""
    wanted = {
        id(figure): _decimals_for(relation, figure, level)
        for figure in _own_figures(relation.left)
        if math.isfinite(figure.power)
    }
    for group in _groups(relation.left):
        most = max((wanted.get(id(it), 0) for it in group), default=0)
        for figure in group:
            digits.raise_to(figure, most)


def _decimals_for(relation: Relation, figure: Figure, level: int) -> int:
    """Return the decimals at which a number moves the result by less than its last digit."""
    step = 10.0**figure.power
    units = np.where(relation.unit > 0, relation.unit, np.inf)  # what is left out has none
    with np.errstate(over="ignore", invalid="ignore"):
        share = float((np.abs(relation.effect(figure, step)) / units).max(initial=0.0))
    if not share or not math.isfinite(share):
        return 0
    enough = -figure.power + math.ceil(math.log10(share) - 1e-9)
    # Of a number in a small difference the digits of the difference count, not its own.
    most = max(MOST_DIGITS - 1 - magnitude(figure.value), enough + 1)
    return int(min(enough + level, most))


def _raise_result(relation: Relation, digits: Digits) -> None:
    for group in _groups(relation.result):
        most = MOST_DIGITS - 1 - magnitude(max((abs(it.value) for it in group), default=0.0))
        for figure in group:
            if math.isfinite(figure.power):
                digits.raise_to(figure, min(int(-figure.power) + 1, most))


def _own_figures(tree: Tree) -> Iterator[Figure]:
    for group in _groups(tree):
        yield from group


def _groups(tree: Tree) -> Iterator[Sequence[Figure]]:
    """Yield the numbers that have their decimals together: those of a matrix, or one."""
    if isinstance(tree, Figure):
        yield (tree,)
    elif isinstance(tree, Applied):
        if tree.name == "rows":
            yield tuple(it for it in tree.parts if isinstance(it, Figure))
            for part in tree.parts:
                if isinstance(part, Applied):
                    yield from _groups(part)
        else:
            for part in tree.parts:
                yield from _groups(part)


def _approximated(text: str) -> str:
    """Return a formula whose equals signs are approximate where it does not hold."""
    places = {it.sign.start for it in _broken(text, set())}
    for place in sorted(places, reverse=True):
        text = f"{text[:place]}approx{text[place + 1 :]}"
    return text
