"""Paths of data sets and weights in parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATH_KEYS = frozenset({"file", "folder"})
"""Parameters of these names are paths, in every scene."""


def with_paths(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return parameters with every path that they name changed.

    Examples
    --------
    >>> with_paths({"data": {"file": "a.csv"}, "rate": 0.1}, str.upper)
    {'data': {'file': 'A.CSV'}, 'rate': 0.1}
    """
    if isinstance(value, dict):
        return {name: with_paths(item, change, name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_paths(item, change, key) for item in value]
    return change(value) if isinstance(value, str) and key in PATH_KEYS and value else value


def paths_in(params: Any) -> list[str]:
    """Return the paths that parameters name, as they were given.

    Examples
    --------
    >>> paths_in({"data": {"file": "a.csv"}, "network": {"file": ""}})
    ['a.csv']
    """
    found: list[str] = []

    def note(path: str) -> str:
        found.append(path)
        return path

    with_paths(params, note)
    return found
