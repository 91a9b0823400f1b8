"""What two machines must have in common to draw the same picture."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from backprop_studio.render.catalogue import package_folder
from backprop_studio.render.files.cache import LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODE", "difference", "versions"]

CODE = "the code of Backprop Studio"
"""The name of what is no library."""

_ROOMS = ("core", "scenes", "render")
_OF_THE_CLUSTER = ("distributed",)


def versions() -> dict[str, str]:
    """Return what this machine draws with: the version of each thing by its name.

    The code is read anew each time, because a worker of a cluster runs for days and may be
    updated under way.
    """
    found = {CODE: _code(), "Python": platform.python_version()}
    for name in (*LIBRARIES, *_OF_THE_CLUSTER):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def difference(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str | None:
    """Say what another machine has that is not as here, or None if all is the same.

    Examples
    --------
    >>> difference({"manim": "0.22.0"}, {"manim": "0.21.0"})
    'has manim 0.21.0 instead of 0.22.0'
    >>> difference({CODE: "a"}, {CODE: "b"})
    'does not have the same code of Backprop Studio'
    """
    for name, version_here in ours.items():
        version_there = theirs.get(name, "none")
        if version_there == version_here:
            continue
        if name == CODE:
            return f"does not have the same {CODE.removeprefix('the ')}"
        return f"has {name} {version_there} instead of {version_here}"
    return None


def _code() -> str:
    digest = hashlib.sha256()
    for room in _ROOMS:
        folder = package_folder(room)
        for file in sorted(it for it in folder.rglob("*") if it.suffix in {".py", ".mo"}):
            digest.update(f"{room}/{file.relative_to(folder).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
