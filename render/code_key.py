"""Keys of code: one value for some modules of ours and everything of ours that they import.

Imports are read, not made, so neither Manim nor torch is loaded. What a file imports is kept on the
disk under its content: only files that are new or changed are parsed.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import platformdirs
from pydantic import TypeAdapter

from backprop_studio.core.base.errors import SceneError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.staging import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DRAWING = ("render.drawing.studio", "render.files.joining")
"""What makes pictures and videos of lessons, whatever the scene is."""

_PAINTERS = ("av", "manim", "manimgx-fonts-cjk", "pycairo", "typst")
LIBRARIES = (*_PAINTERS, "numpy", "scikit-learn", "scipy", "sympy", "torch")
"""Whose versions have a say in the picture."""

_PREFIX = "backprop_studio."
_ROOMS = ("core", "scenes", "render")

_NO_DATA = frozenset({".pyc", ".po"})
"""Endings of files that no running program of ours reads."""

_INNER = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a statement holds others."""

_Imports: TypeAlias = dict[str, list[str]]
_IMPORTS: TypeAdapter[_Imports] = TypeAdapter(_Imports)

_MOST_KEPT = 2000
"""Files whose imports are kept on the disk."""


def package_folder(name: str) -> Path:
    """Return the folder of a room, without importing it."""
    package = f"{_PREFIX}{name}"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        text = N_("the package {package} is not installed")
        raise SceneError("package.missing", text, package=package)
    return Path(spec.origin).parent


def has_known_imports() -> bool:
    """Whether a key is found at once: the first on a machine takes a second, for all is parsed."""
    return _imports_file().is_file()


def library_versions(names: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Return the version of each library, ``"none"`` of one that is not installed."""
    found = dict.fromkeys(names, "none")
    for name in found:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def drawing_key(*scenes: str, folders: dict[str, Path] | None = None) -> str:
    """Return a hash of all that draws some scenes: code, libraries and Python."""
    code = code_key(*_DRAWING, *(f"scenes.{scene}" for scene in scenes), folders=folders)
    libraries = library_versions((*LIBRARIES, "pydantic"))
    return hashlib.sha256(f"{sys.version}\0{libraries}\0{code}".encode()).hexdigest()


def code_key(*modules: str, folders: dict[str, Path] | None = None) -> str:
    """Return a hash of some modules, of all that they import, and of the data of their rooms.

    Imports inside of functions count, and those for type checkers do not. A module that is not
    there counts as missing.

    Parameters
    ----------
    *modules : str
        Names inside the package, such as ``scenes.backprop``.
    folders : dict, optional
        Where each room is; by default that of the package.
    """
    code, data = _listed(folders or {room: package_folder(room) for room in _ROOMS})
    kept = _KeptImports()
    waiting, found = list(modules), dict[str, bytes]()
    while waiting:
        name = waiting.pop()
        if name in code and name not in found:
            found[name] = _content(code[name])
            # A module's packages are imported before it.
            waiting += [name.rpartition(".")[0], *kept.imports(name, code[name], found[name])]
    kept.write()
    rooms = {name.partition(".")[0] for name in found}
    found |= {name: _content(file) for name, file in data.items() if name.split("/")[0] in rooms}
    digest = hashlib.sha256()
    for name, content in sorted(found.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _listed(folders: dict[str, Path]) -> tuple[dict[str, Path], dict[str, Path]]:
    """Return the files of the rooms: modules by their names, and data by their paths."""
    code, data = dict[str, Path](), dict[str, Path]()
    for room, folder in folders.items():
        for file in folder.rglob("*.*"):
            path = Path(room, file.relative_to(folder))
            if file.suffix == ".py":
                parts = (
                    path.parts[:-1] if file.name == "__init__.py" else path.with_suffix("").parts
                )
                code[".".join(parts)] = file
            elif file.suffix not in _NO_DATA:
                data[path.as_posix()] = file
    return code, data


def _content(file: Path) -> bytes:
    """Return what is in a file, nothing if it has gone just now."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _imports_file() -> Path:
    return Path(platformdirs.user_cache_dir("backprop-studio")) / "imports.json"


class _KeptImports:
    """What each file imports, kept on the disk by its content."""

    def __init__(self) -> None:
        self._file = _imports_file()
        self._known: _Imports = {}
        with suppress(OSError, ValueError):
            self._known = _IMPORTS.validate_json(self._file.read_bytes())
        self._is_new = False

    def imports(self, name: str, file: Path, content: bytes) -> list[str]:
        """Return the modules that a file may import."""
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        key = hashlib.sha256(f"{package}\0".encode() + content).hexdigest()[:32]
        if key not in self._known:
            self._known[key] = sorted(set(_imports(content, package)))
            self._is_new = True
        return self._known[key]

    def write(self) -> None:
        """Write the latest; a disk that does not take it is no fault."""
        if self._is_new:
            latest = dict(list(self._known.items())[-_MOST_KEPT:])
            with suppress(OSError, StudioError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                data = json.dumps(latest).encode()
                write_atomically(self._file, data, job_id=str(os.getpid()), overwrite=True)


def _imports(content: bytes, package: str) -> Iterator[str]:
    """Yield what a file imports of ours, by names inside the package.

    What is imported from a module may be a module, too.
    """
    with suppress(SyntaxError, ValueError, RecursionError, ImportError):  # nobody can import it
        for statement in _statements(ast.parse(content).body):
            names = [alias.name for alias in statement.names]
            if isinstance(statement, ast.ImportFrom):
                relative = "." * statement.level + (statement.module or "")
                base = importlib.util.resolve_name(relative, f"{_PREFIX}{package}")
                names = [base, *(f"{base}.{name}" for name in names)]
            yield from (it.removeprefix(_PREFIX) for it in names if it.startswith(_PREFIX))


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports in some statements, at any depth but for those for type checkers."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        for name in ("orelse",) if _is_for_checkers(statement) else _INNER:
            yield from _statements(getattr(statement, name, ()))


def _is_for_checkers(statement: ast.AST) -> bool:
    if not isinstance(statement, ast.If):
        return False
    name = getattr(statement.test, "id", None) or getattr(statement.test, "attr", None)
    return name == "TYPE_CHECKING"
