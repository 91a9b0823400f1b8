"""Draws lessons and adds up their frames: ``python -m tests.scenes.frame_sums NAME...``."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from render.configuration import configured
from render.jobs import Picture, VideoJob
from render.lessons import Lesson
from render.renderers import FilmingRenderer

PICTURE = Picture(width=128, height=72, fps=2)


class _Sum:
    """Takes frames as a film does, and keeps nothing of them but a checksum."""

    def __init__(self) -> None:
        self.frames = 0
        self.digest = hashlib.sha256()

    def write(self, pixels: Any, repeat: int = 1) -> None:
        """Add a frame and how long it stands."""
        self.frames += repeat
        self.digest.update(pixels.tobytes() + repeat.to_bytes(4, "big"))

    def spare(self) -> None:
        """Give nothing back."""


def frame_sum(name: str) -> str:
    """Return how many frames a lesson has at its defaults, and their checksum."""
    found: Any = _Sum()
    with TemporaryDirectory() as media, configured(PICTURE, Path(media)):
        lesson = Lesson(VideoJob(id="sum", scene=name, output="none.mp4"))
        lesson.run(lesson.stage(FilmingRenderer(found, lambda _frame: None)))
    return f"{found.frames} {found.digest.hexdigest()}"


if __name__ == "__main__":
    print(json.dumps({name: frame_sum(name) for name in sys.argv[1:]}))
