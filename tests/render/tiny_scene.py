"""A lesson of a few shapes that has every kind of play; copied into a scenes folder by tests."""

from __future__ import annotations

from typing import Any

from manim import RIGHT, UP, Dot, FadeIn, FadeOut, Rotate, Square
from pydantic import Field

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.scenes.lesson.lesson import LessonScene


class Params(LessonParams):
    """What the test chooses."""

    times: tuple[float, ...] = (0.7, 0.31)
    frozen: float = 0.5
    fault: str = Field("", description="where to fail")


class Tiny(LessonScene):
    """Three beats."""

    title = "Tiny"
    summary = "A few shapes"
    chapter = "Tests"
    Params = Params

    def compute(self) -> dict[str, Any]:
        self.sheet = {"values": [1.5, -0.25]}
        if self.params.fault == "compute":
            raise ZeroDivisionError("in compute")
        return self.sheet

    def tell(self) -> None:
        self.beat("first", "The first")
        square, dot = Square(color="#3070f0"), Dot(color="#f0a030").shift(2 * RIGHT)
        self.number("values.0")
        self.add(square)
        for seconds in self.params.times:
            self.play(Rotate(square, 1.0), dot.animate.shift(0.3 * UP), run_time=seconds)
        self.wait(self.params.frozen, frozen_frame=True)

        self.beat("second", "The second")
        if self.params.fault == "tell":
            raise ValueError("in tell\nwith two lines")
        if self.params.fault == "exit":
            raise SystemExit("goodbye")
        if self.params.fault == "print":
            print("noise on stdout")
        dot.add_updater(lambda mobject, dt: mobject.shift(0.5 * dt * RIGHT))
        self.wait(0.4)
        started = self.time
        self.wait_until(lambda: dot.get_x() > 2.5 or self.time - started > 5, max_time=2)
        dot.clear_updaters()

        self.beat("third", "The third")
        if self.camera.frame_width < self.camera.frame_height:
            self.wait(2.5, frozen_frame=True)
        self.play(FadeOut(square), run_time=0.5)
        self.play(FadeIn(square), run_time=0.4)
