"""Every message of the program, found in its source: code and English templates."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import backprop_studio

ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes")


def templates():
    """Return the templates of each code, and the places where one could not be read."""
    found, unread = defaultdict(set), []
    for room in ROOMS:
        for path in sorted(Path(backprop_studio.__path__[0], room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "Error(" not in source and ".of(" not in source:
                continue
            tree = ast.parse(source)
            everywhere = _texts(tree.body)
            functions = [it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)]
            seen = set()
            # Inner functions come later, so the innermost names are the last word.
            for part in [*reversed(functions), tree]:
                calls = [it for it in ast.walk(part) if isinstance(it, ast.Call)]
                calls = [it for it in calls if id(it) not in seen and _is_message(it)]
                texts = everywhere | _texts(ast.walk(part)) if calls else {}
                for call in calls:
                    seen.add(id(call))
                    marked = _marked(call.args[1], texts)
                    found[call.args[0].value] |= marked
                    unread += [] if marked else [f"{path.name}:{call.lineno}"]
    return found, unread


def _is_message(call):
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    is_made = called == "of" or called.endswith("Error")
    code = call.args[0] if len(call.args) > 1 else None
    is_code = isinstance(code, ast.Constant) and re.fullmatch(r"[a-z_.]+", str(code.value))
    return bool(is_made and is_code)


def _texts(nodes):
    texts = defaultdict(set)
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=True)
        for name, text in pairs:
            if isinstance(name, ast.Name):
                texts[name.id] |= _marked(text, {})
    return {name: found for name, found in texts.items() if found}


def _marked(node, texts):
    """Return the texts that a node may stand for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.Name):
        return texts.get(node.id, set())
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
        return {ast.literal_eval(node.args[0])}
    if isinstance(node, ast.IfExp):
        return _marked(node.body, texts) | _marked(node.orelse, texts)
    return set()
