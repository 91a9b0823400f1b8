"""Conversion of a camera's pixels for an encoder, of what has changed since the frame before.

In most frames of a lesson a few nodes move and the rest stands. Converting a whole frame costs more
than drawing it, comparing two costs a tenth of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backprop_studio.render.messages.formats import VideoFormat

_HIGHEST_BAND = 128
_LOWEST_BAND = 16
_MARGIN = 2
"""Rows above and below a band that its colours depend on, because they are halved in height."""

_PARTIAL = "yuv420p"
"""The layout whose planes are put together from bands."""

_TOO_MANY = 0.8
"""Of a frame that has changed by more, all is converted: that can be done on several cores."""


def band_height(height: int) -> int:
    """Return the rows of the bands that a picture is converted in.

    Parameters
    ----------
    height : int
        Of the picture, in pixels.

    Returns
    -------
    int
        An even divisor; the height itself if there is no fitting one.

    Examples
    --------
    >>> band_height(1080), band_height(854), band_height(62)
    (120, 122, 62)
    """
    fitting = range(_HIGHEST_BAND, _LOWEST_BAND - 1, -2)
    return next((rows for rows in fitting if height % rows == 0), height)


class Converter:
    """Converts one frame after the other.

    Parameters
    ----------
    kind : VideoFormat
        Of the video.
    threads : int
        For a whole frame; 0 for one on each core.
    """

    def __init__(self, kind: VideoFormat, threads: int) -> None:
        self._layout = kind.pixels
        self._threads = threads
        # Kept, because setting one up costs as much as converting a frame.
        self._whole, self._bands = VideoReformatter(), VideoReformatter()
        self._before: np.ndarray[Any, Any] | None = None
        self._frame: Any = None

    def convert(self, pixels: np.ndarray[Any, Any]) -> tuple[av.VideoFrame, Any]:
        """Return a frame for the encoder, and pixels that are not needed any more, if there are.

        Parameters
        ----------
        pixels : (height, width, 4) uint8 array
            They belong to the converter until it returns them.

        Returns
        -------
        (VideoFrame, array or None)
            The same frame is changed and returned the next time, as soon as no encoder has it.
        """
        if self._layout != _PARTIAL:
            return self._converted(self._whole, pixels, self._threads), pixels
        before, self._before = self._before, pixels
        count = len(pixels) // band_height(len(pixels))
        changed = range(count) if before is None else _changed(before, pixels)
        if len(changed) > _TOO_MANY * count:
            self._frame = self._converted(self._whole, pixels, self._threads)
        elif changed:
            self._frame.make_writable()  # a copy, if an encoder still looks at it
            for number in changed:
                self._convert_band(pixels, number)
        return self._frame, before

    def _convert_band(self, pixels: np.ndarray[Any, Any], number: int) -> None:
        rows = band_height(len(pixels))
        first = number * rows
        # As many rows for each band, or the reformatter would have to be set up again.
        start = min(max(0, first - _MARGIN), len(pixels) - rows - 2 * _MARGIN)
        part = pixels[start : start + rows + 2 * _MARGIN]
        band = self._converted(self._bands, part, 1)
        for target, source in zip(_planes(self._frame), _planes(band), strict=True):
            share = len(pixels) // len(target)  # 1 for brightness, 2 for a colour
            above = (first - start) // share
            target[first // share : (first + rows) // share] = source[above : above + rows // share]

    def _converted(self, tool: VideoReformatter, pixels: np.ndarray[Any, Any], threads: int) -> Any:
        return tool.reformat(
            av.VideoFrame.from_numpy_buffer(pixels, format="rgba"),
            format=self._layout,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            # Of swscale's methods to halve the colours this one loses least on thin coloured lines.
            interpolation=Interpolation.AREA,
            threads=threads,
        )


def _planes(frame: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the planes of a frame as arrays that share its memory, without their padding."""
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        yield rows[: plane.height, : plane.width]


def _changed(before: np.ndarray[Any, Any], pixels: np.ndarray[Any, Any]) -> Sequence[int]:
    """Return the bands in which, or right beside which, two pictures differ."""
    height = len(pixels)
    rows = band_height(height)
    old, new = (it.reshape(height, -1).view(np.uint32) for it in (before, pixels))
    found = []
    for first in range(0, height, rows):
        part = slice(max(0, first - _MARGIN), first + rows + _MARGIN)
        if (old[part] != new[part]).any():
            found.append(first // rows)
    return found
