"""A film's sound is heard at the time of its pictures, by an ear that writes down what it hears."""

from __future__ import annotations

import threading
from fractions import Fraction

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import MissingComponentError
from backprop_studio.gui.stage.soundtrack import BLOCK, RATE, SoundFile, Soundtrack

SECONDS = 6
PATIENCE = 60.0
STEP = 0.1
"""Every second is louder than the one before it by so much."""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a film that is silent for a second, and hums louder in every second after it."""
    path = tmp_path_factory.mktemp("sound") / "hum.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", 10)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        audio = container.add_stream("flac", RATE)
        audio.layout = "mono"
        for _ in range(10 * SECONDS):
            grey = np.zeros((36, 64, 3), np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        container.mux(video.encode())
        times = np.arange(RATE * SECONDS) / RATE
        hum = np.sin(2 * np.pi * 500 * times) * np.floor(times) * STEP
        for first in range(0, len(hum), 4800):
            block = (hum[None, first : first + 4800] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
            container.mux(audio.encode(frame))
        container.mux(audio.encode())
    return path


def seconds_of(samples):
    """Return which second of the film each hundredth of what was heard is from."""
    loud = np.abs(samples[: len(samples) // 480 * 480, 0]).reshape(-1, 480).max(axis=1)
    return np.round(loud / STEP).astype(int)


@pytest.mark.parametrize("speed", [0.25, 0.5, 1.0, 1.25, 2.0])
@pytest.mark.parametrize("seconds", [0.0, 2.51, 4.99])
def test_sound_begins_at_any_time_and_runs_at_any_speed(file, seconds, speed):
    sound = SoundFile(file)
    heard = seconds_of(np.concatenate(list(sound.blocks(seconds, speed))))
    sound.close()
    assert len(heard) / 100 == pytest.approx((SECONDS - seconds) / speed, abs=0.1)
    for second in range(int(seconds) + 1, SECONDS):
        arrives = np.argmax(heard == second) / 100
        # What stretches time works on windows of some hundredths of a second.
        assert arrives == pytest.approx((second - seconds) / speed, abs=0.03 + 0.02 / speed)


class Ear:
    """A loudspeaker whose time is what it has heard; it stops taking samples when it has enough."""

    delay = 0.0

    def __init__(self, enough):
        self.heard, self.dropped = [], 0
        self.enough = enough
        self.has_enough = threading.Event()
        self.may_go_on = threading.Event()

    def clock(self):
        return BLOCK / RATE * len(self.heard)

    def write(self, samples):
        self.heard.append(samples.copy())
        if len(self.heard) == self.enough:
            self.has_enough.set()
            assert self.may_go_on.wait(PATIENCE)

    def begin(self):
        pass

    def drop(self):
        self.dropped += 1

    def close(self):
        pass


@pytest.fixture
def track(file):
    ear = Ear(100)
    track = Soundtrack(file, pytest.fail, lambda: ear, ear.clock)
    track.start()
    yield track, ear
    ear.may_go_on.set()
    track.close()


def test_what_is_heard_follows_what_is_seen(track):
    track, ear = track
    track.run(0.0, 2.5, 1.0)
    assert ear.has_enough.wait(PATIENCE)
    heard = seconds_of(np.concatenate(ear.heard))
    assert list(np.unique(heard)) == [2, 3, 4]
    assert np.argmax(heard == 3) / 100 == pytest.approx(0.5, abs=0.02)


def test_after_another_beginning_the_old_sound_is_dropped(track):
    track, ear = track
    track.run(0.0, 1.0, 1.0)
    assert ear.has_enough.wait(PATIENCE)
    track.run(ear.clock(), 5.0, 1.0)
    ear.enough, old = 120, len(ear.heard)
    ear.has_enough.clear()
    ear.may_go_on.set()
    assert ear.has_enough.wait(PATIENCE)
    assert ear.dropped == 1
    assert list(np.unique(seconds_of(np.concatenate(ear.heard[old + 1 :])))) == [5]


def test_sound_that_falls_behind_catches_up(track):
    """A machine that stood still does not leave the words behind the pictures for good."""
    track, ear = track
    late = 0.0
    track._clock = lambda: ear.clock() + late
    track.run(0.0, 1.0, 1.0)
    assert ear.has_enough.wait(PATIENCE)
    late = 1.0
    ear.enough, old = 130, len(ear.heard)
    ear.has_enough.clear()
    ear.may_go_on.set()
    assert ear.has_enough.wait(PATIENCE)
    assert seconds_of(np.concatenate(ear.heard[old + 1 :]))[0] == 4


def test_a_muted_film_runs_on_unheard(track):
    track, ear = track
    track.set_muted(True)
    track.run(0.0, 2.0, 1.0)
    assert ear.has_enough.wait(PATIENCE)
    assert not np.concatenate(ear.heard).any()


def test_a_loudspeaker_that_is_pulled_out_is_said_once(file):
    said, told = [], threading.Event()

    class Gone(Ear):
        def write(self, samples):
            raise MissingComponentError("sound.no_device", "no sound")

    ear = Gone(1)
    fail = lambda error: (said.append(error.message.code), told.set())  # noqa: E731
    track = Soundtrack(file, fail, lambda: ear, ear.clock)
    track.start()
    track.run(0.0, 0.0, 1.0)
    assert told.wait(PATIENCE)
    track.run(0.0, 1.0, 1.0)
    track.close()
    assert said == ["sound.no_device"]


def test_without_a_loudspeaker_one_sentence_is_said(file):
    said = []
    told = threading.Event()

    def none():
        raise MissingComponentError("sound.no_device", "no sound")

    track = Soundtrack(file, lambda error: (said.append(error.message.code), told.set()), none)
    track.start()
    assert told.wait(PATIENCE)
    track.run(0.0, 1.0, 1.0)
    track.close()
    assert said == ["sound.no_device"]
