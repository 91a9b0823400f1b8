"""What the text in a field stands for, and how a value is typed; without widgets and without Qt."""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import TYPE_CHECKING, Any

from backprop_studio.gui.model.words import N_, tr

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "FieldValueError",
    "either_text",
    "literal_text",
    "mapping_text",
    "parse_either",
    "parse_literal",
    "parse_mapping",
    "parse_number",
]

_SEPARATORS = re.compile("[,;\n\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}]")
_SIGNS = re.compile("[=:\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH COLON}]")
_NAME = re.compile(r"\w+")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_FLAGS = {"true": True, "false": False}
_WORDS = {
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "boolean": N_("true or false"),
    "array": N_("a list"),
    "object": N_("names with values"),
}


class FieldValueError(ValueError):
    """A text is no value of its field; the message is a sentence in the window's language."""


def parse_number(text: str, *, whole: bool = False) -> float | int:
    """Return the number that a text stands for, with either sign for minus.

    Raises
    ------
    FieldValueError
        If it is none.
    """
    text = text.replace("\N{MINUS SIGN}", "-")
    try:
        return int(text) if whole else float(text)
    except ValueError:
        message = tr("Not a whole number.") if whole else tr("Not a number.")
        raise FieldValueError(message) from None


def parse_literal(text: str) -> Any:
    """Return a list, or names with values, written as in JSON or TOML.

    Raises
    ------
    FieldValueError
        If it is neither.
    """
    try:
        value = json.loads(text)
    except ValueError:
        value = _parse_toml(text)
    except RecursionError:
        raise FieldValueError(tr("Nested too deeply.")) from None
    if not isinstance(value, list | dict):
        raise FieldValueError(tr("Write a list, for example [3, 3, 2, 3]."))
    return value


def _parse_toml(text: str) -> Any:
    """Read a TOML value: it allows line breaks, comments and a comma at the end."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        values = {}
    if values.keys() != {"value"}:
        raise FieldValueError(tr("Write a list, for example [3, 3, 2, 3]."))
    return values["value"]


def literal_text(value: Any) -> str:
    """Return a list, or names with values, as it is typed."""
    return json.dumps(value, ensure_ascii=False)


def parse_mapping(text: str, *, whole: bool = False) -> dict[str, float | int]:
    """Return the numbers that a text such as ``a = 5, b = 3`` gives to names.

    Raises
    ------
    FieldValueError
        If it does not, or gives one name twice.
    """
    if text.startswith("{"):
        pairs = [(name, _typed(value)) for name, value in _named(parse_literal(text)).items()]
    else:
        pairs = [_pair(part) for part in _SEPARATORS.split(text) if part.strip()]
    result: dict[str, float | int] = {}
    for name, written in pairs:
        if name in result:
            raise FieldValueError(tr("{name} is given twice.").format(name=name))
        try:
            result[name] = parse_number(written, whole=whole)
        except FieldValueError as error:
            raise FieldValueError(f"{name}: {error}") from None
        if not math.isfinite(result[name]):
            raise FieldValueError(f"{name}: {tr('Not a finite number.')}")
    return result


def _pair(text: str) -> tuple[str, str]:
    name, *rest = (part.strip() for part in _SIGNS.split(text))
    if not _NAME.fullmatch(name) or len(rest) != 1 or not rest[0]:
        raise FieldValueError(_not_a_mapping())
    return name, rest[0]


def _named(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FieldValueError(_not_a_mapping())
    return value


def _typed(value: Any) -> str:
    return "" if isinstance(value, bool | str) else str(value)


def _not_a_mapping() -> str:
    return tr("Write names with numbers, for example a = 5, b = 3.")


def mapping_text(value: Mapping[str, float | int]) -> str:
    """Return names with numbers as they are typed."""
    if not all(_NAME.fullmatch(name) for name in value):
        return literal_text(value)
    return ", ".join(f"{name} = {_short(number)}" for name, number in value.items())


def _short(number: float) -> str:
    text = str(number) if isinstance(number, int) else format(number, ".10g")
    return text if float(text) == number else repr(number)


def parse_either(text: str, types: Collection[str]) -> Any:
    """Return the value of the first of several types that a text can be, texts last of all.

    Parameters
    ----------
    text : str
        Not empty; in double quotes it is a text, whatever it holds.
    types : collection of str
        Names of JSON Schema: integer, number, boolean, array, object, string.

    Raises
    ------
    FieldValueError
        If it can be none of them, with a sentence that says what is allowed.
    """
    plain = text.replace("\N{MINUS SIGN}", "-")
    if "integer" in types and _WHOLE.fullmatch(plain):
        return int(plain)
    if "number" in types and (number := _number_or_none(plain)) is not None:
        return number
    if "boolean" in types and text in _FLAGS:
        return _FLAGS[text]
    if {"[": "array", "{": "object"}.get(text[0]) in types:
        try:
            return parse_literal(text)
        except FieldValueError:
            if "string" not in types:
                raise
    if "string" in types:
        return _unquoted(text)
    words = [tr(word) for kind, word in _WORDS.items() if kind in types]
    raise FieldValueError(tr("Expected is {kinds}.").format(kinds=" / ".join(words)))


def _number_or_none(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unquoted(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, str) else text


def either_text(value: Any, types: Collection[str]) -> str:
    """Return a value of one of several types as it is typed."""
    if isinstance(value, str):
        plain = bool(value) and value == value.strip() and parse_either(value, types) == value
        return value if plain else literal_text(value)
    return _short(value) if type(value) in {int, float} else literal_text(value)
