"""From a scene's JSON Schema to the fields of a form, without widgets and without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.typed_text import text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Kind: TypeAlias = Literal["choice", "integer", "number", "flag", "text"]

_PYTHON: dict[str, type | tuple[type, ...]] = {
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}

DEFAULT_DECADES = 4
"""How far a logarithmic slider reaches below its upper end when the schema names no range."""


@dataclass(frozen=True)
class Condition:
    """When a field means something.

    Attributes
    ----------
    path : str
        Dotted key of the field that decides.
    values : tuple or None
        With which values of it; None stands for any that is given.
    """

    path: str
    values: tuple[Any, ...] | None = None

    def holds(self, value: Any) -> bool:
        """Whether it does with this value of the field that decides."""
        return value is not None if self.values is None else value in self.values


@dataclass(frozen=True)
class FieldSpec:
    """One field of a form.

    Attributes
    ----------
    path : str
        Dotted key, as ``--set`` takes it.
    title, description : str
        English keys of the translation catalogue.
    kind : Kind
        What is edited; a ``text`` may stand for a list, names with numbers, or one of several
        types.
    default : Any
        Value the scene starts with.
    optional : bool
        Whether None is allowed; it means that the scene decides.
    minimum, maximum : float or None
        Bounds; ``exclusive_minimum`` and ``exclusive_maximum`` say that the bound is not allowed.
    choices : tuple of (value, English key)
        What can be chosen.
    unit : str
        Shown after the value.
    slider : (float, float) or None
        Ends of a logarithmic slider beside the number.
    advanced : bool
        Whether the field waits in the section "More".
    types : tuple of str
        JSON types of its values, of which :func:`~gui.model.typed_text.value_of` reads the first.
    picker : {"", "file", "folder"}
        Whether the text is a path that can be chosen in a dialog.
    pattern : str
        Which files the dialog offers, such as ``*.csv``.
    when : Condition or None
        When the field is worth showing; always without one.
    """

    path: str
    title: str
    kind: Kind
    description: str = ""
    default: Any = None
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    unit: str = ""
    slider: tuple[float, float] | None = None
    advanced: bool = False
    types: tuple[str, ...] = ()
    picker: Literal["", "file", "folder"] = ""
    pattern: str = ""
    when: Condition | None = None

    def applies(self, value_at: Callable[[str], Any]) -> bool:
        """Whether the field means something, given how to look up another field's value."""
        return self.when is None or self.when.holds(value_at(self.when.path))

    def may_hold(self, value: Any) -> bool:
        """Whether a value, right or wrong, may have been given here; a text may be half typed."""
        if value is None:
            return self.optional
        if self.kind == "choice":
            return any(is_same(value, choice) for choice, _text in self.choices)
        if self.kind == "flag":
            return isinstance(value, bool)
        return isinstance(value, str) or any(
            isinstance(value, _PYTHON[it]) and isinstance(value, bool) is (it == "boolean")
            for it in self.types
            if it in _PYTHON
        )

    def text_of(self, value: Any) -> str:
        """Return a value as it is typed."""
        return text_of(value, self.types)

    def parse(self, text: str) -> Any:
        """Return the value a text stands for; a text that stands for none is taken as it is."""
        text = text.strip()
        return None if self.optional and not text else value_of(text, self.types)

    def within_bounds(self, value: float) -> float | None:
        """Return a number, or the bound that it passes; None if the bound itself is too far."""
        low, high = self.minimum, self.maximum
        if low is not None and value <= low:
            return None if self.exclusive_minimum else low
        if high is not None and value >= high:
            return None if self.exclusive_maximum else high
        return value


