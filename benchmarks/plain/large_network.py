"""A network of 64-32-32-10 in stock Manim: a dot per unit, a ``Line`` per weight.

Written as a careful lecturer would: animations in groups, nothing built twice, arrows for the
twelve largest gradients of a gap only and for the others the same lines in the gradient's colour,
numbers as ``Text`` because no LaTeX is installed and at the outputs only. 3392 edges. The whole of
it, eighteen seconds, takes a quarter of an hour; here every play is a tenth as long.
"""

from __future__ import annotations

import numpy as np
from manim import (
    GREY,
    RIGHT,
    WHITE,
    YELLOW,
    AnimationGroup,
    Arrow,
    Dot,
    FadeIn,
    FadeOut,
    GrowArrow,
    Line,
    Scene,
    ShowPassingFlash,
    Text,
    VGroup,
)

from benchmarks.plain.network import colour, numbers

SIZES = (64, 32, 32, 10)
HEIGHT = 4.0
ARROWS = 12
SHARE = 0.1
"""Of the length of the video."""


class PlainMiddleNetwork(Scene):
    """A tenth of eighteen seconds: the network, three layers forward, three back, the weights."""

    def construct(self):
        weights, gradients, values = numbers(SIZES)
        columns = [
            VGroup(
                *(
                    Dot((x, y, 0), radius=min(0.1, 1.5 / size), color=GREY)
                    for y in np.linspace(HEIGHT / 2, -HEIGHT / 2, size)
                )
            )
            for x, size in zip(np.linspace(-5, 5, len(SIZES)), SIZES)
        ]
        edges = [
            VGroup(
                *(
                    Line(
                        columns[gap][k].get_center(),
                        columns[gap + 1][j].get_center(),
                        color=colour(matrix[j, k]),
                        stroke_width=1.5,
                        stroke_opacity=min(abs(matrix[j, k]), 1) ** 3,
                    )
                    for j in range(matrix.shape[0])
                    for k in range(matrix.shape[1])
                )
            )
            for gap, matrix in enumerate(weights)
        ]
        outputs = VGroup(
            *(
                Text(f"{value:.3f}", font_size=18, color=WHITE).next_to(dot, RIGHT, buff=0.1)
                for dot, value in zip(columns[-1], values[-1])
            )
        )
        self.play(*(FadeIn(group) for group in (*edges, *columns)), run_time=2 * SHARE)
        self.play(self.lit(columns[0], values[0]), run_time=SHARE)
        for gap in range(3):
            self.play(
                AnimationGroup(
                    *(
                        ShowPassingFlash(line.copy().set_color(YELLOW), time_width=0.3)
                        for line in edges[gap]
                    )
                ),
                run_time=1.5 * SHARE,
            )
            coming = [FadeIn(outputs)] if gap == 2 else []
            self.play(self.lit(columns[gap + 1], values[gap + 1]), *coming, run_time=SHARE)
        grown = VGroup()
        for gap in reversed(range(3)):
            slopes = gradients[gap].ravel()
            strengths = np.abs(slopes) / np.abs(slopes).max()
            lines = VGroup(
                *(
                    line.copy().set_stroke(colour(slope), opacity=strength**3)
                    for line, slope, strength in zip(edges[gap], slopes, strengths)
                )
            )
            arrows = VGroup(
                *(
                    Arrow(
                        edges[gap][k].get_end(),
                        edges[gap][k].get_start(),
                        buff=0,
                        color=colour(slopes[k]),
                        stroke_width=4,
                        max_tip_length_to_length_ratio=0.08,
                    )
                    for k in np.argsort(strengths)[-ARROWS:]
                )
            )
            grown.add(lines, arrows)
            self.play(
                FadeIn(lines),
                *(GrowArrow(arrow) for arrow in arrows),
                edges[gap].animate.set_stroke(opacity=0.02),
                run_time=2 * SHARE,
            )
        self.play(
            FadeOut(grown),
            *(group.animate.set_stroke(opacity=0.3) for group in edges),
            run_time=1.5 * SHARE,
        )

    @staticmethod
    def lit(column, values):
        return AnimationGroup(
            *(
                dot.animate.set_fill(colour(value), min(abs(value) / 2, 1))
                for dot, value in zip(column, values)
            )
        )
