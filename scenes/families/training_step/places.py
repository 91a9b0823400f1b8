"""Where network, panel and a board for matrices stand, in each shape of the frame."""

from __future__ import annotations

from dataclasses import dataclass

from backprop_studio.scenes.paint.brush import Box
from backprop_studio.scenes.stage.rooms import Rooms

LARGE = {"wide": 1.42, "classic": 1.42, "tall": 2.2}
"""Height of a board that holds matrices, by the frame's shape."""

PANEL = {"wide": 2.75, "classic": 2.45, "tall": 2.2}
"""Width of the panel."""

GAP = 0.25
ABOVE = 0.06
"""Between network and panel, and between picture and board."""


@dataclass(frozen=True)
class Places:
    """Boxes of left, bottom, right and top in Manim units.

    Attributes
    ----------
    network, panel : Box
        What never covers each other, nor a board of any height.
    picture : Box
        Both together.
    large, above : Box
        Of the board for matrices, and the room that it leaves to the picture.
    """

    network: Box
    panel: Box
    picture: Box
    large: Box
    above: Box


def places_for(rooms: Rooms, width: float, height: float) -> Places:
    """Return the places in a frame of that size in Manim units.

    Examples
    --------
    >>> from backprop_studio.scenes.stage.rooms import rooms_for
    >>> places = places_for(rooms_for(128 / 9, 8.0), 128 / 9, 8.0)
    >>> places.network[2] < places.panel[0], places.large[3] < places.above[1]
    (True, True)
    """
    shape = "tall" if height > width else "wide" if width / height > 1.55 else "classic"
    left, low, right, _ = rooms.board
    large = (left, low, right, low + LARGE[shape])
    picture = left, bottom, right, top = rooms.picture
    above = (left, large[3] + ABOVE, right, top)
    between = right - PANEL[shape]
    network = (left, bottom, between - GAP, top)
    return Places(network, (between, bottom, right, top), picture, large, above)


def middle(box: Box) -> tuple[float, float, float]:
    """Return the middle of a box.

    Examples
    --------
    >>> middle((0.0, 0.0, 2.0, 1.0))
    (1.0, 0.5, 0.0)
    """
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 0.0
