"""Places for pictures on the stage: one becomes two, side by side or one above the other."""

from __future__ import annotations

from typing import NamedTuple


class Room(NamedTuple):
    """Where a picture stands: width and height, and its centre."""

    box: tuple[float, float]
    centre: tuple[float, float]

    def across(self, width: float, gap: float) -> tuple[Room, Room]:
        """Return a room of that width on the left, and what remains to the right of a gap."""
        (whole, height), (x, y) = self
        rest = whole - width - gap
        left = Room((width, height), (x - (whole - width) / 2, y))
        return left, Room((rest, height), (x + (whole - rest) / 2, y))

    def down(self, height: float, gap: float) -> tuple[Room, Room]:
        """Return a room of that height at the top, and what remains below a gap."""
        (width, whole), (x, y) = self
        rest = whole - height - gap
        top = Room((width, height), (x, y + (whole - height) / 2))
        return top, Room((width, rest), (x, y - (whole - rest) / 2))
