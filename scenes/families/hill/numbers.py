"""Numbers of descents on a hill as they are printed: in sentences, at balls and in the rule."""

from __future__ import annotations

from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.families import curve_descent
from backprop_studio.scenes.families.hill.plot import HillPlot, ink_of
from backprop_studio.scenes.lesson.numbers import DIGITS, bracketed, in_sentence
from backprop_studio.scenes.paint.named_glyphs import named
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.stage.formula import Spot


class HillNumbers(curve_descent.CurveRuns):
    """Base of the lesson that tells descents on a hill step by step.

    Attributes
    ----------
    hill : HillPlot
        On which they are drawn.
    """

    hill: HillPlot

    def in_text(self, number: int, name: str, step: int) -> str:
        """Return a number of a run for a sentence."""
        if name == "w":
            return in_sentence(self.weight(number, step))
        return in_sentence(self.short(f"runs.{number}.{name}.{step}"))

    def rate(self, number: int = 0) -> str:
        """Return the learning rate."""
        return self.short(f"runs.{number}.learning_rate")

    def slope(self, number: int, step: int, digits: int = DIGITS) -> str:
        """Return a slope in the colour of its sign."""
        path = f"runs.{number}.slope.{step}"
        value = float(self.runs[number].slope[step])
        return coloured(self.short(path, digits), ink_of(self.theme, value))

    def weight_tag(self, number: int, step: int) -> str:
        """Return what is written at the axis below a ball."""
        return f"$w = {self.weight(number, step)}$"

    def end_tag(self, number: int) -> str:
        """Return what is written there in the end."""
        run = self.runs[number]
        way = float(abs(run.w[run.last_seen] - run.w[0]))
        decimals = curve_descent.decimals_of(way) if way else 0
        return f"$w = {self.short(f'runs.{number}.w.{run.last_seen}', decimals=decimals)}$"

    def slope_tag(self, number: int, step: int, digits: int = DIGITS) -> str:
        """Return what is written at a plank."""
        word = escape(self.tr("slope"))
        return f"{word} $dif L slash dif w = {self.slope(number, step, digits)}$"

    def general_rule(self) -> str:
        """Return the rule before its numbers are put in."""
        parts = {"w": "w", "rate": "eta", "slope": curve_descent.SLOPE}
        w, rate, slope = (named(*it) for it in parts.items())
        return f"$ w <- {w} - {rate} dot {slope} $"

    def rule(self, number: int, step: int) -> str:
        """Return the rule with a step's numbers put in; a step that breaks has no result."""
        run = self.runs[number]
        slope = coloured(
            bracketed(self.short(f"runs.{number}.slope.{step - 1}")),
            ink_of(self.theme, float(run.slope[step - 1])),
        )
        w, rate = (
            named("w", self.weight(number, step - 1)),
            named("rate", bracketed(self.rate(number))),
        )
        new = f" = {named('new', self.weight(number, step))}" if step <= run.last else ""
        return f"$ w <- {w} - {rate} dot {named('slope', slope)}{new} $"

    def spots(self, number: int, step: int, *names: str) -> dict[str, Spot]:
        """Return where numbers of a step are in the picture before they are in the rule."""
        name = f"run_{number}"
        texts = {
            "w": (f"{name}.w", self.weight(number, step - 1)),
            "slope": (f"{name}.slope", self.slope(number, step - 1)),
            "rate": ("eta", self.rate(number)),
        }
        return {it: self.hill.spot(*texts[it]) for it in names}
