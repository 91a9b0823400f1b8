"""What two machines must have in common to draw the same picture."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import MissingComponentError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.code_key import LIBRARIES, code_key, library_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = "Backprop Studio's code"
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


def difference(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Message | None:
    """Say what another machine has that is not as here, or None if all is the same.

    Examples
    --------
    >>> difference({"manim": "0.22.0"}, {"manim": "0.21.0"}).words()
    'has manim 0.21.0 instead of 0.22.0'
    >>> difference({CODE: "a"}, {CODE: "b"}).words()
    'does not have the same code of Backprop Studio'
    """
    for name, version_here in ours.items():
        version_there = theirs.get(name, "none")
        if version_there == version_here:
            continue
        if name == CODE:
            text = N_("does not have the same code of Backprop Studio")
            return Message.of("farm.other_code", text)
        text = N_("has {name} {found} instead of {expected}")
        found = {"found": version_there, "expected": version_here}
        return Message.of("farm.other_version", text, name=name, **found)
    return None


def worker_at(address: str) -> Message:
    """Return what messages call a worker of the cluster."""
    return Message.of("farm.worker", N_("the farm's worker at {address}"), address=address)


def not_the_same(peer: Message, unlike: Message) -> MissingComponentError:
    """Return the error of a machine that has other software than this one."""
    text = N_("{peer} {unlike}; install the same there")
    return MissingComponentError("farm.not_the_same", text, peer=peer, unlike=unlike)
