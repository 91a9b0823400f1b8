"""The loss surface in stock Manim: ``Surface`` in a ``ThreeDScene`` with a turning camera.

Written as a careful lecturer would: one surface of 48 x 48 faces coloured by height, the scene's
own ambient rotation, three dots moved by a tracker, and a ``TracedPath`` behind each. Labels of the
axes are ``Text`` because no LaTeX is installed.
"""

from __future__ import annotations

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

from benchmarks.plain.descents import HIGHEST, STARTS, STEPS, descent, place_on, value

SIDE = 48
DESCENTS = STARTS[:3]
SECONDS = 10.0


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
        surface.set_fill_by_value(axes, colorscale=[(BLUE_E, 0), (TEAL, 300), (GREEN_B, HIGHEST)])
        progress = ValueTracker(0)
        dots, trails = [], []
        for start, colour in zip(DESCENTS, (ORANGE, WHITE, PINK), strict=True):
            path = descent(start)

            def place(dot, path=path):
                x, y = place_on(path, progress.get_value())
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
