"""Rooms of a directed stage: the picture has nearly all of the frame, in every shape of it.

The title, or what the beat is about, stands above the picture, the sentence below it, the board
between picture and sentence while something is worked out. Without captions their room is the
picture's.
"""

from __future__ import annotations

from dataclasses import dataclass

from backprop_studio.scenes.paint.brush import Box

SIDE = 0.3
"""Free at the left and at the right."""

HEADING = {"wide": 0.72, "classic": 0.72, "tall": 1.1}
SENTENCE = 1.1
"""Heights of what stands above and below the picture; in a tall frame the line of torch, too."""

BOTTOM = 0.25
BOARD = {"wide": 1.0, "classic": 1.0, "tall": 2.2}
"""Height of the board by the frame's shape: in a tall one a formula has several lines."""

GAP = 0.06
BETWEEN = 0.3
"""Two halves of a room."""


@dataclass(frozen=True)
class Rooms:
    """Boxes of left, bottom, right and top in Manim units.

    Attributes
    ----------
    picture : Box
        What the picture has while the board is there: at least 60 % of the frame.
    whole : Box
        What it has when the board is not there.
    board : Box
        Of the board, when it is there.
    """

    picture: Box
    whole: Box
    board: Box

    @staticmethod
    def size(box: Box) -> tuple[float, float]:
        """Return width and height of a room."""
        return box[2] - box[0], box[3] - box[1]


def rooms_for(width: float, height: float, *, captions: bool = True) -> Rooms:
    """Return the rooms of a frame in Manim units.

    Parameters
    ----------
    captions : bool
        The sentences stand under the picture.

    Examples
    --------
    >>> rooms = rooms_for(128 / 9, 8.0)
    >>> wide, high = rooms.size(rooms.picture)
    >>> round(wide * high / (128 / 9 * 8), 2)
    0.61
    """
    shape = "tall" if height > width else "wide" if width / height > 1.55 else "classic"
    left, right = -width / 2 + SIDE, width / 2 - SIDE
    top = height / 2 - HEADING[shape]
    bottom = -height / 2 + (SENTENCE if captions else BOTTOM)
    under = bottom + BOARD[shape]
    return Rooms(
        picture=(left, under + GAP, right, top),
        whole=(left, bottom + GAP, right, top),
        board=(left, bottom, right, under),
    )


def halves(room: Box, *, is_tall: bool) -> tuple[Box, Box]:
    """Return two rooms beside each other; in a tall frame, one below the other."""
    left, bottom, right, top = room
    x, y = (left + right) / 2, (bottom + top) / 2
    if is_tall:
        return (left, y + BETWEEN / 2, right, top), (left, bottom, right, y - BETWEEN / 2)
    return (left, bottom, x - BETWEEN / 2, top), (x + BETWEEN / 2, bottom, right, top)
