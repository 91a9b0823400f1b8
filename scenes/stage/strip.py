"""A board that comes when there is something to work out, shrinks to a line, and goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import FadeIn, FadeOut

from backprop_studio.scenes.lesson.card import Card
from backprop_studio.scenes.paint.brush import Box, middle_of
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.stage.formula import Formula
from backprop_studio.scenes.stage.rooms import Rooms

INSET = 0.08
SIZE = 0.4
"""Em of a formula, less where it has no room."""

LINE = 0.62
"""Height of a board that has shrunk to one line."""


class Strip:
    """A card with a formula that is there only as long as it is needed.

    Parameters
    ----------
    room : Box
        Left, bottom, right and top of where it stands.

    Attributes
    ----------
    formula : Formula or None
        On it; None while there is no board.
    """

    def __init__(self, room: Box, theme: Theme, language: str) -> None:
        self.room, self.look = room, (theme, language)
        self.formula: Formula | None = None
        self.card: Card | None = None

    def blank(self, source: str, hidden: Iterable[str] = ()) -> Formula:
        """Return a formula as it would stand on the board."""
        width, height = Rooms.size(self.room)
        box = (width - 2 * SIZES.gap, height - 2 * INSET)
        formula = Formula(source, box, *self.look, hidden=hidden, size=SIZE)
        formula.is_pinned = True
        return formula.move_to((*middle_of(self.room), 0))

    def write(self, source: str, hidden: Iterable[str] = ()) -> list[Any]:
        """Return the animations that bring the board with a formula, or change the one it has."""
        if self.formula is not None:
            return [self.formula.animate.rewrite(source, hidden)]
        self.card = Card(Rooms.size(self.room), self.look[0]).move_to((*middle_of(self.room), 0))
        self.card.is_pinned = True
        self.formula = self.blank(source, hidden)
        return [FadeIn(self.card), FadeIn(self.formula)]

    def shrink(self) -> list[Any]:
        """Return the animations that leave one line of the board, at the bottom of its room."""
        if self.formula is None or self.card is None:
            return []
        bottom = self.room[1]
        share = LINE / self.card.height
        at = (self.card.get_center()[0], bottom + LINE / 2, 0)
        card = self.card.animate.stretch_to_fit_height(LINE).move_to(at)
        return [card, self.formula.animate.scale(max(share, 0.75)).move_to(at)]

    def leave(self) -> list[Any]:
        """Return the animations that take the board away."""
        going = [it for it in (self.formula, self.card) if it is not None]
        self.formula = self.card = None
        return [FadeOut(it) for it in going]
