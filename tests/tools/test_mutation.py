from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def mutation(tool):
    return tool("mutation")


def test_a_modules_tests_are_its_own_and_those_that_import_it(mutation, tmp_path):
    folder = tmp_path / "tests" / "core" / "base"
    folder.mkdir(parents=True)
    module = Path("core/base/bounds.py")
    examples = "src/backprop_studio/core/base/bounds.py"
    assert mutation.mirrored_tests(tmp_path, module) == ["tests/core/base", examples]
    for name, text in {
        "bounds": "",
        "far": "from backprop_studio.core.base.bounds import inside\n",
        "limits": "from backprop_studio.core.base import arrays, bounds\n",
        "others": "from backprop_studio.core.base import others, bounds_of\n",
    }.items():
        (folder / f"test_{name}.py").write_text(text)
    own = [f"tests/core/base/test_{name}.py" for name in ("bounds", "far", "limits")]
    assert mutation.mirrored_tests(tmp_path, module) == [*own, examples]


def test_what_runs_is_told_from_what_only_a_type_checker_reads(mutation):
    code = "def f(x: int | None = 1) -> int | None:\n    return x | 2\n"
    typed = code.replace("int | None", "int & None")
    assert mutation.run_time_tree(typed) == mutation.run_time_tree(code)
    assert mutation.run_time_tree(code.replace("x |", "x &")) != mutation.run_time_tree(code)
