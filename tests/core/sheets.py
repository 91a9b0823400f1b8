"""Answer sheets of records, written and read again: strict JSON, and not a bit is lost."""

from __future__ import annotations

import dataclasses
import json

import numpy as np

from backprop_studio.core.answer_sheet import look_up, records_sheet

WORDS = {"formula", "derivative", "tree"}
"""Fields that a sheet tells in words instead of with what they consist of."""


def written(record):
    """Return a record's answer sheet as it is read again."""
    sheet = records_sheet("scene", {"pace": 1.0}, record=record)
    text = json.dumps(sheet, allow_nan=False)
    assert json.loads(text) == sheet
    return json.loads(text)


def walked(value, path=""):
    """Yield the path and the value of whatever a sheet consists of."""
    if not isinstance(value, dict | list):
        yield path, value
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from walked(item, f"{path}.{key}" if path else str(key))


def restored(sheet, path):
    """Return a number of a sheet as it was computed."""
    reason = sheet["not_finite"].get(path)
    return float(reason) if reason is not None else look_up(sheet, path)


def numbers_of(value, path):
    """Yield the path in the sheet and the value of every number of a record."""
    if isinstance(value, np.ndarray):
        for place in np.ndindex(value.shape):
            yield ".".join([path, *map(str, place)]), float(value[place])
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in WORDS:
                yield from numbers_of(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from numbers_of(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for k, item in enumerate(value):
            yield from numbers_of(item, f"{path}.{k}")
    elif isinstance(value, int | float):
        yield path, float(value)


def assert_nothing_is_lost(record, more_than):
    """Compare every number of a record with its sheet; there have to be more than so many."""
    sheet = written(record)
    found = list(numbers_of(record, "record"))
    assert len(found) > more_than
    for path, value in found:
        again = restored(sheet, path)
        same = np.float64(again).tobytes() == np.float64(value).tobytes()
        assert same or (np.isnan(again) and np.isnan(value)), path
