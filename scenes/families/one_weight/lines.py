"""What one weight's lesson does with its three number lines: they run, are nudged, and go back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from manim import Mobject

from backprop_studio.core.training.chain_rule import ChainRuleRecord
from backprop_studio.scenes.boards.chain_rule import ChainRuleFormulas, slot
from backprop_studio.scenes.families.coupled_lines import NAMES, CoupledLines
from backprop_studio.scenes.lesson.numbers import in_sentence
from backprop_studio.scenes.paint.named_glyphs import named
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.parts.charts.error_square import ErrorSquare
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.formula import Spot

STEPS_TOLD = 3
"""Steps with a beat of their own; of the others the last is shown."""

LOSS = 2
"""Number of the loss's line."""

SAMPLES = 40
"""Places from one turn of the way to the next."""


class LinesTold(DirectedLesson):
    """Tells of one weight on coupled number lines.

    Attributes
    ----------
    record : ChainRuleRecord
        ``chain`` in the sheet.
    chain : CoupledLines
        The lines, and the links between them.
    lines : list of NumberLine
        Of weight, prediction and loss.
    square : ErrorSquare
        The loss as an area.
    """

    record: ChainRuleRecord
    formulas: ChainRuleFormulas
    chain: CoupledLines
    lines: list[NumberLine]
    square: ErrorSquare

    def words(self, path: str) -> str:
        """Return a number as a sentence has it."""
        return in_sentence(self.short(path))

    def texts_of(self, number: int, *names: str) -> list[str]:
        """Return numbers of a step as the lines write them."""
        return [f"${text}$" for text in self.formulas.of_step(number, *names)]

    def lines_and_links(self) -> list[Mobject]:
        """Return the chain's parts."""
        return self.chain.parts

    def said_of(self, number: int, **names: str) -> dict[str, str]:
        """Return numbers of a step as a sentence has them."""
        return {key: self.words(f"chain.steps.{number}.{name}") for key, name in names.items()}

    def run_through(self, *places: float, seconds: float) -> None:
        """Let the weight run from place to place and back to the first, and the others follow."""
        turns = [it for k, it in enumerate(places) if not k or it != places[k - 1]]
        turns = [*turns, turns[0]] if turns[-1] != turns[0] else turns
        share = (1 - np.cos(np.pi * np.linspace(0, 1, SAMPLES))) / 2
        course = [a + (b - a) * it for a, b in pairwise(turns) for it in share.tolist()]
        parts = [*self.lines, self.square]
        self.move(*(it.animate.unlabel() for it in parts), seconds=TIMES.fade)
        self.move(*self.chain.run(course), seconds=seconds)
        self.move(*self.back(0), seconds=TIMES.fade)

    def back(self, number: int) -> list[Any]:
        """Return the animations that bring lines and square to where a step begins."""
        places = zip(self.lines, self.at(number), strict=True)
        moved: list[Any] = [line.animate.settle().forget().put(*it) for line, it in places]
        return [*moved, self.square.animate.put(*self.squared(number))]

    def squared(self, number: int, after: str = "", before: str = "") -> tuple[float, str, str]:
        """Return a step's distance to the target, and how it and its square are written.

        Parameters
        ----------
        after : str
            ``_after`` for those after the step.
        before : str
            ``nudge.`` for those after the nudge.
        """
        step = self.record.steps[number]
        names = f"{before}distance{after}", f"{before}loss{after}"
        side, area = self.formulas.of_step(number, *names)
        distance = getattr(step.nudge if before else step, f"distance{after}")
        return distance, f"$abs(hat(y) - t) = {side}$", f"$L = {named('L', area)}$"

    def point_at(self, *numbers: int) -> None:
        """Dim the lines that are not spoken of; without a number, none."""
        bright: list[Mobject] = [self.lines[k] for k in numbers]
        if bright:
            bright.append(self.chain.links)
        if LOSS in numbers:
            bright.append(self.square)
        self.move(*self.light(*bright), seconds=TIMES.change)

    def bring_home(self, line: int, part: str, name: str) -> None:
        """Let a result travel from the board to its line."""
        value = getattr(self.record.steps[0], name)
        (text,) = self.texts_of(0, name)
        self.carry(part, self.chain.value(line, value, text))
        self.move(self.lines[line].animate.put(value, text), seconds=TIMES.change)

    def slopes(self) -> dict[str, Spot]:
        """Return where the slopes of both links stand."""
        return {"dL": self.chain.link(3, "s"), "dy": self.chain.link(2, "s")}

    def at(self, number: int) -> list[tuple[float, str]]:
        """Return where a step begins on each line, and what is written there."""
        step = self.record.steps[number]
        texts = self.texts_of(number, *NAMES)
        return [(getattr(step, name), text) for name, text in zip(NAMES, texts, strict=True)]

    def take_slope(self, number: int, link: int, part: str, name: str) -> None:
        """Let a step's slope travel from the board to its link."""
        source = self.slope(number, name)
        self.carry(part, self.chain.slope_to_be(link, source))
        self.move(self.chain.links.animate.slope(link, source), seconds=TIMES.change)

    def slope(self, number: int, name: str) -> str:
        """Return a step's slope as it stands at a link."""
        (text,) = self.formulas.of_step(number, name)
        return f"$times {slot('s', text)}$"

    def begin_again(self, lines: Iterable[Any], links: Any, square: Any) -> list[Any]:
        """Return the chain's parts, or what animates them, as they are before the first step."""
        ends, longest = self.chain.look_at(self.record.steps[:STEPS_TOLD])
        for link, name in enumerate(("dy_pred_dw", "dL_dy_pred")):
            links = links.slope(link, self.slope(0, name))
        places = zip(lines, ends, self.at(0), strict=True)
        found = [it.settle().forget().look(*seen).put(*at) for it, seen, at in places]
        return [*found, links, square.look(longest).put(*self.squared(0))]
