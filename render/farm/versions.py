"""What two machines must have in common to draw the same picture."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.code_key import LIBRARIES, code_key, library_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODE", "difference", "versions"]

CODE = "the code of Backprop Studio"
"""The name of what is no library."""

_WORK = ("render.farm.remote_job", "render.workers.worker")
"""What a cluster's worker runs, in Dask's process and in one of its own."""


def versions() -> dict[str, str]:
    """Return what this machine draws with: the version of each thing by its name.

    The code is read anew each time, because a worker of a cluster runs for days and may be
    updated under way.
    """
    code = code_key(*_WORK, *(f"scenes.{scene}" for scene in scene_ids()))
    libraries = library_versions((*LIBRARIES, "distributed"))
    return {CODE: code, "Python": platform.python_version(), **libraries}


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
