"""What a scene's parameters allow: each number at its bounds, each choice once, from its schema."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from tests.scenes.lesson_runs import lesson_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["cases", "edges"]

JUST_INSIDE = 1e-6
"""From a bound that is itself excluded."""

DEEPEST = 3


def cases(name: str) -> list[dict[str, Any]]:
    """Return the defaults, and what the scene's own tests think worth walking through."""
    module = f"tests.scenes.test_{name}"
    if importlib.util.find_spec(module) is None:
        return [{}]
    return [{}, *getattr(importlib.import_module(module), "CASES", [])]


def edges(name: str) -> list[dict[str, Any]]:
    """Return parameters with one field each at a bound or at another choice."""
    schema = lesson_class(name).Params.model_json_schema()
    definitions = schema.get("$defs", {})
    return [_nested(path, value) for path, value in _fields(schema, definitions, ())]


def _fields(
    group: Mapping[str, Any], definitions: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, field in group.get("properties", {}).items():
        here = (*path, key)
        for branch in [field, *field.get("anyOf", []), *field.get("allOf", [])]:
            if "$ref" in branch:
                target = definitions[branch["$ref"].rsplit("/", 1)[1]]
                if len(here) < DEEPEST:
                    yield from _fields(target, definitions, here)
            for value in _values(branch):
                if value != field.get("default"):
                    yield here, value


def _values(field: Mapping[str, Any]) -> Iterator[Any]:
    yield from field.get("enum", [])
    if field.get("type") == "boolean":
        yield from (False, True)
    if field.get("type") not in {"number", "integer"}:
        return
    for bound, inside in (("minimum", 0), ("maximum", 0)):
        if bound in field:
            yield field[bound] + inside
    step = JUST_INSIDE if field["type"] == "number" else 1
    if "exclusiveMinimum" in field:
        yield field["exclusiveMinimum"] + step
    if "exclusiveMaximum" in field:
        yield field["exclusiveMaximum"] - step


def _nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    return value
