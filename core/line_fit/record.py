"""The record of a line fitted by gradient descent, and of the loss that it descends on.

"Step k" means w and b after k updates by the rule of ``torch.optim.SGD``; step 0 is the start.
Every number in a record is finite: a run ends before the first that is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.surfaces.ranges import Range

RIGHT = 0.02
"""A line that is nowhere farther from the best one, in heights of the data, is called right."""


@dataclass(frozen=True)
class LineRun:
    """One descent of the point (w, b); K steps of it are kept.

    Attributes
    ----------
    learning_rate : float
        eta.
    steps : int
        How many updates were asked for.
    amount : float
        eta times steps: how far along a gentle slope they lead.
    at : (K,) int64
        The kept steps, ascending from 0.
    w, b : (K,) float64
        At these steps.
    loss, dL_dw, dL_db : (K,) float64
        L there and its gradient, as autograd gives them.
    miss : (K,) float64
        Largest distance to the best line over the data, as a share of the data's height.
    left_at : int or None
        First step at which (w, b) is outside of the ranges that the picture shows.
    diverged_at : int or None
        First step at which w or b is not finite, or first kept one at which the loss or its
        gradient is not.
    is_divergent : bool
        Whether the loss grows because the learning rate is above the largest that converges.
    """

    learning_rate: float
    steps: int
    amount: float
    at: npt.NDArray[np.int64]
    w: Array
    b: Array
    loss: Array
    dL_dw: Array
    dL_db: Array
    miss: Array
    left_at: int | None
    diverged_at: int | None
    is_divergent: bool

    def index(self, step: int) -> int:
        """Return the index of a step among the kept ones, or of the last one before it.

        Examples
        --------
        >>> from backprop_studio.core.line_fit.fit import fit_line
        >>> fit_line([0, 1], [0, 2], learning_rate=0.1, steps=10).run.index(10)
        10
        """
        return int(np.searchsorted(self.at, step, side="right")) - 1

    def is_right(self, step: int) -> bool:
        """Whether the line of a kept step can hardly be told from the best one.

        Examples
        --------
        >>> from backprop_studio.core.line_fit.fit import fit_line
        >>> record = fit_line([0, 1], [0, 2], learning_rate=0.1, steps=300)
        >>> record.run.is_right(10), record.run.is_right(300)
        (False, True)
        """
        return bool(self.miss[self.index(step)] <= RIGHT)


@dataclass(frozen=True)
class LineFitRecord:
    """A fit, the same with a smaller learning rate and more steps, and the best line.

    Attributes
    ----------
    x, y : (N,) float64
        The points.
    half : bool
        Whether L is half of the mean square.
    errors : (N,) float64
        w x + b - y at the start.
    best_w, best_b, best_loss : float
        Of least squares: the minimum of L.
    mean_x, variance_x : float
        Of the points; they give the loss its shape.
    curvatures : (2,) float64
        Second derivatives of L along the axes of its bowl, ascending.
    largest_rate : float
        2 / the larger curvature: a learning rate above it diverges.
    few : int
        A step early in the run.
    ranges : two of (float, float)
        Of w and b: what a picture of the loss shows.
    run, slower : LineRun
        As asked for; and with a smaller rate and more steps.
    amount_same : float
        The smaller rate times as many steps as the larger one makes.
    """

    x: Array
    y: Array
    half: bool
    errors: Array
    best_w: float
    best_b: float
    best_loss: float
    mean_x: float
    variance_x: float
    curvatures: Array
    largest_rate: float
    few: int
    ranges: tuple[Range, Range]
    run: LineRun
    slower: LineRun
    amount_same: float
