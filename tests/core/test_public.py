"""What a linter cannot say of core's public functions."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from backprop_studio import core

MODULES = [module.name for module in pkgutil.walk_packages(core.__path__, "backprop_studio.core.")]

OF_THE_MACHINE = {"system_language"}
"""Their answer differs from one machine to the next."""


def test_functions_show_themselves_at_work():
    shown = 0
    for name in MODULES:
        for word, it in vars(importlib.import_module(name)).items():
            if inspect.isfunction(it) and it.__module__ == name and not word.startswith("_"):
                assert word in OF_THE_MACHINE or ">>>" in (it.__doc__ or ""), f"{name}.{word}"
                shown += 1
    assert shown > 100
