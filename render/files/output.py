"""Outputs: checks before any work, and the verification of a finished video."""

from __future__ import annotations

import difflib
import errno
import tempfile
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, either, os_reason
from backprop_studio.render.files.refusals import refusals_as
from backprop_studio.render.files.timestamps import whole_ticks
from backprop_studio.render.messages.formats import GIF, format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat

MAX_NAME_BYTES = 255

_SHOWN = 200
"""Letters of a path in a message about its length."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DISK_ERRORS = {*_FULL, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO}


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
    found = len(target.name.encode())
    if found > MAX_NAME_BYTES:
        text = N_("the output's name has {found} bytes, and at most {most} are allowed")
        raise InputError("output.long_name", text, found=found, most=MAX_NAME_BYTES)
    with _looking_at(target):
        if target.is_dir():
            text = N_("the output {file} is a folder; give a file name")
            raise InputError("output.is_folder", text, file=_named(target))
        if target.exists() and not target.is_file():
            text = N_("the output {file} is not an ordinary file; give another name")
            raise InputError("output.is_no_file", text, file=_named(target))
        _check_name(target, endings)
        _check_is_folder(target.parent)
        if (target.exists() or target.is_symlink()) and not overwrite:
            raise exists_error(_named(target))
    _check_writable(target.parent)


def exists_error(file: Message | Path | str) -> InputError:
    """Return the error of an output that is there already."""
    text = N_("the output {file} already exists; add --overwrite to replace it")
    return InputError("output.exists", text, file=file)


def _named(target: Path) -> Message | str:
    """Return a target as messages call it: of a link, also where it leads."""
    if not target.is_symlink():
        return str(target)
    text = N_("{file}, a link to {target},")
    return Message.of("output.link", text, file=target, target=target.readlink())


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
                text = N_("the output {file} is also an input, {input}; give another name")
                raise InputError("output.is_input", text, file=_named(target), input=file)


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


def _looking_at(path: Path) -> AbstractContextManager[None]:
    """Say that a path leads nowhere if not even the disk can tell what is there.

    Its name is too long, or a folder of its path may not be looked into.
    """
    file = str(path) if len(str(path)) <= _SHOWN else f"{str(path)[:_SHOWN]}…"
    text = N_("the output {file} cannot be used: {reason}")
    return refusals_as(InputError, "output.unusable", text, file=file)


def _check_is_folder(folder: Path) -> None:
    if not folder.exists():
        text = N_("the output folder {folder} does not exist")
        raise InputError("output.no_folder", text, folder=folder)
    if not folder.is_dir():
        text = N_("the output folder {folder} is not a folder")
        raise InputError("output.not_a_folder", text, folder=folder)


def _check_name(target: Path, endings: Sequence[str]) -> None:
    ending = target.suffix.lower()
    if ending in endings:
        return
    hint = Message.of("output.endings", N_("it must end in {endings}"), endings=either(endings))
    if near := difflib.get_close_matches(ending, endings, n=1, cutoff=0.7):
        hint = Message.of("hint.ending", N_("did you mean {ending}?"), ending=near[0])
    text = N_("the output '{file}' has an unknown ending; {hint}")
    raise InputError("output.ending", text, file=target.name, hint=hint)


def _check_writable(folder: Path) -> None:
    """Try it: permission bits say nothing about read-only disks, and nothing to root."""
    text = N_("the output folder {folder} is not writable: {reason}")
    with refusals_as(InputError, "output.read_only", text, folder=folder):
        tempfile.TemporaryFile(dir=folder).close()


def is_disk_error(error: BaseException) -> bool:
    """Whether the disk or a permission failed, rather than the work."""
    return isinstance(error, OSError) and error.errno in _DISK_ERRORS


_UNWRITTEN = N_("{file} could not be written: {reason}; nothing was changed")


def output_error(error: OSError, target: Path) -> OutputError:
    """Return the error of a disk that is full or read-only."""
    return OutputError("output.unwritten", _UNWRITTEN, file=target, reason=os_reason(error))


def writing(target: Path) -> AbstractContextManager[None]:
    """Raise the error of a disk that is full or read-only, if it is while a result is written."""
    return refusals_as(OutputError, "output.unwritten", _UNWRITTEN, file=target)


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
            stamps = sorted(it.pts for it in container.demux(stream) if it.pts is not None)
            rate, tick = stream.average_rate, stream.time_base or Fraction(1)
            container.seek(0)
            decodes = next(container.decode(video=0)).width == picture.width
            # Only a frame shows how ProRes is read; before that there is what a file says.
            found = (context.name, context.pix_fmt, context.width, context.height)
            container.seek(stamps[-1], stream=stream)
            last = [frame.pts for frame in container.decode(video=0)][-1]
    except (av.error.FFmpegError, IndexError, StopIteration) as error:
        text = N_("the finished video cannot be read again: {fault}")
        raise StudioError("video.unreadable", text, fault=str(error)) from error
    kind = format_of(path)
    expected = (*kind.found, picture.width, picture.height)
    if found != expected or (kind is not GIF and rate != picture.fps):
        text = N_("the finished video is {found} at {rate} fps instead of {expected}")
        fields = {"found": str(found), "rate": str(rate), "expected": str(expected)}
        raise StudioError("video.other", text, **fields)
    if len(stamps) != frames:
        text = N_("the finished video has {found} frames instead of {expected}")
        raise StudioError("video.frames", text, found=len(stamps), expected=frames)
    # Some files count in hundredths or thousandths of a second.
    due = [whole_ticks(Fraction(number, picture.fps) / tick) for number in range(frames)]
    if stamps != due or not decodes or last != stamps[-1]:
        text = N_("the finished video is damaged: its frames are not evenly spaced")
        raise StudioError("video.uneven", text)
