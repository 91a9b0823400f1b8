"""Pieces of a video for several processes, each with as much to do."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

STILL_COST = 0.4
"""What a frame costs in which nothing moves, of one in which something does: only encoding it."""


class Enough(BaseException):
    """Raised when what was wanted is drawn: the rest of the lesson is not walked through."""


class Play(NamedTuple):
    """One step of a scene between two of its own instructions.

    Attributes
    ----------
    frames : int
    is_still : bool
        Whether nothing moves.
    """

    frames: int
    is_still: bool


class Piece(NamedTuple):
    """Frames of a video: from ``first``, counted from 0, up to but without ``last``."""

    first: int
    last: int

    @property
    def frames(self) -> int:
        """How many there are."""
        return self.last - self.first


def pieces(plays: Sequence[Play], count: int) -> list[Piece]:
    """Cut a video into pieces that cost about as much as each other.

    Parameters
    ----------
    plays : sequence of Play
        Of the whole video.
    count : int
        How many pieces are wanted; there are fewer if there are fewer frames.

    Returns
    -------
    list of Piece
        In order, without gaps, none of them empty.

    Examples
    --------
    >>> pieces([Play(30, False), Play(60, True), Play(30, False)], 2)
    [Piece(first=0, last=60), Piece(first=60, last=120)]
    """
    ends = [0, *itertools.accumulate(play.frames for play in plays)]
    weights = (play.frames * (STILL_COST if play.is_still else 1.0) for play in plays)
    costs = [0.0, *itertools.accumulate(weights)]
    cuts = np.interp(np.linspace(0, costs[-1], count + 1), costs, ends).round().astype(int)
    edges = np.unique([0, *cuts, ends[-1]]).tolist()
    return [Piece(first, last) for first, last in itertools.pairwise(edges)]
