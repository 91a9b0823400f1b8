"""Video files of one stream of frames.

Manim writes one small film per play and joins them. Here every frame goes into a single stream, on
its own thread behind a short queue: no joins, exact time stamps, and a still moment is converted
once however long it lasts. The colours are BT.709 and say so, because a player that has to guess
shows HD video in other colours than the ones the lecturer chose.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import ColorRange

from backprop_studio.render.files.conversion import Converter
from backprop_studio.render.files.frame_queue import WAITING, WAITING_BESIDE_OTHERS, FrameQueue
from backprop_studio.render.messages.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from backprop_studio.render.messages.formats import VideoFormat
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.messages.results import BeatMark

_BT709 = 1  # the number of ITU-T H.273 for primaries, transfer and matrix alike
_KEY_FRAME_SECONDS = 2


class Film(FrameQueue):
    """A video file that is being written.

    Parameters
    ----------
    path : Path
        Where; its ending picks the format.
    picture : FrameFormat
        Size and frame rate.
    title : str
        Metadata of the file.
    beats : sequence of BeatMark
        Become chapters.
    threads : int
        How many may work on it while other films are made; 0 for what suits this machine alone.

    Raises
    ------
    OSError
        If the file cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        picture: FrameFormat,
        title: str = "",
        beats: Sequence[BeatMark] = (),
        threads: int = 0,
    ) -> None:
        super().__init__(picture, WAITING_BESIDE_OTHERS if threads else WAITING)
        self._format = kind = format_of(path)
        self._container = av.open(path, "w", format=kind.container, options=kind.container_options)
        try:
            self._stream = _add_stream(self._container, kind, picture, threads)
            self._container.metadata["title"] = title
            self._container.set_chapters([_chapter(i, beat) for i, beat in enumerate(beats)])
            self._container.start_encoding()  # opens the file, so that it fails here if it must
        except BaseException:
            self._container.close()
            raise
        self._repeats: dict[int, int] = {}
        self._converter = Converter(kind, threads or kind.converters)
        self._start()

    def _complete(self, _on_frame: Callable[[int], None]) -> None:
        rest = self._stream.encode(None)
        if self._format.is_intra:
            self._mux(rest)
        else:
            self._container.mux(rest)
        self._container.close()
        # The encoder's threads end with its last owner, and a film stays in Manim's web of
        # references until the garbage collector comes.
        del self._container, self._stream, self._converter

    def _abandon(self) -> None:
        self._container.close()

    def _encode(self, pixels: np.ndarray[Any, Any], repeat: int, first: int) -> None:
        if self._format.is_transparent:
            straight_alpha(pixels)
        frame, outdated = self._converter.convert(pixels)
        if outdated is not None:
            self._spare.append(outdated)
        frame.time_base = Fraction(1, self._picture.fps)
        # ProRes has them in every picture.
        frame.color_primaries = frame.color_trc = _BT709
        if self._format.is_intra:
            frame.pts = first
            self._repeats[first] = repeat
            self._mux(self._stream.encode(frame))
            return
        for number in range(first, first + repeat):
            if self._given_up():
                break
            frame.pts = number
            self._container.mux(self._stream.encode(frame))

    def _mux(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write pictures that were encoded once, each as often as it is shown."""
        for packet in packets:
            first = packet.pts or 0
            for number in range(first, first + self._repeats.pop(first)):
                if self._given_up():
                    return
                packet.time_base = Fraction(1, self._picture.fps)
                packet.pts = packet.dts = number
                self._container.mux(packet)


def straight_alpha(pixels: np.ndarray[Any, Any]) -> None:
    """Undo in place that Cairo multiplies colours by their opacity, which no video format expects.

    Parameters
    ----------
    pixels : (height, width, 4) uint8 array
        Colours multiplied by their opacity.

    Examples
    --------
    >>> pixels = np.array([[[50, 0, 0, 100], [7, 8, 9, 255], [0, 0, 0, 0]]], dtype=np.uint8)
    >>> straight_alpha(pixels)
    >>> pixels.tolist()
    [[[128, 0, 0, 100], [7, 8, 9, 255], [0, 0, 0, 0]]]
    """
    alpha = pixels[..., 3]
    rows, columns = np.nonzero((alpha > 0) & (alpha < 255))
    some = pixels[rows, columns].astype(np.uint16)
    share = some[:, 3:]
    colours = (some[:, :3] * 255 + share // 2) // share
    pixels[rows, columns, :3] = np.minimum(colours, 255)


def _add_stream(
    container: OutputContainer, kind: VideoFormat, picture: FrameFormat, threads: int
) -> VideoStream:
    stream: Any = container.add_stream(kind.encoder, rate=picture.fps, options=kind.options)
    stream.width, stream.height = picture.width, picture.height
    stream.pix_fmt = kind.pixels
    context = stream.codec_context
    context.thread_count = threads
    context.gop_size = picture.fps * _KEY_FRAME_SECONDS
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = ColorRange.MPEG
    return stream  # type: ignore[no-any-return]


def _chapter(number: int, beat: BeatMark) -> Any:
    return {
        "id": number,
        "start": round(beat.start * 1000),
        "end": round(beat.end * 1000),
        "time_base": Fraction(1, 1000),
        "metadata": {"title": beat.caption or beat.name},
    }
