"""Break one line at a time and see whether a test notices: ``make mutation``.

Mutants are cosmic-ray's. Of every module some are chosen, always the same ones for a seed. Each is
written into a copy of the project, where the module's mirrored tests and its own examples are run
in a process forked from one that has loaded the libraries. Survivors are listed with their lines.

    python tools/mutation.py core/base core/network render/lecture/file.py --each 10
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes")
TARGETS = ("core/base", "core/network", "render/files", "render/queue", "render/lecture/file.py")
LIBRARIES = ("torch", "manim", "hypothesis", "pytestqt.plugin", "sklearn", "scipy.optimize", "av")
"""What tests import and what may be loaded before a fork; nothing of ours."""

OPTIONS = (
    "-xq",
    "-pno:cacheprovider",
    "--hypothesis-seed=0",
    "-Wignore::pytest.PytestAssertRewriteWarning",  # plugins that are loaded before the fork
)
SURVIVED = 0
NO_TESTS = 5
LATE = -1

_NAMES = """
    AddNot NumberReplacer ReplaceAndWithOr ReplaceOrWithAnd ReplaceTrueWithFalse
    ReplaceFalseWithTrue ReplaceBreakWithContinue ReplaceContinueWithBreak ZeroIterationForLoop
    ReplaceUnaryOperator_Delete_Not ReplaceUnaryOperator_Delete_USub
    ReplaceBinaryOperator_Add_Sub ReplaceBinaryOperator_Sub_Add ReplaceBinaryOperator_Mul_Div
    ReplaceBinaryOperator_Div_Mul ReplaceBinaryOperator_FloorDiv_Mul ReplaceBinaryOperator_Mod_Add
    ReplaceBinaryOperator_Pow_Mul ReplaceBinaryOperator_BitOr_BitAnd
    ReplaceBinaryOperator_BitAnd_BitOr ReplaceComparisonOperator_Lt_LtE
    ReplaceComparisonOperator_Lt_GtE ReplaceComparisonOperator_LtE_Lt
    ReplaceComparisonOperator_LtE_Gt ReplaceComparisonOperator_Gt_GtE
    ReplaceComparisonOperator_Gt_LtE ReplaceComparisonOperator_GtE_Gt
    ReplaceComparisonOperator_GtE_Lt ReplaceComparisonOperator_Eq_NotEq
    ReplaceComparisonOperator_NotEq_Eq ReplaceComparisonOperator_Is_IsNot
    ReplaceComparisonOperator_IsNot_Is
"""
OPERATORS = _NAMES.split()
"""Those of cosmic-ray that break something; the others change a sign into all other signs."""


@dataclass(frozen=True)
class Mutant:
    """A module with one line broken."""

    line: int
    before: str
    after: str
    code: str


def mutants(code: str) -> Iterator[Mutant]:
    """Yield the mutants of what a module does: of no annotation."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    same = run_time_tree(code)
    for name in OPERATORS:
        occurrence = 0
        while changed := mutate_code(code, get_operator(f"core/{name}")(), occurrence):
            occurrence += 1
            mutant = _compared(code, changed)
            # What is no Python is no feat to kill.
            is_seen = mutant and "TYPE_CHECKING" not in mutant.before
            if is_seen and run_time_tree(changed) not in {same, ""}:
                yield mutant


def _compared(code: str, changed: str) -> Mutant | None:
    pairs = zip(code.splitlines(), changed.splitlines(), strict=False)
    for number, (before, after) in enumerate(pairs, 1):
        if before != after:
            return Mutant(number, before.strip(), after.strip(), changed)
    return None


