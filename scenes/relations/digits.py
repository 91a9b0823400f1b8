"""The digits at which printed relations hold: chosen for all numbers of a formula at once.

A formula is written, read as a viewer reads it, and written again with more digits of what is put
together wherever its result does not come out. A number of which no digit would be left gets some,
where it is more than a small term of a sum. What does not come out with the most digits that are
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
from backprop_studio.scenes.relations.judging import Relation, relations, zeros
from backprop_studio.scenes.relations.reading import Applied, Figure, Tree
from backprop_studio.scenes.relations.values import figures

MOST_DIGITS = 6
"""Significant digits of a number, or of the difference that it is needed for."""

CANCELLING = 3.0
"""A number that weighs so many times what comes out is part of a small difference."""

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
    small : set of str
        Paths of numbers that are written with significant digits, as none would be left else.
    is_open : bool
        A formula is being written.
    """

    decimals: dict[str, int] = field(default_factory=dict)
    printed: dict[str, set[str]] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    _rounded_away: dict[str, set[str]] = field(default_factory=dict)
    is_open: bool = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Choose digits for one formula, and forget them."""
        self.is_open = True
        self.forget()
        try:
            yield
        finally:
            self.forget()
            self.is_open = False

    def forget(self) -> None:
        """Begin anew."""
        self.decimals, self.small = {}, set()
        self.begin_text()

    def begin_text(self) -> None:
        """Forget what was printed, but not how."""
        self.printed, self._rounded_away = {}, {}

    def least(self, name: str, *, has_power: bool = False) -> int | None:
        """Return how many decimals a number needs, if it needs any; of a huge one below zero."""
        found = self.decimals.get(self._key(name, has_power))
        return found if found is None or has_power else min(found, MAX_DECIMALS)

    def note(self, name: str, text: str, value: float) -> None:
        """Note what a number is printed as."""
        if self.is_open:
            self.printed.setdefault(text, set()).add(name)
            if value and not text.strip("0."):
                self._rounded_away.setdefault(text, set()).add(name)

    def lost(self, text: str) -> set[str]:
        """Return the paths of numbers that a formula says are zero, and that are not."""
        if not self._rounded_away:
            return set()
        names = (self._rounded_away.get(it.text, set()) for it in zeros(text))
        return set().union(*names)

    def keys_of(self, figure: Figure) -> set[str]:
        """Return what a printed number may be, by its text: a path, or that of a whole list."""
        has_power = "10^(" in figure.text
        return {self._key(name, has_power) for name in self.printed.get(figure.text, ())}

    def raise_to(self, keys: set[str], decimals: int) -> None:
        """Give numbers more decimals, and with one in a list all of the list."""
        for key in keys:
            self.decimals[key] = max(self.decimals.get(key, decimals), decimals)

    def _key(self, name: str, has_power: bool) -> str:
        """Return a list's path for what is in one, but not where its decimals are its own."""
        group, _, place = name.rpartition(".")
        is_alone = has_power or name in self.small
        return f"{group}." if place.isdigit() and not is_alone else name


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
        text = plain = _with_digits_left(write, digits, has_room)
        broken = _broken(plain, set())
        arrays = {it.number for it in broken if it.found.ndim}
        # Where there is no room, matrices keep their digits, and then all do.
        for hopeless in (set[int](), arrays, {it.number for it in broken}) if broken else ():
            text = _Search(write, digits, hopeless).raised()
            if text == plain or has_room(text):
                break
    return _approximated(text)


def _with_digits_left(
    write: Callable[[], str], digits: Digits, has_room: Callable[[str], bool]
) -> str:
    """Write a formula in which nothing that counts is rounded to zero, if there is room."""
    text = plain = write()
    while lost := digits.lost(text) - digits.small:
        digits.small |= lost
        digits.begin_text()
        text = write()
    if text == plain or has_room(text):
        return text
    digits.forget()
    return write()


def _broken(text: str, given_up: set[int]) -> list[Relation]:
    found = relations(text)
    return [it for it in found if it.number not in given_up and it.kind == "=" and not it.holds()]


