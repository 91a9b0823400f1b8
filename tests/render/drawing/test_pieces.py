"""A video cut into pieces: nothing twice, nothing left out, even shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.render.drawing.pieces import STILL_COST, Piece, Play, pieces

PLAYS = st.lists(st.builds(Play, st.integers(0, 90), st.booleans()), max_size=30)


@given(PLAYS, st.integers(1, 9))
def test_pieces_are_the_whole_video_in_order(plays, count):
    total = sum(play.frames for play in plays)
    found = pieces(plays, count)
    assert len(found) <= count
    assert all(piece.frames > 0 for piece in found)
    assert [frame for piece in found for frame in range(*piece)] == list(range(total))


@given(PLAYS, st.integers(1, 9))
def test_pieces_cost_the_same(plays, count):
    costs = [STILL_COST if play.is_still else 1.0 for play in plays for _ in range(play.frames)]
    share = sum(costs) / count
    for piece in pieces(plays, count):
        assert abs(sum(costs[slice(*piece)]) - share) <= 1 + 1e-9 or share < 1


def test_still_frames_cost_little():
    plays = [Play(10, True)] * 10 + [Play(1, False)] * 100
    first, second = pieces(plays, 2)
    moving = (100 * STILL_COST + 100) / 2 - 100 * STILL_COST
    assert first == Piece(0, 100 + round(moving))
    assert second.last == 200


@pytest.mark.parametrize("plays", [[], [Play(0, False)]])
def test_nothing_has_no_pieces(plays):
    assert pieces(plays, 3) == []
