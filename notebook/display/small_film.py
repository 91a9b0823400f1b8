"""A film made small enough for a cell."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.notebook.apart import Stop

_FINEST, _COARSEST = 26.0, 46.0
"""Of x264's rate factors: at the one no loss can be seen, at the other text can still be read.
Where the film stands still, the player shows the picture itself."""

_SIX = 0.62
"""To which share of its bytes a film falls that is six rate factors coarser, as measured."""

_AT_30 = 0.165
"""Share of its bytes that a film keeps at a rate factor of 30."""

_SOUND = 24_000
"""Bits of a voice in a second: Opus speaks clearly with so few, and every notebook plays it; the
usual AAC is missing in VS Code."""

_MOST_TRIES = 4


@dataclass(frozen=True)
class _Way:
    """How a film is encoded: its rate factor, and every how many frames one is kept."""

    factor: float
    every: int


def write_small(film: Path, target: Path, most: int, stop: Stop, *, is_spoken: bool) -> bool:
    """Write a film again so that it has at most so many bytes.

    Parameters
    ----------
    film : Path
        Any video.
    target : Path
        An MP4 file.
    most : int
        Bytes.
    is_spoken : bool
        Whether the film has sound.

    Returns
    -------
    bool
        False if it cannot be so small and still be read; there is no file then.
    """
    size = film.stat().st_size
    if size <= most and not is_spoken:
        target.write_bytes(film.read_bytes())
        return True
    way = _Way(_bounded(_factor_for(most / size)), 1)
    for _ in range(_MOST_TRIES):
        _encode(film, target, way, stop, is_spoken=is_spoken)
        found = target.stat().st_size
        if found <= most:
            return True
        if way.factor < _COARSEST:
            more = 6 * math.log(most / found) / math.log(_SIX)
            way = replace(way, factor=_bounded(way.factor + more + 0.5))
        elif way.every == 1:
            way = replace(way, every=2)
        else:
            break
    target.unlink()
    return False


def _factor_for(share: float) -> float:
    """Return the rate factor at which a film keeps about this share of its bytes."""
    return 30 + 6 * math.log(max(share, 1e-6) / _AT_30) / math.log(_SIX) + 0.5


def _bounded(factor: float) -> float:
    return min(max(factor, _FINEST), _COARSEST)


def _encode(film: Path, target: Path, way: _Way, stop: Stop, *, is_spoken: bool) -> None:
    # Only here: it loads the codecs, which a film that is small enough does not need.
    import av

    from backprop_studio.render.files.film import add_stream, in_video_colours
    from backprop_studio.render.files.sound_writer import SoundWriter
    from backprop_studio.render.messages.formats import MP4
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.voice.sound import read_sound

    kind = replace(MP4, sound="libopus")
    options = {"preset": "faster", "tune": "animation", "crf": f"{way.factor:.1f}", "g": "900"}
    with (
        av.open(film) as source,
        av.open(target, "w", format=kind.container, options=kind.container_options) as out,
    ):
        pictures: Any = source.streams.video[0]
        fps = int(pictures.average_rate)
        picture = FrameFormat(width=pictures.width, height=pictures.height, fps=fps)
        stream = add_stream(out, picture, kind.encoder, kind.pixels, **options)
        in_video_colours(stream.codec_context)
        voice = None
        if is_spoken:
            seconds = float(Fraction(pictures.frames, fps))
            sound = [read_sound(film, seconds + 1)]
            voice = SoundWriter(out, kind, sound, bits_per_second=_SOUND)
        for number, frame in enumerate(source.decode(pictures)):
            stop.check()
            if voice is not None:
                voice.write_until(Fraction(number, fps))
            if number % way.every:
                continue
            frame.pts, frame.time_base = number, Fraction(1, fps)
            frame.pict_type = 0
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if voice is not None:
            voice.finish()
