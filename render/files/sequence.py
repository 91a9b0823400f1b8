"""A video as numbered pictures: ``frame-%04d.png`` stands for ``frame-0001.png`` and so on.

They are drawn into a hidden folder beside their path and get their names in the end. What had such
a name before belongs to the same output: it is asked for before it is replaced, and none of it
stays behind to be taken for a frame of the new one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.output import MAX_NAME_BYTES, check_folder, exists_error
from backprop_studio.render.files.staging import appeared_error, remove_files
from backprop_studio.render.messages.formats import NUMBER

if TYPE_CHECKING:
    from pathlib import Path

_MOST_DIGITS = 9


def staged_name(number: int) -> str:
    """Return what a picture is called before it has its name, counted from 0."""
    return f"{number}.png"


def check_sequence(pattern: Path, *, overwrite: bool) -> None:
    """Check, before any work, that numbered pictures can be written there.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    digits = re.search(r"\d+", NUMBER.findall(pattern.name)[0])
    if digits and int(digits[0]) > _MOST_DIGITS:
        text = N_("the output '{file}' asks for more than {most} digits")
        raise InputError("output.digits", text, file=pattern.name, most=_MOST_DIGITS)
    if len(_target(pattern, 10**_MOST_DIGITS).name.encode()) > MAX_NAME_BYTES:
        text = N_("the output's name is longer than {most} bytes")
        raise InputError("output.long_names", text, most=MAX_NAME_BYTES)
    check_folder(pattern.parent)
    for file in _existing(pattern):
        if not overwrite:
            raise exists_error(file)
        if file.is_symlink() or not file.is_file():
            text = N_("the output {file} is not an ordinary file")
            raise InputError("output.no_ordinary_file", text, file=file)


def place_sequence(folder: Path, pattern: Path, *, overwrite: bool) -> None:
    """Give all pictures of a folder their names, counted from 1.

    Raises
    ------
    OutputError
        If a name was taken in the meantime and may not be; then none is given.
    OSError
        If the disk or the permissions do not allow it.
    """
    files = sorted(folder.iterdir(), key=lambda file: int(file.stem))
    targets = [_target(pattern, number) for number in range(1, len(files) + 1)]
    outdated = set(_existing(pattern)) - set(targets)
    placed: list[Path] = []
    try:
        for file, target in zip(files, targets, strict=True):
            if not overwrite and target.exists():
                raise appeared_error(target)
            file.replace(target)
            placed.append(target)
    except BaseException:
        if not overwrite:
            remove_files(*placed)
        raise
    remove_files(*outdated)


def _target(pattern: Path, number: int) -> Path:
    before, after = NUMBER.split(pattern.name)
    return pattern.with_name(f"{before}{NUMBER.findall(pattern.name)[0] % number}{after}")


def _existing(pattern: Path) -> list[Path]:
    """Return the files that have a name of the sequence."""
    before, after = NUMBER.split(pattern.name)
    numbered = re.compile(f"{re.escape(before)}\\d+{re.escape(after)}")
    return [file for file in pattern.parent.iterdir() if numbered.fullmatch(file.name)]
