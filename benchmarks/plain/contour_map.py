"""The contour map in stock Manim: lines of height, and dots with a ``TracedPath`` behind each.

Written as a careful lecturer would: one mobject per line of height, found by Manim's own
``plot_implicit_curve`` as it is set by default, nothing built twice, and what stands still is added
first, so that Manim draws it once; only the dots and their trails move. Labels are ``Text`` because
no LaTeX is installed.
"""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE_E,
    GREEN_B,
    GREY,
    ORANGE,
    PINK,
    RED,
    WHITE,
    Axes,
    Cross,
    Dot,
    Scene,
    Text,
    TracedPath,
    ValueTracker,
    VGroup,
    color_gradient,
    linear,
)

from benchmarks.plain.descents import HIGHEST, MINIMA, STARTS, STEPS, descent, place_on, value

KNEE = 20.0
LEVELS = KNEE * np.expm1(np.arange(1, 10) / 10 * np.log1p(HIGHEST / KNEE))
SECONDS = 8.0


class PlainContourMap(Scene):
    """Eight seconds: four points race down Himmelblau's valleys."""

    def construct(self):
        """Build and play."""
        axes = Axes(x_range=(-5, 5, 2), y_range=(-5, 5, 2), x_length=6, y_length=6, tips=False)
        ticks = VGroup(
            *(
                Text(str(number), font_size=18, color=GREY).next_to(
                    axes.c2p(*place), direction, buff=0.15
                )
                for number in (-4, -2, 2, 4)
                for place, direction in (
                    ((number, -5), (0, -1, 0)),
                    ((-5, number), (-1, 0, 0)),
                )
            )
        )
        lines = VGroup(
            *(
                axes.plot_implicit_curve(
                    lambda x, y, level=level: value(x, y) - level,
                    color=colour,
                    stroke_width=2,
                )
                for level, colour in zip(
                    LEVELS, color_gradient([BLUE_E, GREEN_B], len(LEVELS)), strict=True
                )
            )
        )
        crosses = VGroup(
            *(Cross(scale_factor=0.1, stroke_width=4).move_to(axes.c2p(*it)) for it in MINIMA)
        )
        progress = ValueTracker(0)
        dots, trails, names = [], [], VGroup()
        for start, colour in zip(STARTS, (ORANGE, WHITE, PINK, RED), strict=True):
            path = descent(start)

            def place(dot, path=path):
                dot.move_to(axes.c2p(*place_on(path, progress.get_value())))

            dot = Dot(axes.c2p(*start), radius=0.1, color=colour)
            dot.add_updater(place)
            dots.append(dot)
            trails.append(TracedPath(dot.get_center, stroke_color=colour, stroke_width=4))
            names.add(Text(f"start {len(names) + 1}", font_size=20, color=colour))
        names.arrange(buff=0.4).next_to(axes, (0, 1, 0), buff=0.25)
        self.add(axes, ticks, lines, crosses, names, *trails, *dots)
        self.play(progress.animate(rate_func=linear).set_value(STEPS), run_time=SECONDS)
