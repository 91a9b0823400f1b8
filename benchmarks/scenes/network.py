"""The network picture with our parts: the plays and lengths of ``benchmarks/plain/network.py``.

The numbers come from there too, so that only drawing is compared: importing torch, which a lesson
needs for true numbers, would add its two seconds to either side.
"""

from __future__ import annotations

from manim import FadeIn, Scene

from backprop_studio.core.answer_sheet import printed
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.network_drawing import network_view
from benchmarks.plain import network


class Network(Scene):
    """Eighteen seconds: the network, three layers forward, three back, and the weights again."""

    sizes = network.SIZES
    slowness = 1

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("camera_class", PaintingCamera)
        super().__init__(*args, **kwargs)

    def construct(self):
        """Build and play."""
        weights, gradients, values = network.numbers(self.sizes)
        names = ["input", "hidden 1", "hidden 2", "output"]
        view = network_view(
            "auto", self.sizes, names, weights, gradients, (12.0, 5.0), THEMES["dark"], "en"
        ).reveal()
        self.move(FadeIn(view), 2)
        self.move(self.lit(view, 0, values[0], "$x$"), 1)
        for gap in range(len(weights)):
            self.move(view.animate.send_light(gap), 1.5)
            view.settle()
            self.move(self.lit(view, gap + 1, values[gap + 1], f"$a_{gap + 1}$"), 1)
        for gap in reversed(range(len(weights))):
            self.move(view.animate.grow_arrows(gap, gradients[gap]), 2)
        self.move(view.animate.drop_arrows(), 1.5)

    def move(self, animation, seconds):
        """Play, in the time that this version takes for it."""
        self.play(animation, run_time=seconds * self.slowness)

    @staticmethod
    def lit(view, layer, values, tag):
        """Return how a layer's values come into its units."""
        return view.animate.light(layer, values, [printed(value, 3) for value in values], tag)


class LongNetwork(Network):
    """The same at a quarter of the pace."""

    slowness = 4
