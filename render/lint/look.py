"""Looks: the pixels of one moment of a lesson, and its texts apart from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import Camera, Scene, config

from backprop_studio.render.lint.margin import Margin, Pixels, find_strays
from backprop_studio.render.lint.texts import Box, SeenText, TextWatch
from backprop_studio.scenes.paint.typeset import watched

if TYPE_CHECKING:
    from backprop_studio.render.drawing.renderers import PlanningRenderer


@dataclass(frozen=True, eq=False)
class Look:
    """A moment.

    Attributes
    ----------
    frame : int
        Number of the film's frame.
    still : bool
        Nothing moves: what a viewer sees now is meant to be read.
    zoomed : bool
        The camera shows only a part of the stage, or another one.
    texts : list of SeenText
        Every text that was painted, whether visible or not.
    shown, bare : (height, width, 4) arrays
        The picture with the margin around it, with and without its texts.
    margin : Margin
        Of the picture.
    strays : list of (str, Box)
        Parts that draw outside the frame, texts left out, and where.
    """

    frame: int
    still: bool
    zoomed: bool
    texts: list[SeenText]
    shown: Pixels
    bare: Pixels
    margin: Margin
    strays: list[tuple[str, Box]]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frame in pixels."""
        return self.margin.width, self.margin.height

    @property
    def picture(self) -> Pixels:
        """The frame as a viewer sees it, RGB."""
        return self.margin.inside(self.shown)[:, :, :3]

    @property
    def whole_pixels(self) -> np.ndarray[Any, Any]:
        """The frame as a viewer sees it, (height, width), one number per pixel."""
        return self.margin.inside(self.shown).view(np.uint32)[:, :, 0]

    @property
    def ground(self) -> Pixels:
        """The frame without its texts, RGB."""
        return self.margin.inside(self.bare)[:, :, :3]


def look_at(renderer: PlanningRenderer, scene: Scene, frame: int, *, still: bool) -> Look:
    """Draw a scene as it stands, with and without texts.

    Parameters
    ----------
    renderer : PlanningRenderer
        The scene's.
    frame : int
        Which frame of the film this is.
    still : bool
        Whether it is between two plays, rather than in the middle of one.
    """
    margin = Margin.around(renderer.camera)
    shown, texts = _drawn(renderer, scene, margin, still=still, hide=False)
    bare, _ = _drawn(renderer, scene, margin, still=still, hide=True)
    zoomed = _is_zoomed(renderer.camera)
    strays = [] if zoomed else find_strays(renderer.camera, scene.mobjects, bare, margin)
    return Look(frame, still, zoomed, texts, shown, bare, margin, strays)


def _drawn(
    renderer: PlanningRenderer, scene: Scene, margin: Margin, *, still: bool, hide: bool
) -> tuple[Pixels, list[SeenText]]:
    camera = renderer.camera
    watch = TextWatch(hide=hide, shift=(margin.x, margin.y))
    # A new one each time: a camera may keep pictures of static mobjects, texts and all.
    renderer.camera = margin.camera(camera)
    try:
        with watched(watch):
            return renderer.photograph(scene, playing=not still), watch.seen
    finally:
        renderer.camera = camera


def _is_zoomed(camera: Camera) -> bool:
    away = float(np.abs(np.asarray(camera.frame_center)[:2]).max())
    return away > 1e-3 or camera.frame_height < config["frame_height"] - 1e-3
