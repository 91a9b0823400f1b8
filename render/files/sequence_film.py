"""Numbered pictures of frames, several written at a time: compressing one takes long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PIL import Image

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.frame_queue import FrameQueue
from backprop_studio.render.files.sequence import staged_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    import numpy as np

    from backprop_studio.render.messages.frame_format import FrameFormat

_COMPRESSION = 3
"""Of zlib: 3 % larger than by default, in three fifths of the time."""

_WRITERS = 2


class SequenceFilm(FrameQueue):
    """Numbered pictures that are being written.

    Parameters
    ----------
    folder : Path
        Where; made if it is not there.
    picture : FrameFormat
        Size and frame rate.

    Raises
    ------
    OSError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, picture: FrameFormat) -> None:
        super().__init__(picture)
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._pool = ThreadPoolExecutor(_WRITERS, thread_name_prefix="pictures")
        self._under_way: list[Future[None]] = []
        self._start()

    def _encode(self, pixels: np.ndarray[Any, Any], repeat: int, first: int) -> None:
        self._under_way.append(self._pool.submit(self._write, pixels, repeat, first))
        if len(self._under_way) > _WRITERS:
            self._under_way.pop(0).result()

    def _write(self, pixels: np.ndarray[Any, Any], repeat: int, first: int) -> None:
        """Write a frame; the same file under more names while nothing moves."""
        file = self._folder / staged_name(first)
        picture = Image.fromarray(pixels).convert("RGB")
        self._spare.append(pixels)
        picture.save(file, compress_level=_COMPRESSION)
        content = file.read_bytes() if repeat > 1 else b""
        for number in range(first + 1, first + repeat):
            if self._given_up():
                break
            (self._folder / staged_name(number)).write_bytes(content)

    def _complete(self, _on_frame: Callable[[int], None]) -> None:
        for writing in self._under_way:
            writing.result()
        self._pool.shutdown()

    def _abandon(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def verify_sequence(folder: Path, picture: FrameFormat, frames: int) -> None:
    """Prove that the pictures are what was planned: all there, the first and the last whole.

    Raises
    ------
    StudioError
        If anything differs.
    """
    found = {file.name for file in folder.iterdir()}
    if found != {staged_name(k) for k in range(frames)}:
        text = N_("there are {found} finished pictures instead of {expected}")
        raise StudioError("pictures.count", text, found=len(found), expected=frames)
    for number in (0, frames - 1):
        try:
            with Image.open(folder / staged_name(number)) as opened:
                opened.load()
                size = opened.size
        except OSError as error:
            text = N_("a finished picture cannot be read again: {fault}")
            raise StudioError("pictures.unreadable", text, fault=str(error)) from error
        if size != (picture.width, picture.height):
            text = N_("the finished pictures are {found} instead of {expected}")
            fields = {"found": str(size), "expected": str(picture)}
            raise StudioError("pictures.size", text, **fields)
