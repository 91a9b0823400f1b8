"""Tests of how loud speech is."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.render.voice.loudness import CEILING, as_loud, limited, loudness
from backprop_studio.render.voice.sound import RATE

CHANCE = np.random.default_rng(7)


def sine(seconds, level, hertz=997):
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(
        "f4"
    )


def speech(seconds, level):
    """Return noise in syllables, with clicks that are far louder."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = level * CHANCE.standard_normal(time.size) * np.clip(np.sin(2 * np.pi * 3 * time), 0, 1)
    sound[:: RATE // 3] = 20 * level
    return sound.astype("f4")


def test_measures_as_the_standard_says():
    # EBU Tech 3341: 1 kHz at -23 dBFS in both channels is -23 LUFS, in one it is 3 less.
    assert loudness(sine(5, 10 ** (-23 / 20))) == pytest.approx(-26, abs=0.1)
    assert loudness(sine(0.2, 0.1)) == pytest.approx(loudness(sine(5, 0.1)), abs=0.3)
    assert loudness(np.zeros(RATE, "f4")) == -np.inf


@pytest.mark.parametrize("level", [0.001, 0.05, 0.3])
def test_speech_becomes_as_loud_as_is_wanted_and_is_never_cut_off(level):
    made = as_loud(speech(4, level))
    assert loudness(made) == pytest.approx(-16, abs=0.5)
    assert np.abs(made).max() <= CEILING * 1.0001


def test_silence_stays_silent():
    assert not as_loud(np.zeros(RATE, "f4")).any()


def test_peaks_are_turned_down_without_a_click_or_a_delay():
    sound = sine(1, 0.2, 100)
    sound[RATE // 2 : RATE // 2 + RATE // 100] *= 10
    made = limited(sound)
    assert np.abs(made).max() <= CEILING * 1.0001
    assert np.array_equal(made[: RATE // 4], sound[: RATE // 4])
    ratio = made[RATE // 2 + 100] / sound[RATE // 2 + 100]
    assert 0.3 < ratio < 0.6
