"""Tokens of a formula: an allow-list of characters, everything else is explained."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula.errors import FormulaError


def _ascii(letter: str) -> str:
    """Return the one plain letter that a letter of mathematics stands for, or nothing."""
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() else ""


MAX_CHARACTERS = 500
MAX_TOKENS = 200

Kind: TypeAlias = Literal[
    "number", "name", "operator", "open", "close", "bar", "root", "comma", "end"
]

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BLANK = frozenset(" \t\r\n\u00a0\u3000")
_MATHEMATICAL = {**dict.fromkeys("×·⋅∙•∗", "*"), **dict.fromkeys("÷∕⁄", "/"), "−": "-", "–": "-"}
"""Signs that mean one thing only, as formulas copied from a page have them."""

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0) not in ";="}
_ITALIC = {it: ord(plain) for it in range(0x1D400, 0x1D800) if (plain := _ascii(chr(it)))}
_ONE_FOR_ONE = {**_WIDE, **_ITALIC}
"""Full-width signs, and the letters that a program for mathematics writes."""

_SIGNS: dict[str, tuple[Kind, str]] = {
    **{sign: ("operator", sign) for sign in "+-*/^"},
    **{sign: ("operator", plain) for sign, plain in _MATHEMATICAL.items()},
    "(": ("open", "("),
    ")": ("close", ")"),
    ",": ("comma", ","),
    "|": ("bar", "|"),
    "√": ("root", "√"),
    "π": ("name", "pi"),
    "σ": ("name", "sigma"),
}


def write_instead(text: str) -> Message:
    """Return the advice to write something else.

    Examples
    --------
    >>> write_instead("abs(...)").words()
    'write abs(...)'
    """
    return Message.of("formula.write", N_("write {text}"), text=text)


def _round(bracket: str) -> Message:
    return Message.of("formula.round", N_("use round brackets, {bracket}"), bracket=bracket)


_MINUS = Message.of("formula.minus", N_("write a minus sign, -"))
_INSTEAD = {
    "—": _MINUS,
    "∛": write_instead("(...)^(1/3)"),
    "½": write_instead("(1/2)"),
    "¼": write_instead("(1/4)"),
    "¾": write_instead("(3/4)"),
    "、": Message.of("formula.comma", N_("write a comma and a space")),
    "=": Message.of("formula.side", N_("write only what stands to the right of the equals sign")),
    "[": _round("("),
    "]": _round(")"),
    "{": _round("("),
    "}": _round(")"),
    "%": write_instead("/100"),
    "!": Message.of("formula.factorial", N_("there is no factorial")),
    ";": Message.of("formula.separate", N_("separate values with a comma")),
    ".": Message.of("formula.point", N_("a decimal point needs a digit beside it")),
    "∞": Message.of("formula.infinity", N_("numbers are finite")),
}
_EXPONENT = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
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
    raised : bool
        Whether it was written as a superscript, which ends where it ends.
    """

    kind: Kind
    text: str
    column: int
    value: float = 0.0
    raised: bool = False


def tokenise(text: str) -> list[Token]:
    """Cut a formula into tokens; the last has the kind "end".

    ``×``, ``·``, ``⋅`` mean ``*``, ``÷`` means ``/``, ``−`` means ``-``, ``**`` means ``^``, and so
    does a superscript.

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
    check_length(text)
    given, text = text, text.translate(_ONE_FOR_ONE)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text[position] in _BLANK:
            position += 1
            continue
        check_token_count(given, position + 1, len(tokens) + 1)
        if found := _EXPONENT.match(text, position):
            tokens += _superscript(found)
            position = found.end()
            continue
        token, position = _next(text, position)
        tokens.append(token)
    return [*tokens, Token("end", "", len(text) + 1)]


def check_length(text: str) -> None:
    """Refuse a text that is longer than a formula may be, with a :class:`FormulaError`.

    Examples
    --------
    >>> check_length("x" * 500)
    """
    if len(text) > MAX_CHARACTERS:
        words = N_("allowed are {most} characters, found {found}")
        reason = Message.of("formula.characters", words, most=MAX_CHARACTERS, found=len(text))
        raise FormulaError(text, MAX_CHARACTERS + 1, reason)


def check_token_count(text: str, column: int, count: int) -> None:
    """Refuse a formula of too many tokens, with a :class:`FormulaError` at a column.

    Examples
    --------
    >>> check_token_count("x", 1, 200)
    """
    if count > MAX_TOKENS:
        words = N_("allowed are {most} numbers, names and signs, found more")
        raise FormulaError(text, column, Message.of("formula.tokens", words, most=MAX_TOKENS))


def _next(text: str, position: int) -> tuple[Token, int]:
    """Return the token that begins at a position, and the position behind it."""
    column = position + 1
    if text.startswith("**", position):
        return Token("operator", "^", column), position + 2
    if sign := _SIGNS.get(text[position]):
        return Token(*sign, column), position + 1
    if found := _NUMBER.match(text, position):
        return Token("number", found[0], column, _value(text, found)), found.end()
    if found := _WORD.match(text, position):
        return Token("name", found[0], column), found.end()
    raise FormulaError(text, column, _stranger(text, position))


def _superscript(found: re.Match[str]) -> list[Token]:
    """Return a power that stands as a superscript, as the tokens that it stands for."""
    column, text = found.start() + 1, found[0].translate(_SUPERSCRIPTS)
    digits = text.removeprefix("-")
    minus = [Token("operator", "-", column, raised=True)] if digits != text else []
    number = Token("number", digits, column, float(digits), raised=True)
    return [Token("operator", "^", column, raised=True), *minus, number]


def _value(text: str, found: re.Match[str]) -> float:
    value = float(found[0])
    if math.isinf(value):
        reason = Message.of("formula.too_large", N_("expected a number below 1.8e308"))
        raise FormulaError(text, found.start() + 1, reason)
    if value == 0 and any(digit in "123456789" for digit in re.split("[eE]", found[0])[0]):
        # A number that silently becomes 0 would be another formula.
        words = N_("expected 0 or a number that is not closer to 0 than 4.9e-324")
        reason = Message.of("formula.too_small", words)
        raise FormulaError(text, found.start() + 1, reason)
    return value


def _stranger(text: str, position: int) -> Message:
    """Return what to write instead of a character that no formula has."""
    letter = text[position]
    if letter == "." and text[position + 1 : position + 2] in {"*", "/", "^"}:
        return _unexpected(letter, write_instead(text[position + 1]))
    if letter in _INSTEAD:
        return _unexpected(letter, _INSTEAD[letter])
    called = f"{letter} ({_code(letter)})" if letter.isprintable() else _code(letter)
    if plain := _plain(letter):
        words = N_("write the plain {plain} of the keyboard")
        return _unexpected(called, Message.of("formula.plain", words, plain=plain))
    if letter.isalpha():
        words = N_("names are written with the letters a to z")
        return _unexpected(called, Message.of("formula.letters", words))
    words = N_("expected a number, a name, an operator or a bracket")
    return _unexpected(called, Message.of("formula.anything", words))


def _unexpected(found: str, hint: Message) -> Message:
    text = N_("unexpected {found}; {hint}")
    return Message.of("formula.unexpected", text, found=found, hint=hint)


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
