"""Tests of sound as numbers."""

from __future__ import annotations

import struct
import subprocess
import sys
import wave

import av
import numpy as np
import pytest

from backprop_studio.render.voice.sound import (
    RATE,
    NoSoundError,
    RawSound,
    TooLongError,
    pauses,
    read_sound,
    samples_of,
    trimmed,
    wave_of,
)


def tone(seconds, rate=RATE, hertz=440, loud=0.3):
    return (loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype("f4")


def sixteen_bits(samples):
    return (np.asarray(samples) * 32767).astype("<i2").tobytes()


def write_sound(path, samples, codec, rate=RATE, container=None):
    """Write a file of any kind with FFmpeg's own encoders."""
    with av.open(path, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(stream.format.name, "mono", rate)
        whole = np.ascontiguousarray(samples[None], np.float32)
        frame = av.AudioFrame.from_ndarray(whole, format="flt", layout="mono")
        frame.sample_rate = rate
        for made in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(made))
        out.mux(stream.encode(None))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("a.mp3", "libmp3lame"), ("a.ogg", "libopus"), ("a.m4a", "aac")],
)
@pytest.mark.parametrize("rate", [48_000, 24_000])
def test_reads_any_kind_of_file_at_its_time(tmp_path, name, codec, rate):
    said = np.concatenate([np.zeros(rate // 2), tone(1, rate)])
    write_sound(tmp_path / name, said, codec, rate)
    samples = read_sound(tmp_path / name, 10)
    begins = np.flatnonzero(np.abs(samples) > 0.03)[0] / RATE
    assert begins == pytest.approx(0.5, abs=0.06)  # whatever an encoder puts before it
    assert trimmed(samples).size / RATE == pytest.approx(1, abs=0.05)


def test_what_a_header_says_of_its_length_does_not_count():
    said = sixteen_bits(tone(0.5, 22_050))
    head = b"RIFF\xff\xff\xff\x7fWAVE" + b"LIST\x03\x00\x00\x00abc\x00"
    head += b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22_050, 44_100, 2, 16)
    raw = wave_of(head + b"data\x00\xf0\xff\x7f" + said + b"\x01")
    assert raw == RawSound(22_050, said)
    assert samples_of(raw).size == pytest.approx(RATE / 2, abs=50)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"RIFF", b"no sound at all", b"RIFF\0\0\0\0WAVEdata\0\0\0\0ab"),
        b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 2, 48_000, 0, 8, 32) + b"data",
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0ab",
    ],
)
def test_rubbish_is_no_sound(data):
    with pytest.raises(NoSoundError):
        wave_of(data)


@pytest.mark.parametrize("rate", [0, 1, 10**7])
def test_a_rate_at_which_nobody_records_is_no_sound(rate, tmp_path):
    with pytest.raises(NoSoundError):
        samples_of(RawSound(rate, b"abcd"))
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(max(rate, 1))
        file.writeframes(b"abcd" * 1000)
    with pytest.raises(NoSoundError):
        read_sound(tmp_path / "a.wav", 10**6)


def test_a_long_file_is_given_up_early(tmp_path):
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 60))
    with pytest.raises(TooLongError):
        read_sound(tmp_path / "a.wav", 30)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\0" * 5000])
def test_a_file_without_sound_is_none(tmp_path, content):
    (tmp_path / "a.mp3").write_bytes(content)
    with pytest.raises(NoSoundError):
        read_sound(tmp_path / "a.mp3", 10)


def test_silence_around_speech_goes_and_nothing_clicks():
    said = np.concatenate([np.zeros(RATE), tone(0.5, hertz=445), 0.001 * np.ones(RATE)])
    kept = trimmed(said.astype("f4"))
    assert kept.size / RATE == pytest.approx(0.51, abs=0.005)
    assert np.abs(kept[[0, -1]]).max() == 0
    assert np.abs(np.diff(kept)).max() < 0.3 * 2 * np.pi * 445 / RATE * 1.1
    assert trimmed(np.full(RATE, 1e-4, "f4")).size == 0


def test_finds_the_pauses_between_words():
    gap = np.zeros(RATE // 2)
    said = np.concatenate([gap, tone(1), gap, tone(1), gap]).astype("f4")
    assert [(a / RATE, b / RATE) for a, b in pauses(said)] == [(1.5, 2.0)]
    assert pauses(said[:10]) == []


def test_sound_loads_no_codecs():
    code = "import sys, backprop_studio.render.voice.sources; print('av' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
