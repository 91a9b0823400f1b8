"""Records as JSON has them: dictionaries, lists and numbers, each number to the last bit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from backprop_studio.core.formula import Formula

_LEFT_OUT = {"tree", "source"}
"""Fields that have no JSON of their own; a formula's text says the same."""


def plain(value: Any) -> Any:
    """Return a record, array, mapping or number in dictionaries and lists.

    Numbers stay as they are, so what is infinite or none is so still. A formula becomes its text,
    its Typst markup and its names.

    Parameters
    ----------
    value : object
        What is written: a dataclass, a named tuple, an array of any shape, or what holds them.

    Examples
    --------
    >>> plain({"w": np.array([[1.0, 2.0]]), "none": None, "both": (1, np.float64(0.5))})
    {'w': [[1.0, 2.0]], 'none': None, 'both': [1, 0.5]}
    """
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Formula):
        return {"text": value.text, "typst": value.typst, "names": list(value.names)}
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.name not in _LEFT_OUT]
        return {name: plain(getattr(value, name)) for name in names}
    if hasattr(value, "_asdict"):  # a named tuple
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [plain(it) for it in value]
    return value


def json_ready(value: Any, path: str, reasons: dict[str, str]) -> Any:
    """Return a record, array, mapping or number as strict JSON has it.

    Parameters
    ----------
    value : object
        What is written, as in :func:`plain`.
    path : str
        Where it will stand, as :func:`core.answer_sheet.look_up` reads it.
    reasons : dict
        Takes the path of each number that is not finite, and why: "inf", "-inf" or "nan". The
        number itself becomes None.

    Examples
    --------
    >>> reasons = {}
    >>> json_ready(np.array([1.5, np.inf]), "y", reasons), reasons
    ([1.5, None], {'y.1': 'inf'})
    """
    return _finite(plain(value), path, reasons)


def _finite(value: Any, path: str, reasons: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _finite(it, f"{path}.{key}", reasons) for key, it in value.items()}
    if isinstance(value, list):
        return [_finite(it, f"{path}.{k}", reasons) for k, it in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        reasons[path] = str(value)
        return None
    return value
