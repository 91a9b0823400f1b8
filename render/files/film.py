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
from av.video.frame import PictureType
from av.video.reformatter import ColorRange

from backprop_studio.render.files.conversion import Converter
from backprop_studio.render.files.frame_queue import WAITING, WAITING_BESIDE_OTHERS, FrameQueue
from backprop_studio.render.files.timestamps import chapter_marks
from backprop_studio.render.messages.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from av.container import OutputContainer

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
    tags : mapping
        More metadata.
    cuts : collection of int
        Frames at which it can be cut without encoding it again.

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
        tags: Mapping[str, str] | None = None,
        cuts: Collection[int] = (),
    ) -> None:
        super().__init__(picture, WAITING_BESIDE_OTHERS if threads else WAITING)
        self._format = kind = format_of(path)
        self._container = av.open(path, "w", format=kind.container, options=kind.container_options)
        try:
            encoder = (kind.encoder, kind.pixels)
            self._stream = add_stream(self._container, picture, *encoder, **kind.options)
            context = self._stream.codec_context
            context.thread_count = threads
            context.gop_size = picture.fps * _KEY_FRAME_SECONDS
            in_video_colours(context)
            self._container.metadata.update({"title": title, **(tags or {})})
            marks = chapter_marks((it.caption or it.name, it.start, it.end) for it in beats)
            self._container.set_chapters(marks)
            self._container.start_encoding()  # opens the file, so that it fails here if it must
        except BaseException:
            self._container.close()
            raise
        self._repeats: dict[int, int] = {}
        self._cuts = frozenset(cuts)
        self._converter = Converter(kind, threads or kind.converters)
        self._start()

    def _complete(self, _on_frame: Callable[[int], None]) -> None:
        self._write(None)
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
            self._write(frame)
            return
        for number in range(first, first + repeat):
            if self._given_up():
                break
            frame.pts = number
            frame.pict_type = PictureType.I if number in self._cuts else PictureType.NONE
            self._write(frame)
            self.encoded = number + 1

    def _write(self, frame: av.VideoFrame | None) -> None:
        """Encode a frame; what is encoded once for all its times is written as often."""
        packets = self._stream.encode(frame)
        if not self._format.is_intra:
            self._container.mux(packets)
            return
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


def in_video_colours(context: Any) -> None:
    """Say which colours an encoder is given: those of HD video, BT.709."""
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = ColorRange.MPEG


def add_stream(
    container: OutputContainer, picture: FrameFormat, encoder: str, pixels: str, **options: str
) -> Any:
    """Return a new stream of pictures for an encoder, which is given this layout of pixels."""
    stream: Any = container.add_stream(encoder, rate=picture.fps, options=options)
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, pixels
    return stream
