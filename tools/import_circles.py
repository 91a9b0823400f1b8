"""Says which modules import each other in a circle, and where a widget gets into ``gui/model``.

import-linter holds the directions between rooms; it knows neither circles inside of one nor which
part of a library is imported. Imports for type checking alone count as well.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import grimp
import networkx as nx

PACKAGE = "backprop_studio"
ROOT = Path(__file__).parents[1]
UNDO = {"QUndoCommand", "QUndoStack"}
"""What ``gui/model`` may have of QtGui: no widget, although Qt keeps it there."""


def circles() -> list[str]:
    """Return one circle of each group of modules that import each other."""
    imports = grimp.build_graph(PACKAGE)
    graph = nx.DiGraph(
        (module, found)
        for module in imports.modules
        for found in imports.find_modules_directly_imported_by(module)
    )
    groups = (graph.subgraph(group) for group in nx.strongly_connected_components(graph))
    found = [nx.find_cycle(group) for group in groups if len(group) > 1]
    return [" -> ".join([*(module for module, _ in ring), ring[0][0]]) for ring in found]


def widgets_in_model() -> list[str]:
    """Return what ``gui/model`` imports of Qt besides its core and the undo stack."""
    return [
        f"{file.relative_to(ROOT)}:{node.lineno} imports {node.module}"
        for file in sorted(ROOT.glob("gui/model/*.py"))
        for node in _run_time_imports(ast.parse(file.read_text(encoding="utf-8")))
        if node.module != "PySide6.QtCore" and not {name.name for name in node.names} <= UNDO
    ]


def _run_time_imports(module: ast.Module) -> list[ast.ImportFrom]:
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
    return [node for node in imports if (node.module or "").startswith("PySide6")]


if __name__ == "__main__":
    problems = [*(f"circle: {ring}" for ring in circles()), *widgets_in_model()]
    print("\n".join(problems) or "no circles of imports")
    sys.exit(bool(problems))
