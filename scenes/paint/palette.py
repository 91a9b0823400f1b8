"""Colours in sequence: the map of heights, and one colour and marker per series.

The colour map is a formula in Oklab: lightness rises evenly, so that order is seen by everybody and
survives a grey copy; its hues are cool, which leaves the warm ones, white and black to the series
that run across it. A series has one hue in both themes. ``tests/scenes/paint/test_palette.py``
simulates colour-blind viewers.

Source of Oklab: B. Ottosson, A perceptual color space for image processing, 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import mix
from backprop_studio.scenes.paint.style import Rgb, Theme, contrast, rgb_of

STEPS = 256

LINE_INK = 0.4
"""Of the text's colour in a line's: the ends of the map are near one background or the other."""

LEAST_CONTRAST = 4.7
"""Of what is written, a little above WCAG's 4.5, as edges are smooth."""

WRITTEN_SHARES = tuple(k / 20 for k in range(21))

MARKERS = ("circle", "square", "triangle", "diamond", "star", "plus", "inverted")
"""Series differ in shape too, for viewers and printers without colour."""


@dataclass(frozen=True)
class ColourMap:
    """A path through Oklab, from low to high.

    Attributes
    ----------
    lightness, chroma, hue : (float, float)
        At the low and the high end; the hue in degrees.
    """

    lightness: tuple[float, float]
    chroma: tuple[float, float]
    hue: tuple[float, float]

    def colours(self, shares: Array) -> Array:
        """Return sRGB (..., 3) from 0 to 1 of shares (...); outside of 0 to 1 the ends, nan low."""
        positions = np.clip(np.nan_to_num(np.asarray(shares)), 0, 1) * (STEPS - 1)
        return np.asarray(_table(self)[np.rint(positions).astype(int)])


COLOUR_MAPS = {
    "dark": ColourMap((0.36, 0.86), (0.11, 0.07), (285.0, 165.0)),
    "light": ColourMap((0.42, 0.93), (0.11, 0.06), (285.0, 165.0)),
    "print": ColourMap((0.45, 0.97), (0.0, 0.0), (0.0, 0.0)),
}


SERIES: dict[str, tuple[Rgb, ...]] = {
    "dark": tuple(
        map(rgb_of, ("#ffb000", "#ffffff", "#ff6fae", "#e8441f", "#b98bff", "#a2ffa2", "#6a5aff"))
    ),
    "light": tuple(
        map(rgb_of, ("#ff9a00", "#111111", "#d81b9c", "#b3261e", "#6a1fd0", "#2a8c62", "#46005d"))
    ),
    "print": tuple(map(rgb_of, ("#000000",) * 4 + ("#6b6b6b",) * 3)),
}


CHANNELS: dict[str, tuple[Rgb, ...]] = {
    "dark": tuple(map(rgb_of, ("#ff6b6b", "#5fd068", "#6f9bff"))),
    "light": tuple(map(rgb_of, ("#b3261e", "#1f7a34", "#1f4fd8"))),
    "print": tuple(map(rgb_of, ("#000000", "#4d4d4d", "#808080"))),
}
"""Red, green and blue of a picture, and of nothing else."""


def channel_colours(theme: Theme) -> tuple[Rgb, ...]:
    """Return a theme's colours of a picture's channels."""
    return CHANNELS[theme.name]


def colour_map(theme: Theme) -> ColourMap:
    """Return a theme's map of heights; the same for a surface and its contour map."""
    return COLOUR_MAPS[theme.name]


def line_colour(theme: Theme, share: float) -> Rgb:
    """Return the colour of a line at a height, set off from the theme's background."""
    red, green, blue = colour_map(theme).colours(np.array(share)).tolist()
    return mix((red, green, blue), theme.text, LINE_INK)


def series_colours(theme: Theme) -> tuple[Rgb, ...]:
    """Return a theme's colours of series in their order."""
    return SERIES[theme.name]


def series_colour(theme: Theme, index: int) -> Rgb:
    """Return the colour of a series counted from 0; they come again when all are used."""
    colours = series_colours(theme)
    return colours[index % len(colours)]


def readable(colour: Rgb, theme: Theme) -> Rgb:
    """Return a colour in which something is written: with as much of the text's as it needs."""
    grounds = (theme.background, theme.surface)
    for share in WRITTEN_SHARES:
        written = mix(colour, theme.text, share)
        if all(contrast(written, ground) >= LEAST_CONTRAST for ground in grounds):
            break
    return written


def series_marker(index: int) -> str:
    """Return the marker of a series counted from 0, one of MARKERS."""
    return MARKERS[index % len(MARKERS)]


@lru_cache(maxsize=16)
def _table(colours: ColourMap) -> Array:
    share = np.linspace(0, 1, STEPS)
    lightness, chroma, hue = (
        low + (high - low) * share for low, high in (colours.lightness, colours.chroma, colours.hue)
    )
    angle = np.radians(hue)
    table = _srgb(_linear(lightness, chroma * np.cos(angle), chroma * np.sin(angle)))
    table.flags.writeable = False
    return table


def _linear(lightness: Array, a: Array, b: Array) -> Array:
    """Return linear sRGB of Oklab, with Ottosson's matrices."""
    cones = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ],
        axis=-1,
    )
    to_rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    return np.asarray(cones**3 @ to_rgb.T)


def _srgb(linear: Array) -> Array:
    clipped = np.clip(linear, 0, 1)
    return np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
