"""Every example in core's docstrings is run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from backprop_studio import core

MODULES = [module.name for module in pkgutil.walk_packages(core.__path__, "backprop_studio.core.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    count = sum(
        len(test.examples)
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
    )
    assert count > 10
