"""The network picture with our parts: the plays and lengths of ``benchmarks/plain/network.py``.

The numbers come from there too, so that only drawing is compared: importing torch, which a lesson
needs for true numbers, would add its two seconds to either side.
"""

from __future__ import annotations

from manim import FadeIn, Scene

from benchmarks.plain.network import SIZES, numbers
from core.answer_sheet import printed
from scenes.parts.camera import PaintingCamera
from scenes.parts.network_view import NetworkView
from scenes.parts.style import THEMES


class Network(Scene):
    """Eighteen seconds: the network, three layers forward, three back, and the weights again."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("camera_class", PaintingCamera)
        super().__init__(*args, **kwargs)

    def construct(self):
        weights, values = numbers()
        view = NetworkView(
            SIZES,
            ["input", "hidden 1", "hidden 2", "output"],
            weights,
            weights,
            (12.0, 5.0),
            THEMES["dark"],
            "en",
        ).reveal()
        self.play(FadeIn(view), run_time=2)
        self.play(self.lit(view, 0, values[0], "$x$"), run_time=1)
        for gap in range(len(weights)):
            self.play(view.animate.send_light(gap), run_time=1.5)
            view.settle()
            self.play(self.lit(view, gap + 1, values[gap + 1], f"$a_{gap + 1}$"), run_time=1)
        for gap in reversed(range(len(weights))):
            self.play(view.animate.grow_arrows(gap, weights[gap]), run_time=2)
        self.play(view.animate.drop_arrows(), run_time=1.5)

    @staticmethod
    def lit(view, layer, values, tag):
        return view.animate.light(layer, values, [printed(value, 3) for value in values], tag)
