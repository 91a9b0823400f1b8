"""The loss surface in stock Manim: ``Surface`` in a ``ThreeDScene`` with a turning camera.

Written as a careful lecturer would: one surface of 48 x 48 faces coloured by height, the scene's
own ambient rotation, three dots moved by a tracker, and a ``TracedPath`` behind each. Labels of the
axes are ``Text`` because no LaTeX is installed.
"""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE_E,
    DEGREES,
    GREEN_B,
    ORANGE,
    PINK,
    TEAL,
    WHITE,
    Dot3D,
    Surface,
    Text,
    ThreeDAxes,
    ThreeDScene,
    TracedPath,
    ValueTracker,
    linear,
)

SIDE = 48
STARTS = ((0.0, 0.0), (-1.0, 1.0), (-1.0, -2.0))
STEPS, RATE = 40, 0.01
HIGHEST = 890.0
SECONDS = 10.0


def value(x, y):
    """Himmelblau's function."""
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def descent(start):
    """Return the points of gradient descent, (steps + 1, 2)."""
    points = [np.array(start)]
    for _ in range(STEPS):
        x, y = points[-1]
        first, second = x**2 + y - 11, x + y**2 - 7
        gradient = np.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])
        points.append(points[-1] - RATE * gradient)
    return np.array(points)


class PlainLossSurface(ThreeDScene):
    """Ten seconds: Himmelblau's valleys turn by 90 degrees while three points run down."""

    def construct(self):
        """Build and play."""
        axes = ThreeDAxes(
            x_range=(-5, 5, 2),
            y_range=(-5, 5, 2),
            z_range=(0, HIGHEST, 200),
            x_length=6,
            y_length=6,
            z_length=3.5,
        )
        surface = Surface(
            lambda u, v: axes.c2p(u, v, value(u, v)),
            u_range=(-5, 5),
            v_range=(-5, 5),
            resolution=(SIDE, SIDE),
            stroke_width=0,
        )
        surface.set_fill_by_value(axes, colorscale=[(BLUE_E, 0), (TEAL, 300), (GREEN_B, 890)])
        progress = ValueTracker(0)
        dots, trails = [], []
        for start, colour in zip(STARTS, (ORANGE, WHITE, PINK), strict=True):
            path = descent(start)

            def place(dot, path=path):
                steps = np.arange(len(path))
                x, y = (np.interp(progress.get_value(), steps, path[:, k]) for k in (0, 1))
                dot.move_to(axes.c2p(x, y, value(x, y)))

            dot = Dot3D(axes.c2p(*start, value(*start)), radius=0.08, color=colour)
            dot.add_updater(place)
            dots.append(dot)
            trails.append(TracedPath(dot.get_center, stroke_color=colour, stroke_width=4))
        labels = [
            axes.get_x_axis_label(Text("x", font_size=24)),
            axes.get_y_axis_label(Text("y", font_size=24)),
            axes.get_z_axis_label(Text("L", font_size=24)),
        ]
        self.set_camera_orientation(phi=55 * DEGREES, theta=-60 * DEGREES)
        self.add(axes, *labels, surface, *trails, *dots)
        self.begin_ambient_camera_rotation(rate=90 * DEGREES / SECONDS)
        self.play(progress.animate(rate_func=linear).set_value(STEPS), run_time=SECONDS)