def run_time_tree(code: str) -> str:
    """Return what a module does, without what it says of types."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def chosen(code: str, count: int, seed: str) -> list[Mutant]:
    """Return some mutants, of as many lines as possible."""
    pool = list(mutants(code))
    generator = random.Random(seed)
    generator.shuffle(pool)
    firsts = {mutant.line: mutant for mutant in reversed(pool)}
    others = [mutant for mutant in pool if firsts[mutant.line] is not mutant]
    lines = [mutant for mutant in pool if firsts[mutant.line] is mutant]
    return sorted((lines + others)[:count], key=lambda it: it.line)


def mirrored_tests(root: Path, module: Path) -> list[str]:
    """Return the tests of a module: its file of tests, and its neighbours that import it."""
    folder = root / "tests" / module.parent
    package = r"\.".join(("backprop_studio", *module.parent.parts))
    imports = re.compile(rf"{package}(\.| import .*\b){module.stem}\b")
    own = folder / f"test_{module.stem}.py"
    files = {it for it in folder.glob("test_*.py") if imports.search(it.read_text("utf-8"))}
    files |= {own} if own.exists() else set()
    files |= set((root / "tests" / module.parts[0]).glob("test_records.py"))  # of all its rooms
    examples = "src/backprop_studio/" + module.as_posix()
    return [*sorted(it.relative_to(root).as_posix() for it in files or [folder]), examples]


def run_tests(root: Path, tests: list[str], limit: float) -> int:
    """Run tests in a fork; return pytest's exit code, or ``LATE``."""
    child = os.fork()
    if not child:
        os.setsid()
        _run_and_exit(root, tests)
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return abs(os.waitstatus_to_exitcode(status))
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return LATE


def _run_and_exit(root: Path, tests: list[str]) -> None:
    import pytest

    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir(root)
    sys.path[:0] = [str(root / "src"), str(root)]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    code = 1
    try:
        code = pytest.main([*OPTIONS, *tests])
    finally:
        os._exit(int(code))


def copy_of_the_project(folder: Path) -> Path:
    """Copy what tests need, so that nobody works on broken files."""
    root = folder / "project"
    root.mkdir()
    for name in ("pyproject.toml", "manim.cfg"):
        shutil.copy(ROOT / name, root)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "pictures")
    for name in ("src", "tests", "examples", *ROOMS):
        shutil.copytree(ROOT / name, root / name, symlinks=True, ignore=ignored)
    return root


def examine(root: Path, module: Path, count: int, seed: int) -> tuple[int, int]:
    """Run the mutants of one module, print survivors; return how many were killed, of how many."""
    file = root / module
    code = file.read_text(encoding="utf-8")
    selected = chosen(code, count, f"{seed} {module}")
    tests = mirrored_tests(root, module)
    if not selected:
        return 0, 0
    began = time.monotonic()
    if (result := run_tests(root, tests, 600)) != SURVIVED:
        told = "has no tests" if result == NO_TESTS else "fails its own tests"
        print(f"{module}: {told}", flush=True)
        return 0, 0
    limit = 10 + 5 * (time.monotonic() - began)
    results = []
    for mutant in selected:
        file.write_text(mutant.code, encoding="utf-8")
        results.append(run_tests(root, tests, limit))
    file.write_text(code, encoding="utf-8")
    killed = len(results) - results.count(SURVIVED)
    print(f"{module}: killed {killed} of {len(selected)}", flush=True)
    for it, result in zip(selected, results, strict=True):
        if result in (SURVIVED, LATE):
            hung = f" ran into the limit of {limit:.0f} s" if result == LATE else ""
            print(f"  {module}:{it.line}{hung}\n    - {it.before}\n    + {it.after}", flush=True)
    return killed, len(selected)


def arguments() -> Any:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("targets", nargs="*", default=TARGETS, help="folders and files")
    parser.add_argument("--each", type=int, default=10, help="mutants of a module")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--floor", type=float, default=85, help="percent that have to be killed")
    return parser.parse_args()


def main() -> int:
    """Examine modules one after the other; exit with 1 if too many mutants survived."""
    asked = arguments()
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in LIBRARIES:
        importlib.import_module(name)
    paths = [ROOT / target for target in asked.targets]
    modules = [
        it.relative_to(ROOT)
        for path in paths
        for it in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
        if it.stem != "__init__"
    ]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        root = copy_of_the_project(Path(folder))
        results = [examine(root, module, asked.each, asked.seed) for module in modules]
    killed, total = (sum(column) for column in zip(*results, strict=True))
    percent = 100 * killed / max(total, 1)
    print(f"killed {killed} of {total}: {percent:.1f} %")
    return int(percent < asked.floor)


if __name__ == "__main__":
    sys.exit(main())
