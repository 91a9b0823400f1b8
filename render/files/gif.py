"""GIF files, in two passes: the 256 colours are those of all frames, so all are seen first.

While a lesson is drawn its frames go into a lossless video in a scratch folder, and their colours
into a count; then the 256 that stand for them best are chosen, and the frames are gone through once
more. Neither pass holds more than a few frames in memory.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.filter import Graph

from backprop_studio.render.files.film import add_stream
from backprop_studio.render.files.frame_queue import FrameQueue
from backprop_studio.render.messages.formats import GIF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from av.video.frame import VideoFrame

    from backprop_studio.render.messages.frame_format import FrameFormat

_LOSSLESS = {"preset": "ultrafast", "qp": "0"}
_HUNDREDTHS = 100
"""Of a second, in which a GIF counts."""

_PALETTE = 16
"""Width and height of the picture whose pixels are the colours."""

_FRAMES, _COLOURS = 0, 1
"""What goes into a filter, in the order in which it was joined to it."""

_NO_FRAME = (av.error.BlockingIOError, av.error.EOFError)


class GifFilm(FrameQueue):
    """A GIF that is being written.

    Parameters
    ----------
    path : Path
        Where.
    picture : FrameFormat
        Size and frame rate.
    scratch : Path
        A folder for the lossless video.
    holds : bool
        Whether a frame that is shown several times is one in the file, which stands for so long.
        That is less work; but not all that reads films can tell how long it stands.
    """

    passes = 2

    def __init__(
        self, path: Path, picture: FrameFormat, scratch: Path, *, holds: bool = False
    ) -> None:
        super().__init__(picture)
        self._path = path
        self._holds = holds
        self._starts: list[int] = []
        self._lossless = scratch / f"{path.stem}.mkv"
        self._tick = Fraction(1, picture.fps)
        self._colours = self._graph("palettegen", "stats_mode=full")
        scratch.mkdir(parents=True, exist_ok=True)
        self._container = av.open(self._lossless, "w", format="matroska")
        self._stream = add_stream(self._container, picture, "libx264rgb", "rgb24", **_LOSSLESS)
        self._start()

    def _graph(self, name: str, options: str) -> Graph:
        """Return a filter that frames go into, and a palette if it uses one."""
        graph: Any = Graph()  # it takes the names of formats, whatever its types say
        kind = {"format": "bgra", "time_base": self._tick}
        size = {"width": self._picture.width, "height": self._picture.height}
        frames = graph.add_buffer(**size, **kind)
        step, sink = graph.add(name, options), graph.add("buffersink")
        frames.link_to(step, 0, 0)
        if name == "paletteuse":
            colours = graph.add_buffer(width=_PALETTE, height=_PALETTE, **kind)
            colours.link_to(step, 0, 1)
        step.link_to(sink)
        graph.configure()
        return graph  # type: ignore[no-any-return]

    def _encode(self, pixels: np.ndarray[Any, Any], repeat: int, first: int) -> None:
        frame = av.VideoFrame.from_numpy_buffer(pixels, format="rgba")
        seen = frame.reformat(format="bgra")
        shown = frame.reformat(format="rgb24")
        self._spare.append(pixels)
        seen.pts, seen.time_base, shown.time_base = first, self._tick, self._tick
        self._colours.push(seen)
        with suppress(*_NO_FRAME):
            self._colours.pull()  # only now is it counted, and its memory given back
        for number in range(first, first + (1 if self._holds else repeat)):
            if self._given_up():
                break
            self._starts.append(number)
            shown.pts = number
            self._container.mux(self._stream.encode(shown))
            self.encoded = number + 1

    def _complete(self, on_frame: Callable[[int], None]) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._colours.push(None)
        palette: Any = self._colours.pull()
        last = (self.frames - self._starts[-1]) * _HUNDREDTHS * self._tick
        options = {**GIF.container_options, "final_delay": str(round(last))}
        with av.open(self._path, "w", format=GIF.container, options=options) as out:
            stream = add_stream(out, self._picture, GIF.encoder, GIF.pixels)
            for number, frame in enumerate(self._recoloured(palette), start=1):
                out.mux(stream.encode(frame))
                on_frame(number)
            out.mux(stream.encode(None))
        self._lossless.unlink()
        del self._container, self._stream, self._colours  # their threads with them

    def _recoloured(self, palette: VideoFrame) -> Iterator[VideoFrame]:
        """Yield the frames in the colours of the palette."""
        # Ordered dots stand still where the picture does; other kinds of dithering shimmer.
        graph = self._graph("paletteuse", "dither=bayer:bayer_scale=5:diff_mode=rectangle")
        palette.pts, palette.time_base = 0, self._tick
        graph.push(palette, at=_COLOURS)
        graph.push(None, at=_COLOURS)
        with av.open(self._lossless) as source:
            for start, frame in zip(self._starts, source.decode(video=0), strict=True):
                shown = frame.reformat(format="bgra")
                shown.pts, shown.time_base = start, self._tick
                graph.push(shown, at=_FRAMES)
                yield from _ready(graph)
        graph.push(None, at=_FRAMES)
        yield from _ready(graph)

    def _abandon(self) -> None:
        with suppress(Exception):
            self._container.close()
        self._lossless.unlink(missing_ok=True)


def _ready(graph: Graph) -> Iterator[Any]:
    """Yield what a graph has finished."""
    while True:
        try:
            yield graph.pull()
        except _NO_FRAME:
            return
