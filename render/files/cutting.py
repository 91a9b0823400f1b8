"""Clips of a video, cut where nothing has to be encoded again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.sound_writer import SoundWriter
from backprop_studio.render.files.timestamps import whole_ticks
from backprop_studio.render.messages.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backprop_studio.render.voice.sound import Samples


def cut_video(
    video: Path,
    clips: Sequence[tuple[Path, int, int, str]],
    sound: Samples | None = None,
) -> None:
    """Write clips of a video, whose frames are the video's own to the last bit.

    Parameters
    ----------
    video : Path
        Made with a :class:`Film` that can be cut where the clips begin.
    clips : sequence of (Path, int, int, str)
        Each with its first frame, the frame behind its last, and its title; in order, not
        overlapping.
    sound : array, optional
        Of the whole video.

    Raises
    ------
    StudioError
        If the video cannot be cut there.
    OSError
        If a file cannot be read or written.
    """
    with av.open(video) as source:
        stream: Any = source.streams.video[0]
        tick = 1 / stream.average_rate / stream.time_base
        packets = [it for it in source.demux(stream) if it.dts is not None]
        numbered = {round(it.pts / tick): it for it in packets}
        for path, first, last, title in clips:
            inside = [numbered[number] for number in range(first, last) if number in numbered]
            if len(inside) != last - first or not inside[0].is_keyframe:
                text = N_("{file} cannot be cut at frame {frame}")
                raise StudioError("video.no_cut", text, file=video.name, frame=first)
            _write(path, title, stream, inside, tick, _part(sound, first, last, stream))


def _part(sound: Samples | None, first: int, last: int, stream: Any) -> Samples | None:
    from backprop_studio.render.voice.sound import RATE

    if sound is None:
        return None
    begin, end = (round(float(it / stream.average_rate) * RATE) for it in (first, last))
    return sound[begin:end]


def _write(
    path: Path, title: str, template: Any, packets: Sequence[Any], tick: Any, sound: Samples | None
) -> None:
    kind = format_of(path)
    with av.open(path, "w", format=kind.container, options=kind.container_options) as out:
        stream: Any = out.add_stream_from_template(template)
        stream.time_base = template.time_base
        stream.codec_context.codec_tag = template.codec_context.codec_tag
        stream.codec_context.framerate = template.average_rate
        out.metadata["title"] = title
        voice = None if sound is None else SoundWriter(out, kind, [sound])
        seconds = 1 / template.average_rate
        for number, packet in enumerate(packets):
            packet.pts = packet.dts = whole_ticks(number * tick)
            packet.stream = stream
            if voice is not None:
                voice.write_until(number * seconds)
            out.mux(packet)
        if voice is not None:
            voice.finish()
