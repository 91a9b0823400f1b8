from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.render.drawing.progress import Eta, RenderCancelled, Watch


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def watch_of(clock, cancelled=lambda: False):
    events = []
    return Watch("job", events.append, cancelled, clock), events


def test_it_is_too_early_to_say_at_the_beginning_and_nothing_is_left_at_the_end(clock):
    eta = Eta(clock)
    clock.now += 5.0
    assert eta.remaining(Eta.LEAST_SHARE * 0.9) is None
    assert eta.remaining(1.0) == 0.0


def test_after_a_tenth_of_the_work_it_is_said_however_short_the_job(clock):
    eta = Eta(clock)
    assert eta.remaining(0.02) is None  # the beginning does not count
    clock.now += 0.1
    assert eta.remaining(Eta.ENOUGH_SHARE * 0.9) is None  # it could be chance
    clock.now += 0.1
    assert eta.remaining(0.12) == pytest.approx(0.2 / 0.1 * 0.88, rel=0.01)


def test_what_comes_before_the_first_frame_tells_nothing_of_the_pace(clock):
    eta = Eta(clock)
    for _ in range(30):  # a worker walks to its piece
        clock.now += 1.0
        assert eta.remaining(0.0) is None
    for step in range(1, 51):
        clock.now += 0.1
        guess = eta.remaining(step / 100)
    assert guess == pytest.approx(5.0)


def test_the_guess_follows_when_the_machine_gets_slower(clock):
    eta = Eta(clock)
    for step in range(1, 101):
        clock.now += 0.01
        easy = eta.remaining(step / 1000)
    for step in range(101, 201):
        clock.now += 0.2
        hard = eta.remaining(step / 1000)
    mean_alone = (1.0 + 20.0) / 200 * 800
    assert easy == pytest.approx(9.0, rel=0.01)
    assert mean_alone < hard < 0.2 * 800


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 2)), min_size=1, max_size=60))
def test_the_fraction_never_falls_and_is_one_only_at_the_end(steps):
    clock = Clock()
    watch, events = watch_of(clock)
    frames = sum(count for count, _ in steps) or 1
    done = 0
    watch.planning()
    watch.planned(frames)
    for count, seconds in steps:
        clock.now += seconds
        done += count
        watch.drawing(done, frames)
    watch.checking()
    watch.finished(frames, frames)
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [event.frames for event in events] == [0] + [frames] * (len(events) - 1)
    assert [event.frame for event in events] == sorted(event.frame for event in events)
    assert all(fraction < 1.0 for fraction in fractions[:-1])
    assert all(event.eta_seconds is None or event.eta_seconds >= 0 for event in events)


def test_a_job_that_looks_back_does_not_take_the_bar_back(clock):
    watch, events = watch_of(clock)
    for report in (watch.planning, lambda: watch.drawing(60, 120), lambda: watch.drawing(30, 120)):
        report()
        clock.now += 1
    watch.planning()
    assert [event.fraction for event in events] == [0.0, 0.5, 0.5, 0.5]
    assert [event.phase for event in events] == ["plan", "draw", "draw", "plan"]
    counts = [(event.frame, event.frames) for event in events]
    assert counts == [(0, 0), (60, 120), (60, 120), (60, 120)]


def test_events_are_at_most_ten_a_second(clock):
    watch, events = watch_of(clock)
    for frame in range(1000):
        clock.now += 0.001
        watch.drawing(frame, 1000)
    assert 9 <= len(events) <= 11


@pytest.mark.parametrize("step", ["check", "planning", "drawing", "checking"])
def test_every_step_notices_a_cancel(clock, step):
    watch, events = watch_of(clock, lambda: True)
    arguments = {"drawing": (1, 2)}.get(step, ())
    assert not issubclass(RenderCancelled, Exception)  # which a scene could swallow
    with pytest.raises(RenderCancelled):
        getattr(watch, step)(*arguments)
    assert events == []
