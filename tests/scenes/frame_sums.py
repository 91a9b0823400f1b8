"""Draws lessons and adds up their frames: ``python -m tests.scenes.frame_sums NAME...``.

Tells as well whether that has loaded torch's compiler, which takes longer than the first frame.
"""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.pieces import Enough
from backprop_studio.render.drawing.renderers import FilmingRenderer
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob

PICTURE = FrameFormat(width=128, height=72, fps=2)


class _Sums:
    """Takes frames as a film does, and keeps nothing of them but checksums."""

    def __init__(self):
        self.found: list[str] = []

    @property
    def frames(self):
        """Frames so far."""
        return len(self.found)

    def write(self, pixels, repeat=1):
        """Add a frame as often as it is shown."""
        self.found += [hashlib.sha256(pixels.tobytes()).hexdigest()] * repeat

    def spare(self):
        """Give nothing back."""


def planned(name):
    """Return the plan of a lesson at its defaults."""
    with TemporaryDirectory() as media, configured(PICTURE, Path(media)):
        plan, _ = OpenedLesson(VideoJob(id="sum", scene=name, output="none.mp4")).walk()
    return plan


def frame_sums(name, piece=None, plan=None):
    """Return a checksum of each frame of a lesson at its defaults, or of a piece of it."""
    film: Any = _Sums()
    plays = plan.plays if plan else ()
    with TemporaryDirectory() as media, configured(PICTURE, Path(media)), suppress(Enough):
        lesson = OpenedLesson(VideoJob(id="sum", scene=name, output="none.mp4"))
        lesson.run(lesson.stage(FilmingRenderer(film, lambda _frame: None, piece, plays)))
    return film.found  # type: ignore[no-any-return]


if __name__ == "__main__":
    sums = {name: frame_sums(name) for name in sys.argv[1:]}
    print(json.dumps({"sums": sums, "compiler": "torch._dynamo" in sys.modules}))
