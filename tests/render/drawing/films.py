"""Films of the tiny lesson, kept in memory."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.renderers import FilmingRenderer
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob

SMALL = FrameFormat(width=160, height=90, fps=10)


class Film:
    """Stands in for a file and keeps the frames."""

    def __init__(self):
        self.pictures = []

    @property
    def frames(self):
        return len(self.pictures)

    def write(self, pixels, repeat=1):
        self.pictures += [pixels] * repeat

    def spare(self):
        return None


@contextmanager
def opened(picture=SMALL, **params):
    """Give the tiny lesson, with Manim set up for a picture."""
    with tempfile.TemporaryDirectory() as media, configured(picture, Path(media)):
        yield OpenedLesson(StillJob(id="t", scene="tiny", params=params, picture=picture))


def planned(picture=SMALL, **params):
    """Return the plan and the scene as it ended."""
    with opened(picture, **params) as lesson:
        return lesson.walk()


def filmed(picture=SMALL, **params):
    """Return every frame and the scene as it ended."""
    film = Film()
    with opened(picture, **params) as lesson:
        scene = lesson.stage(FilmingRenderer(film, lambda _: None))
        lesson.run(scene)
    return film.pictures, scene
