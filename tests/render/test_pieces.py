"""A video cut between its plays: nothing twice, nothing left out, even shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.pieces import STILL_COST, Piece, Play, pieces

PLAYS = st.lists(st.builds(Play, st.integers(0, 90), st.booleans()), max_size=30)


@given(PLAYS, st.integers(1, 9))
def test_pieces_are_the_whole_video_in_order(plays, count):
    total = sum(play.frames for play in plays)
    found = pieces(plays, count)
    assert len(found) <= count
    assert all(piece.frames > 0 for piece in found)
    assert [frame for piece in found for frame in range(*piece)] == list(range(total))
    begins = [sum(play.frames for play in plays[:k]) for k in range(len(plays) + 1)]
    assert all(piece.first in begins and piece.last in begins for piece in found)


@given(st.lists(st.integers(1, 20), min_size=40, max_size=60), st.integers(1, 4))
def test_pieces_of_many_short_plays_cost_the_same(lengths, count):
    plays = [Play(frames, False) for frames in lengths]
    costs = [piece.frames for piece in pieces(plays, count)]
    assert len(costs) == count
    assert max(costs) - sum(costs) / count <= max(lengths)


def test_still_frames_cost_little():
    plays = [Play(10, True)] * 10 + [Play(1, False)] * 100
    first, second = pieces(plays, 2)
    moving = (100 * STILL_COST + 100) / 2 - 100 * STILL_COST
    assert first == Piece(0, 100 + round(moving))
    assert second.last == 200


@pytest.mark.parametrize("plays", [[], [Play(0, False)]])
def test_nothing_has_no_pieces(plays):
    assert pieces(plays, 3) == []
