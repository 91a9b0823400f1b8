"""The value that the text in a field stands for, and the text of a value; without Qt.

Nothing is refused here: a text that is no value of its field is the value itself, and the
validation of the parameters says what is wrong with it.
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.lists import list_text, number_of, read_list, short_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backprop_studio.core.base.lists import ListShape

_SEPARATORS = re.compile(r"[;\n；]|[,，](?=\s*(?:$|\w+\s*[=:＝：]))")
"""Between pairs; a comma inside a number is none."""
_SIGNS = re.compile("[=:\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH COLON}]")
_NAME = re.compile(r"\w+")
_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)")
_NUMBERS = ("integer", "number")
_FLAGS = {"true": True, "false": False}


def value_of(
    text: str,
    types: Collection[str],
    lists: Sequence[ListShape] = (),
    *,
    decimal_comma: bool = False,
) -> Any:
    """Return the value of the first of several types that a text can be, or the text.

    Parameters
    ----------
    text : str
        Lists are written as :mod:`core.base.lists` reads them, objects as in JSON or TOML, numbers
        with names also as ``a = 5, b = 3``. Where there may be other types than texts, double
        quotes make a text of whatever they hold.
    types : collection of str
        Names of JSON Schema: integer, number, boolean, array, object, string.
    lists : sequence of ListShape
        Which lists an array may be.
    decimal_comma : bool
        Whether ``0,5`` is a half.

    Examples
    --------
    >>> value_of("2.5", ["number"]), value_of("fast", ["number"])
    (2.5, 'fast')
    >>> value_of("a = 5, b = x", ["object"])
    {'a': 5, 'b': 'x'}
    """
    if set(types) == {"string"}:
        return text
    number = _number(text, types, decimal_comma=decimal_comma)
    if number is not None:
        return number
    if "boolean" in types and text in _FLAGS:
        return _FLAGS[text]
    found = read_list(text, lists, decimal_comma=decimal_comma) if "array" in types else None
    if found is not None:
        return found
    if text[:1] == "{" and "object" in types and (literal := _literal(text)) is not None:
        return literal
    if "string" in types:
        return _unquoted(text)
    return (_pairs(text, decimal_comma=decimal_comma) or text) if "object" in types else text


def text_of(
    value: Any, types: Collection[str], lists: Sequence[ListShape] = (), separator: str = ", "
) -> str:
    """Return a value as it is typed, so that :func:`value_of` gives it back.

    Examples
    --------
    >>> text_of({"a": 5.0, "b": 3.0}, ["object"]), text_of("3", ["integer", "string"])
    ('a = 5, b = 3', '"3"')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        is_read_back = bool(value) and value_of(value.strip(), types, lists) == value
        return value if is_read_back or not {"string"} < set(types) else _json(value)
    if type(value) in {int, float}:
        return short_number(value)
    if isinstance(value, dict) and "string" not in types and all(map(_NAME.fullmatch, value)):
        return ", ".join(f"{name} = {text_of(it, _NUMBERS)}" for name, it in value.items())
    if isinstance(value, list):
        text = list_text(value, lists, separator)
        return text if value_of(text, types, lists) == value else _json(value)
    return _json(value)


def _number(
    text: str, types: Collection[str], *, decimal_comma: bool = False
) -> float | int | None:
    text = text.replace("\N{MINUS SIGN}", "-")
    if decimal_comma and (found := _DECIMAL_COMMA.fullmatch(text)):
        text = f"{found[1]}.{found[2]}"
    number = number_of(text)
    wanted = _NUMBERS if isinstance(number, int) else ("number",)
    return None if set(types).isdisjoint(wanted) else number


def _literal(text: str) -> dict[str, Any] | None:
    """Return an object; TOML allows comments and a comma at the end."""
    value = None
    with suppress(ValueError, RecursionError):
        values = tomllib.loads(f"value = {text}")
        # A line break would let a text smuggle in further keys.
        value = values["value"] if len(values) == 1 else None
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
    return value if isinstance(value, dict) else None


def _pairs(text: str, *, decimal_comma: bool) -> Mapping[str, Any] | None:
    """Return the numbers that a text gives to names, or None if it does anything else."""
    result: dict[str, Any] = {}
    for part in filter(str.strip, _SEPARATORS.split(text)):
        name, *written = (it.strip() for it in _SIGNS.split(part))
        if len(written) != 1 or not written[0] or not _NAME.fullmatch(name) or name in result:
            return None
        result[name] = value_of(written[0], _NUMBERS, decimal_comma=decimal_comma)
    return result


def _unquoted(text: str) -> str:
    value = None
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
    return value if isinstance(value, str) else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
