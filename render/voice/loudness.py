"""How loud speech is, by the standard that broadcasters measure it with (EBU R 128)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from backprop_studio.render.voice.sound import RATE

if TYPE_CHECKING:
    from backprop_studio.render.voice.sound import Samples

WANTED = -16.0
"""LUFS of a finished track; what is said on the web is about as loud."""

CLOSE = 0.1
"""LU that a track may be off."""

CEILING = 10 ** (-2.5 / 20)
"""The loudest sample; an encoder goes a little beyond it."""

_TRIES = 6
_LOOK = RATE // 200
"""Samples before and after a peak over which it is turned down, so that nothing clicks."""

_SHORTEST = RATE // 2
"""What is shorter has no loudness by the standard, and is measured as if it were repeated."""


def loudness(samples: Samples) -> float:
    """Return how loud speech is, in LUFS; minus infinity of silence."""
    if not samples.any():
        return -np.inf
    if samples.size < _SHORTEST:
        samples = np.tile(samples, -(-_SHORTEST // samples.size))
    import av
    from av.filter import Graph

    graph = Graph()
    time_base = Fraction(1, RATE)
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=time_base)
    meter = graph.add("ebur128", "metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    found = -np.inf
    for first in range(0, samples.size, RATE):
        block = np.ascontiguousarray(samples[None, first : first + RATE], np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, time_base, first
        graph.push(frame)
        found = _latest(graph, found)
    graph.push(None)
    return _latest(graph, found)


def _latest(graph: object, found: float) -> float:
    import av

    while True:
        try:
            said = graph.pull().metadata.get("lavfi.r128.I")  # type: ignore[attr-defined]
        except (av.error.BlockingIOError, av.error.EOFError):
            return found
        found = float(said) if said is not None else found


def as_loud(samples: Samples, wanted: float = WANTED) -> Samples:
    """Return speech that is as loud as is wanted, and has no peak that an encoder would cut off."""
    made = samples
    for _ in range(_TRIES):
        found = loudness(made)
        if not np.isfinite(found) or abs(found - wanted) <= CLOSE:
            break
        made = limited(made * np.float32(10 ** ((wanted - found) / 20)))
    return made


def limited(samples: Samples) -> Samples:
    """Return sound whose peaks are turned down to the ceiling, gently and without delay."""
    peaks = maximum_filter1d(np.abs(samples), 3)
    if not peaks.size or peaks.max() <= CEILING:
        return samples
    needed = np.minimum(1.0, CEILING / np.maximum(peaks, CEILING / 1e3))
    # Each mean is over values none of which is above what its middle needs.
    window = 2 * _LOOK + 1
    gain = uniform_filter1d(minimum_filter1d(needed, window), window)
    made: Samples = (samples * np.minimum(gain, needed)).astype(np.float32)
    return made
