"""The margin around the frame: a picture that goes on where the frame ends, and what is on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import Camera, Mobject, VMobject

from backprop_studio.render.drawing.renderers import FilmCamera
from backprop_studio.render.lint.texts import Box, TextWatch
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.typeset import watched

if TYPE_CHECKING:
    from collections.abc import Iterable


Pixels = np.ndarray[Any, np.dtype[np.uint8]]

SHARE = 8
"""The picture goes on around the frame by one part in so many of its width and height."""

FAINT = 12
"""Grey levels by which a pixel may differ from the background and still be taken for it."""


@dataclass(frozen=True)
class Margin:
    """A frame of so many pixels inside a larger picture of the same scale.

    Attributes
    ----------
    width, height : int
        Of the frame.
    x, y : int
        Pixels of the margin on the left and the right, and above and below.
    """

    width: int
    height: int
    x: int
    y: int

    @classmethod
    def around(cls, camera: Camera) -> Margin:
        """Return the margin around what a camera sees."""
        width, height = camera.pixel_width, camera.pixel_height
        return cls(width, height, width // SHARE, height // SHARE)

    def camera(self, camera: Camera) -> FilmCamera:
        """Return a new camera that also sees what is around another one's frame."""
        width, height = self.width + 2 * self.x, self.height + 2 * self.y
        wide = FilmCamera(
            pixel_width=width,
            pixel_height=height,
            frame_width=camera.frame_width * width / self.width,
            frame_height=camera.frame_height * height / self.height,
            frame_center=np.array(camera.frame_center),
            background_color=camera.background_color,
            background_opacity=camera.background_opacity,
        )
        if isinstance(camera, PaintingCamera) and camera.home is not None:
            home_width, home_height = camera.home
            wide.home = home_width * width / self.width, home_height * height / self.height
            wide.room = camera.room
        return wide

    def inside(self, pixels: Pixels) -> Pixels:
        """Return the frame alone."""
        return pixels[self.y : self.y + self.height, self.x : self.x + self.width]


def find_strays(
    camera: Camera, mobjects: Iterable[Mobject], picture: Pixels, margin: Margin
) -> list[tuple[str, Box]]:
    """Return the parts that draw outside the frame, texts left out.

    Parameters
    ----------
    camera : Camera
        Sees the frame.
    mobjects : iterable of Mobject
        Everything on stage.
    picture : (height, width, 4) array
        All of it with the margin, without texts.

    Returns
    -------
    list of (str, Box)
        Name of each part's class, and where in pixels of the frame it draws outside of it.
    """
    found = []
    if _outside(picture, margin) is not None:
        for mobject in mobjects:  # each alone, to know which it is
            wide = margin.camera(camera)
            with watched(TextWatch(hide=True, shift=(margin.x, margin.y))):
                wide.capture_mobjects([mobject])
            box = _outside(np.asarray(wide.pixel_array, dtype=np.uint8), margin)
            if box is not None:
                found.append((type(mobject).__name__, box))
    for mobject in mobjects:
        box = _far_box(mobject, camera, margin)
        if box is not None:
            found.append((type(mobject).__name__, box))
    return found


def _outside(picture: Pixels, margin: Margin) -> Box | None:
    """Return the box around everything drawn outside the frame, or None.

    What fills the picture's corner is the background, of which a lesson has one colour.
    """
    # Whole pixels at once: most often all of them are the background's.
    whole = np.ascontiguousarray(picture).view(np.uint32)[:, :, 0]
    drawn = whole != whole[0, 0]
    # The pixel next to the edge belongs to the smooth edge of what ends exactly there.
    right, bottom = margin.x + margin.width, margin.y + margin.height
    drawn[margin.y - 1 : bottom + 1, margin.x - 1 : right + 1] = False
    rows, columns = np.nonzero(drawn)
    off = picture[rows, columns].astype(np.int16) - picture[0, 0]
    clear = np.abs(off).max(axis=1, initial=0) > FAINT
    if not clear.any():
        return None
    rows, columns = rows[clear], columns[clear]
    left, top = columns.min() - margin.x, rows.min() - margin.y
    right, bottom = columns.max() + 1 - margin.x, rows.max() + 1 - margin.y
    return float(left), float(top), float(right), float(bottom)


def _far_box(mobject: Mobject, camera: Camera, margin: Margin) -> Box | None:
    """Return the box of a visible part that is so far away that not even the margin shows it."""
    family = [part for part in mobject.get_family() if len(part.points) and _has_ink(part)]
    if not family:
        return None
    points = np.concatenate([camera.points_to_subpixel_coords(p, p.points) for p in family])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    near = -margin.x < right and left < margin.width + margin.x
    if near and -margin.y < bottom and top < margin.height + margin.y:
        return None
    return float(left), float(top), float(right), float(bottom)


def _has_ink(mobject: Mobject) -> bool:
    if not isinstance(mobject, VMobject):
        # Points without a look of their own are a tracker's value.
        return hasattr(mobject, "rgbas") or hasattr(mobject, "pixel_array")
    stroke = mobject.get_stroke_opacity() > 0 and mobject.get_stroke_width() > 0
    return bool(mobject.get_fill_opacity() > 0 or stroke)
