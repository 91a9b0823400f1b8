"""What two machines must have in common to draw the same picture."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import MissingComponentError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.catalogue import package_folder
from backprop_studio.render.files.cache import LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODE", "difference", "not_the_same", "versions", "worker_at"]

CODE = "Backprop Studio's code"
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
        return Message.of(
            "farm.other_version",
            N_("has {name} {found} instead of {expected}"),
            name=name,
            found=version_there,
            expected=version_here,
        )
    return None


def worker_at(address: str) -> Message:
    """Return what messages call a worker of the cluster."""
    return Message.of("farm.worker", N_("the farm's worker at {address}"), address=address)


def not_the_same(peer: Message, unlike: Message) -> MissingComponentError:
    """Return the error of a machine that has other software than this one."""
    text = N_("{peer} {unlike}; install the same there")
    return MissingComponentError("farm.not_the_same", text, peer=peer, unlike=unlike)


def _code() -> str:
    digest = hashlib.sha256()
    for room in _ROOMS:
        folder = package_folder(room)
        for file in sorted(it for it in folder.rglob("*") if it.suffix in {".py", ".mo"}):
            digest.update(f"{room}/{file.relative_to(folder).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
