"""Clips with nothing behind the lesson, as pages take them: VP9 with its transparency beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_PIXELS = "yuva420p"


def write_vp9(clip: Path, target: Path) -> None:
    """Write a transparent clip as WebM.

    Parameters
    ----------
    clip : Path
        ProRes 4444.
    target : Path

    Raises
    ------
    OSError
        If a file cannot be read or written.
    """
    # Only here: they load the codecs, which a wrong lecture does not need.
    import av

    from backprop_studio.render.files.film import add_stream, in_video_colours
    from backprop_studio.render.files.sound_writer import SoundWriter
    from backprop_studio.render.messages.formats import WEBM
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.voice.sound import read_sound

    with (
        av.open(clip) as source,
        av.open(target, "w", format=WEBM.container, options=WEBM.container_options) as out,
    ):
        pictures: Any = source.streams.video[0]
        fps = int(pictures.average_rate)
        picture = FrameFormat(width=pictures.width, height=pictures.height, fps=fps)
        # Frames that are never shown would have no transparency of their own.
        options = {**WEBM.options, "auto-alt-ref": "0"}
        stream = add_stream(out, picture, WEBM.encoder, _PIXELS, **options)
        in_video_colours(stream.codec_context)
        out.metadata.update(title=source.metadata.get("title", ""))
        voice = None
        if source.streams.audio:
            seconds = float(Fraction(pictures.frames, fps))
            voice = SoundWriter(out, WEBM, [read_sound(clip, seconds + 1)])
        for number, frame in enumerate(source.decode(pictures)):
            shown = frame.reformat(format=_PIXELS)
            shown.pts, shown.time_base = number, Fraction(1, fps)
            if voice is not None:
                voice.write_until(Fraction(number, fps))
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
        if voice is not None:
            voice.finish()
