"""Sound as numbers: read from files of any kind, brought to one rate, freed of its silence."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 48_000
"""Samples per second of all that goes into a video."""

Samples = npt.NDArray[np.float32]

SPEECH = 10 ** (-40 / 20)
"""Of the loudest sample: what is quieter before the first word and after the last is silence."""

SILENT = 10 ** (-60 / 20)
"""Of the loudest that a file can hold: nothing is said where nothing is louder."""

_LEAST_RATE, _MOST_RATE = 4_000, 384_000
_FRAME = RATE // 100
_EDGE = RATE // 200
"""Of what is kept beside the first and last audible sample, in which it fades in or out."""


@dataclass(frozen=True)
class RawSound:
    """Sound as a program or a file gives it: one channel of 16 bits.

    Attributes
    ----------
    rate : int
        Samples per second.
    data : bytes
    """

    rate: int
    data: bytes


class NoSoundError(Exception):
    """There is no sound in what was given, or none that can be read."""


class TooLongError(Exception):
    """There is more sound than is allowed."""


def wave_of(data: bytes) -> RawSound:
    """Return the sound of a WAV file as a program streams it, whose header does not know its end.

    Raises
    ------
    NoSoundError
        If it is none, or has other than one channel of 16 bits.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise NoSoundError
    at, rate = 12, 0
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt " and at + 16 <= len(data):
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, at)
            if (kind, channels, bits) != (1, 1, 16):
                raise NoSoundError
        elif name == b"data" and rate:
            return RawSound(rate, data[at : len(data) - (len(data) - at) % 2])
        at += length + length % 2
    raise NoSoundError


def samples_of(raw: RawSound) -> Samples:
    """Return raw sound at our rate.

    Raises
    ------
    NoSoundError
        If its rate is none at which anybody records.
    """
    if not _LEAST_RATE <= raw.rate <= _MOST_RATE or len(raw.data) < 2:
        raise NoSoundError
    import av

    whole = np.frombuffer(raw.data, "<i2")[None]
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole), format="s16", layout="mono")
    frame.sample_rate = raw.rate
    return _joined(_resampled(iter([frame])))


def read_sound(path: Path, most_seconds: float) -> Samples:
    """Return the sound of a file, whatever its kind, as one channel at our rate.

    Raises
    ------
    NoSoundError
        If there is none that can be read.
    TooLongError
        If it lasts longer.
    """
    import av

    found: list[Samples] = []
    length = 0
    try:
        with av.open(path) as container:
            if not container.streams.audio:
                raise NoSoundError
            for chunk in _resampled(container.decode(audio=0)):
                found.append(chunk)
                length += chunk.size
                if length > most_seconds * RATE:
                    raise TooLongError
    except (av.error.FFmpegError, ValueError, IndexError, EOFError) as error:
        raise NoSoundError from error
    return _joined(iter(found))


def _resampled(frames: Iterator[Any]) -> Iterator[Samples]:
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    for frame in frames:
        if not _LEAST_RATE <= frame.sample_rate <= _MOST_RATE:
            raise NoSoundError
        frame.pts = None
        for made in resampler.resample(frame):
            yield made.to_ndarray()[0]
    for made in resampler.resample(None):
        yield made.to_ndarray()[0]


def _joined(chunks: Iterator[Samples]) -> Samples:
    found = list(chunks)
    return np.nan_to_num(np.concatenate(found)) if found else np.zeros(0, np.float32)


def lasting(samples: Samples, seconds: float) -> Samples:
    """Return sound that is as long as that, cut off or followed by silence."""
    wanted = round(seconds * RATE)
    return np.pad(samples[:wanted], (0, max(wanted - samples.size, 0)))


def trimmed(samples: Samples) -> Samples:
    """Return sound from its first word to its last, its edges faded so that nothing clicks.

    Empty if nothing is said.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < SILENT:
        return samples[:0]
    loud = np.flatnonzero(np.abs(samples) >= peak * SPEECH)
    kept = samples[max(loud[0] - _EDGE, 0) : loud[-1] + 1 + _EDGE].copy()
    fade = np.linspace(0, 1, min(_EDGE, kept.size), dtype=np.float32)
    kept[: fade.size] *= fade
    kept[kept.size - fade.size :] *= fade[::-1]
    return kept


def pauses(samples: Samples) -> list[tuple[int, int]]:
    """Return where nobody speaks between the first word and the last: the first sample and the end.

    Those of less than a tenth of a second belong to a word.
    """
    count = samples.size // _FRAME
    if not count:
        return []
    loudest = np.abs(samples[: count * _FRAME]).reshape(count, _FRAME).max(axis=1)
    is_quiet = np.concatenate(([False], loudest < loudest.max() * SPEECH, [False]))
    edges = np.flatnonzero(np.diff(is_quiet.astype(np.int8))).reshape(-1, 2)
    inner = [(a, b) for a, b in edges.tolist() if a > 0 and b < count and b - a >= 10]
    return [(a * _FRAME, b * _FRAME) for a, b in inner]
