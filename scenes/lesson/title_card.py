"""A lesson's title, alone on the stage: what a lecture shows before each of its lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manim import VGroup

from backprop_studio.scenes.lesson.type_block import TypeBlock, breakable
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme

CARD_BEAT = "title"
"""Name of the beat in which a card is shown; it has no caption, as the card is one."""

SCALE = 2.4
"""Of a lesson's own title, which the card's is larger than."""

LINES, LINES_ABOVE = 3, 2
"""Room for a long title, and for what stands above it, at their usual size."""

LINE = 1.5
"""Height of a line, in em."""

SMALLER = 0.9
"""Of its size, in steps of which a title is set that needs more lines."""


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
    blocks = [_block(card.title, SIZES.title * SCALE, width, theme.text, language, LINES)]
    if above:
        line = "  ·  ".join(above)
        blocks.insert(0, _block(line, SIZES.title, width, theme.muted, language, LINES_ABOVE))
    return VGroup(*blocks).arrange(direction=(0, -1, 0), buff=1.5 * SIZES.gap).move_to((0, 0, 0))


def _block(
    text: str, size: float, width: float, colour: Rgb, language: str, lines: int
) -> TypeBlock:
    """Return a text in a box no higher than it: broken where it is too wide, then set smaller."""
    setting: dict[str, Any] = {"wrap": True, "weight": 500, "language": language}
    most = LINE * lines * size
    while True:
        source = breakable(text, width / size, weight=500, language=language)
        found = TypeBlock(source, size, (width, most), colour, **setting)
        if (height := found.ink.height * size) <= most or size <= SIZES.small:
            return TypeBlock(source, size, (width, 1.05 * height), colour, **setting)
        size = max(SMALLER * size, SIZES.small)
