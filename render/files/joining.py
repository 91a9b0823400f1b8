"""Concatenation of videos of the same make, without encoding them again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.film_settings import tags_kept
from backprop_studio.render.files.sound_writer import SoundWriter
from backprop_studio.render.files.timestamps import chapter_marks, whole_ticks
from backprop_studio.render.messages.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.voice.sound import Samples


def join_videos(
    videos: Sequence[tuple[Path, int]],
    target: Path,
    title: str,
    chapters: Sequence[Chapter],
    sound: Iterable[Samples] | None = None,
    *,
    is_lesson: bool = False,
) -> None:
    """Write videos into one, and the sound that goes with them.

    Parameters
    ----------
    videos : sequence of (Path, int)
        Files made with the same encoder, picture and frame rate, each with its number of frames.
    target : Path
        Where; its ending is that of the videos.
    title : str
        Metadata of the file.
    chapters : sequence of Chapter
    sound : iterable of arrays, optional
        Of the whole, one part after the other; what sound the videos have is left out.
    is_lesson : bool
        Whether the whole is one lesson, which was made with what its videos say.

    Raises
    ------
    StudioError
        If a video was made otherwise than the first.
    OSError
        If a file cannot be read or written.
    """
    late = max(_delay(path) for path, _ in videos)
    kind = format_of(target)
    with av.open(target, "w", format=kind.container, options=kind.container_options) as out:
        stream: Any = None
        make: Any = None
        voice: SoundWriter | None = None
        before = 0
        for path, frames in videos:
            with av.open(path) as source:
                own: Any = source.streams.video[0]
                if stream is None:
                    stream, make = out.add_stream_from_template(own), _make(own)
                    stream.time_base = own.time_base
                    # A template has the tag of a codec's usual profile, and ProRes is read by it.
                    stream.codec_context.codec_tag = own.codec_context.codec_tag
                    stream.codec_context.framerate = own.average_rate  # WebM says it in its head
                    out.metadata["title"] = title
                    if is_lesson:
                        out.metadata.update(tags_kept(source.metadata))
                    out.set_chapters(chapter_marks((it.title, it.start, it.end) for it in chapters))
                    if sound is not None:
                        voice = SoundWriter(out, kind, sound)
                elif _make(own) != make:
                    text = N_("{file} was made otherwise than the lessons before it")
                    raise StudioError("video.other_make", text, file=path.name)
                tick, seconds = _tick(own), Fraction(1 / own.average_rate)
                for number, packet in enumerate(_packets(source, own), start=before):
                    # A frame need not be a whole number of ticks: WebM counts milliseconds.
                    packet.pts = whole_ticks((before + round(packet.pts / tick)) * tick)
                    # Counted through: a short video needs fewer frames ahead than a long one, and
                    # its own count would leave a hole before it.
                    packet.dts = whole_ticks((number - late) * tick)
                    packet.stream = stream
                    if voice is not None:  # both side by side, as players read them
                        voice.write_until(number * seconds)
                    out.mux(packet)
                before += frames
        if voice is not None:
            voice.finish()


def _packets(source: Any, stream: Any) -> Iterator[Any]:
    """Yield a video's packets without the last one, which only says that there are no more."""
    return (packet for packet in source.demux(stream) if packet.dts is not None)


def _tick(stream: Any) -> Fraction:
    """Return the length of a frame in the stream's own time."""
    return Fraction(1 / stream.average_rate / stream.time_base)


def _delay(path: Path) -> int:
    """Return how many frames a video is decoded before it is shown."""
    with av.open(path) as source:
        stream = source.streams.video[0]
        first: int = next(_packets(source, stream)).dts
        return -round(first / _tick(stream))


def _make(stream: Any) -> tuple[Any, ...]:
    codec = stream.codec_context
    picture = codec.name, codec.width, codec.height, codec.pix_fmt, codec.extradata
    return *picture, stream.average_rate, stream.time_base
