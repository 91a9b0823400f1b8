"""The contour map with our parts: the data, picture and length of the plain version.

The data come from ``benchmarks/plain``, so that only drawing is compared.
"""

from __future__ import annotations

import numpy as np
from manim import Scene, linear

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces import contour_map
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from benchmarks.plain.contour_map import KNEE, SECONDS
from benchmarks.plain.descents import HIGHEST, MINIMA, STARTS, descent, value

SIDE = 48


class ContourMap(Scene):
    """Eight seconds: four points race down Himmelblau's valleys."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("camera_class", PaintingCamera)
        super().__init__(*args, **kwargs)

    def construct(self):
        """Build and play."""
        axis = np.linspace(-5, 5, SIDE)
        values = value(axis[None, :], axis[:, None])
        series = [
            DescentSeries(descent(start), f"start {number}")
            for number, start in enumerate(STARTS, start=1)
        ]
        scale = HeightScale(0.0, HIGHEST, KNEE)
        shown = {"scale": scale, "series": series, "minima": MINIMA, "names": ("$x$", "$y$", "")}
        surface = (axis, axis, values, (9.0, 7.6), THEMES["dark"], "en")
        view = contour_map.ContourMap(*surface, **shown, fill="none", bar=False)
        self.add(view)
        self.play(view.animate(rate_func=linear).advance_to_end(), run_time=SECONDS)
