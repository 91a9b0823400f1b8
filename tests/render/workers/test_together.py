"""Progress of pieces together: it says the total once, never falls, and waits for the slowest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.render.messages.events import Progress
from backprop_studio.render.workers.together import Together


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def told(frame=0, frames=900, phase="draw", eta=None):
    share = frame / frames if frames else 0.0
    return Progress(
        job_id="p", phase=phase, fraction=share, frame=frame, frames=frames, eta_seconds=eta
    )


def test_the_total_is_that_of_the_whole_as_soon_as_one_piece_knows_it():
    together = Together("v", 2)
    first = together.heard("a", told(frames=0, phase="plan"))
    assert (first.job_id, first.phase, first.frames, first.fraction) == ("v", "plan", 0, 0.0)
    known = [together.heard("a", told()), together.heard("b", told(frames=0, phase="plan"))]
    known += [together.heard("b", told(90)), together.heard("a", told(180))]
    assert {it.frames for it in known} == {900}
    assert {it.phase for it in known} == {"draw"}
    assert (known[-1].frame, known[-1].fraction) == (270, pytest.approx(0.3))


def test_the_slowest_piece_says_how_long_it_takes():
    clock = Clock()
    together = Together("v", 2, clock)
    for piece in "ab":
        together.heard(piece, told())
    clock.now += 10
    assert together.heard("a", told(9, eta=50.0)).eta_seconds is None  # too early
    together.heard("a", told(90, eta=20.0))
    assert together.heard("b", told(45, eta=40.0)).eta_seconds == pytest.approx(41.5)
    assert together.heard("b", told(450, phase="check", eta=0.0)).eta_seconds == pytest.approx(20.9)
    assert together.joining().eta_seconds == pytest.approx(0.3)


@pytest.mark.parametrize(("count", "rounds"), [(2, 1), (4, 3)])
def test_pieces_that_have_not_begun_take_as_long_as_the_others(count, rounds):
    clock = Clock()
    together = Together("v", count, clock)
    clock.now += 4
    together.heard("a", told())
    clock.now += 10
    whole = 10 + 30
    found = together.heard("a", told(100, eta=30.0)).eta_seconds
    assert found == pytest.approx(rounds * whole + 0.03 * (14 + rounds * whole))


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300)), min_size=1, max_size=40)


@given(STEPS)
def test_frames_and_fraction_agree_and_never_fall(steps):
    """Also when a piece is begun anew."""
    together = Together("v", 3)
    found = [together.heard(piece, told(frame)) for piece, frame in steps]
    frames = [it.frame for it in found]
    assert frames == sorted(frames)
    for it in found:
        assert it.fraction == pytest.approx(min(0.99, it.frame / 900))
    assert together.joining().fraction <= 0.99
    end = together.finished()
    assert (end.fraction, end.phase, end.eta_seconds) == (1.0, "check", 0.0)
