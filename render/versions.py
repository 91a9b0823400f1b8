"""Libraries of other versions than this program was tested with."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

_OURSELVES = "backprop-studio"


def untested() -> list[str]:
    """Return the libraries that are installed in a version that was not tested, one text each.

    What was tested is what this program asks for when it is installed; something else gets there
    when another program is installed beside it. A library that is missing is told by whoever needs
    it.
    """
    found = []
    for line in _requirements():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            there = version(wanted.name)
        except PackageNotFoundError:
            continue
        if not wanted.specifier.contains(there, prereleases=True):
            tested = ",".join(sorted(map(str, wanted.specifier), reverse=True))  # the lowest first
            found.append(f"{wanted.name} {there} (tested: {tested})")
    return found


def _requirements() -> list[str]:
    try:
        return requires(_OURSELVES) or []
    except PackageNotFoundError:  # run from its folder, without being installed
        return []
