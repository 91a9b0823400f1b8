"""The loss surface with our parts: the data, picture and length of the plain version.

The data come from ``benchmarks/plain``, so that only drawing is compared.
"""

from __future__ import annotations

import math

import numpy as np
from manim import Scene, linear

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from benchmarks.plain.descents import HIGHEST, descent, value
from benchmarks.plain.loss_surface import DESCENTS, SECONDS, SIDE


class LossSurface(Scene):
    """Ten seconds: Himmelblau's valleys turn by 90 degrees while three points run down."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("camera_class", PaintingCamera)
        super().__init__(*args, **kwargs)

    def construct(self):
        """Build and play."""
        # 48 x 48 faces have one more corner each way.
        axis = np.linspace(-5, 5, SIDE + 1)
        values = value(axis[None, :], axis[:, None])
        scale = HeightScale(0.0, HIGHEST)
        series = [DescentSeries(descent(start)) for start in DESCENTS]
        shown = {"scale": scale, "series": series, "names": ("$x$", "$y$", "$L$")}
        view = {"azimuth": math.radians(-60), "elevation": math.radians(35)}
        arguments = (axis, axis, values, (12.5, 7.6), THEMES["dark"], "en")
        surface = SurfaceMesh(*arguments, **shown, **view)
        self.add(surface)
        turn = surface.animate(rate_func=linear).turn_by(math.radians(90)).advance_to_end()
        self.play(turn, run_time=SECONDS)
