"""Records that stay what was computed."""

from __future__ import annotations

import dataclasses
import importlib

import pytest


def check_frozen(name, least):
    """No field of a module's dataclasses can be set once it is made."""
    module = importlib.import_module(f"backprop_studio.{name}")
    own = [it for it in vars(module).values() if isinstance(it, type)]
    kinds = [it for it in own if dataclasses.is_dataclass(it) and it.__module__ == module.__name__]
    assert len(kinds) >= least
    for kind in kinds:
        for field in dataclasses.fields(kind):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(object.__new__(kind), field.name, None)
