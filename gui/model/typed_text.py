"""The value that the text in a field stands for, and the text of a value; without Qt.

Nothing is refused here: a text that is no value of its field is the value itself, and the
validation of the parameters says what is wrong with it.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SEPARATORS = re.compile("[,;\n\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}]")
_SIGNS = re.compile("[=:\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH COLON}]")
_NAME = re.compile(r"\w+")
_WHOLE = re.compile(r"[+-]?\d{1,300}")
"""No longer, because what is larger is no float."""
_NUMBERS = ("integer", "number")
_FLAGS = {"true": True, "false": False}


def value_of(text: str, types: Collection[str]) -> Any:
    """Return the value of the first of several types that a text can be, or the text.

    Parameters
    ----------
    text : str
        Lists and objects are written as in JSON or TOML, numbers with names also as
        ``a = 5, b = 3``. Where there may be other types than texts, double quotes make a text of
        whatever they hold.
    types : collection of str
        Names of JSON Schema: integer, number, boolean, array, object, string.

    Examples
    --------
    >>> value_of("2.5", ["number"]), value_of("fast", ["number"])
    (2.5, 'fast')
    >>> value_of("a = 5, b = x", ["object"])
    {'a': 5, 'b': 'x'}
    """
    if set(types) == {"string"}:
        return text
    number = _number(text.replace("\N{MINUS SIGN}", "-"), types)
    if number is not None:
        return number
    if "boolean" in types and text in _FLAGS:
        return _FLAGS[text]
    if {"[": "array", "{": "object"}.get(text[:1]) in types:
        value = _literal(text)
        if value is not None:
            return value
    if "string" in types:
        return _unquoted(text)
    return (_pairs(text) or text) if "object" in types else text


def text_of(value: Any, types: Collection[str]) -> str:
    """Return a value as it is typed, so that :func:`value_of` gives it back.

    Examples
    --------
    >>> text_of({"a": 5.0, "b": 3.0}, ["object"]), text_of("3", ["integer", "string"])
    ('a = 5, b = 3', '"3"')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        is_read_back = bool(value) and value_of(value.strip(), types) == value
        return value if is_read_back or not {"string"} < set(types) else _json(value)
    if type(value) in {int, float}:
        return _short(value)
    if isinstance(value, dict) and "string" not in types and all(map(_NAME.fullmatch, value)):
        return ", ".join(f"{name} = {text_of(it, _NUMBERS)}" for name, it in value.items())
    return _json(value)


def _number(text: str, types: Collection[str]) -> float | int | None:
    if not set(types).isdisjoint(_NUMBERS) and _WHOLE.fullmatch(text):
        return int(text)
    with suppress(ValueError):
        if "number" in types and math.isfinite(number := float(text)):
            return number
    return None


def _literal(text: str) -> list[Any] | dict[str, Any] | None:
    """Return a list or an object; TOML allows line breaks, comments and a comma at the end."""
    value = None
    with suppress(ValueError, RecursionError):
        values = tomllib.loads(f"value = {text}")
        # A line break would let a text smuggle in further keys.
        value = values["value"] if len(values) == 1 else None
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
    return value if isinstance(value, list | dict) else None


def _pairs(text: str) -> Mapping[str, Any] | None:
    """Return the numbers that a text gives to names, or None if it does anything else."""
    result: dict[str, Any] = {}
    for part in filter(str.strip, _SEPARATORS.split(text)):
        name, *written = (it.strip() for it in _SIGNS.split(part))
        if len(written) != 1 or not written[0] or not _NAME.fullmatch(name) or name in result:
            return None
        result[name] = value_of(written[0], _NUMBERS)
    return result


def _unquoted(text: str) -> str:
    value = None
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
    return value if isinstance(value, str) else text


def _short(number: float) -> str:
    text = str(number) if isinstance(number, int) else format(number, ".10g")
    return text if float(text) == number else repr(number)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
