"""Parameters as Python has them, made what they would be in a file."""

from __future__ import annotations

import numbers
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import check_depth, respelt
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import with_paths

if TYPE_CHECKING:
    from collections.abc import Callable


def plain_parameters(
    given: Mapping[str, Any], schema: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """Return parameters as they would stand in a JSON file.

    Arrays and tensors are lists, paths are absolute, and a text for a group is its file or its
    first field, as :func:`_of_group` says.

    Parameters
    ----------
    given : mapping
        By name, groups as mappings.
    schema : callable
        Returns the JSON Schema of the scene's parameters; only asked when a text is given.

    Raises
    ------
    InputError
        If a value is of a kind that no parameter has.

    Examples
    --------
    >>> import numpy as np
    >>> plain_parameters({"learning_rate": np.float32(0.5), "told": (1, 10)}, dict)
    {'learning_rate': 0.5, 'told': [1, 10]}
    """
    check_depth([given])
    named: dict[str, Any] = respelt(given)
    if any(isinstance(value, str | Path) for value in named.values()):
        fields = schema()
        named = {name: _of_group(value, _group(name, fields)) for name, value in named.items()}
    values = {name: _plain(value, name) for name, value in named.items()}
    absolute: dict[str, Any] = with_paths(values, lambda it: os.path.abspath(user_path(it)))
    return absolute


def _group(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a group with their schemas; none if the field is no group."""
    field = schema.get("properties", {}).get(name, {})
    reference = str(field.get("$ref", "")).rpartition("/")[2]
    fields: dict[str, Any] = schema.get("$defs", {}).get(reference, {}).get("properties", {})
    return fields


def _of_group(value: Any, fields: Mapping[str, Any]) -> Any:
    """Return a group for the one text that stands for it, and everything else as it is.

    It is the group's ``file`` if it is a path or ends as such files do (``x-filter``), else the
    group's first field: the name of a data set or of an optimizer, the preset of a network.

    Examples
    --------
    >>> fields = {"name": {}, "file": {"x-filter": "*.csv *.npy"}}
    >>> _of_group("iris", fields), _of_group("flowers.CSV", fields)
    ({'name': 'iris'}, {'file': 'flowers.CSV'})
    >>> _of_group([1, 2], fields), _of_group("iris", {})
    ([1, 2], 'iris')
    """
    if not fields or not isinstance(value, str | Path):
        return value
    endings = tuple(fields.get("file", {}).get("x-filter", "").replace("*", "").split())
    is_file = isinstance(value, Path) or str(value).lower().endswith(endings or ("/",))
    if is_file and "file" in fields:
        return {"file": str(value)}
    return {next(iter(fields)): value}


def _plain(value: Any, name: str) -> Any:
    """Return a value as JSON has it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{name}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, name) for item in value]
    if hasattr(value, "tolist"):  # arrays, tensors and columns of tables
        return value.tolist()
    text = N_(
        "wrong value for {field}: an object of the type {kind}; expected a number, a text, a list "
        "or a dictionary"
    )
    raise InputError("parameter.kind", text, field=name, kind=type(value).__name__)
