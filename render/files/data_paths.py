"""Paths of data sets and weights in parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PATH_KEYS = frozenset({"file", "folder"})
"""Parameters of these names are paths, in every scene."""


def with_paths(value: Any, change: Callable[[str], Any], key: str = "") -> Any:
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


def named_by_user(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return how a text is changed that names copies, so that it names what the user did.

    Parameters
    ----------
    names : mapping
        From each copy to what the user calls it.

    Examples
    --------
    >>> named_by_user({"/copies/0/a.csv": "a.csv"})("/copies/0/a.csv is empty")
    'a.csv is empty'
    """

    def changed(text: str) -> str:
        for copy, name in names.items():
            text = text.replace(copy, name)
        return text

    return changed


def files_in(folder: Path) -> list[Path]:
    """Return the files that lie in a folder, and not deeper."""
    return sorted(file for file in folder.iterdir() if file.is_file())
