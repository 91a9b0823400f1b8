"""A contour map on which the vectors of a step are added, tip to tail."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, arrow, saved, set_colour
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import SIZES, Rgb
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap

WIDTH, CASING = 0.055, 0.035
SHORTEST = 0.12
"""An arrow that would be shorter is not drawn."""

LONGEST = 100.0
"""Units of the picture; what is longer is drawn less long, as cairo's numbers end."""

LABEL_GAP = 0.3
PLATE, PLATE_ROOM = 0.85, 0.05


class VectorMap(ContourMap):
    """A contour map with two vectors and their sum at one point.

    The first vector starts at the point, the second at its tip, and the sum, in the colour of the
    first series, ends where the second ends.
    """

    labels: tuple[str, str] = ("", "")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.state["corners"] = np.zeros((3, 2))
        self.state["sum"] = np.array(0.0)

    # What a scene says

    def add_up(self, start: Any, first: Any, second: Any, labels: tuple[str, str]) -> VectorMap:
        """Say which two vectors are added at a point, one after the other; they are not yet seen.

        Parameters
        ----------
        start, first, second : (2,) arrays
            In the units of the axes.
        labels : (str, str)
            Typst markup of the two; a vector that is too short to be seen has none.
        """
        vectors = np.stack([np.asarray(it, dtype=np.float64) for it in (start, first, second)])
        self.state["corners"] = np.cumsum(vectors, axis=0)
        self.state["sum"] = np.array(0.0)
        self.labels = labels
        return self

    def show_sum(self) -> VectorMap:
        """Let the vectors be seen."""
        return self.set_state(sum=1.0)

    def clear_sum(self) -> VectorMap:
        """Take the vectors away."""
        return self.set_state(sum=0.0)

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Take the labels of the nearer state."""
        nearer = start if alpha < 0.5 else end
        self.labels = nearer.labels

    def texts(self) -> list[str]:
        """Return the map's texts and the labels that are seen."""
        found = super().texts()
        if float(self.state["sum"]) > 0:
            found += [self.labels[k] for k in range(2) if self._is_long(k) and self.labels[k]]
        return found

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the map, then the vectors."""
        super().paint(ctx, opacity)
        alpha = opacity * float(self.state["sum"])
        if alpha <= 0:
            return
        points = self._points()
        colours = (self.theme.text, self.theme.gradient)
        with saved(ctx):
            self.axes.clip(ctx)
            whole = float(np.hypot(*(points[2] - points[0])))
            if whole > SHORTEST:
                self._arrow(ctx, points[0], points[2], series_colour(self.theme, 0), alpha)
            for k, colour in enumerate(colours):
                if self._is_long(k):
                    self._arrow(ctx, points[k], points[k + 1], colour, alpha)
        for k, colour in enumerate(colours):
            if self._is_long(k):
                self._label(ctx, k, points, colour, alpha)

    def _points(self) -> np.ndarray:
        """Return start, first tip and second tip on the part, (3, 2)."""
        positions = self.locate(self.state["corners"])
        steps = np.diff(positions, axis=0)
        lengths = np.hypot(*steps.T)
        steps *= (np.minimum(lengths, LONGEST) / np.maximum(lengths, 1e-9))[:, None]
        positions[1:] = positions[0] + np.cumsum(steps, axis=0)
        return positions

    def _is_long(self, k: int) -> bool:
        points = self._points()
        return bool(np.hypot(*(points[k + 1] - points[k])) > SHORTEST)

    def _arrow(
        self, ctx: Context, start: np.ndarray, tip: np.ndarray, colour: Rgb, alpha: float
    ) -> None:
        along = (tip - start) / max(float(np.hypot(*(tip - start))), 1e-9)
        set_colour(ctx, self.theme.background, alpha)
        arrow(ctx, start - along * CASING, tip + along * 2 * CASING, WIDTH + 2 * CASING)
        set_colour(ctx, colour, alpha)
        arrow(ctx, start, tip, WIDTH)

    def _label(self, ctx: Context, k: int, points: np.ndarray, colour: Rgb, alpha: float) -> None:
        """Write a label beside an arrow, on the side that is away from the sum."""
        source = self.labels[k]
        middle = (points[k] + points[k + 1]) / 2
        along = points[k + 1] - points[k]
        across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        inwards = (points[0] + points[2]) / 2 - middle
        width = self.width_of(source, SIZES.label)
        away = -1.0 if float(across @ inwards) > 0 else 1.0
        reach = LABEL_GAP + abs(float(across[0])) * width / 2
        x, y = middle + across * away * reach
        left, bottom, wide, high = self.axes.plot
        x = min(max(x, left + width / 2 + 0.1), left + wide - width / 2 - 0.1)
        y = min(max(y, bottom + SIZES.label), bottom + high - SIZES.label)
        half = SIZES.label * 0.6
        ctx.rectangle(x - width / 2 - PLATE_ROOM, y - half, width + 2 * PLATE_ROOM, 2 * half)
        set_colour(ctx, self.theme.background, alpha * PLATE)
        ctx.fill()
        self.write(ctx, source, (x, y), colour, alpha, size=SIZES.label)
