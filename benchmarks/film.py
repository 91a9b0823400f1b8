"""Films one Manim scene the way our worker does: ``python -m benchmarks.film MODULE CLASS FILE``.

The renderer, the camera and the encoder are the worker's own; only the lesson around them (beats,
captions, the plan of progress bars) is left out, because the plain versions have none either.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from backprop_studio.render.workers.imports import uncollected

with uncollected():
    from backprop_studio.render.drawing.configuration import configured
    from backprop_studio.render.drawing.renderers import FilmingRenderer
    from backprop_studio.render.files.film import Film
    from backprop_studio.render.messages.frame_format import FrameFormat

__all__ = ["film"]


def film(module: str, scene: str, path: Path, picture: FrameFormat) -> int:
    """Write a scene into a file and return its number of frames."""
    with configured(picture):
        written = Film(path, picture)
        renderer = FilmingRenderer(written, lambda _: None)
        scene_class = getattr(importlib.import_module(module), scene)
        scene_class(renderer=renderer).render()
        written.finish()
    return written.frames


if __name__ == "__main__":
    print(film(sys.argv[1], sys.argv[2], Path(sys.argv[3]), FrameFormat()))