class _Search:
    """The search for the fewest digits at which a formula holds.

    Parameters
    ----------
    given_up : set of int
        Relations that need not hold, by their numbers.
    """

    def __init__(self, write: Callable[[], str], digits: Digits, given_up: set[int]) -> None:
        self.write, self.digits, self.given_up = write, digits, set(given_up)
        self.results: dict[int, set[str]] = {}
        self.begin()

    def begin(self) -> None:
        """Forget all digits, but not what is known."""
        self.digits.decimals.clear()
        self.tries: dict[int, int] = {}
        self.lefts: dict[int, set[str]] = {}

    def raised(self) -> str:
        """Return the formula with more digits where they help."""
        while True:
            self.digits.begin_text()
            text = self.write()
            broken = _broken(text, self.given_up)
            if not broken:
                return text
            if self._was_mistaken(broken):
                continue
            for relation in broken:
                self._raise(relation)
            hopeless = {number for number, tried in self.tries.items() if tried > 2 * TRIES}
            if hopeless:
                # What does not hold all the same needs no digits of its own.
                self.given_up |= hopeless
                self.begin()

    def _was_mistaken(self, broken: Sequence[Relation]) -> bool:
        """Whether a result was given digits because it looked like a number on the left."""
        for relation in broken:
            known = self.results.setdefault(relation.number, set())
            for figure in figures(relation.result):
                keys = self.digits.keys_of(figure)
                known |= keys if len(keys) == 1 else set()
        mistaken = any(self.results[it] & keys for it, keys in self.lefts.items())
        if mistaken:
            self.begin()
        return mistaken

    def _raise(self, relation: Relation) -> None:
        number = relation.number
        self.tries[number] = tried = self.tries.get(number, -1) + 1
        if tried == TRIES:
            self._raise_result(relation)
        elif tried <= 2 * TRIES:
            self._raise_left(relation, tried % (TRIES + 1))

    def _raise_left(self, relation: Relation, level: int) -> None:
        """Give what is put together as many digits as the result's last digit takes."""
        for group in _groups(relation.left):
            finite = [it for it in group if math.isfinite(it.power)]
            needed = (_decimals_for(relation, it, level) for it in finite)
            most = max((it for it in needed if it is not None), default=None)
            for figure in finite:
                keys = self.digits.keys_of(figure) - self.results[relation.number]
                self.lefts.setdefault(relation.number, set()).update(keys)
                if most is not None:
                    self.digits.raise_to(keys, most)

    def _raise_result(self, relation: Relation) -> None:
        for group in _groups(relation.result):
            largest = max((abs(it.value) for it in group), default=0.0)
            for figure in group:
                if math.isfinite(figure.power):
                    decimals = min(int(-figure.power) + 1, MOST_DIGITS - 1 - magnitude(largest))
                    self.digits.raise_to(self.digits.keys_of(figure), decimals)


def _decimals_for(relation: Relation, figure: Figure, level: int) -> int | None:
    """Return the decimals at which a number moves the result by less than its last digit.

    None if it moves nothing.
    """
    step = 10.0**figure.power
    units = np.where(relation.unit > 0, relation.unit, np.inf)  # what is left out has none
    with np.errstate(over="ignore", invalid="ignore"):
        effect = np.abs(relation.effect(figure, step))
        share = float(np.fmax.reduce(effect / units, axis=None, initial=0.0))
    if not share or not math.isfinite(share):
        return None
    enough = math.ceil(math.log10(share) - 1e-9) - int(figure.power)
    most = MOST_DIGITS - 1 - magnitude(figure.value)
    # Of a number in a small difference the digits of the difference count, not its own.
    weight = float(np.fmax.reduce(effect, axis=None)) / step * abs(figure.value)
    if weight > CANCELLING * float(np.fmax.reduce(np.abs(relation.found), axis=None)):
        most = max(most, enough + 1)
    return int(min(enough + level, most))


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
