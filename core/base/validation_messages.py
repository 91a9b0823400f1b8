"""What is wrong with given parameters, in one sentence for people who do not know Python.

Pydantic says which field is wrong and why; here that becomes a sentence that names the field, the
value and what is allowed.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

__all__ = ["nearest_name", "one_line", "shown", "validation_message"]

MAX_VALUE_CHARACTERS = 60
LONG_NUMBER = re.compile(r"(\d{20})\d+")

Location = tuple[str | int, ...]

_EXPECTED = {
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "keys with values",
    "dict_type": "keys with values",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
}
_BOUNDS = {"gt": "above {}", "ge": "of at least {}", "lt": "below {}", "le": "up to {}"}
_RANGES = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}


def validation_message(model: type[BaseModel], error: ValidationError) -> str:
    """Return one sentence about what is wrong.

    Parameters
    ----------
    model : type of BaseModel
        What the values were checked against.
    error : ValidationError
        What pydantic found. Of several faults the sentence tells one: an unknown name before a
        wrong value, because the value may be meant for it.

    Examples
    --------
    >>> from backprop_studio.core.base.parameters import LearningRateGroup
    >>> try:
    ...     LearningRateGroup(learning_rate=-1)
    ... except ValidationError as error:
    ...     print(validation_message(LearningRateGroup, error))
    Wrong value for learning_rate: -1; expected a number above 0 and up to 1000.
    """
    faults = error.errors(include_url=False)
    # A union complains once per branch; the deepest complaint is the one that came furthest.
    worst: Any = max(faults, key=lambda it: (it["type"] == "extra_forbidden", len(it["loc"])))
    where = _fields(worst["loc"])
    if worst["type"] == "extra_forbidden":
        return one_line(_unknown(model, where))
    if worst["type"] == "json_invalid":
        return _unreadable(worst["msg"])
    name = ".".join(map(str, where))
    if worst["type"] == "missing":
        return f"The parameter {name} is missing."
    if worst["type"] == "value_error":
        return one_line(_own_words(name, worst))
    same = [fault for fault in faults if _fields(fault["loc"]) == where]
    wanted = _joined(_expectation(model, where, fault) for fault in same)
    return one_line(f"Wrong value for {name}: {shown(worst['input'])}; {wanted}")


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelt word most likely stands for, or None.

    Examples
    --------
    >>> nearest_name("sigmiod", ["relu", "sigmoid"]), nearest_name("xyz", ["relu"])
    ('sigmoid', None)
    """
    matches = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return matches[0] if matches else None


def shown(value: Any) -> str:
    """Return a value as it would be written in a file, shortened.

    Examples
    --------
    >>> shown([2, True, "a"])
    '[2, true, "a"]'
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 1] + "…"


def one_line(text: str) -> str:
    r"""Return a message without line breaks and other characters that are not for printing.

    Examples
    --------
    >>> one_line("two\nlines and a bell\a")
    'two lines and a bell?'
    """
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def _fields(location: Location) -> Location:
    """Return a location without the names that pydantic gives to a union's branches."""
    return tuple(part for part in location if not _is_branch(part))


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and (part.startswith("tuple[") or part in {"float", "int", "str"})


def _own_words(name: str, fault: Mapping[str, Any]) -> str:
    """Put a validator's own message into a sentence; its author named what is allowed."""
    message = LONG_NUMBER.sub(r"\1…", fault["msg"].removeprefix("Value error, "))
    if isinstance(fault["input"], Mapping):
        return f"Wrong parameters: {name + ': ' if name else ''}{message}."
    return f"Wrong value for {name}: {shown(fault['input'])}; {message}."


def _unreadable(message: str) -> str:
    if "recursion" in message:
        return "The parameters are nested too deeply."
    return "The parameters hold a text that is not valid Unicode."


def _joined(expectations: Iterable[str]) -> str:
    words = list(dict.fromkeys(expectations))
    sentence = f"expected {' or '.join(words)}"
    return sentence if sentence.endswith("?") else f"{sentence}."


def _expectation(model: type[BaseModel], where: Location, fault: Mapping[str, Any]) -> str:
    kind = fault["type"]
    if kind in {"literal_error", "enum"}:
        names = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
        return _one_of(fault["input"], names) if names else str(fault["ctx"]["expected"])
    field = _field(model, where)
    if kind in _RANGES:
        whole = field is not None and int in _alternatives(field.annotation)
        return f"{'a whole number' if whole else 'a number'}{_range(field)}"
    if kind not in _EXPECTED:
        message: str = fault["msg"]
        return f"something else ({message[:1].lower() + message[1:]})"
    word = _EXPECTED[kind]
    bounds = _range(field)
    if kind == "finite_number" and not bounds:
        return "a finite number"
    return word + bounds


def _one_of(value: Any, names: list[str]) -> str:
    near = nearest_name(value, names) if isinstance(value, str) else None
    text = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{text}; did you mean {near}?" if near else text


def _field(model: type[BaseModel], where: Location) -> Any:
    """Return the field that a location names, or None if that is an entry of a list."""
    group = _group_at(model, where[:-1])
    return group.model_fields.get(str(where[-1])) if group and where else None


def _group_at(model: type[BaseModel], path: Location) -> type[BaseModel] | None:
    group: type[BaseModel] | None = model
    for part in path:
        field = group.model_fields.get(str(part)) if group else None
        group = _group(field.annotation) if field else None
    return group


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    union = get_origin(annotation) in {Union, types.UnionType}
    return get_args(annotation) if union else (annotation,)


def _group(annotation: Any) -> type[BaseModel] | None:
    """Return the model that an annotation names, alone or beside None."""
    for choice in _alternatives(annotation):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return choice
    return None


def _range(field: Any) -> str:
    """Return a field's bounds in words, with a space before them, or nothing."""
    bounds = {
        name: f"{getattr(item, name):.10g}"
        for item in (field.metadata if field is not None else ())
        for name in _BOUNDS
        if hasattr(item, name)
    }
    if bounds.keys() >= {"ge", "le"}:
        return " from {ge} to {le}".format(**bounds)
    words = [_BOUNDS[name].format(bounds[name]) for name in _BOUNDS if name in bounds]
    return f" {' and '.join(words)}" if words else ""


def _unknown(model: type[BaseModel], where: Location) -> str:
    """Say that a name is unknown, and which one may be meant."""
    *path, word = map(str, where)
    names = list((_group_at(model, where[:-1]) or model).model_fields)
    near = nearest_name(word, names)
    meant = _elsewhere(model, word) or (".".join([*path, near]) if near else None)
    hint = f"did you mean {meant}?" if meant else f"known are {', '.join(names)}."
    return f"Unknown parameter {'.'.join(map(str, where))[:MAX_VALUE_CHARACTERS]}; {hint}"


def _elsewhere(model: type[BaseModel], word: str) -> str | None:
    """Return the full name of a parameter of another group that is called so."""
    paths = {name.rpartition(".")[2]: name for name in _all_names(model)}
    return paths.get(word)


def _all_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        group = _group(field.annotation)
        if group is not None:
            yield from _all_names(group, f"{prefix}{name}.")