@dataclass(frozen=True)
class Group:
    """Fields under one heading; the heading of the first level is empty."""

    path: str
    title: str
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True)
class Form:
    """All fields of a scene, group by group."""

    groups: tuple[Group, ...] = ()

    def fields(self) -> Iterator[FieldSpec]:
        """Yield every field."""
        for group in self.groups:
            yield from group.fields

    def values_in(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return nested parameters by the paths of the fields.

        What no field stands for is left out.
        """
        paths = {spec.path for spec in self.fields()}
        found: dict[str, Any] = {}

        def walk(branch: Mapping[str, Any], prefix: str) -> None:
            for name, value in branch.items():
                path = f"{prefix}{name}"
                if path in paths:
                    found[path] = value
                elif isinstance(value, dict):
                    walk(value, f"{path}.")

        walk(params, "")
        return found


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are one to the user: 1 and 1.0 are, True and 1 are not."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def form_of(schema: Mapping[str, Any]) -> Form:
    """Return the form of a model's JSON Schema: nested objects become groups."""
    definitions = schema.get("$defs", {})
    loose: list[FieldSpec] = []
    groups: list[Group] = []
    for name, field in _children(schema, definitions):
        if "properties" in field:
            fields = tuple(_group_fields(name, field, definitions))
            groups.append(Group(name, str(field.get("title", name)), fields))
        else:
            loose.append(_field(name, field))
    return Form((*groups, Group("", "", tuple(loose))))


def _group_fields(
    prefix: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[FieldSpec]:
    for name, field in _children(schema, definitions):
        path = f"{prefix}.{name}"
        if "properties" in field:
            yield from _group_fields(path, field, definitions)
        else:
            yield _field(path, field)


def _children(
    schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field of an object; the object's own default counts for more than theirs."""
    defaults = schema.get("default") or {}
    for name, raw in schema.get("properties", {}).items():
        field = _resolved(raw, definitions)
        if name in defaults:
            field["default"] = defaults[name]
        # A default that the schema does not tell: the field can be left open.
        is_open = "default" not in field and name not in schema.get("required", ())
        field["x-optional"] = field.get("x-optional") or is_open
        yield name, field


def _resolved(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a reference and take ``X | None`` as an optional X."""
    result = dict(field)
    if "$ref" in result:
        target = definitions[str(result.pop("$ref")).rsplit("/", 1)[-1]]
        result = {**target, **result}
    branches = [_resolved(branch, definitions) for branch in result.get("anyOf", ())]
    if branches:
        del result["anyOf"]
        kinds = [branch for branch in branches if branch.get("type") != "null"]
        result["x-optional"] = len(kinds) < len(branches)
        if len(kinds) == 1:
            result = {**kinds[0], **result}
        elif all(branch.keys() & {"enum", "const"} for branch in kinds):
            result["enum"] = [value for branch in kinds for value in _values(branch)]
        else:
            result["x-types"] = list(dict.fromkeys(str(branch.get("type")) for branch in kinds))
    return result


def _values(field: Mapping[str, Any]) -> list[Any]:
    return list(field.get("enum", [field["const"]] if "const" in field else []))


def _field(path: str, field: Mapping[str, Any]) -> FieldSpec:
    optional = bool(field.get("x-optional"))
    kind = _kind(field, optional)
    return FieldSpec(
        path=path,
        title=str(field.get("title", path.rsplit(".", 1)[-1])),
        kind=kind,
        description=str(field.get("description", "")),
        default=field.get("default"),
        optional=optional,
        minimum=field.get("exclusiveMinimum", field.get("minimum")),
        maximum=field.get("exclusiveMaximum", field.get("maximum")),
        exclusive_minimum="exclusiveMinimum" in field,
        exclusive_maximum="exclusiveMaximum" in field,
        choices=_choices(field, optional) if kind == "choice" else (),
        unit=str(field.get("x-unit", "")),
        slider=_slider(field) if kind == "number" and not optional else None,
        advanced=field.get("x-level") == "advanced",
        types=_types(field),
        picker=field["x-widget"] if field.get("x-widget") in {"file", "folder"} else "",
        pattern=str(field.get("x-filter", "")),
        when=_condition(path, field.get("x-when")),
    )


def _types(field: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(field.get("x-types") or [str(field.get("type", "array"))])


def _condition(path: str, hint: Mapping[str, Any] | None) -> Condition | None:
    """Read ``{sibling: values}``, or ``{sibling: true}`` for any value that is given."""
    if not hint:
        return None
    ((name, values),) = hint.items()
    group = path.rpartition(".")[0]
    sibling = f"{group}.{name}" if group else name
    return Condition(sibling, None if values is True else tuple(values))


def _kind(field: Mapping[str, Any], optional: bool) -> Kind:
    if "enum" in field or "const" in field:
        return "choice"
    kinds: dict[str, Kind] = {"integer": "integer", "number": "number"}
    kinds["boolean"] = "choice" if optional else "flag"
    (kind, *others) = _types(field)
    return "text" if others else kinds.get(kind, "text")


def _choices(field: Mapping[str, Any], optional: bool) -> tuple[tuple[Any, str], ...]:
    labels = field.get("x-labels", {})
    values = _values(field)
    if field.get("type") == "boolean" and optional:
        values = [True, False]
        labels = {"True": N_("Yes"), "False": N_("No")}
    choices = [(value, str(labels.get(str(value), value))) for value in values]
    if optional:
        nothing = N_("Automatic") if field.get("default") is None else N_("None")
        choices.insert(0, (None, str(labels.get("None", nothing))))
    return tuple(choices)


def _slider(field: Mapping[str, Any]) -> tuple[float, float] | None:
    if field.get("x-widget") != "log_slider":
        return None
    if "x-range" in field:
        low, high = field["x-range"]
        return float(low), float(high)
    high = float(field.get("maximum", field.get("exclusiveMaximum", 1.0)))
    low = float(field.get("minimum", field.get("exclusiveMinimum", 0.0)))
    return (low if low > 0 else high / 10**DEFAULT_DECADES), high
