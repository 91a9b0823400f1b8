"""Pictures and plays that the tests of parts share."""

from __future__ import annotations

from manim import Scene
from manim.utils.color import ManimColor

from backprop_studio.scenes.paint.camera import PaintingCamera
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SETTINGS

BIG = {**SETTINGS, "pixel_width": 1280, "pixel_height": 720}
UNIT = 90
"""Pixels of one Manim unit."""


def picture(*parts):
    """Return (720, 1280, 3) of parts on black."""
    with manim_settings({**BIG, "background_color": ManimColor("#000000")}):
        camera = PaintingCamera()
        camera.capture_mobjects(parts)
        return camera.pixel_array[:, :, :3].astype(int)


def at(pixels, place):
    """Return the colour at a place of a part that stands in the frame's middle."""
    return pixels[round(360 - place[1] * UNIT), round(640 + place[0] * UNIT)]


def is_like(colour, rgb, room=14):
    """Whether a pixel has a theme's colour."""
    return all(abs(a - 255 * b) <= room for a, b in zip(colour, rgb, strict=True))


def is_colour(found, rgb, room=3):
    """Whether a pixel has a colour to within so many grey levels."""
    return is_like(found, rgb, room)


def play(part, *changes):
    """Play changes of a part one after the other, as a scene does, and return it."""

    class Moves(Scene):
        def construct(self):
            self.add(part)
            for change in changes:
                self.play(change(part.animate), run_time=0.5)

    with manim_settings({**SETTINGS, "dry_run": True}):
        Moves(camera_class=PaintingCamera).render()
    return part
