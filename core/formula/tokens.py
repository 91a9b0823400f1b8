"""From text to tokens: an allow-list of characters, everything else explained."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backprop_studio.core.formula.errors import FormulaError

__all__ = ["MAX_CHARACTERS", "MAX_TOKENS", "Token", "tokenise"]

MAX_CHARACTERS = 500
MAX_TOKENS = 200

Kind: TypeAlias = Literal["number", "name", "operator", "open", "close", "comma", "end"]

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BLANK = frozenset(" \t\r\n\u00a0\u3000")
_MATHEMATICAL = {"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-"}
"""Signs that mean one thing only, as formulas copied from a page have them."""

_SIGNS: dict[str, tuple[Kind, str]] = {
    **{sign: ("operator", sign) for sign in "+-*/^"},
    **{sign: ("operator", plain) for sign, plain in _MATHEMATICAL.items()},
    "(": ("open", "("),
    ")": ("close", ")"),
    ",": ("comma", ","),
}

_INSTEAD = {
    "π": "write pi",
    "√": "write sqrt(...)",
    "–": "write a minus sign, -",
    "—": "write a minus sign, -",
    "∗": "write *",
    "∙": "write *",
    "•": "write *",
    "∕": "write /",
    "⁄": "write /",
    "、": "write a comma and a space",
    "=": "write only what stands to the right of the equals sign",
    "|": "write abs(...)",
    "[": "use round brackets, (",
    "]": "use round brackets, )",
    "{": "use round brackets, (",
    "}": "use round brackets, )",
    "%": "write /100",
    "!": "there is no factorial",
    ";": "separate values with a comma",
    ".": "a decimal point needs a digit beside it",
    "∞": "numbers are finite",
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOOKALIKES = dict(zip("аеіјорсухѕԁοАВЕКМНОРСТХ", "aeijopcyxsdoABEKMHOPCTX", strict=True))
"""Letters, all but one Cyrillic, that cannot be told from Latin ones by eye."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula.

    Attributes
    ----------
    kind : str
        What it is.
    text : str
        As the grammar knows it: ``**`` and ``×`` are ``^`` and ``*``.
    column : int
        Its first character, counted from 1.
    value : float
        Of a number.
    """

    kind: Kind
    text: str
    column: int
    value: float = 0.0


def tokenise(text: str) -> list[Token]:
    """Cut a formula into tokens; the last has the kind "end".

    ``×``, ``·``, ``⋅`` mean ``*``, ``÷`` means ``/``, ``−`` means ``-``, and ``**`` means ``^``.

    Raises
    ------
    FormulaError
        If it is longer than 500 characters or 200 tokens, has a character that no formula has, or a
        number that float64 cannot hold.

    Examples
    --------
    >>> [token.text for token in tokenise("2 × x**3")]
    ['2', '*', 'x', '^', '3', '']
    """
    if len(text) > MAX_CHARACTERS:
        reason = f"allowed are {MAX_CHARACTERS} characters, found {len(text)}"
        raise FormulaError(text, MAX_CHARACTERS + 1, reason)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        if text[place] in _BLANK:
            place += 1
            continue
        if len(tokens) == MAX_TOKENS:
            reason = f"allowed are {MAX_TOKENS} numbers, names and signs, found more"
            raise FormulaError(text, place + 1, reason)
        token, place = _next(text, place)
        tokens.append(token)
    return [*tokens, Token("end", "", len(text) + 1)]


def _next(text: str, place: int) -> tuple[Token, int]:
    """Return the token that begins at a place, and the place behind it."""
    column = place + 1
    if text.startswith("**", place):
        return Token("operator", "^", column), place + 2
    if sign := _SIGNS.get(text[place]):
        return Token(*sign, column), place + 1
    if found := _NUMBER.match(text, place):
        return Token("number", found[0], column, _value(text, found)), found.end()
    if found := _WORD.match(text, place):
        return Token("name", found[0], column), found.end()
    raise FormulaError(text, column, _stranger(text, place))


def _value(text: str, found: re.Match[str]) -> float:
    value = float(found[0])
    if math.isinf(value):
        raise FormulaError(text, found.start() + 1, "expected a number below 1.8e308")
    if value == 0 and any(digit in "123456789" for digit in re.split("[eE]", found[0])[0]):
        # A number that silently becomes 0 would be another formula.
        reason = "expected 0 or a number that is not closer to 0 than 4.9e-324"
        raise FormulaError(text, found.start() + 1, reason)
    return value


def _stranger(text: str, place: int) -> str:
    """Say what to write instead of a character that no formula has."""
    letter = text[place]
    if letter in _INSTEAD:
        return f"unexpected {letter}; {_INSTEAD[letter]}"
    power = letter.translate(_SUPERSCRIPTS)
    if power != letter:
        exponent = re.match("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", text[place:])
        power = exponent[0].translate(_SUPERSCRIPTS) if exponent else power
        return f"unexpected {letter}; for a power write ^{power}"
    called = f"{letter} ({_code(letter)})" if letter.isprintable() else _code(letter)
    plain = _plain(letter)
    if plain:
        return f"unexpected {called}; write the plain {plain} of the keyboard"
    if letter.isalpha():
        return f"unexpected {called}; names are written with the letters a to z"
    return f"unexpected {called}; expected a number, a name, an operator or a bracket"


def _plain(letter: str) -> str:
    """Return the ASCII character that a full-width or look-alike character stands for, or ""."""
    if letter.isascii():
        return ""
    if letter in _LOOKALIKES:
        return _LOOKALIKES[letter]
    digit = unicodedata.decimal(letter, None)
    plain = str(digit) if digit is not None else unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() and plain.isprintable() else ""


def _code(letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "")
    return f"{code}, {name.lower()}" if name else code
