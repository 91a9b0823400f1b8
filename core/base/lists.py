"""Lists as people write them: ``2-4-4-1``, ``2 4 4 1``, ``[2, 4, 4, 1]``, ``0 0; 0 1; 1 0``.

Entries stand apart by commas, blanks or semicolons, whole numbers also by dashes; rows of a table
by semicolons or line breaks, tables by a bar or an empty line. Brackets may be left out. A comma
is a decimal comma only for a reader who writes it so, and only where blanks, or in a flat list
semicolons, keep the numbers apart: ``0,5 1,5``.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

_NUMBERS = {"integer", "number"}
_PLAIN = str.maketrans(
    "，、；．－−–—｜［］（）(){}【】\u3000\u00a0\u2028\u2029", ",,;.----|[][][][][]  \n\n"
)
_BETWEEN_TABLES = re.compile(r"\]\s*\]\s*[,;]?\s*\[\s*\[")
_BETWEEN_ROWS = re.compile(r"\]\s*[,;]?\s*\[")
_TABLES = re.compile(r"\s*\|\s*|\n\s*\n")
_ROWS = re.compile(r"\s*[;\n]\s*")
_ENTRIES = re.compile(r"\s*[,;]\s*|\s+")
_WORDS = re.compile(r"\s*[,;\n\u2028\u2029，、；]\s*")
_DASH = re.compile(r"(?<=\d)(?:-|\s+-\s+)(?=\d)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_WHOLE = re.compile(r"[+-]?\d{1,300}")
"""No longer, because what is larger is no float."""


@dataclass(frozen=True)
class ListShape:
    """A kind of list.

    Attributes
    ----------
    depth : int
        1 of a flat list, 2 of rows, 3 of tables.
    entries : frozenset of str
        JSON types of what stands innermost.
    """

    depth: int
    entries: frozenset[str]

    @property
    def is_of_numbers(self) -> bool:
        """Whether nothing but numbers stands in it."""
        return self.entries <= _NUMBERS


def list_shapes(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> tuple[ListShape, ...]:
    """Return which lists a field of a JSON Schema takes; none if it takes texts as they are.

    Examples
    --------
    >>> list_shapes({"type": "array", "items": {"type": "integer"}}, {})
    (ListShape(depth=1, entries=frozenset({'integer'})),)
    """
    branches = list(_branches(field, definitions))
    if any(branch.get("type") == "string" for branch in branches):
        return ()
    return tuple(shape for branch in branches for shape in _shapes(branch, definitions))


def _branches(
    field: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    if "$ref" in field:
        field = definitions[str(field["$ref"]).rsplit("/", 1)[-1]]
    if "anyOf" not in field:
        yield field
    for branch in field.get("anyOf", ()):
        yield from _branches(branch, definitions)


def _shapes(branch: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[ListShape]:
    if branch.get("type") != "array":
        return
    items = branch.get("prefixItems") or [branch.get("items", {})]
    inner = [it for item in items for it in _branches(item, definitions)]
    flat = frozenset(str(it.get("type")) for it in inner if it.get("type") != "array")
    if flat:
        yield ListShape(1, flat)
    for it in inner:
        for shape in _shapes(it, definitions):
            yield ListShape(shape.depth + 1, shape.entries)


def read_list(
    text: str, shapes: Sequence[ListShape], *, decimal_comma: bool = False
) -> list[Any] | None:
    """Return the list that a text stands for, or None if it stands for none.

    Parameters
    ----------
    text : str
        As it was typed.
    shapes : sequence of ListShape
        Which lists are meant; of several that fit, the flat one goes before.
    decimal_comma : bool
        Whether the reader writes ``0,5`` for a half.

    Examples
    --------
    >>> whole, rows = ListShape(1, frozenset({"integer"})), ListShape(2, frozenset({"number"}))
    >>> read_list("2-4-4-1", [whole]), read_list("0 1e-3; 1 0", [rows])
    ([2, 4, 4, 1], [[0, 0.001], [1, 0]])
    """
    literal = _literal(text.strip()) if shapes else None
    if literal is not None:
        return literal
    if shapes and not shapes[0].is_of_numbers:
        return _words(text, shapes[0].entries)
    bare, level = _without_brackets(text.translate(_PLAIN))
    fitting = [shape for shape in shapes if level <= shape.depth]
    found = [_nested(bare, shape, shape.depth, decimal_comma) for shape in fitting]
    return _best(found, fitting)


def _best(found: list[list[Any] | None], shapes: Sequence[ListShape]) -> list[Any] | None:
    """Return the first reading that loses nothing: neither rows nor what follows a point."""
    read = [(it, shape) for it, shape in zip(found, shapes, strict=True) if it is not None]
    for at, (values, shape) in enumerate(read[:-1]):
        deeper = read[at + 1][0]
        is_table = len(deeper) > 1 and any(len(row) > 1 for row in deeper)
        is_whole = "number" in shape.entries or all(isinstance(it, int) for it in values)
        if is_whole and not is_table:
            return values
    return read[-1][0] if read else None


def _literal(text: str) -> list[Any] | None:
    """Return a list of JSON or TOML, which allows line breaks, comments and a last comma."""
    if text[:1] != "[":
        return None
    value = None
    with suppress(ValueError, RecursionError, TypeError):
        values = tomllib.loads(f"value = {text}")
        # A line break would let a text smuggle in further keys.
        # TOML has dates, which json refuses.
        value = json.loads(json.dumps(values["value"])) if len(values) == 1 else None
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
    return value if isinstance(value, list) else None


def _without_brackets(text: str) -> tuple[str, int]:
    """Return a text with signs in the place of its brackets, and how deep they were."""
    marked = _BETWEEN_ROWS.sub(";", _BETWEEN_TABLES.sub("|", text.strip()))
    opening, closing = (re.findall(it, marked)[0].count(mark) for it, mark in _ENDS)
    if opening != closing:
        return text, 1
    bare = re.sub(r"^[\[\s]*|[\]\s]*$", "", marked)
    return bare, max(opening, 1 + ("[" in text and marked != text.strip()))


_ENDS = ((r"^[\[\s]*", "["), (r"[\]\s]*$", "]"))


def _nested(text: str, shape: ListShape, depth: int, decimal_comma: bool) -> list[Any] | None:
    if depth == 1:
        return _flat(text, shape, decimal_comma and _keeps_apart(text, r"[\s;]"))
    if depth == 2 and decimal_comma:
        decimal_comma = any(_keeps_apart(row, r"\s") for row in _ROWS.split(text.strip()))
        parts = [_flat(row, shape, decimal_comma) for row in _filled(_ROWS, text)]
    else:
        inner = _ROWS if depth == 2 else _TABLES
        parts = [_nested(it, shape, depth - 1, decimal_comma) for it in _filled(inner, text)]
    return None if not parts or None in parts else parts


def _filled(separator: re.Pattern[str], text: str) -> list[str]:
    return [part for part in separator.split(text.strip()) if part]


def _keeps_apart(text: str, signs: str) -> bool:
    return "." not in text and re.search(signs, text.strip()) is not None


def _flat(text: str, shape: ListShape, decimal_comma: bool) -> list[Any] | None:
    if "number" not in shape.entries:
        text = _DASH.sub(" ", text.strip().rstrip("-"))
    elif decimal_comma:
        text = _DECIMAL_COMMA.sub(".", text)
    words = _ENTRIES.split(text.strip())
    if len(words) > 1 and not words[-1]:  # after the last one a separator may stand
        del words[-1]
    numbers = [number_of(word) for word in words]
    return None if None in numbers else numbers


def _words(text: str, entries: Iterable[str]) -> list[Any] | None:
    """Return names, and numbers among them; blanks keep apart only what has none inside."""
    text = text.strip()
    if text[:1] + text[-1:] == "[]":
        text = text[1:-1].strip()
    words = _filled(_WORDS, text)
    pieces = text.split()
    if len(words) == 1 and ("integer" not in entries or all(map(_WHOLE.fullmatch, pieces))):
        words = pieces
    is_whole = "integer" in entries
    return [_word(it, is_whole=is_whole) for it in words] or None


def _word(text: str, *, is_whole: bool) -> str | int:
    if is_whole and _WHOLE.fullmatch(text):
        return int(text)
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
        return value if isinstance(value, str) else text
    return text


def number_of(text: str) -> float | int | None:
    """Return the finite number that a text stands for, whole if it is written so, or None.

    Examples
    --------
    >>> number_of("3"), number_of("1e-3"), number_of("nan")
    (3, 0.001, None)
    """
    if _WHOLE.fullmatch(text):
        return int(text)
    with suppress(ValueError):
        if text and math.isfinite(number := float(text)) and "_" not in text:
            return number
    return None


def list_text(value: Sequence[Any], shapes: Sequence[ListShape], separator: str = ", ") -> str:
    """Return a list as it is typed, so that :func:`read_list` gives it back.

    Examples
    --------
    >>> rows = ListShape(2, frozenset({"number"}))
    >>> list_text([[0.5, 1], [1, 0]], [rows])
    '0.5 1; 1 0'
    """
    signs = {1: (separator,), 2: ("; ", " "), 3: (" | ", "; ", " ")}
    for shape in shapes:
        with suppress(TypeError):
            text = _joined(value, signs[shape.depth])
            if value and read_list(text, shapes) == value:
                return text
    return json.dumps(value, ensure_ascii=False)


def _joined(value: Any, signs: tuple[str, ...]) -> str:
    if not signs:
        if isinstance(value, str):
            return value
        return short_number(value)
    return signs[0].join(_joined(it, signs[1:]) for it in _items(value))


def _items(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return value


def short_number(number: float) -> str:
    """Return the shortest text of a number that is read back as the same.

    Examples
    --------
    >>> short_number(5.0), short_number(1e-9), short_number(0.1 + 0.2)
    ('5', '1e-09', '0.30000000000000004')
    """
    if type(number) not in {int, float}:
        raise TypeError
    text = str(number) if isinstance(number, int) else format(number, ".10g")
    return text if float(text) == number else repr(number)


def with_lists(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with a list in the place of each text that stands for one.

    Examples
    --------
    >>> from pydantic import create_model
    >>> with_lists(create_model("M", sizes=(tuple[int, ...], ())), {"sizes": "2-4-1"})
    {'sizes': [2, 4, 1]}
    """
    schema = _schema(model)
    return _with_lists(schema, given, schema.get("$defs", {}))


@lru_cache(maxsize=64)
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _with_lists(
    group: Mapping[str, Any], given: Mapping[str, Any], definitions: Mapping[str, Any]
) -> dict[str, Any]:
    result = dict(given)
    for name, field in group.get("properties", {}).items():
        value = given.get(name)
        if isinstance(value, dict):
            inner = next((it for it in _branches(field, definitions) if "properties" in it), {})
            result[name] = _with_lists(inner, value, definitions)
        elif isinstance(value, str | date):  # 1024-10-10 is a date in TOML
            found = read_list(str(value), list_shapes(field, definitions))
            result[name] = value if found is None else found
        elif type(value) in {int, float} and _is_flat(field, definitions):
            result[name] = [value]
    return result


def _is_flat(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    """Whether a field takes a list of numbers and nothing else, so that one number is a list."""
    branches = _branches(field, definitions)
    kinds = [branch for branch in branches if branch.get("type") != "null"]
    shapes = [shape for branch in kinds for shape in _shapes(branch, definitions)]
    return len(kinds) == 1 and bool(shapes) and shapes[0].depth == 1 and shapes[0].is_of_numbers
