"""Flashes of a film, as WCAG 2.3.1 counts them.

A flash is a pair of opposing changes of relative luminance by a tenth or more where the darker of
the two is below 0.8, or of saturated red (https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-
flash-thresholds). More than three within a second, over a quarter of ten degrees of sight, are not
safe; ten degrees are a third of a picture's width and height, as the standard takes them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backprop_studio.render.lint.legibility import luminance

if TYPE_CHECKING:
    from backprop_studio.render.lint.margin import Pixels

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Values = np.ndarray[Any, np.dtype[np.float64]]

MOST = 3
"""Flashes a second that are safe."""

_LUMINANCE, _DARK = 0.1, 0.8
_RED, _SATURATED = 20.0, 0.8
"""By how much red has to change, and its share of a colour from which it is saturated."""

_FIELD, _SHARE = 3, 0.25
"""Ten degrees are this part of each side, and so much of them has to flash."""

_GREYS: Final = luminance(np.eye(3)[:, None, :] * (np.arange(256) / 255)[None, :, None])
"""What each level of red, green and blue adds to the luminance."""


class Flashes:
    """Counts the flashes of a film, frame by frame.

    Parameters
    ----------
    fps : int
        Frames a second.

    Attributes
    ----------
    most : int
        Flashes within one second, over enough of the picture, in the worst second so far.
    frames : int
        Looked at so far.
    """

    def __init__(self, fps: int) -> None:
        self.most = 0
        self.frames = 0
        self._light = _Swings(fps, _LUMINANCE)
        self._red = _Swings(fps, _RED)

    def add(self, picture: Pixels) -> None:
        """Look at the next frame.

        Parameters
        ----------
        picture : (height, width, 3) array
        """
        self.frames += 1
        red, green, blue = (picture[:, :, k] for k in range(3))
        light = _GREYS[0][red] + _GREYS[1][green] + _GREYS[2][blue]
        whole = np.maximum(picture.sum(axis=2, dtype=np.float64), 1)
        own = np.maximum(red.astype(np.float64) - green - blue, 0) * 320 / 255
        self._count(self._light.flashes(light, light < _DARK))
        self._count(self._red.flashes(own, red / whole >= _SATURATED, either=True))

    def _count(self, flashes: Pixels) -> None:
        while flashes.max(initial=0) > self.most and _is_large(flashes > self.most):
            self.most += 1


class _Swings:
    """Counts, for each pixel, how often a value goes up and down again within a second.

    Parameters
    ----------
    fps : int
    least : float
        What it has to change by.
    """

    def __init__(self, fps: int, least: float) -> None:
        self._least = least
        self._turns: deque[Mask] = deque(maxlen=fps)
        self._within: Any = None
        self._low: Any = None
        self._high: Any = None

    def flashes(self, values: Values, counts: Mask, *, either: bool = False) -> Pixels:
        """Return the flashes of each pixel within the second that ends here.

        Parameters
        ----------
        values : array
        counts : array of bool
            Whether a value may be the lower one of a flash; with ``either``, one of the two.
        """
        if self._low is None:
            self._begin(values, counts)
        self._follow(values, counts)
        up = (values - self._low >= self._least) & (self._way != 1)
        up &= self._low_counts | (counts if either else False)
        down = (self._high - values >= self._least) & (self._way != -1)
        down &= counts | (self._high_counts if either else False)
        self._way[up], self._way[down] = 1, -1
        for extreme, own, new in (
            (self._high, self._high_counts, up),
            (self._low, self._low_counts, down),
        ):
            extreme[new], own[new] = values[new], counts[new]
        if len(self._turns) == self._turns.maxlen:
            self._within -= self._turns[0]
        self._turns.append(up | down)
        self._within += self._turns[-1]
        flashes: Pixels = self._within // 2
        return flashes

    def _begin(self, values: Values, counts: Mask) -> None:
        self._low, self._high = values.copy(), values.copy()
        self._low_counts, self._high_counts = counts.copy(), counts.copy()
        self._way = np.zeros(values.shape, np.int8)
        self._within = np.zeros(values.shape, np.uint8)

    def _follow(self, values: Values, counts: Mask) -> None:
        """Move the last extremes on as far as a value goes on in its way."""
        higher, lower = (
            (values > self._high) & (self._way >= 0),
            (values < self._low) & (self._way <= 0),
        )
        self._high[higher], self._high_counts[higher] = values[higher], counts[higher]
        self._low[lower], self._low_counts[lower] = values[lower], counts[lower]


def _is_large(mask: Mask) -> bool:
    """Return whether more than a quarter of some ten degrees of sight are marked."""
    height, width = (max(1, it // _FIELD) for it in mask.shape)
    sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), np.int64)
    sums[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    inside = (
        sums[height:, width:]
        - sums[:-height, width:]
        - sums[height:, :-width]
        + sums[:-height, :-width]
    )
    return bool(inside.max() > _SHARE * height * width)
