"""Messages about parameters that pydantic refuses, for people who do not know Python.

Pydantic says which field is wrong and why; here that becomes a message that names the field, the
value and what is allowed.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from backprop_studio.core.base.errors import message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, counted, did_you_mean, either, listed

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

MAX_VALUE_CHARACTERS = 60

Location = tuple[str | int, ...]

_LIST = Message.of("expected.list", N_("a list"))
_KEYS = Message.of("expected.keys", N_("keys with values"))
_WHOLE = Message.of("expected.whole", N_("a whole number"))
_NUMBER = Message.of("expected.number", N_("a number"))
_FINITE = Message.of("expected.finite", N_("a finite number"))
_FLAG = Message.of("expected.flag", N_("true or false"))
_TEXT = Message.of("expected.text", N_("a text"))
_OTHER = Message.of("expected.other", N_("another value"))
_EXPECTED = {
    **dict.fromkeys(["tuple_type", "list_type"], _LIST),
    **dict.fromkeys(["model_type", "dict_type"], _KEYS),
    **dict.fromkeys(["int_type", "int_parsing", "int_parsing_size", "int_from_float"], _WHOLE),
    **dict.fromkeys(["float_type", "float_parsing", "finite_number"], _NUMBER),
    **dict.fromkeys(["bool_type", "bool_parsing"], _FLAG),
    "string_type": _TEXT,
}
_ENTRIES = (N_("{number} entry"), N_("{number} entries"))
_LETTERS = (N_("{number} character"), N_("{number} characters"))
_COUNTS = {
    **dict.fromkeys(["too_short", "too_long"], _ENTRIES),
    **dict.fromkeys(["string_too_short", "string_too_long"], _LETTERS),
}
_RANGES = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_BOUNDS = {
    "gt": ("bounds.above", N_("above {low}"), "low"),
    "ge": ("bounds.at_least", N_("of at least {low}"), "low"),
    "lt": ("bounds.below", N_("below {high}"), "high"),
    "le": ("bounds.up_to", N_("up to {high}"), "high"),
}
"""From what a type is annotated with to the words for it."""


def validation_message(model: type[BaseModel], error: ValidationError) -> Message:
    """Return what is wrong.

    Parameters
    ----------
    model : type of BaseModel
        What the values were checked against.
    error : ValidationError
        What pydantic found. Of several faults the message tells one: an unknown name before a
        wrong value, because the value may be meant for it.

    Examples
    --------
    >>> from backprop_studio.core.base.parameters import LearningRateGroup
    >>> try:
    ...     LearningRateGroup(learning_rate=-1)
    ... except ValidationError as error:
    ...     print(validation_message(LearningRateGroup, error).words())
    wrong value for learning_rate: -1; expected a number above 0 and up to 1000
    """
    faults = error.errors(include_url=False)
    # A union complains once per branch; the deepest complaint is the one that came furthest.
    worst: Any = max(faults, key=lambda it: (it["type"] == "extra_forbidden", len(it["loc"])))
    where = _fields(worst["loc"])
    name = ".".join(map(str, where))
    kind = worst["type"]
    if kind == "extra_forbidden":
        return _unknown(model, where)
    if kind == "json_invalid":  # of what json.dumps has written, only the depth can be wrong
        return Message.of("parameters.too_deep", N_("the parameters are nested too deeply"))
    if kind == "missing":
        return Message.of("parameter.missing", N_("the parameter {field} is missing"), field=name)
    if kind == "value_error":
        return _own_words(name, worst)
    same = [fault for fault in faults if _fields(fault["loc"]) == where]
    expected: list[Message] = []
    for wanted in (_expectation(model, where, fault) for fault in same):
        if wanted not in expected:
            expected.append(wanted)
    wrong = N_("wrong value for {field}: {value}; expected {expected}")
    fields = {"field": name, "value": shown(worst["input"]), "expected": either(expected)}
    if kind in _COUNTS:
        fields["found"] = len(worst["input"])
    return Message.of("parameter.wrong", wrong, **fields)


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


def _fields(location: Location) -> Location:
    """Return a location without the names that pydantic gives to a union's branches."""
    branches = {"float", "int", "str"}
    return tuple(it for it in location if it not in branches and not str(it).startswith("tuple["))


def _own_words(field: str, fault: Mapping[str, Any]) -> Message:
    """Return a validator's own message beside field and value; it names what is allowed."""
    problem = message_of(fault["ctx"]["error"])
    if not isinstance(fault["input"], Mapping):
        wrong = N_("wrong value for {field}: {value}; {problem}")
        fields = {"field": field, "value": shown(fault["input"]), "problem": problem}
        return Message.of("parameter.refused", wrong, **fields)
    if not field:
        wrong = N_("wrong parameters: {problem}")
        return Message.of("parameters.refused", wrong, problem=problem)
    wrong = N_("wrong parameters: {field}: {problem}")
    return Message.of("group.refused", wrong, field=field, problem=problem)


