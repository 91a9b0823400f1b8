"""Manim's configuration for one job, whatever the machine's own says."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from manim import config

from backprop_studio.scenes.paint.style import frame_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat


@contextmanager
def configured(
    picture: FrameFormat, media: Path | None = None, *, is_transparent: bool = False
) -> Iterator[None]:
    """Set Manim up, and put everything back afterwards.

    With ``dry_run`` Manim writes no file of its own, so there is no cache to trust and nothing to
    clear up. What has not changed is not put back, as ``tempconfig`` does: giving Manim the
    renderer that it has makes it go through all of its classes, for 15 ms.

    Parameters
    ----------
    picture : FrameFormat
        Size and frame rate.
    media : Path, optional
        Where Manim keeps the texts and formulas it has set.
    is_transparent : bool
        Leave out the ground that a lesson stands on.
    """
    width, height = frame_size(picture.width, picture.height)
    values = {
        "pixel_width": picture.width,
        "pixel_height": picture.height,
        "frame_rate": picture.fps,
        "frame_height": height,
        "frame_width": width,
        "dry_run": True,
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "WARNING",
        "background_opacity": 0.0 if is_transparent else 1.0,
    }
    before = config.copy()
    config.update({**values, "media_dir": str(media)} if media else values)
    try:
        yield
    finally:
        config.update({name: before[name] for name in before if before[name] != config[name]})
