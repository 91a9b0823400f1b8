"""The sound of a video file, written beside its pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.voice.sound import RATE, Samples

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from av.container import OutputContainer

    from backprop_studio.render.messages.formats import VideoFormat

_BITS_PER_SECOND = 128_000
_BLOCK = RATE // 10
_TIME_BASE = Fraction(1, RATE)
_SLACK = 0.05
"""Seconds by which an encoder may end a sound later than it was given."""


class SoundWriter:
    """The sound stream of a file that is being written.

    Parameters
    ----------
    out : OutputContainer
        Whose pictures have a stream already.
    kind : VideoFormat
    sound : iterable of arrays
        One part after the other, at our rate.
    bits_per_second : int
        How large it is to be, about.
    """

    def __init__(
        self,
        out: OutputContainer,
        kind: VideoFormat,
        sound: Iterable[Samples],
        *,
        bits_per_second: int = _BITS_PER_SECOND,
    ) -> None:
        self._out = out
        stream: Any = out.add_stream(kind.sound, rate=RATE, layout="mono", bit_rate=bits_per_second)
        self._stream = stream
        self._parts = iter(sound)
        self._left = np.zeros(0, np.float32)
        self._written = 0
        self._resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=RATE)

    def write_until(self, seconds: Fraction | float) -> None:
        """Write as much as is heard until a time."""
        while self._written < seconds * RATE and (block := self._next()) is not None:
            self._write(block)

    def finish(self) -> None:
        """Write the rest."""
        while (block := self._next()) is not None:
            self._write(block)
        for frame in self._resampler.resample(None):
            self._out.mux(self._stream.encode(frame))
        self._out.mux(self._stream.encode(None))

    def _next(self) -> Samples | None:
        while not self._left.size:
            part = next(self._parts, None)
            if part is None:
                return None
            self._left = part
        block, self._left = self._left[:_BLOCK], self._left[_BLOCK:]
        return block

    def _write(self, block: Samples) -> None:
        whole = np.ascontiguousarray(block[None], np.float32)
        frame = av.AudioFrame.from_ndarray(whole, format="flt", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, _TIME_BASE, self._written
        self._written += block.size
        for made in self._resampler.resample(frame):
            self._out.mux(self._stream.encode(made))


def verify_sound(path: Path, seconds: float) -> None:
    """Prove that a finished file has sound that is as long as its pictures.

    Raises
    ------
    StudioError
        If it has none, or it is shorter or longer.
    """
    found = 0.0
    try:
        with av.open(path) as container:
            stream = container.streams.audio[0]
            for packet in container.demux(stream):
                if packet.pts is not None and packet.time_base is not None:
                    ends = (packet.pts + (packet.duration or 0)) * packet.time_base
                    found = max(found, float(ends))
    except (av.error.FFmpegError, IndexError) as error:
        text = N_("the finished video's sound cannot be read again: {fault}")
        raise StudioError("video.no_sound", text, fault=str(error)) from error
    if abs(found - seconds) > _SLACK:
        text = N_("the finished video's sound lasts {found} seconds instead of {expected}")
        fields = {"found": f"{found:.2f}", "expected": f"{seconds:.2f}"}
        raise StudioError("video.other_sound", text, **fields)
