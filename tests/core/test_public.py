"""What a linter cannot say of core's public functions."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from backprop_studio import core

MODULES = [module.name for module in pkgutil.walk_packages(core.__path__, "backprop_studio.core.")]

OF_THE_MACHINE = {"system_language"}
"""Their answer differs from one machine to the next."""


def functions_of(name):
    """Return the functions of a module that are its own and begin with no underscore."""
    return {
        word: it
        for word, it in vars(importlib.import_module(name)).items()
        if inspect.isfunction(it) and it.__module__ == name and not word.startswith("_")
    }


def test_functions_show_themselves_at_work():
    shown = 0
    for name in MODULES:
        functions = functions_of(name)
        for word, function in functions.items():
            if word in OF_THE_MACHINE:
                continue
            assert ">>>" in (function.__doc__ or ""), f"{name}.{word}"
        shown += len(functions)
    assert shown > 100
