"""Checks of a video's target before any work, without the codecs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.sequence import check_sequence
from backprop_studio.render.messages.formats import VIDEO_ENDINGS, check_format, is_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat


def check_video_target(
    target: Path, picture: FrameFormat, *, overwrite: bool, endings: Sequence[str] = VIDEO_ENDINGS
) -> None:
    """Check, before any work, that a video can be written there.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    if is_sequence(target):
        check_sequence(target, overwrite=overwrite)
    else:
        check_target(target, endings, overwrite=overwrite)
    if target.suffix.lower() in VIDEO_ENDINGS:
        check_format(target, picture)