def _expectation(model: type[BaseModel], where: Location, fault: Mapping[str, Any]) -> Message:
    kind = fault["type"]
    field = _field(model, where)
    if kind == "literal_error":
        return _one_of(fault["input"], _choices(field))
    if kind in _COUNTS and "min_length" in fault["ctx"]:
        least = counted(fault["ctx"]["min_length"], *_COUNTS[kind])
        return Message.of("expected.at_least", N_("at least {least}"), least=least)
    if kind in _COUNTS:
        most = counted(fault["ctx"]["max_length"], *_COUNTS[kind])
        return Message.of("expected.at_most", N_("at most {most}"), most=most)
    bounds = _bounds(field)
    if kind in _RANGES:
        what = _WHOLE if int in _leaves(field) and float not in _leaves(field) else _NUMBER
    elif kind in _EXPECTED:
        what = _EXPECTED[kind]
    else:
        return _OTHER
    if bounds is None or what not in (_WHOLE, _NUMBER):
        return _FINITE if kind == "finite_number" else what
    return Message.of("expected.bounded", N_("{what} {bounds}"), what=what, bounds=bounds)


def _one_of(value: Any, names: list[str]) -> Message:
    near = nearest_name(value, names) if isinstance(value, str) else None
    if near is None:
        return either(names)
    text = N_("{choices}; {hint}")
    return Message.of("expected.near", text, choices=either(names), hint=did_you_mean(near))


# What a model says about the field at a location


def _field(model: type[BaseModel], where: Location) -> FieldInfo | None:
    """Return the field that a location names or lies in, None if there is none."""
    group: type[BaseModel] | None = model
    field = None
    for part in where:
        if isinstance(part, str):
            field = group.model_fields.get(part) if group else None
            group = _group(field)
    return field


def _annotations(annotation: Any) -> Iterator[Any]:
    """Yield what a type is made of, and what is annotated to it, at any depth."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
            yield from _annotations(part)
    yield from getattr(annotation, "metadata", ())


def _parts(field: FieldInfo | None) -> list[Any]:
    return [] if field is None else [*field.metadata, *_annotations(field.annotation)]


def _leaves(field: FieldInfo | None) -> list[type]:
    return [part for part in _parts(field) if isinstance(part, type)]


def _group(field: FieldInfo | None) -> type[BaseModel] | None:
    """Return the model that a field's type names, alone, beside None or in a list."""
    return next((leaf for leaf in _leaves(field) if issubclass(leaf, BaseModel)), None)


def _choices(field: FieldInfo | None) -> list[str]:
    literals = [part for part in _parts(field) if get_origin(part) is Literal]
    return list(dict.fromkeys(str(value) for part in literals for value in get_args(part)))


def _bounds(field: FieldInfo | None) -> Message | None:
    """Return in words from where to where a number may go."""
    found: dict[str, float | int] = {}
    for part in _parts(field):
        for name in _BOUNDS:
            if getattr(part, name, None) is not None and not isinstance(part, type):
                bound = getattr(part, name)
                found.setdefault(name, int(bound) if float(bound).is_integer() else bound)
    if found.keys() >= {"ge", "le"}:
        text = N_("from {low} to {high}")
        return Message.of("bounds.from_to", text, low=found["ge"], high=found["le"])
    words = [
        Message.of(code, text, **{field: found[name]})
        for name, (code, text, field) in _BOUNDS.items()
        if name in found
    ]
    if len(words) < 2:
        return words[0] if words else None
    return Message.of("bounds.both", N_("{low} and {high}"), low=words[0], high=words[1])


# Names that no field has


def _unknown(model: type[BaseModel], where: Location) -> Message:
    """Return that a name is unknown, and which one may be meant."""
    *path, word = map(str, where)
    group = _group(_field(model, where[:-1])) if path else model
    names = list((group or model).model_fields)
    near = nearest_name(word, names)
    # It may be a parameter of another group.
    paths = {name.rpartition(".")[2]: name for name in _all_names(model)}
    meant = paths.get(word) or (".".join([*path, near]) if near else None)
    known = Message.of("hint.known", N_("known are {names}"), names=listed(names))
    hint = did_you_mean(meant) if meant else known
    name = ".".join([*path, word])[:MAX_VALUE_CHARACTERS]
    return Message.of(
        "parameter.unknown", N_("unknown parameter {field}; {hint}"), field=name, hint=hint
    )


def _all_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        group = _group(field)
        is_list = any(get_origin(part) is tuple for part in _parts(field))
        if group is not None and not is_list:
            yield from _all_names(group, f"{prefix}{name}.")
