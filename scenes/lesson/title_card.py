"""A lesson's title, alone on the stage: what a lecture shows before each of its lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manim import VGroup

from backprop_studio.scenes.lesson.type_block import TypeBlock
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import escape

CARD_BEAT = "title"
"""Name of the beat in which a card is shown; it has no caption, as the card is one."""

SCALE = 2.4
"""Of a lesson's own title, which the card's is larger than."""

LINES = 3
"""Room for a long title."""


@dataclass(frozen=True)
class TitleCard:
    """What a card says.

    Attributes
    ----------
    title : str
        The lesson's.
    lecture : str
        The lecture's; may be empty.
    number : int or None
        The lesson's place in the lecture, from 1.
    """

    title: str
    lecture: str = ""
    number: int | None = None


def card_group(card: TitleCard, width: float, theme: Theme, language: str) -> VGroup:
    """Return a card as wide as that, in the middle of the frame."""
    above = [str(card.number)] if card.number is not None else []
    above += [card.lecture] if card.lecture else []

    def block(text: str, size: float, colour: Rgb, lines: int) -> TypeBlock:
        """Return a text that is broken where it is too wide, in a box no higher than it."""
        setting: dict[str, Any] = {"wrap": lines > 1, "weight": 500, "language": language}
        most = size * 1.5 * lines
        found = TypeBlock(escape(text), size, (width, most), colour, **setting)
        box = (width, 1.05 * min(found.ink.height * size, most))
        return TypeBlock(escape(text), size, box, colour, **setting)

    blocks = [block(card.title, SIZES.title * SCALE, theme.text, LINES)]
    if above:
        blocks.insert(0, block("  ·  ".join(above), SIZES.title, theme.muted, 1))
    return VGroup(*blocks).arrange(direction=(0, -1, 0), buff=1.5 * SIZES.gap).move_to((0, 0, 0))
