"""A loop of each beat as GIF, small enough for a page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.item import Item
from backprop_studio.render.messages.frame_format import FrameFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from backprop_studio.render.kit.told import Told

MOST_WIDE = 640
RATE = 10
"""Frames per second: ten hundredths of a second each, which is how GIF counts."""

STANDS = 1.5
"""Seconds that the last picture stands before it all begins again."""


def _write(told: Told, folder: Path) -> None:
    (film,) = told.films
    own = folder / told.name
    own.mkdir(exist_ok=True)
    # Nobody wants to see a title over and over.
    first = 2 if film.lesson.job.card else 1
    shots = [it for it in film.shots if it.number >= first]
    loops = [(own / f"{it.name}.gif", it.first, it.last) for it in shots]
    write_loops(film.video, loops, film.work)


def loop_format(width: int, height: int) -> FrameFormat:
    """Return the picture of a loop of a video of this size.

    Examples
    --------
    >>> loop_format(1280, 720).width, loop_format(1280, 720).height, loop_format(480, 854).width
    (640, 360, 480)
    """
    share = min(MOST_WIDE / width, 1.0)
    size = {"width": 2 * round(width * share / 2), "height": 2 * round(height * share / 2)}
    return FrameFormat(**size, fps=RATE)


def write_loops(video: Path, loops: Sequence[tuple[Path, int, int]], scratch: Path) -> None:
    """Write parts of a video as loops.

    Parameters
    ----------
    video : Path
    loops : sequence of (Path, int, int)
        Each with its first frame and the one behind its last; in order, not overlapping.
    scratch : Path
        A folder for what is needed on the way.

    Raises
    ------
    OSError
        If a file cannot be read or written.
    """
    # Only here: they load the codecs, which a wrong lecture does not need.
    import av

    from backprop_studio.render.files.gif import GifFilm

    # The second pass of a loop goes on beside the first of the next.
    with av.open(video) as source, ThreadPoolExecutor(1) as beside:
        stream: Any = source.streams.video[0]
        picture = loop_format(stream.width, stream.height)
        fps = stream.average_rate
        frames = enumerate(source.decode(stream))
        ends = []
        for path, first, last in loops:
            film = GifFilm(path, picture, scratch, holds=True)
            try:
                for frame, repeat in _moving(_taken(frames, first, last, fps)):
                    small = frame.reformat(picture.width, picture.height, "rgba")
                    film.write(small.to_ndarray(), repeat)
            except BaseException:
                film.abort()
                raise
            ends.append(beside.submit(film.finish))
        for end in ends:
            end.result()


def _moving(taken: Iterator[tuple[Any, int]]) -> Iterator[tuple[Any, int]]:
    """Yield frames that are not the same as the one before, and how often each is shown."""
    held, shown = next(taken)
    seen = held.to_ndarray()
    for frame, repeat in taken:
        if ((now := frame.to_ndarray()) == seen).all():
            shown += repeat
            continue
        yield held, shown
        held, seen, shown = frame, now, repeat
    yield held, shown


def _taken(
    frames: Iterator[tuple[int, Any]], first: int, last: int, fps: Fraction
) -> Iterator[tuple[Any, int]]:
    """Yield the frames that a loop has, and how often each is shown."""
    shown = 0
    for number, frame in frames:
        if number < first:
            continue
        until = int((number + 1 - first) * RATE / fps)
        is_last = number == last - 1
        if is_last:
            until = max(until, shown + 1) + round(STANDS * RATE)
        if until > shown:
            yield frame, until - shown
            shown = until
        if is_last:
            return


GIFS = Item(("/*.gif",), _write, of_whole=False)
