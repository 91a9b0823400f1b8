"""From a scene's JSON Schema to the form of its fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.lists import list_shapes
from backprop_studio.gui.model.fields import Bringing, Condition, FieldSpec, Kind, OwnChoice
from backprop_studio.gui.model.form import Form, Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_DECADES = 4
"""How far a logarithmic slider reaches below its upper end when the schema names no range."""


def form_of(schema: Mapping[str, Any]) -> Form:
    """Return the form of a model's JSON Schema: nested objects become groups.

    The first come first that the schema's ``x-order`` names, then groups, then single fields.
    """
    definitions = schema.get("$defs", {})
    order = list(schema.get("x-order", ()))
    children = sorted(
        _children(schema, definitions),
        key=lambda it: (
            (order.index(it[0]), 0) if it[0] in order else (len(order), "properties" not in it[1])
        ),
    )
    groups: list[Group] = []
    for name, field in children:
        if "properties" in field:
            fields = tuple(_group_fields(name, field, definitions))
            groups.append(Group(name, str(field.get("title", name)), fields))
            continue
        if not groups or groups[-1].title:
            groups.append(Group("", "", ()))
        fields = (*groups[-1].fields, _field(name, field))
        groups[-1] = replace(groups[-1], fields=fields)
    return Form(tuple(groups))


def _group_fields(
    prefix: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[FieldSpec]:
    may_be_left_out = bool(schema.get("x-optional"))
    specs: list[FieldSpec] = []
    for name, field in _children(schema, definitions):
        path = f"{prefix}.{name}"
        if "properties" in field:
            yield from _group_fields(path, field, definitions)
        else:
            specs.append(_field(path, field, str(schema.get("title", prefix))))
    for spec in specs:
        others = tuple(it.path for it in specs if it is not spec)
        if may_be_left_out:
            spec = replace(spec, bare=spec.default, default=None, optional=True)
            yield replace(spec, of_optional=True, together=others)
        else:
            yield spec


def _children(
    schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field of an object; the object's own default counts for more than theirs."""
    defaults = schema.get("default") or {}
    for name, raw in schema.get("properties", {}).items():
        field = _resolved(raw, definitions)
        field["x-bare"] = field.get("default")
        field |= schema.get("x-fields", {}).get(name, {})
        field["x-lists"] = list_shapes(raw, definitions)
        if name in defaults:
            field["default"] = defaults[name]
        # A default that the schema does not tell: the field can be left open.
        is_open = "default" not in field and name not in schema.get("required", ())
        is_open = is_open and "properties" not in field
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


def _field(path: str, field: Mapping[str, Any], owner: str = "") -> FieldSpec:
    optional = bool(field.get("x-optional"))
    kind = _kind(field, optional)
    nothing = N_("Automatic") if field.get("default") is None else N_("None")
    if field.get("x-widget") in {"file", "folder"}:
        nothing = N_("None")
    nothing = field.get("x-labels", {}).get("None", nothing)
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
        choices=_choices(field, nothing if optional else None) if kind == "choice" else (),
        unit=str(field.get("x-unit", "")),
        slider=_slider(field) if kind == "number" else None,
        advanced=field.get("x-level") == "advanced",
        types=_types(field),
        picker=field["x-widget"] if field.get("x-widget") in {"file", "folder"} else "",
        pattern=str(field.get("x-filter", "")),
        when=_conditions(path, field.get("x-when")),
        bare=field.get("x-bare"),
        lists=field["x-lists"],
        separator=str(field.get("x-separator", ", ")),
        example=str(field.get("x-example", "")),
        nothing=str(nothing),
        required=bool(field.get("x-required")),
        clears=tuple(_absolute(path, it) for it in field.get("x-clears", ())),
        together=tuple(_absolute(path, it) for it in field.get("x-together", ())),
        otherwise=_absolute(path, field["x-otherwise"]) if "x-otherwise" in field else "",
        own=_own(path, field.get("x-own")),
        brings=_brings(path, field.get("x-brings", {})),
        owner=owner,
        places=tuple(field.get("x-places", ())),
    )


def _types(field: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(field.get("x-types") or [str(field.get("type", "array"))])


def _absolute(path: str, name: str) -> str:
    """Return the path of a field that is named beside another, or from the top."""
    group = path.rpartition(".")[0]
    return name[1:] if name.startswith("/") else f"{group}.{name}" if group else name


def _conditions(path: str, hint: Any) -> tuple[tuple[Condition, ...], ...]:
    """Read ``{field: values}``, or ``{field: true}`` for any value, of one or several."""
    several = hint if isinstance(hint, list) else [hint] if hint else []
    return tuple(
        tuple(
            Condition(_absolute(path, name), None if values is True else tuple(values))
            for name, values in conditions.items()
        )
        for conditions in several
    )


def _own(path: str, hint: Mapping[str, Any] | None) -> OwnChoice | None:
    if hint is None:
        return None
    starts = {
        before: {_absolute(path, name): value for name, value in start.items()}
        for before, start in hint["starts"].items()
    }
    return OwnChoice(hint["value"], starts)


def _brings(path: str, hint: Mapping[str, Any]) -> dict[str, Bringing]:
    found = {}
    for value, brought in hint.items():
        ((unless,),) = _conditions(path, brought["unless"])
        always, values, ends = (
            {_absolute(path, name): it for name, it in brought[kind].items()}
            for kind in ("always", "values", "ends")
        )
        found[value] = Bringing(always, unless, values, ends)
    return found


def _kind(field: Mapping[str, Any], optional: bool) -> Kind:
    if "enum" in field or "const" in field:
        return "choice"
    kinds: dict[str, Kind] = {"integer": "integer", "number": "number"}
    kinds["boolean"] = "choice" if optional else "flag"
    (kind, *others) = _types(field)
    return "text" if others else kinds.get(kind, "text")


def _choices(field: Mapping[str, Any], nothing: str | None) -> tuple[tuple[Any, str], ...]:
    labels = field.get("x-labels", {})
    values = _values(field)
    if field.get("type") == "boolean" and nothing is not None:
        values = [True, False]
        labels = {"True": N_("Yes"), "False": N_("No")}
    choices = [(value, str(labels.get(str(value), value))) for value in values]
    return tuple(choices if nothing is None else [(None, nothing), *choices])


def _slider(field: Mapping[str, Any]) -> tuple[float, float] | None:
    if field.get("x-widget") != "log_slider":
        return None
    if "x-range" in field:
        low, high = field["x-range"]
        return float(low), float(high)
    high = float(field.get("maximum", field.get("exclusiveMaximum", 1.0)))
    low = float(field.get("minimum", field.get("exclusiveMinimum", 0.0)))
    return (low if low > 0 else high / 10**DEFAULT_DECADES), high
