"""Files in which a program keeps something for its next run: newer ones, and damaged ones."""

from __future__ import annotations

import itertools
import json
import os
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.refusals import refusals_as

if TYPE_CHECKING:
    from pathlib import Path


def check_format(data: bytes, known: int, source: str) -> None:
    """Check that a JSON object with a ``format`` was not written by a newer program.

    Parameters
    ----------
    data : bytes
        As they lie on the disk.
    known : int
        The newest format that can be read.
    source : str
        What the message calls them.

    Raises
    ------
    InputError
        If a newer program has written them.
    ValueError
        If they are damaged.
    """
    try:
        label = json.loads(data)
    except RecursionError as error:
        raise ValueError("too deep") from error
    found = label.get("format") if isinstance(label, dict) else None
    if type(found) is not int or found < 1:
        raise ValueError("no format")
    if found > known:
        text = N_(
            "{file} was written by a newer version of this program; update the program to use it"
        )
        raise InputError("file.newer", text, file=source)


def set_aside(file: Path, name: str) -> Message:
    """Rename a damaged file, so that it can be looked at and is in nobody's way.

    Parameters
    ----------
    file : Path
        The file.
    name : str
        What its new name begins with.

    Returns
    -------
    Message
        What has become of it.

    Raises
    ------
    OutputError
        If it cannot be renamed.
    """
    names = (file.with_name(f"{name}.damaged-{number}.json") for number in itertools.count(1))
    aside = next(it for it in names if not os.path.lexists(it))
    text = N_("{file} is damaged and cannot be renamed: {reason}")
    with refusals_as(OutputError, "file.damaged", text, file=file):
        file.rename(aside)
    text = N_("{file} could not be read and is kept as {name}")
    return Message.of("file.set_aside", text, file=file, name=aside.name)
