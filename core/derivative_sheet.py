"""Answer sheets of derivative lessons: records by name, and what is no number said to be none."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.answer_sheet import versions
from core.formula import Formula

__all__ = ["derivative_sheet", "json_ready"]

_LEFT_OUT = {"tree", "source"}
"""Fields that have no JSON of their own; a formula's text says the same."""


def derivative_sheet(scene: str, parameters: Mapping[str, Any], **records: Any) -> dict[str, Any]:
    """Write records as an answer sheet.

    Parameters
    ----------
    scene : str
        Its name.
    parameters : mapping
        What the scene was given, JSON-ready.
    **records
        Records of :mod:`core.derivatives`, or tuples of them; each stands under its name.

    Returns
    -------
    dict
        Strict JSON, the same to the last bit after a round trip. A number that is infinite or
        none is null, and ``not_finite`` gives the reason under its path: "inf", "-inf" or "nan".

    Examples
    --------
    >>> from core.derivatives import secants
    >>> from core.formula import parse_formula
    >>> record = secants(parse_formula("log(w)", ["w"]), {"w": 1}, [-2])
    >>> sheet = derivative_sheet("derivative", {}, tangent=record)
    >>> sheet["tangent"]["slope"], sheet["tangent"]["y_eps"], sheet["not_finite"]
    (1.0, [None], {'tangent.y_eps.0': 'nan', 'tangent.rises.0': 'nan', 'tangent.slopes.0': 'nan', \
'tangent.errors.0': 'nan'})
    """
    reasons: dict[str, str] = {}
    body = {name: json_ready(record, name, reasons) for name, record in records.items()}
    return {
        "scene": scene,
        "parameters": dict(parameters),
        "versions": versions(),
        **body,
        "not_finite": reasons,
        "shown": [],
    }


def json_ready(value: Any, path: str, reasons: dict[str, str]) -> Any:
    """Return a record, array, mapping or number as JSON has it.

    Parameters
    ----------
    value : object
        What is written.
    path : str
        Where it will stand, as :func:`core.answer_sheet.look_up` reads it.
    reasons : dict
        Takes the path of each number that is not finite, and why.

    Examples
    --------
    >>> reasons = {}
    >>> json_ready(np.array([1.5, np.inf]), "y", reasons), reasons
    ([1.5, None], {'y.1': 'inf'})
    """
    if isinstance(value, Formula):
        return {"text": value.text, "typst": value.typst, "names": list(value.names)}
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.name not in _LEFT_OUT]
        value = {name: getattr(value, name) for name in names}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: json_ready(it, f"{path}.{key}", reasons) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(it, f"{path}.{k}", reasons) for k, it in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        reasons[path] = str(value)
        return None
    return value
