"""Everything public in core says what it is, and every function shows itself at work."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

from backprop_studio import core

MODULES = [module.name for module in pkgutil.walk_packages(core.__path__, "backprop_studio.core.")]


def public(kind):
    """What modules name in ``__all__`` and define themselves."""
    modules = {name: importlib.import_module(name) for name in MODULES}
    return [
        pytest.param(it, id=f"{name}.{word}")
        for name, module in modules.items()
        for word in getattr(module, "__all__", ())
        if kind(it := getattr(module, word)) and it.__module__ == name
    ]


@pytest.mark.parametrize("name", MODULES)
def test_module_says_what_it_is_for(name):
    assert importlib.import_module(name).__doc__


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_names_as_public_is_there(name):
    module = importlib.import_module(name)
    functions = [
        word
        for word, it in vars(module).items()
        if inspect.isfunction(it) and it.__module__ == name and not word.startswith("_")
    ]
    assert set(functions) <= set(getattr(module, "__all__", ()))
    assert all(hasattr(module, word) for word in getattr(module, "__all__", ()))


@pytest.mark.parametrize("function", public(inspect.isfunction))
def test_function_has_an_example_that_runs(function):
    # That the examples are true is for test_doctests.py.
    assert ">>>" in (function.__doc__ or "")


@pytest.mark.parametrize("kind", public(inspect.isclass))
def test_class_says_what_it_is(kind):
    # A dataclass without a docstring of its own gets its signature as one.
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
