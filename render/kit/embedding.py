"""What slides hold of films: a clip that stays on the disk until it is written, and its poster."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_COLOURS = 256
"""Of a poster: no colour is more than a few levels off, in less than a third of the bytes."""


@cache
def _clip_part() -> type:
    from pptx.parts.media import MediaPart

    class ClipPart(MediaPart):
        """A part of a package whose content is read from its file when the package is written."""

        path: Path

        @property  # type: ignore[misc]  # nobody sets it
        def blob(self) -> bytes:
            return self.path.read_bytes()

    return ClipPart


def leave_on_disk(slide: Any, clip: Path) -> None:
    """Let a slide's clip be read when the presentation is written.

    An hour of clips is 150 MB, which python-pptx holds from the first slide to the last.
    """
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part: Any = slide.part.part_related_by(RELATIONSHIP_TYPE.MEDIA)
    if not isinstance(part, _clip_part()):
        _ = part.sha1  # by which a clip is known that comes again
        part.__class__ = _clip_part()
        part.path = clip
        del part._blob


def poster(still: bytes, kept: Path) -> str:
    """Return the file of a picture as slides take it, made once.

    Parameters
    ----------
    still : bytes
        The picture.
    kept : Path
        Where it is, or is put.
    """
    from PIL import Image

    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        drawn = Image.open(io.BytesIO(still)).convert("RGB")
        few = drawn.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(kept, "PNG", compress_level=9)
    return str(kept)
