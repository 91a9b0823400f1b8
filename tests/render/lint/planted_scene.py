"""A clean lesson of two beats, into which one fault can be planted; copied into a scenes folder."""

from __future__ import annotations

from typing import Any

from manim import DOWN, LEFT, RIGHT, UP, Circle, Dot, FadeIn, FadeOut, Square, ValueTracker
from pydantic import Field

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.scenes.lesson.card import Card
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.lesson.type_block import TypeBlock, formula_block

LONG = "Incomprehensibilities notwithstanding, internationalization overcomplicates. "
WORDY = "We go on and on, we do, as it is so hard to be as short as we can be, is it? It is so, so."


class Params(LessonParams):
    """What the test chooses."""

    fault: str = Field("", description="which one is planted in the second beat")


class Planted(LessonScene):
    """Two beats."""

    title = "Planted"
    summary = "A fault"
    chapter = "Tests"
    Params = Params

    def compute(self) -> dict[str, Any]:
        return {}

    def text(self, markup: str, size: float = 0.3, colour: Any = None) -> TypeBlock:
        return TypeBlock(markup, size, (4.0, 0.8), colour or self.theme.text, language="en")

    def tell(self) -> None:
        tracker = ValueTracker(50)
        self.add(Card((6.0, 2.0), self.theme).shift(UP), tracker)
        self.beat("first", "The first caption.")
        formula = formula_block("$z = mat(1, 2; 3, 4) x^2 + b_1$", (4, 1.6), self.theme.text)
        formula.shift(UP)
        self.move(FadeIn(formula), seconds=0.4)
        self.hold(0.3)

        captions = {"caption": LONG * 4, "long": WORDY}
        self.beat("second", captions.get(self.params.fault, "The second caption."))
        if self.params.fault != "unchanged":
            # One text goes where another one comes; both are faint half-way.
            coming = self.text("$a = sigma(z)$").shift(UP)
            self.move(FadeOut(formula), FadeIn(coming), seconds=0.4)
        getattr(self, f"plant_{self.params.fault}", lambda: None)()
        self.hold(0.3)

    def show(self, *parts: Any) -> None:
        self.move(*(FadeIn(part) for part in parts), seconds=0.3)

    def plant_text_outside(self) -> None:
        self.show(self.text("too far to the right").shift(6.2 * RIGHT + DOWN))

    def plant_text_far_outside(self) -> None:
        self.show(self.text("nobody sees me").shift(30 * LEFT))

    def plant_square_outside(self) -> None:
        self.show(Square(1.0).shift(7 * RIGHT + DOWN))

    def plant_dot_far_outside(self) -> None:
        self.show(Dot().shift(20 * UP))

    def plant_outside_on_the_way(self) -> None:
        square = Square(0.5).shift(6 * RIGHT + DOWN)
        self.add(square)
        self.move(square.animate(rate_func=lambda t: 4 * t * (1 - t)).shift(2 * RIGHT))

    def plant_overlap(self) -> None:
        self.show(self.text("one above").shift(DOWN), self.text("the other").shift(0.8 * DOWN))

    def plant_relation(self, markup: str = "$ 0.197 times 2 = 0.393 $") -> None:
        self.show(self.text(markup).shift(DOWN))

    def plant_relation_of_means(self) -> None:
        self.plant_relation("$ L = (0.407 + 0.975 + 0.898 + 0.595) / 4 = 0.7189 $")

    def plant_relation_of_matrices(self) -> None:
        self.plant_relation("$ z = mat(0.51, 1 ; 2, 0) mat(1 ; 2) = mat(2.51 ; 2.01) $")

    def plant_relation_of_logarithms(self) -> None:
        self.plant_relation("$ L = -ln 0.240 = 1.428 $")

    def plant_relation_far_off(self) -> None:
        self.plant_relation("$ 5 + (−25) dot 0.1 + 125 dot 0.1^2 approx 3.3333 $")

    def plant_relation_without_brackets(self) -> None:
        self.plant_relation("$ p = 1.63 times 10^(5) / (1.63 times 10^(5) + 20) = 0.9999 $")

    def plant_small(self) -> None:
        self.show(self.text("small print", size=0.18).shift(DOWN))

    def plant_small_by_scaling(self) -> None:
        self.show(self.text("scaled down").scale(0.5).shift(DOWN))

    def plant_contrast(self) -> None:
        self.show(self.text("a faint colour", colour=(0.35, 0.35, 0.4)).shift(DOWN))

    def plant_contrast_behind(self) -> None:
        disc = Circle(0.35, fill_opacity=1, fill_color="#e8e8d0", stroke_width=0).shift(DOWN)
        self.show(disc, self.text("white on something white").shift(DOWN))

    def plant_contrast_by_opacity(self) -> None:
        faint = self.text("half gone").shift(DOWN)
        self.show(faint)
        self.move(faint.animate.set_opacity(0.3), seconds=0.3)

    def plant_contrast_of_nothing(self) -> None:
        self.show(self.text("invisible", colour=self.theme.background).shift(DOWN))

    def plant_hurried(self) -> None:
        self.reading.read(self.time, "second", "formula", "$ x = 1.25 $", 20.0)
        self.reading.close(self.time + 4.0)

    def plant_glyph(self) -> None:
        self.show(self.text('#"a\u0e01b"').shift(DOWN))

    # What looks like a fault and is none

    def plant_nothing_hidden(self) -> None:
        below = self.text("hidden by a card").shift(DOWN)
        self.add(below, Card((5.0, 0.8), self.theme).shift(DOWN))
        self.show(self.text("on the card").shift(DOWN))

    def plant_nothing_oblique(self) -> None:
        for k in (0, 1):
            self.add(self.text("an oblique text").rotate(0.7).shift(DOWN + 0.6 * k * RIGHT))

    def plant_nothing_growing(self) -> None:
        text = self.text("grows from a point").shift(DOWN)
        self.move(FadeIn(text, scale=0.1), seconds=0.5)

    def plant_nothing_with_an_updater(self) -> None:
        text = self.text("moves by itself").shift(1.5 * DOWN)
        text.add_updater(lambda mobject, dt: mobject.shift(0.2 * dt * UP))
        self.add(text)
        self.wait(0.5)
        text.clear_updaters()
