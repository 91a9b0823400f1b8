"""The one style: colours with one meaning each, type sizes, spacing, timings, number formats.

Lengths are Manim units: the frame is 8 units high, so one unit is 90 px at 720p. A type size is the
em. The two sign colours and the gradient and loss accents stay apart for colour-blind viewers;
``tests/scenes/parts/test_style.py`` simulates that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = [
    "DECIMALS",
    "DECIMALS_FINE",
    "LAYOUT",
    "SIZES",
    "THEMES",
    "TIMES",
    "Rgb",
    "Theme",
    "decimals_for",
    "hex_of",
]

Rgb = tuple[float, float, float]
"""Red, green, blue from 0 to 1."""


def _rgb(code: str) -> Rgb:
    red, green, blue = (int(code[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return red, green, blue


def hex_of(rgb: Rgb) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


@dataclass(frozen=True)
class Theme:
    """Colours by meaning.

    Attributes
    ----------
    background, surface, line : Rgb
        The page, a card on it, and hairlines.
    text, muted : Rgb
        What is read, and what stands beside it.
    positive, negative : Rgb
        Sign of a weight, an activation or a gradient.
    gradient : Rgb
        Marks a number as a gradient: rings, tags and symbols of the backward pass.
    loss : Rgb
        The loss.
    target : Rgb
        What the network should have answered.
    focus : Rgb
        Light that travels forward, and the outline of what is looked at now.
    """

    name: str
    background: Rgb
    surface: Rgb
    line: Rgb
    text: Rgb
    muted: Rgb
    positive: Rgb
    negative: Rgb
    gradient: Rgb
    loss: Rgb
    target: Rgb
    focus: Rgb

    def of_sign(self, value: float) -> Rgb:
        """Return the colour of a value's sign; zero is muted."""
        if value == 0:
            return self.muted
        return self.positive if value > 0 else self.negative


THEMES: dict[str, Theme] = {
    "dark": Theme(
        name="dark",
        background=_rgb("#11161d"),
        surface=_rgb("#1a212b"),
        line=_rgb("#3a4553"),
        text=_rgb("#f2f4f7"),
        muted=_rgb("#a3afbd"),
        positive=_rgb("#4f9fff"),
        negative=_rgb("#ff9330"),
        gradient=_rgb("#f7b3e2"),
        loss=_rgb("#ffd84d"),
        target=_rgb("#46d9a4"),
        focus=_rgb("#fdf6d8"),
    ),
    "light": Theme(
        name="light",
        background=_rgb("#fbfbf9"),
        surface=_rgb("#f0f1ee"),
        line=_rgb("#c3c8ce"),
        text=_rgb("#15191e"),
        muted=_rgb("#56606b"),
        positive=_rgb("#0b62c4"),
        negative=_rgb("#a84c00"),
        gradient=_rgb("#8a3a7a"),
        loss=_rgb("#7d6200"),
        target=_rgb("#00734f"),
        focus=_rgb("#15191e"),
    ),
}


@dataclass(frozen=True)
class Sizes:
    """Type sizes (em) and spacing in Manim units; the smallest em is 18 px at 720p."""

    title: float = 0.30
    caption: float = 0.36
    formula: float = 0.30
    label: float = 0.25
    small: float = 0.22
    margin: float = 0.5
    gap: float = 0.3


SIZES = Sizes()


@dataclass(frozen=True)
class Layout:
    """Where the stage of a network lesson stands in the 16:9 frame, in Manim units."""

    network: tuple[float, float] = (10.3, 4.0)
    network_centre: tuple[float, float] = (-1.65, 1.2)
    panel_width: float = 2.75
    panel_centre: tuple[float, float] = (5.25, 1.15)
    board: tuple[float, float] = (13.3, 1.95)
    board_y: float = -1.83


LAYOUT = Layout()


@dataclass(frozen=True)
class Times:
    """Durations in seconds at pace 1."""

    caption: float = 0.4
    fade: float = 0.35
    change: float = 0.5
    move: float = 0.9
    travel: float = 1.0
    hold: float = 2.0
    look: float = 1.1


TIMES = Times()

DECIMALS = 3
"""Decimals of values in nodes and matrices, where their size asks for no others."""

MOST_DECIMALS = 6

DECIMALS_FINE = 4
"""Decimals where a small change is the point: the loss and the followed weight."""


def decimals_for(largest: float, digits: int = 3, least: int = DECIMALS) -> int:
    """Return how many decimals show a group of numbers well.

    Parameters
    ----------
    largest : float
        The largest absolute value of the group.
    digits : int
        Significant digits it should keep.
    least : int
        Decimals of numbers of ordinary size.

    Examples
    --------
    >>> [decimals_for(value) for value in (0.0, 0.4, 0.04, 0.0009, 123.0)]
    [3, 3, 4, 6, 1]
    """
    if not largest or not math.isfinite(largest):
        return least
    if largest >= 10:
        return min(least, 2 if largest < 100 else 1)
    needed = digits - 1 - math.floor(math.log10(largest))
    return min(max(least, needed), MOST_DECIMALS)
