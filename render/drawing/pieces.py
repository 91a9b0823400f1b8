"""Pieces of a video for several processes, each with as much to do."""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backprop_studio.render.costs import cost_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.messages.results import BeatMark

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
    cost : float
        Of one of its frames, in a unit of the whole lesson; 0 if it was never measured.
    """

    frames: int
    is_still: bool
    cost: float = 0.0

    @property
    def work(self) -> float:
        """What all its frames cost."""
        return self.frames * (self.cost or (STILL_COST if self.is_still else 1.0))


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
    costs = [0.0, *itertools.accumulate(play.work for play in plays)]
    cuts = np.interp(np.linspace(0, costs[-1], count + 1), costs, ends).round().astype(int)
    edges = np.unique([0, *cuts, ends[-1]]).tolist()
    return [Piece(first, last) for first, last in itertools.pairwise(edges)]


def measured(
    plays: Sequence[Play], scene: str, beats: Sequence[BeatMark], fps: float
) -> list[Play]:
    """Return plays with what their frames cost, if the scene was ever measured."""
    cost = cost_of(scene)
    if cost is None:
        return list(plays)
    starts = [round(beat.start * fps) for beat in beats]
    begins = itertools.accumulate((play.frames for play in plays), initial=0)
    places = [bisect.bisect_right(starts, begin) - 1 for begin in begins]
    found: list[Play] = []
    for place, group in itertools.groupby(zip(places, plays, strict=False), lambda it: it[0]):
        own = [play for _, play in group]
        count = sum(bool(play.frames and not play.is_still) for play in own)
        costs = iter(cost.moving(beats[place].name if place >= 0 else "", count))
        for play in own:
            moves = play.frames and not play.is_still
            found.append(play._replace(cost=next(costs) if moves else cost.still))
    return found


class Work:
    """The work of a piece, of which the first frames are done.

    Parameters
    ----------
    plays : sequence of Play
        Of the whole video.
    piece : Piece
    """

    def __init__(self, plays: Sequence[Play], piece: Piece) -> None:
        self._ends = [0, *itertools.accumulate(play.frames for play in plays)]
        self._costs = [0.0, *itertools.accumulate(play.work for play in plays)]
        self._first = piece.first
        self._before, end = (self._until(frame) for frame in piece)
        self._whole = end - self._before

    def share(self, frames: int) -> float:
        """Return the share of the work that lies in the first frames, from 0 to 1."""
        return (self._until(self._first + frames) - self._before) / self._whole

    def _until(self, frame: int) -> float:
        return float(np.interp(frame, self._ends, self._costs))
