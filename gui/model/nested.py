"""Nested parameters by the paths of their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING = object()


def value_at(params: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path."""
    found: Any = params
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            return NOTHING
        found = found[name]
    return found


def put(params: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at a path, in groups that are made if they are not there."""
    *groups, name = path.split(".")
    for group in groups:
        inner = params.get(group)
        params[group] = params = inner if isinstance(inner, dict) else {}
    params[name] = value


def remove(params: dict[str, Any], path: str) -> None:
    """Take away what stands at a path, and groups that are empty without it."""
    group, _, name = path.rpartition(".")
    branch = value_at(params, group) if group else params
    del branch[name]
    if group and not branch:
        remove(params, group)
