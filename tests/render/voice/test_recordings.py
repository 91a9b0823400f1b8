"""Tests of the lecturer's own recordings: found by name, cut at pauses, refused in a sentence."""

from __future__ import annotations

import wave

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.voice import recordings
from backprop_studio.render.voice.recordings import Recordings, sentences_in
from backprop_studio.render.voice.sound import RATE
from backprop_studio.render.voice.source import Saying


def tone(seconds, loud=0.3):
    return loud * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)


GAP = np.zeros(RATE // 2)


def record(path, *parts):
    """Write a recording with a second of silence before and after."""
    whole = np.concatenate([GAP, GAP, *parts, GAP, GAP])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((whole * 32767).astype("<i2").tobytes())


def saying(beat, number=1, count=1):
    return Saying("backprop", beat, number, count, "A sentence.")


def seconds(samples):
    return samples.size / RATE


def test_a_sentence_has_its_own_file_or_its_part_of_the_beats_or_none(tmp_path):
    record(tmp_path / "Backprop.LOSS.2.WAV", tone(0.7))
    record(tmp_path / "backprop.loss.wav", tone(1), GAP, tone(2))
    record(tmp_path / "backprop.loss.1.zh.wav", tone(3))
    (tmp_path / "notes.txt").write_text("no recording")
    voice = Recordings(tmp_path)
    first, second = saying("loss", 1, 2), saying("loss", 2, 2)
    assert seconds(voice.speak(first, "en")) == pytest.approx(1, abs=0.02)
    assert seconds(voice.speak(second, "en")) == pytest.approx(0.7, abs=0.02)
    assert seconds(voice.speak(first, "zh")) == pytest.approx(3, abs=0.02)
    assert voice.speak(saying("forward"), "en") is None


def test_a_recorded_beat_is_cut_at_its_longest_pauses():
    short = np.zeros(RATE // 5)
    whole = np.concatenate([tone(1), short, tone(1), GAP, tone(0.5), GAP, tone(1.5)])
    parts = sentences_in(whole.astype("f4"), 3)
    assert [seconds(it) for it in parts] == pytest.approx([2.2, 0.5, 1.5], abs=0.02)


def test_a_beat_without_pauses_is_cut_all_the_same_and_nothing_is_lost():
    parts = sentences_in(tone(3).astype("f4"), 3)
    assert sum(map(seconds, parts)) == pytest.approx(3, abs=0.01)
    assert min(map(seconds, parts)) > 0.5


def test_a_changed_recording_is_another_voice(tmp_path):
    record(tmp_path / "backprop.loss.wav", tone(1))
    before = Recordings(tmp_path).fingerprint()
    assert Recordings(tmp_path).fingerprint() == before
    record(tmp_path / "backprop.loss.wav", tone(2))
    assert Recordings(tmp_path).fingerprint() != before


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.write_bytes(b""), "cannot be read as sound"),
        (lambda file: file.write_bytes(b"RIFF and nothing else"), "cannot be read as sound"),
        (lambda file: record(file), "nothing can be heard"),
        (lambda file: record(file, tone(30)), "longer than 20 seconds"),
        (lambda file: file.mkdir(), "cannot be"),
    ],
)
def test_a_bad_recording_is_named_in_one_sentence(tmp_path, monkeypatch, make, said):
    monkeypatch.setattr(recordings, "MOST_SECONDS", 20)
    make(tmp_path / "backprop.loss.1.wav")
    with pytest.raises(InputError) as caught:
        Recordings(tmp_path).speak(saying("loss"), "en")
    assert said in str(caught.value).lower()
    assert str(tmp_path / "backprop.loss.1.wav") in str(caught.value)


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(InputError, match="no recordings"):
        Recordings(tmp_path)
    with pytest.raises(InputError, match="cannot be read: no such file"):
        Recordings(tmp_path / "nowhere")
