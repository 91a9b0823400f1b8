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

HEADING = 0.72
SENTENCE = 1.15
"""Heights of what stands above and below the picture."""

BOTTOM = 0.25
BOARD = {"wide": 0.98, "classic": 0.98, "tall": 2.5}
"""Height of the board by the frame's shape: in a tall one a formula has several lines."""

GAP = 0.06


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
    top = height / 2 - HEADING
    bottom = -height / 2 + (SENTENCE if captions else BOTTOM)
    under = bottom + BOARD[shape]
    return Rooms(
        picture=(left, under + GAP, right, top),
        whole=(left, bottom + GAP, right, top),
        board=(left, bottom, right, under),
    )
