"""The one style: colours with one meaning each, type sizes, spacing, timings, number formats.

Lengths are Manim units: the shorter side of the frame is 8, so one unit is 90 px at 720p. A type
size is the em. The two sign colours and the gradient and loss accents stay apart for colour-blind
viewers; ``tests/scenes/paint/test_style.py`` simulates that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

Rgb = tuple[float, float, float]
"""Red, green, blue from 0 to 1."""


def rgb_of(code: str) -> Rgb:
    """Return the colour of ``#rrggbb``."""
    red, green, blue = (int(code[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return red, green, blue


def hex_of(rgb: Rgb) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def contrast(first: Rgb, second: Rgb) -> float:
    """Return the ratio of two colours' luminances, as WCAG 2.1 defines it."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Unchanging:
    """Mixin of what never changes: copies share it, as Manim copies mobjects for each animation."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True)
class Theme(Unchanging):
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
    dashes_negative : bool
        Tell signs apart by dashes as well, where ink has no colour.
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
    dashes_negative: bool = False

    def of_sign(self, value: float) -> Rgb:
        """Return the colour of a value's sign; zero is muted."""
        if value == 0:
            return self.muted
        return self.positive if value > 0 else self.negative


_THEMES = ("dark", "light", "print")
_COLOURS = {
    "background": ("#11161d", "#fbfbf9", "#ffffff"),
    "surface": ("#1a212b", "#f0f1ee", "#ffffff"),
    "line": ("#3a4553", "#c3c8ce", "#9a9a9a"),
    "text": ("#f2f4f7", "#15191e", "#000000"),
    "muted": ("#a3afbd", "#56606b", "#4d4d4d"),
    "positive": ("#4f9fff", "#0b62c4", "#000000"),
    "negative": ("#ff9330", "#a84c00", "#737373"),
    "gradient": ("#f7b3e2", "#8a3a7a", "#000000"),
    "loss": ("#ffd84d", "#7d6200", "#000000"),
    "target": ("#46d9a4", "#00734f", "#262626"),
    "focus": ("#fdf6d8", "#15191e", "#000000"),
}
"""Of each meaning, in the order of the themes."""

THEMES = {
    theme: Theme(
        theme,
        **{meaning: rgb_of(codes[k]) for meaning, codes in _COLOURS.items()},
        dashes_negative=theme == "print",
    )
    for k, theme in enumerate(_THEMES)
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


SHORT_SIDE = 8.0
"""Manim units of a frame's shorter side, so that a type size is as many pixels in every shape."""


def frame_size(pixel_width: int, pixel_height: int) -> tuple[float, float]:
    """Return width and height in Manim units of a frame of that many pixels.

    Examples
    --------
    >>> frame_size(720, 1280)[0], frame_size(960, 720)[1]
    (8.0, 8.0)
    """
    aspect = pixel_width / pixel_height
    if abs(aspect - 16 / 9) < 0.01:
        aspect = 16 / 9  # 854x480 shows what 1280x720 shows
    return (SHORT_SIDE * aspect, SHORT_SIDE) if aspect >= 1 else (SHORT_SIDE, SHORT_SIDE / aspect)


@dataclass(frozen=True)
class Layout:
    """Where things stand in the frame, in Manim units; every lesson has the same board.

    Attributes
    ----------
    stage, stage_centre : (float, float)
        All the room above the board, for a picture that stands alone.
    picture, picture_centre, side, side_centre : (float, float)
        The same room divided: a picture, and a table or a second picture beside or below it.
    network, network_alone, network_centre, panel_width, panel_centre
        The same room divided for a network and its loss panel.
    board, board_y, code_lines
        The card with the torch line and the formula.
    """

    stage: tuple[float, float]
    stage_centre: tuple[float, float]
    picture: tuple[float, float]
    picture_centre: tuple[float, float]
    side: tuple[float, float]
    side_centre: tuple[float, float]
    network: tuple[float, float]
    network_alone: tuple[float, float]
    network_centre: tuple[float, float]
    panel_width: float
    panel_centre: tuple[float, float]
    board: tuple[float, float]
    board_y: float
    code_lines: int


_LAYOUTS: dict[str, tuple[Any, Any, Any]] = {
    "stage": ((13.3, 4.0), (9.8, 3.5), (7.4, 7.2)),
    "stage_centre": ((0.0, 1.22), (0.0, 1.48), (0.0, 2.5)),
    "picture": ((8.5, 4.0), (6.1, 3.5), (7.4, 4.5)),
    "picture_centre": ((-2.4, 1.22), (-1.85, 1.48), (0.0, 3.85)),
    "side": ((4.4, 4.0), (3.4, 3.5), (7.4, 2.5)),
    "side_centre": ((4.45, 1.22), (3.2, 1.48), (0.0, 0.15)),
    "network": ((10.3, 4.0), (6.9, 3.5), (7.4, 3.7)),
    "network_alone": ((0.0, 1.2), (0.0, 1.5), (0.0, 4.4)),
    "network_centre": ((-1.65, 1.2), (-1.45, 1.5), (0.0, 4.4)),
    "panel_width": (2.75, 2.45, 5.4),
    "panel_centre": ((5.25, 1.15), (3.6, 1.72), (0.0, 0.87)),
    "board": ((13.3, 1.95), (9.8, 2.4), (7.4, 4.4)),
    "board_y": (-1.83, -1.55, -3.42),
    "code_lines": (1, 2, 2),
}
_WIDE, _CLASSIC, _TALL = (Layout(**{it: row[k] for it, row in _LAYOUTS.items()}) for k in range(3))


def layout_for(width: float, height: float) -> Layout:
    """Return the layout for a frame of that size in Manim units: 16:9, 4:3 or 9:16."""
    if height > width:
        return _TALL
    return _WIDE if width / height > 1.55 else _CLASSIC


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

DIMMED = 0.32
"""Opacity of what is not spoken of: seen, and not meant to be read."""

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
