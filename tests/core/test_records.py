"""Records: every one is frozen, and none of torch's tensors is in it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re

ROOMS = ("network", "training", "autograd", "graphs", "classification", "line_fit", "surfaces")
KINDS = [
    kind
    for room in ROOMS
    for found in pkgutil.iter_modules(
        importlib.import_module(f"backprop_studio.core.{room}").__path__,
        f"backprop_studio.core.{room}.",
    )
    for kind in vars(importlib.import_module(found.name)).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == found.name
]
TORCHS = {"Parameters", "Forward"}
"""Tensors on their way through a pass, which is no record."""


def test_every_record_is_frozen_and_without_tensors():
    assert len(KINDS) > 50
    for kind in KINDS:
        assert kind.__dataclass_params__.frozen, kind
        if kind.__name__ not in TORCHS:
            assert not [
                it for it in dataclasses.fields(kind) if re.search(r"\bTensor\b", str(it.type))
            ], kind
