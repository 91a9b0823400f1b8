"""The network picture in stock Manim: a mobject per node, edge, number and arrow.

Written as a careful lecturer would: copies and animations in groups, nothing built twice, numbers
as ``Text`` because no LaTeX is installed. Fourteen nodes, forty edges, eighteen seconds.
"""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE,
    GREY,
    ORANGE,
    WHITE,
    YELLOW,
    AnimationGroup,
    Arrow,
    Circle,
    FadeIn,
    FadeOut,
    GrowArrow,
    Line,
    Scene,
    ShowPassingFlash,
    Text,
    VGroup,
)

SIZES = (3, 4, 4, 3)
RADIUS = 0.4


def numbers(sizes):
    """Return weights and gradients (n_out, n_in) per gap and values per layer, by a seed."""
    generator = np.random.default_rng(0)
    shapes = list(zip(sizes[1:], sizes))
    weights, gradients = ([generator.normal(0, 0.5, it) for it in shapes] for _ in range(2))
    return weights, gradients, [generator.normal(0, 1, size) for size in sizes]


def colour(value):
    return BLUE if value > 0 else ORANGE


class PlainNetwork(Scene):
    """Eighteen seconds: the network, three layers forward, three back, and the weights again."""

    def construct(self):
        weights, gradients, values = numbers(SIZES)
        columns = [
            VGroup(*(Circle(RADIUS, color=GREY, stroke_width=3) for _ in range(size)))
            .arrange(buff=0.35, direction=(0, -1, 0))
            .move_to((x, 0.5, 0))
            for x, size in zip(np.linspace(-5, 5, len(SIZES)), SIZES)
        ]
        edges = []
        for gap, matrix in enumerate(weights):
            edges.append(
                VGroup(
                    *(
                        Line(
                            columns[gap][k].get_center(),
                            columns[gap + 1][j].get_center(),
                            buff=RADIUS,
                            color=colour(matrix[j, k]),
                            stroke_width=1 + 5 * abs(matrix[j, k]),
                        )
                        for j in range(SIZES[gap + 1])
                        for k in range(SIZES[gap])
                    )
                )
            )
        labels = [
            VGroup(
                *(
                    Text(f"{value:.3f}", font_size=20, color=WHITE).move_to(node)
                    for node, value in zip(column, row)
                )
            )
            for column, row in zip(columns, values)
        ]
        self.play(*(FadeIn(group) for group in (*edges, *columns)), run_time=2)
        self.play(FadeIn(labels[0]), run_time=1)
        for gap in range(3):
            self.play(
                AnimationGroup(
                    *(
                        ShowPassingFlash(line.copy().set_color(YELLOW), time_width=0.3)
                        for line in edges[gap]
                    )
                ),
                run_time=1.5,
            )
            self.play(
                FadeIn(labels[gap + 1]),
                *(
                    node.animate.set_fill(colour(value), min(abs(value) / 2, 1))
                    for node, value in zip(columns[gap + 1], values[gap + 1])
                ),
                run_time=1,
            )
        arrows = VGroup()
        for gap in reversed(range(3)):
            grown = VGroup(
                *(
                    Arrow(
                        line.get_end(),
                        line.get_start(),
                        buff=0,
                        color=colour(slope),
                        stroke_width=4,
                        max_tip_length_to_length_ratio=0.08,
                    )
                    for line, slope in zip(edges[gap], gradients[gap].ravel())
                )
            )
            arrows.add(grown)
            self.play(
                *(GrowArrow(arrow) for arrow in grown),
                edges[gap].animate.set_stroke(opacity=0.16),
                run_time=2,
            )
        self.play(
            FadeOut(arrows),
            *(group.animate.set_stroke(opacity=1) for group in edges),
            run_time=1.5,
        )
