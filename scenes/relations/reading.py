"""Formulas read as a viewer reads them: chains of equal things, made of the numbers as printed.

What is read is the mathematics that Typst is given, with Typst's own precedences; what is no number
(a letter, a word, a function of a letter) has no value, and neither has what it is a part of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from backprop_studio.core.answer_sheet import MINUS

LESS_THAN_ANY = -math.inf


@dataclass(frozen=True)
class Figure:
    """A printed number.

    Attributes
    ----------
    text : str
        As printed.
    value : float
        What the digits say.
    power : float
        Power of ten of the last printed digit; minus infinity of what is exact.
    """

    text: str
    value: float
    power: float = LESS_THAN_ANY


@dataclass(frozen=True)
class Applied:
    """An operation on what stands in it.

    Attributes
    ----------
    name : str
        A sign, a function's name, or ``rows``.
    parts : tuple
        Row by row, if it is ``rows``.
    columns : int
        Of ``rows``.
    """

    name: str
    parts: tuple[Tree, ...]
    columns: int = 1


Tree: TypeAlias = Figure | Applied | None
"""What an item is made of; None has no value."""


@dataclass(frozen=True)
class Sign:
    """A sign between two items, and where it stands in the markup."""

    text: str
    start: int
    end: int


@dataclass
class Chain:
    """Items with signs between them: ``a = b = c``."""

    items: list[Tree] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """What a text says.

    Attributes
    ----------
    chains : tuple of Chain
        With two items or more.
    ungrouped : tuple of str
        Numbers beside a sign that takes hold of a part of them: a second sign, a fraction's bar or
        an exponent beside a power of ten.
    """

    chains: tuple[Chain, ...]
    ungrouped: tuple[str, ...]


_TOKEN = re.compile(
    r"""
    (?P<skip> \#(?:text\(fill:\ rgb\(|part\()"[^"]*"\)+\[\$ | \$\] | \#h\([^)]*\) | \#\[\] | &
      | \\(?=\ \+\ ) )  # a sum goes on in the next line
  | (?P<word> \#raw\("(?:\\.|[^"\\])*"\) | "(?:\\.|[^"\\])*" )
  | (?P<number> −?10\^\(-?\d+\) | −?\d+(?:\.\d+)?(?:\ (?:times|dot)\ 10\^\(-?\d+\))? )
  | (?P<name> [A-Za-z]+(?:\.[A-Za-z]+)* )
  | (?P<sign> -> | => | <- | >= | <= | != | \\/ | \\(?=\s) | [^\s] )
    """,
    re.VERBOSE,
)

RELATIONS = {"=": "=", "approx": "approx", "<": "<", ">": ">"}
_APART = {"wide", "quad", "space", "->", "=>", "<-", "arrow.l", "arrow.r", ":", "in", "perp", "\\"}
_CLOSERS = {")", "]", "}", ",", ";"}
_ENDS = _CLOSERS | _APART | RELATIONS.keys()
_TIMES = {"dot", "times", "*", "dot.o"}
FUNCTIONS = {"ln", "exp", "sin", "cos", "tan", "tanh", "sigma", "sqrt", "abs", "relu", "sign"}
_CONSTANTS = {"e": math.e, "pi": math.pi}
_OPENERS = {"(": ")", "[": "]", "{": "}"}

BEYOND = 3
"""Tokens by which the reader may step over the end of a formula that is cut off."""


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    is_glued: bool
    """Nothing stands between it and the one before."""


def _tokens(source: str, start: int, end: int) -> Iterator[_Token]:
    last = -1
    for found in _TOKEN.finditer(source, start, end):
        kind = str(found.lastgroup)
        if kind != "skip":
            yield _Token(kind, found[0], *found.span(), found.start() == last)
        last = found.end()


def figure_of(text: str) -> Figure:
    """Return a printed number with what it says.

    Examples
    --------
    >>> figure_of("−0.50").value, figure_of("−0.50").power, figure_of("2.5 times 10^(-9)").power
    (-0.5, -2, -10)
    """
    sign = -1.0 if text.startswith(MINUS) else 1.0
    digits, _, power = text.removeprefix(MINUS).partition("10^(")
    exponent = int(power.removesuffix(")")) if power else 0
    digits = digits.replace(" times ", "").replace(" dot ", "") or "1"
    decimals = len(digits.partition(".")[2])
    return Figure(text, sign * float(f"{digits}e{exponent}"), exponent - decimals)


@lru_cache(maxsize=4096)
def read(markup: str) -> Reading:
    """Read all mathematics of a piece of Typst markup.

    Examples
    --------
    >>> (chain,) = read("$ L = (0.5 + 0.25) / 2 = 0.375 $").chains
    >>> len(chain.items), chain.items[2].value
    (3, 0.375)
    """
    chains: list[Chain] = []
    ungrouped: list[str] = []
    for start, end in _mathematics(markup):
        reader = _Reader(list(_tokens(markup, start, end)))
        reader.read_all()
        chains += reader.chains
        ungrouped += reader.ungrouped
    return Reading(tuple(chains), tuple(ungrouped))


def _mathematics(markup: str) -> Iterator[tuple[int, int]]:
    """Yield where mathematics stands: from dollar to dollar, those of coloured parts left out."""
    if "$" not in markup:
        return
    places = [
        found.start()
        for found in re.finditer(r'"(?:\\.|[^"\\])*"|\[\$|\$\]|\$', markup)
        if found[0] == "$"
    ]
    for start, end in zip(places[::2], places[1::2], strict=False):
        yield start + 1, end


class _Reader:
    """Reads one formula; what it cannot make sense of has no value."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place = tokens, 0
        # A word is no sign, whatever it says; and behind the end nothing is said.
        self._texts = ["" if it.kind == "word" else it.text for it in tokens]
        self._texts += [""] * BEYOND
        self.chains: list[Chain] = []
        self.ungrouped: list[str] = []

    def read_all(self) -> None:
        """Read to the end."""
        while self.token is not None:
            self._chain()
            if self.token is not None:
                self.place += 1

    @property
    def token(self) -> _Token | None:
        """The next one."""
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    @property
    def text(self) -> str:
        """What the next token says; empty at the end, and of a word."""
        return self._texts[self.place]

    def _take(self) -> str:
        text = self.text
        self.place += 1
        return text

    # Chains

    def _chain(self) -> Tree:
        """Read chains until a comma or a closing bracket; return the only item, if there is one."""
        token = self.token
        if token and token.kind == "number" and self._texts[self.place + 1] in _CLOSERS:
            self.place += 1  # an entry of a matrix, which most numbers are
            return figure_of(token.text)
        chain, count = Chain([self._item()]), 1
        while (token := self.token) is not None and self.text not in _CLOSERS:
            self.place += 1
            if token.text in RELATIONS:
                chain.signs.append(Sign(token.text, token.start, token.end))
            elif token.text == "\\" and self.text in RELATIONS:
                continue
            else:
                self._keep(chain)
                chain = Chain()
            count += 1
            chain.items.append(self._item())
        self._keep(chain)
        return chain.items[0] if count == 1 else None

    def _keep(self, chain: Chain) -> None:
        if len(chain.items) > 1:
            self.chains.append(chain)

    def _at_end(self) -> bool:
        return self.place >= len(self.tokens) or self._texts[self.place] in _ENDS

    def _item(self) -> Tree:
        if self._at_end():
            return None
        return self._sum()

    # Sums, products, fractions, powers

    def _sum(self) -> Tree:
        is_negative = False
        while self.text in {"-", "+"}:
            is_negative ^= self._take() == "-"
        total = self._product()
        if is_negative:
            total = _applied("negative", total)
        while self.text in {"+", "-"}:
            sign = self._take()
            self._expect_no_sign()
            total = _applied(sign, total, self._product())
        return total

    def _product(self) -> Tree:
        product = self._fraction()
        while not self._at_end() and self.text not in {"+", "-"}:
            sign = "*"
            if self.text in _TIMES:
                sign = "elementwise" if self._take() == "dot.o" else "*"
                self._expect_no_sign()
            product = _applied(sign, product, self._fraction())
        return product

    def _expect_no_sign(self) -> None:
        if self.text == "-" or self.text.startswith(MINUS):
            self.ungrouped.append(self.text)

    def _fraction(self) -> Tree:
        left = self._power()
        while self.text in {"/", "\\/"}:
            self._expect_no_power(left, self.place - 1)
            self.place += 1
            place = self.place
            right = self._power()
            self._expect_no_power(right, place)
            left = _applied("/", left, right)
        return left

    def _expect_no_power(self, tree: Tree, place: int) -> None:
        """Note a number with a power of ten that stands at a place without brackets."""
        token = self.tokens[place] if place < len(self.tokens) else None
        if isinstance(tree, Figure) and token and token.text == tree.text and " 10^" in tree.text:
            self.ungrouped.append(tree.text)

    def _power(self) -> Tree:
        base = self._atom()
        while self.text in {"^", "_", "'"}:
            sign = self._take()
            if sign == "'":
                base = None
                continue
            self._expect_no_power(base, self.place - 2)
            exponent = self._atom() if not self._at_end() else None
            base = _applied("^", base, exponent) if sign == "^" else None
        return base

    # Atoms

    def _atom(self) -> Tree:
        token = self.token
        if token is None:
            return None
        if token.text in _OPENERS and token.kind == "sign":
            return _only(self._group())
        self.place += 1
        if token.kind == "number":
            return figure_of(token.text)
        if token.kind == "name":
            return self._named(token.text)
        if self._opens_glued():
            self._group()
        return None

    def _opens_glued(self) -> bool:
        token = self.token
        return token is not None and token.is_glued and token.text == "("

    def _named(self, name: str) -> Tree:
        if name == "op" and self._opens_glued():
            word = self.tokens[self.place + 1].text.strip('"')
            self._group()
            return self._function(word)
        if name in FUNCTIONS:
            return self._function(name)
        if name.startswith("dots"):
            return Figure(name, math.nan)
        if not self._opens_glued():
            value = _CONSTANTS.get(name)
            return None if value is None else Figure(name, value)
        rows = self._group()
        if name == "frac" and len(rows) == 1 and len(rows[0]) == 2:
            return _applied("/", *rows[0])
        if name in {"mat", "vec"}:
            return _rows(rows)
        return None

    def _function(self, name: str) -> Tree:
        exponent: list[Tree] = []
        if self.text == "^":
            self.place += 1
            exponent = [self._atom()]
        if self.text in {"_", "'"} or self._at_end():
            return None
        place = self.place
        value = _only(self._group()) if self.text == "(" else self._fraction()
        self._expect_no_power(value, place)
        found = _applied(name, value) if name in FUNCTIONS else None
        return _applied("^", found, *exponent) if exponent else found

    def _group(self) -> list[list[Tree]]:
        """Read what stands in brackets: rows of entries."""
        closer = _OPENERS[self._take()]
        rows: list[list[Tree]] = [[]]
        while self.token is not None and self.text != closer:
            if self.text in {",", ";"}:
                if self._take() == ";":
                    rows.append([])
                continue
            rows[-1].append(self._chain())
            if self.text in {")", "]", "}"} and self.text != closer:
                self.place += 1
        self.place += 1
        return rows


def _applied(name: str, *parts: Tree) -> Tree:
    """Return an operation; what a part of has no value has none."""
    return None if any(part is None for part in parts) else Applied(name, parts)


def _only(rows: list[list[Tree]]) -> Tree:
    """Return what stands in brackets: itself, or the column of several."""
    entries = rows[0] if len(rows) == 1 else []
    return entries[0] if len(entries) == 1 else _rows([[it] for it in entries])


def _rows(rows: list[list[Tree]]) -> Tree:
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths == {0}:
        return None
    parts = tuple(part for row in rows for part in row)
    return None if any(part is None for part in parts) else Applied("rows", parts, widths.pop())
