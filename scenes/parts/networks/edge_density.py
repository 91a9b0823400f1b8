"""All edges between two layers as one picture: how strong the weights are that pass each pixel.

A hundred thousand lines drawn one over the other are a grey block. Here every edge is a thin layer
of ink as thick as its weight says, and the layers of one pixel are added before light goes through
them. The strongest edges stay lines that can be followed, the rest is a haze in which the fans of
busy units show.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from backprop_studio.scenes.paint.style import Rgb, Theme, Unchanging

LINE_DEPTH = 2.2
"""Optical depth of the strongest edge: it lets a tenth of what is behind shine through."""

CLEAR_LINES = 70.0
"""How many edges of full strength the lines may amount to, so that one can tell them apart."""

STEEPEST = 10_000.0
"""Of the powers tried to bring the lines down to that number."""

HAZE = 0.22
"""Mean optical depth of what all edges add besides."""

DEEPEST = 1.2
"""Mean optical depth of a whole picture, so that weights that have all grown are no block."""

HAZE_MOST = 0.25
"""Of one edge: where edges are few there is no haze, only lines."""

SIGN_CONTRAST = 2.0
"""Where both signs pass, the stronger colours the pixel more than by its share."""

FAINT = 0.01
"""Of full strength: an edge below is no line."""

DASH = 12
"""Pixels of dash and gap together, where signs are told apart without colour."""

MARGIN = 2
"""Rows of pixels above and below the outermost edges."""


class Matrix(Unchanging):
    """A read-only matrix of weights or gradients, known by its content and shared by copies."""

    def __init__(self, values: Any) -> None:
        self.values = np.array(values, dtype=np.float64)
        self.values.flags.writeable = False
        self.largest = float(np.abs(self.values).max(initial=0.0))
        self.digest = hashlib.blake2b(self.values.tobytes(), digest_size=16).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells two matrices apart."""
        return self.values.shape, self.digest

    def strongest(self, count: int) -> list[tuple[int, int]]:
        """Return (row, column) of the largest absolute entries that are not zero, weakest first."""
        sizes = np.abs(self.values).ravel()
        count = min(count, int(np.count_nonzero(sizes)))
        if not count:
            return []
        kept = np.argpartition(sizes, -count)[-count:]
        kept = kept[np.argsort(sizes[kept], kind="stable")]
        return [divmod(int(position), self.values.shape[1]) for position in kept]


@dataclass(frozen=True)
class Gap:
    """Where the edges between two columns run, in Manim units.

    Attributes
    ----------
    width : float
        From column to column.
    start_pitch, end_pitch : float
        From unit to unit in the left and the right column; both are centred on height 0.
    """

    width: float
    start_pitch: float
    end_pitch: float

    def half_height(self, shape: tuple[int, ...]) -> float:
        """Return how far above 0 the outermost edge of an (n_out, n_in) matrix reaches."""
        return max(self.end_pitch * (shape[0] - 1), self.start_pitch * (shape[1] - 1)) / 2


@lru_cache(maxsize=24)
def density_picture(
    matrix: Matrix, gap: Gap, per_unit: int, theme: Theme, reference: Matrix | None = None
) -> np.ndarray:
    """Return the edges' picture.

    Parameters
    ----------
    matrix : Matrix
        (n_out, n_in) weights or gradients.
    gap : Gap
        Where the edges run.
    per_unit : int
        Pixels per Manim unit.
    reference : Matrix or None
        Its largest entry is full strength, and its spread decides which edges are lines; the
        matrix itself if None. Weights before and after a step are compared with the same one.

    Returns
    -------
    (height, width, 4) uint8 array
        Red, green, blue, alpha, premultiplied; the left column at the left, ``MARGIN`` rows of
        pixels beyond the outermost edges.
    """
    depth = _depths(matrix, reference or matrix, gap, per_unit, theme.dashes_negative)
    return _coloured(depth, theme.positive, theme.negative)


def _coloured(depth: np.ndarray, positive: Rgb, negative: Rgb) -> np.ndarray:
    """Return what is seen of (2, height, width) optical depths of the two signs."""
    alpha = 1 - np.exp(-depth.sum(axis=0))
    plus, minus = depth**SIGN_CONTRAST
    share = plus / np.maximum(plus + minus, 1e-30)
    colour = share[..., None] * np.array(positive) + (1 - share[..., None]) * np.array(negative)
    pixels = np.concatenate([colour * alpha[..., None], alpha[..., None]], axis=-1)
    return np.asarray(np.rint(pixels * 255), dtype=np.uint8)


def _ink(weights: np.ndarray, reference: Matrix, height: int) -> np.ndarray:
    """Return every edge's optical depth."""
    usual = np.abs(reference.values) / reference.largest
    strengths = np.minimum(np.abs(weights) / reference.largest, 1.0)
    lines = LINE_DEPTH * strengths ** _line_power(usual)
    lines[lines < FAINT * LINE_DEPTH] = 0
    haze = min(HAZE * height / float((usual**2).sum()), HAZE_MOST)
    ink: np.ndarray = lines + haze * strengths**2
    return ink * min(1.0, DEEPEST * height / max(float(ink.sum()), 1e-30))


def _line_power(strengths: np.ndarray) -> float:
    """Return the power that leaves about ``CLEAR_LINES`` edges of full strength."""
    low, high = 1.0, STEEPEST
    if (strengths**low).sum() <= CLEAR_LINES:
        return low
    for _ in range(20):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if (strengths**middle).sum() > CLEAR_LINES else (low, middle)
    return high


def _depths(matrix: Matrix, reference: Matrix, gap: Gap, per_unit: int, dashed: bool) -> np.ndarray:
    """Return the optical depth at every pixel, of positive and of negative edges."""
    values = matrix.values
    half = gap.half_height(values.shape) * per_unit
    height, width = round(2 * half) + 1 + 2 * MARGIN, max(round(gap.width * per_unit), 1)
    depth = np.zeros((2, height, width))
    if matrix.largest == 0:
        return depth
    reference = reference if reference.largest > 0 else matrix
    rows, columns = np.nonzero(values)
    weights = values[rows, columns]
    ink = _ink(weights, reference, height)
    middle = (height - 1) / 2
    starts = middle - gap.start_pitch * per_unit * ((values.shape[1] - 1) / 2 - columns)
    ends = middle - gap.end_pitch * per_unit * ((values.shape[0] - 1) / 2 - rows)
    negative = weights < 0
    offset = np.where(negative, height, 0)
    phase = (rows * 7 + columns * 5) % DASH
    # A steep edge passes several pixels of one column: it is sampled that often in it.
    slopes = (ends - starts) / width
    samples = max(int(np.ceil(np.abs(slopes).max())), 1)
    # A line one pixel thick covers more than one pixel of each column it crosses aslant.
    ink *= np.hypot(1, slopes) / samples
    for column in range(width):
        shown = ink
        if dashed:
            shown = np.where(negative & ((column + phase) % DASH >= DASH // 2), 0, ink)
        for sample in range(samples):
            share = (column + (sample + 0.5) / samples) / width
            heights = starts + (ends - starts) * share
            pixel = heights.astype(np.intp)
            upper = shown * (heights - pixel)
            pixel += offset
            summed = np.bincount(pixel, shown - upper, 2 * height)
            summed[1:] += np.bincount(pixel, upper, 2 * height)[:-1]
            depth[:, :, column] += summed.reshape(2, height)
    return depth
