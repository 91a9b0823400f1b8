"""What a lesson writes with: printed numbers of its answer sheet, words, and colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backprop_studio.core.answer_sheet import ShownNumber, look_up, printed, printed_scientific
from backprop_studio.core.base.i18n import Translate
from backprop_studio.core.base.messages import one_line
from backprop_studio.core.claims.change import decimals_apart
from backprop_studio.scenes.lesson.numbers import (
    DIGITS,
    HIGH,
    exact_text,
    in_sentence,
    is_plain,
    magnitude,
    needed_decimals,
    short_text,
)
from backprop_studio.scenes.paint.style import DECIMALS, DECIMALS_FINE, Theme, decimals_for
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.relations.digits import MOST_DIGITS, Digits, worked_out

MOST_DECIMALS = 12
"""Of a number in a sentence, which has no power of ten."""


LONGEST = 20
"""Significant digits of a part of a small difference, which is worked out from the exact number."""


def quoted(text: str) -> str:
    """Return a text that stands in mathematics letter by letter, whatever it holds."""
    return escape(one_line(text)).removeprefix("#")


def cut(text: str, most: int) -> str:
    """Return a text of at most so many letters, the last of them dots if it was longer.

    Examples
    --------
    >>> cut("sepal length", 6), cut("sepal", 6)
    ('sepal…', 'sepal')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass
class Notes:
    """What has been shown so far, kept by a lesson and by all who write for it.

    Attributes
    ----------
    beat : str
        The one that is told.
    shown : dict
        Numbers on screen by path and text, in the order in which they appeared.
    digits : Digits
        What the formula at hand asks for.
    """

    beat: str = ""
    shown: dict[tuple[str, str], ShownNumber] = field(default_factory=dict)
    digits: Digits = field(default_factory=Digits)
    _read: int = 0

    def new_in(self, formula: str) -> int:
        """Return how many numbers of a formula have not been seen before; then they have been."""
        new = list(self.shown.values())[self._read :]
        self._read = len(self.shown)
        return len({number.text for number in new if number.text in formula})


class Writer:
    """Prints numbers of an answer sheet, and notes each of them as shown.

    A number is named by its path in the sheet, such as ``layers.0.z.0.2``, so that nothing can be
    written that core did not compute. Every lesson is a writer; boards write with it.

    Parameters
    ----------
    sheet : mapping
        Answer sheet without ``shown``.
    theme : Theme
        Of the lesson.
    tr : callable
        Into the lesson's language.

    Attributes
    ----------
    notes : Notes
        Every number printed so far.
    """

    def __init__(self, sheet: Mapping[str, Any], theme: Theme, tr: Translate) -> None:
        self.sheet, self.theme, self.tr = sheet, theme, tr
        self.notes = Notes()

    @property
    def shown(self) -> list[ShownNumber]:
        """Every number on screen so far."""
        return list(self.notes.shown.values())

    def worked_out(
        self, write: Callable[[], str], has_room: Callable[[str], bool] | None = None
    ) -> str:
        """Return a formula with the digits at which what it says is true.

        Parameters
        ----------
        write : callable
            Writes it; called again with more digits of its numbers where a result does not come
            out.
        has_room : callable, optional
            Whether a formula can be read where it will stand; on the board, by default.
        """
        before = self.notes.shown

        def again() -> str:
            self.notes.shown = dict(before)
            return write()

        return worked_out(again, self.notes.digits, has_room or self.has_room)

    def has_room(self, formula: str) -> bool:
        """Whether a formula can be read where it will stand."""
        return True

    def least_decimals(self, name: str) -> int:
        """Return how many decimals the formula at hand needs of a number at least."""
        return self.notes.digits.least(name) or 0

    def number(self, name: str, decimals: int = DECIMALS) -> str:
        """Return a number with so many decimals; a huge one, or one that they lose, by its size."""
        value = look_up(self.sheet, name)
        if (decimals and abs(value) >= HIGH) or name in self.notes.digits.small:
            return self.scientific(name, DIGITS)
        return self.note(name, printed(value, max(decimals, self.least_decimals(name))), value)

    def fine(self, name: str) -> str:
        """Return a number where a small change is the point, such as the loss."""
        behind = MOST_DIGITS - 1 - magnitude(look_up(self.sheet, name))
        return self.number(name, min(DECIMALS_FINE, max(behind, 1)))

    def told_apart(self, first: str, second: str) -> tuple[str, str]:
        """Return two numbers of a sentence with enough decimals to see how they differ."""
        apart = decimals_apart(look_up(self.sheet, first), look_up(self.sheet, second))
        decimals = max(DECIMALS_FINE, apart or 0)
        before, after = (in_sentence(self.number(it, decimals)) for it in (first, second))
        return before, after

    def whole(self, name: str) -> str:
        """Return a count."""
        return self.number(name, 0)

    def given(self, name: str, most: int = DECIMALS + 1) -> str:
        """Return a number as short as the user gave it, with at most so many decimals."""
        value = look_up(self.sheet, name)
        if not is_plain(value):
            return self.scientific(name, DIGITS, is_short=True)
        return self._ending(name, max(most, self.least_decimals(name)))

    def _ending(self, name: str, most: int) -> str:
        value = look_up(self.sheet, name)
        return self.note(name, printed(value, needed_decimals(value, most)), value)

    def exact(self, name: str) -> str:
        """Return a number with all its digits, for a line of code that is to be run."""
        value = look_up(self.sheet, name)
        return self.note(name, exact_text(value), value)

    def short(self, name: str, digits: int = DIGITS, decimals: int = 0) -> str:
        """Return a number that stands alone; see :func:`short_text`."""
        value = look_up(self.sheet, name)
        decimals = max(decimals, self.least_decimals(name))
        return self.note(name, short_text(value, digits, decimals), value)

    def scientific(self, name: str, digits: int = 2, *, is_short: bool = False) -> str:
        """Return a number whose size is the point, such as an error of 2.8e-11.

        Parameters
        ----------
        digits : int
            Significant digits.
        is_short : bool
            Leave zeros at the end away, and the 1 before a power of ten.
        """
        value = look_up(self.sheet, name)
        least = self.notes.digits.least(name, has_power=not is_plain(value))
        if least is not None:
            digits = max(digits, min(least + 1 + magnitude(value), LONGEST))
        return self.note(name, printed_scientific(value, digits, is_short=is_short), value)

    def alike(self, name: str, largest: float | None = None, digits: int = 3) -> str:
        """Return a number of a group with the decimals of the group's largest; of one, its own."""
        if largest is None:
            largest = look_up(self.sheet, name)
        if not is_plain(largest):
            return self.scientific(name, digits)
        return self.number(name, decimals_for(abs(largest), digits))

    def in_words(self, name: str) -> str:
        """Return a number for a sentence or a line of code, where no mathematics is set."""
        size = abs(look_up(self.sheet, name))
        usual = max(DECIMALS + 1, decimals_for(size, DIGITS))
        return self._ending(name, usual if is_plain(size) else MOST_DECIMALS)

    def pair(self, name: str) -> str:
        """Return a point or vector of the sheet as a pair of numbers."""
        return f"({self.short(f'{name}.0')}, {self.short(f'{name}.1')})"

    def word(self, text: str) -> str:
        """Return a word or sentence of the lesson as it stands in mathematics."""
        return quoted(self.tr(text))

    def note(self, name: str, text: str, value: float) -> str:
        """Note that a number is shown, and return its text."""
        self.notes.shown.setdefault((name, text), ShownNumber(self.notes.beat, name, text, value))
        self.notes.digits.note(name, text, value)
        return text
