"""Where a result goes: checks before any work, and the proof that a finished video is whole."""

from __future__ import annotations

import difflib
import errno
import tempfile
from contextlib import contextmanager, suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.render.files.timestamps import whole_ticks
from backprop_studio.render.messages.formats import GIF, format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat

__all__ = [
    "MAX_NAME_BYTES",
    "check_folder",
    "check_not_read",
    "check_target",
    "is_disk_error",
    "output_error",
    "verify_video",
]

MAX_NAME_BYTES = 255

_SHOWN = 200
"""Letters of a path in a message about its length."""

_DISK_ERRORS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
}


def check_target(target: Path, endings: Sequence[str], *, overwrite: bool) -> None:
    """Check, before any work, that a result can be written there.

    Parameters
    ----------
    target : Path
        Where the result is to go.
    endings : sequence of str
        What the name may end with, such as ``.mp4``.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    _check_length(target)
    with _looking_at(target):
        if target.is_dir():
            raise InputError(f"the output {_named(target)} is a folder; give a file name")
        if target.exists() and not target.is_file():
            raise InputError(
                f"the output {_named(target)} is not an ordinary file; give another name"
            )
        _check_name(target, endings)
        _check_is_folder(target.parent)
        if (target.exists() or target.is_symlink()) and not overwrite:
            raise InputError(
                f"the output {_named(target)} already exists; add --overwrite to replace it"
            )
    _check_writable(target.parent)


def _named(target: Path) -> str:
    """Return a target as messages call it: of a link, also where it leads."""
    if target.is_symlink():
        return f"{target}, a link to {target.readlink()},"
    return str(target)


def check_not_read(target: Path, inputs: Iterable[Path]) -> None:
    """Check that a result does not replace a file that it is made from.

    Parameters
    ----------
    target : Path
        Where the result is to go.
    inputs : iterable of Path
        What is read; they need not exist.

    Raises
    ------
    InputError
        If it is one of them.
    """
    for file in inputs:
        with suppress(OSError, ValueError):  # one of them is not there
            if file.samefile(target):
                raise InputError(
                    f"the output {_named(target)} is also an input, {file}; give another name"
                )


def check_folder(folder: Path) -> None:
    """Check, before any work, that results can be written into a folder.

    Raises
    ------
    InputError
        With one sentence that says what is wrong.
    """
    with _looking_at(folder):
        _check_is_folder(folder)
    _check_writable(folder)


@contextmanager
def _looking_at(path: Path) -> Iterator[None]:
    """Say that a path leads nowhere if not even the disk can tell what is there.

    Its name is too long, or a folder on the way may not be looked into.
    """
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        text = str(path)
        name = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise InputError(f"the output {name} cannot be used: {reason}") from error


def _check_is_folder(folder: Path) -> None:
    if not folder.exists():
        raise InputError(f"the output folder {folder} does not exist")
    if not folder.is_dir():
        raise InputError(f"the output folder {folder} is not a folder")


def _check_name(target: Path, endings: Sequence[str]) -> None:
    allowed = " or ".join(endings)
    ending = target.suffix.lower()
    if ending not in endings:
        near = difflib.get_close_matches(ending, endings, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f"it must end in {allowed}"
        raise InputError(f"the output {target.name!r} has an unknown ending; {hint}")


def _check_length(target: Path) -> None:
    length = len(target.name.encode())
    if length > MAX_NAME_BYTES:
        raise InputError(
            f"the output's name has {length} bytes, and at most {MAX_NAME_BYTES} are allowed"
        )


def _check_writable(folder: Path) -> None:
    """Try it: permission bits say nothing about read-only disks, and nothing to root."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or "it refuses files").lower()
        raise InputError(f"the output folder {folder} is not writable: {reason}") from error


def is_disk_error(error: BaseException) -> bool:
    """Whether the disk or a permission failed, rather than the work."""
    return isinstance(error, OSError) and error.errno in _DISK_ERRORS


def output_error(error: OSError, target: Path) -> OutputError:
    """Return the error of a disk that is full or read-only, in one sentence."""
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{target} could not be written: {reason}; nothing was changed")


def verify_video(path: Path, picture: FrameFormat, frames: int) -> None:
    """Prove that a finished file is what was planned.

    It opens; it has the codec, the layout of pixels and the size that its ending asks for, and
    exactly the planned number of frames, each at its time; its first and last frame decode.

    Raises
    ------
    StudioError
        If anything differs.
    """
    import av  # slow to load, and only a worker gets here

    try:
        with av.open(path) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            stamps = sorted(
                packet.pts for packet in container.demux(stream) if packet.pts is not None
            )
            rate, tick = stream.average_rate, stream.time_base or Fraction(1)
            container.seek(0)
            decodes = next(container.decode(video=0)).width == picture.width
            # Only a frame shows how ProRes is read; before that there is what a file says.
            found = (context.name, context.pix_fmt, context.width, context.height)
            container.seek(stamps[-1], stream=stream)
            last = [frame.pts for frame in container.decode(video=0)][-1]
    except (av.error.FFmpegError, IndexError, StopIteration) as error:
        raise StudioError(f"the finished video cannot be read again: {error}") from error
    kind = format_of(path)
    expected = (*kind.found, picture.width, picture.height)
    if found != expected or (kind is not GIF and rate != picture.fps):
        raise StudioError(f"the finished video is {found} at {rate} fps instead of {expected}")
    if len(stamps) != frames:
        raise StudioError(f"the finished video has {len(stamps)} frames instead of {frames}")
    # Some files count in hundredths or thousandths of a second.
    due = [whole_ticks(Fraction(number, picture.fps) / tick) for number in range(frames)]
    if stamps != due or not decodes or last != stamps[-1]:
        raise StudioError("the finished video is damaged: its frames are not evenly spaced")
