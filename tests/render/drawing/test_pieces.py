"""A video cut into pieces: nothing twice, nothing left out, even shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.render.costs import SceneCost
from backprop_studio.render.drawing.pieces import STILL_COST, Piece, Play, Work, measured, pieces
from backprop_studio.render.messages.results import BeatMark

COSTS = st.just(0.0) | st.floats(0.5, 50)
PLAYS = st.lists(st.builds(Play, st.integers(0, 90), st.booleans(), COSTS), max_size=30)


@given(PLAYS, st.integers(1, 9))
def test_pieces_are_the_whole_video_in_order(plays, count):
    total = sum(play.frames for play in plays)
    found = pieces(plays, count)
    assert len(found) <= count
    assert all(piece.frames > 0 for piece in found)
    assert [frame for piece in found for frame in range(*piece)] == list(range(total))


@given(PLAYS, st.integers(1, 9))
def test_pieces_cost_the_same(plays, count):
    costs = [play.work / play.frames for play in plays for _ in range(play.frames)]
    share, most = sum(costs) / count, max(costs, default=1.0)
    for piece in pieces(plays, count):
        assert abs(sum(costs[slice(*piece)]) - share) <= most + 1e-9 or share < most


def test_still_frames_cost_little():
    plays = [Play(10, True)] * 10 + [Play(1, False)] * 100
    first, second = pieces(plays, 2)
    moving = (100 * STILL_COST + 100) / 2 - 100 * STILL_COST
    assert first == Piece(0, 100 + round(moving))
    assert second.last == 200


@pytest.mark.parametrize("plays", [[], [Play(0, False)]])
def test_nothing_has_no_pieces(plays):
    assert pieces(plays, 3) == []


@given(PLAYS.filter(lambda plays: sum(play.frames for play in plays) > 2), st.integers(1, 3))
def test_the_work_of_a_piece_rises_from_nothing_to_all_of_it(plays, count):
    for piece in pieces(plays, count):
        work = Work(plays, piece)
        shares = [work.share(frame) for frame in range(piece.frames + 1)]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, pytest.approx(1.0))


def test_plays_cost_what_was_measured_of_their_beats(monkeypatch):
    table = SceneCost(seconds=3, work=1, still=2, beats={"first": [10], "second": [30, 20, 50]})
    monkeypatch.setattr("backprop_studio.render.drawing.pieces.cost_of", {"known": table}.get)
    beats = [
        BeatMark(name=name, caption="", start=start, end=start + 1)
        for start, name in enumerate(("first", "second", "new"))
    ]
    plays = [Play(10, False), Play(6, False), Play(2, True), Play(2, False), Play(10, False)]
    costs = [play.cost for play in measured(plays, "known", beats, 10)]
    assert costs == [10, 20, 2, 50, 20]  # a beat that parameters have brought costs a middle
    plays[0:1] = [Play(5, False), Play(5, False)]
    plays[4:5] = [Play(1, False), Play(1, False)]
    costs = [play.cost for play in measured(plays, "known", beats, 10)]
    assert costs == [10, 10, 30, 2, 30, 30, 20]  # as do plays that are not those of the table
    assert measured(plays, "strange", beats, 10) == plays
