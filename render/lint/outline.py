"""Pictures that outline a fault."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from backprop_studio.render.files.staging import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.lint.look import Look
    from backprop_studio.render.lint.texts import Box

MARK = (255, 45, 160)
"""A colour that no theme has."""

GAP = 6
"""Pixels between a fault and its outline."""


def write_outline(look: Look, box: Box | None, target: Path, job_id: str) -> None:
    """Write a moment's picture with a frame around the fault.

    A fault outside the frame is shown with what is around the frame, and the frame as a thin line.

    Parameters
    ----------
    box : Box or None
        Where the fault is, in pixels of the frame; None outlines all of it.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    width, height = look.size
    left, top, right, bottom = box or (GAP, GAP, width - GAP, height - GAP)
    beyond = left < 0 or top < 0 or right > width or bottom > height
    x, y = (look.margin.x, look.margin.y) if beyond else (0, 0)
    image = Image.fromarray(look.shown if beyond else look.picture).convert("RGB")
    draw = ImageDraw.Draw(image)
    if beyond:
        draw.rectangle((x - 1, y - 1, x + width, y + height), outline=(128, 128, 128))
    # What is further away than the picture reaches is pointed at from the picture's edge.
    sides = (
        min(max(left + x - GAP, 1), image.width - 12),
        min(max(top + y - GAP, 1), image.height - 12),
        max(min(right + x + GAP, image.width - 2), 11),
        max(min(bottom + y + GAP, image.height - 2), 11),
    )
    draw.rectangle(sides, outline=MARK, width=3)
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    write_atomically(target, stream.getvalue(), job_id=job_id, overwrite=True)
