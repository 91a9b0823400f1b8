"""One writer per output: whether two jobs would write to the same file."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.messages.formats import NUMBER, is_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backprop_studio.render.queue.model import Entry


def output_key(output: str) -> tuple[object, str]:
    """Return what is equal for two outputs that are one file.

    A folder is what the disk says it is, so links, ``..`` and the case of letters do not deceive.
    Names that differ in nothing but case, or in how an accent is stored, count as one everywhere:
    on most disks outside of Linux they are one, and a disk cannot be asked without writing to it.
    The name itself is not followed if it is a link, because the link is what would be replaced.
    """
    path = Path(output)
    name = NUMBER.sub("%d", path.name) if is_sequence(path) else path.name
    name = unicodedata.normalize("NFC", name).casefold()
    try:
        found = os.stat(path.parent)
    except (OSError, ValueError):
        return os.path.normcase(path.parent), name
    return (found.st_dev, found.st_ino), name


def check_unclaimed(output: str, entries: Iterable[Entry]) -> None:
    """Check that no entry that is still to be drawn writes to an output.

    Raises
    ------
    InputError
        If one does.
    """
    key = output_key(output)
    for entry in entries:
        if entry.is_active and output_key(entry.job.output) == key:
            text = N_(
                "another video of the queue is going to {file} already; choose another name, "
                "or remove that one first"
            )
            raise InputError("queue.output_taken", text, file=output)
