"""Beat marks of a video file: the chapters that the renderer wrote into it.

Only the boxes that matter are read (``moov/udta/chpl``), so neither a decoder nor another copy of
FFmpeg is loaded into the window's process.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TICKS_PER_SECOND = 10_000_000
LARGEST_HEADER = 64 * 1024 * 1024
"""An index larger than this is not one of ours and is not read."""


def read_chapters(path: Path) -> tuple[BeatMark, ...]:
    """Return the beats of an mp4 file; empty for files that name none or cannot be read."""
    try:
        index = _top_level_box(path, b"moov")
        chapters = _inner_box(_inner_box(index, b"udta"), b"chpl")
        starts = list(_starts(chapters))
        length = _duration(_inner_box(index, b"mvhd"))
        if not starts:
            return ()
    except (OSError, struct.error, IndexError, ZeroDivisionError):
        return ()
    if not starts:
        return ()
    ends = [start for start, _title in starts[1:]] + [length]
    return tuple(
        BeatMark(name=f"beat_{number}", caption=title, start=start, end=max(end, start))
        for number, ((start, title), end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def _top_level_box(path: Path, wanted: bytes) -> bytes:
    with path.open("rb") as file:
        while header := file.read(8):
            size, kind = struct.unpack(">I4s", header)
            taken = 8
            if size == 1:
                (size,) = struct.unpack(">Q", file.read(8))
                taken = 16
            if size < taken:
                return b""
            if kind == wanted:
                return file.read(size - taken) if size <= LARGEST_HEADER else b""
            file.seek(size - taken, 1)
    return b""


def _inner_box(content: bytes, wanted: bytes) -> bytes:
    position = 0
    while position + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, position)
        if size < 8:
            return b""
        if kind == wanted:
            return content[position + 8 : position + size]
        position += size
    return b""


def _starts(chapters: bytes) -> Iterator[tuple[float, str]]:
    """Yield start in seconds and title: version, flags, reserved, count, then the entries."""
    if not chapters:
        return
    count, position = chapters[8], 9
    for _ in range(count):
        ticks, length = struct.unpack_from(">QB", chapters, position)
        title = chapters[position + 9 : position + 9 + length].decode("utf-8", "replace")
        yield ticks / TICKS_PER_SECOND, title
        position += 9 + length


def _duration(header: bytes) -> float:
    """Return the length in seconds from the movie header, in its short or its long form."""
    if header[0] == 1:
        scale, length = struct.unpack_from(">IQ", header, 20)
    else:
        scale, length = struct.unpack_from(">II", header, 12)
    return float(length / scale)
