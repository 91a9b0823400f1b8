"""Contrast, cover and overlap of texts.

Contrast is that of WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): relative luminance of
the lighter plus 0.05, over that of the darker plus 0.05.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

if TYPE_CHECKING:
    from backprop_studio.render.lint.margin import Pixels
    from backprop_studio.render.lint.texts import SeenText

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels of the frame."""

Floats = np.ndarray[Any, np.dtype[np.float64]]

HALO = 2.0
"""Pixels around a stroke that a reader compares it with."""

WORST_SHARE = 0.2
"""Of the ground of one letter: a hairline behind it may be like it in colour, a surface may not."""

ROUNDED = 2 / 255
"""What rounding to whole grey levels may change a part of a colour by."""

FEWEST = 24
"""Pixels that a square of one em must hold to be judged by itself."""


def luminance(rgb: Any) -> Floats:
    """Return the relative luminance of colours from 0 to 1, along the last axis.

    Examples
    --------
    >>> [round(float(luminance(colour)), 4) for colour in ((1, 1, 1), (1, 0, 0), (0, 0, 0))]
    [1.0, 0.2126, 0.0]
    """
    parts = np.asarray(rgb, dtype=np.float64)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), dtype=np.float64)


def contrast(first: Any, second: Any) -> Floats:
    """Return the contrast ratio of colours, from 1 to 21.

    Examples
    --------
    >>> float(contrast((1, 1, 1), (0, 0, 0)))
    21.0
    """
    one, other = luminance(first) + 0.05, luminance(second) + 0.05
    return np.asarray(np.maximum(one, other) / np.minimum(one, other))


def worst_contrast(text: SeenText, ground: Pixels, *, faded: bool) -> float:
    """Return how well the least readable letter of a text stands out.

    Each colour of the text is compared with the pixels behind and beside its strokes, square by
    square of one em, so that one lost letter is not made good by the rest of the line.

    Parameters
    ----------
    ground : (height, width, 3) array
        The frame without its texts.
    faded : bool
        Take the text's opacity into account; otherwise it counts as fully shown.

    Returns
    -------
    float
        A contrast ratio; infinite where the text has no ink in the frame.
    """
    area = _area_of(text, ground, HALO)
    if area is None:
        return math.inf
    shown = text if faded else replace(text, opacity=1.0)
    return _worst_contrast(shown, area, _cut(ground, area))


@lru_cache(maxsize=1024)
def _worst_contrast(text: SeenText, area: Area, ground: bytes) -> float:
    """Judge a text; most have the same position and ground at many moments."""
    pixels = _pixels(ground, area)
    worst = math.inf
    for run in text.ink.runs:
        rows, columns = np.nonzero(_mask(text, area, run, HALO) > 127)
        if not len(rows):
            continue
        behind = pixels[rows, columns] / 255
        alpha = run.rgba[3] * text.opacity
        colour = behind * (1 - alpha) + np.array(run.rgba[:3]) * alpha
        ratios = contrast(colour, behind)
        if ratios.min() < worst:
            worst = min(worst, _of_worst_letter(ratios, rows, columns, text.em))
    return worst


def _of_worst_letter(ratios: Floats, rows: Any, columns: Any, em: float) -> float:
    squares = (rows // em).astype(int) * 100_000 + (columns // em).astype(int)
    found = [
        float(np.quantile(letter, WORST_SHARE))
        for square in np.unique(squares)
        if len(letter := ratios[squares == square]) >= FEWEST
    ]
    return min(found, default=float(np.quantile(ratios, WORST_SHARE)))


def is_covered(text: SeenText, picture: Pixels, ground: Pixels) -> bool:
    """Whether something painted later hides a text: the picture is then rather as without it.

    Parameters
    ----------
    picture, ground : (height, width, 3) arrays
        The frame with and without all texts.
    """
    area = _area_of(text, ground, 0.0)
    if area is None:
        return False
    return _is_covered(text, area, _cut(picture, area), _cut(ground, area))


@lru_cache(maxsize=1024)
def _is_covered(text: SeenText, area: Area, picture: bytes, ground: bytes) -> bool:
    found, under = _pixels(picture, area) / 255, _pixels(ground, area) / 255
    absent = present = covered = 0.0
    for run in text.ink.runs:
        share = (_mask(text, area, run, 0.0) / 255)[:, :, None]
        alpha = share * run.rgba[3] * text.opacity
        painted = under * (1 - alpha) + np.array(run.rgba[:3]) * alpha
        absent += float((np.abs(found - under) * share).sum())
        present += float((np.abs(found - painted) * share).sum())
        covered += float(share.sum())
    # A text in the very colour of its ground is as near to both.
    return present - absent > covered * 3 * ROUNDED


def _area_of(text: SeenText, picture: Pixels, halo: float) -> Area | None:
    """Return the part of the frame that a text takes, in whole pixels, or None."""
    height, width = picture.shape[:2]
    box = text.box
    left, top = max(0, math.floor(box[0] - halo)), max(0, math.floor(box[1] - halo))
    right = min(width, math.ceil(box[2] + halo))
    bottom = min(height, math.ceil(box[3] + halo))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _cut(picture: Pixels, area: Area) -> bytes:
    left, top, right, bottom = area
    return picture[top:bottom, left:right].tobytes()


def _pixels(cut: bytes, area: Area) -> Pixels:
    left, top, right, bottom = area
    return np.frombuffer(cut, dtype=np.uint8).reshape(bottom - top, right - left, 3)


def _mask(text: SeenText, area: Area, run: Any, halo: float) -> Pixels:
    """Return how much of each pixel one colour's strokes cover, from 0 to 255."""
    left, top, right, bottom = area
    surface = cairo.ImageSurface(cairo.FORMAT_A8, right - left, bottom - top)
    ctx = cairo.Context(surface)
    ctx.translate(-left, -top)
    text.trace(ctx, run)
    if run.stroke_width is None:
        ctx.fill_preserve()
    else:
        ctx.stroke_preserve()
    if halo:
        ctx.set_line_width(ctx.get_line_width() + 2 * halo)
        ctx.stroke()
    surface.flush()
    rows = np.frombuffer(surface.get_data(), dtype=np.uint8).reshape(bottom - top, -1)
    return rows[:, : right - left]


def overlap_depth(first: SeenText, second: SeenText) -> float:
    """Return how far two texts would have to move apart so that their boxes no longer meet.

    The boxes lie as the texts do, so that two oblique texts side by side do not overlap; this is
    the separating axis theorem for two parallelograms.

    Returns
    -------
    float
        Pixels; zero or less if the boxes do not overlap.
    """
    depth = math.inf
    for corners in (first.corners, second.corners):
        for side in (corners[1] - corners[0], corners[3] - corners[0]):
            length = float(np.hypot(*side))
            if length < 1e-9:
                return 0.0
            across = np.array((-side[1], side[0])) / length
            one, other = first.corners @ across, second.corners @ across
            depth = min(depth, min(one.max(), other.max()) - max(one.min(), other.min()))
    return float(depth)
