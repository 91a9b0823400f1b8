"""Frames in, one H.264 file out.

Manim writes one small film per play and joins them. Here every frame goes into a single stream, on
its own thread behind a short queue: no joins, exact time stamps, and a still moment is converted
once however long it lasts. The colours are BT.709 and say so, because a player that has to guess
shows HD video in other colours than the ones the lecturer chose.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from render.jobs import BeatMark, Picture

__all__ = ["ENCODER_OPTIONS", "Film"]

ENCODER_OPTIONS = {"preset": "veryfast", "crf": "20"}
"""Half the time of x264's default preset, no larger; 20 keeps thin lines and small text clean."""

_BT709 = 1  # the number of ITU-T H.273 for primaries, transfer and matrix alike
_KEY_FRAME_SECONDS = 2
_QUEUE_FRAMES = 8
"""Frames that may wait for the encoder: 30 MB at 720p, 265 MB at 4K."""


class Film:
    """A video file that is being written.

    Parameters
    ----------
    path : Path
        Where; its ending is ``.mp4``.
    picture : Picture
        Size and frame rate.
    title : str
        Metadata of the file.
    beats : sequence of BeatMark
        Become chapters.

    Raises
    ------
    OSError
        If the file cannot be opened.
    """

    def __init__(
        self, path: Path, picture: Picture, title: str = "", beats: Sequence[BeatMark] = ()
    ) -> None:
        self._picture = picture
        self.frames = 0
        self._error: BaseException | None = None
        # An index in front lets a browser start before it has the whole file.
        self._container = av.open(path, "w", format="mp4", options={"movflags": "+faststart"})
        try:
            self._stream = _add_stream(self._container, picture)
            self._container.metadata["title"] = title
            self._container.set_chapters([_chapter(i, beat) for i, beat in enumerate(beats)])
            self._container.start_encoding()  # opens the file, so that it fails here if it must
        except BaseException:
            self._container.close()
            raise
        self._queue: queue.Queue[tuple[np.ndarray[Any, Any], int] | None] = queue.Queue(
            _QUEUE_FRAMES
        )
        # Kept, because setting one up costs as much as converting a frame.
        self._reformatter = VideoReformatter()
        self._spare: deque[np.ndarray[Any, Any]] = deque(maxlen=_QUEUE_FRAMES)
        self._thread = threading.Thread(target=self._encode_queue, name="film", daemon=True)
        self._thread.start()

    def write(self, pixels: np.ndarray[Any, Any], repeat: int = 1) -> None:
        """Add a frame, several times if it stands still.

        Parameters
        ----------
        pixels : array
            Height by width by RGBA; it belongs to the film from now on.
        repeat : int
            How often the frame is shown.

        Raises
        ------
        OSError
            If an earlier frame could not be written.
        """
        if self._error is not None:
            raise self._error
        self._queue.put((pixels, repeat))
        self.frames += repeat

    def spare(self) -> np.ndarray[Any, Any] | None:
        """Return the memory of a frame that is encoded, to draw the next one in, if there is one.

        Fresh memory of a frame's size costs as much as a copy: the system clears every page.
        """
        try:
            return self._spare.popleft()
        except IndexError:
            return None

    def finish(self) -> None:
        """Write what is still in the queue and close the file.

        Raises
        ------
        OSError
            If the file could not be written.
        """
        self._end_queue()
        if self._error is None:
            try:
                self._container.mux(self._stream.encode(None))
                self._container.close()
            except BaseException as error:
                self._error = error
        if self._error is not None:
            self.abort()
            raise self._error

    def abort(self) -> None:
        """Close the file without finishing it; the caller removes it."""
        self._error = self._error or RuntimeError("the film was given up")
        self._end_queue()
        with suppress(Exception):
            self._container.close()

    def _end_queue(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _encode_queue(self) -> None:
        """Encode until told to end; after an error go on emptying, so that nobody waits forever."""
        pts = 0
        while (item := self._queue.get()) is not None:
            if self._error is not None:
                continue
            try:
                pts = self._encode(*item, pts)
            except BaseException as error:
                self._error = error

    def _encode(self, pixels: np.ndarray[Any, Any], repeat: int, pts: int) -> int:
        frame = self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(pixels, format="rgba"),
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            # Of swscale's ways to halve the colours this one loses least on thin coloured lines.
            interpolation=Interpolation.AREA,
        )
        # The conversion is a copy, so nothing looks at the pixels any more.
        self._spare.append(pixels)
        frame.time_base = Fraction(1, self._picture.fps)
        for number in range(pts, pts + repeat):
            if self._error is not None:
                break  # given up in the middle of a long pause
            frame.pts = number
            self._container.mux(self._stream.encode(frame))
        return pts + repeat


def _add_stream(container: OutputContainer, picture: Picture) -> VideoStream:
    stream = container.add_stream("libx264", rate=picture.fps, options=ENCODER_OPTIONS)
    stream.width, stream.height = picture.width, picture.height
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.gop_size = picture.fps * _KEY_FRAME_SECONDS
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = ColorRange.MPEG
    return stream


def _chapter(number: int, beat: BeatMark) -> Any:
    return {
        "id": number,
        "start": round(beat.start * 1000),
        "end": round(beat.end * 1000),
        "time_base": Fraction(1, 1000),
        "metadata": {"title": beat.caption or beat.name},
    }
