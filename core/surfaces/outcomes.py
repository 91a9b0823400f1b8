"""What became of descents: who left the picture, who is lowest, and whether all have arrived."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.claims.change import Lowest, lowest, who_is_lowest
from backprop_studio.core.claims.descent import Ends, ends, has_settled
from backprop_studio.core.surfaces.descent import descend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.surfaces.descent import DescentRecord, Path
    from backprop_studio.core.surfaces.landscape import Landscape
    from backprop_studio.core.surfaces.ranges import Range

SHOWN_DIGITS = 3
"""Significant digits of a loss in the table of who ended where."""


@dataclass(frozen=True)
class Ranking:
    """The order of R runs at the end, counted from 0.

    Attributes
    ----------
    inside : tuple of int
        Runs that are in the picture at the end, from the lowest loss to the highest.
    outside : tuple of int
        Runs that are not, or met a number that is not finite; in the order of the records.
    lowest : tuple of int
        Runs inside than which none is lower, as the losses are shown; several if they are alike.
    verdict : str
        Who is lowest, as :data:`core.claims.change.Lowest` has it.
    """

    inside: tuple[int, ...]
    outside: tuple[int, ...]
    lowest: tuple[int, ...]
    verdict: Lowest


def is_outside(path: Path, ranges: Sequence[Range]) -> bool:
    """Return whether a descent ends beside the picture, or at a number that is not finite.

    Parameters
    ----------
    path : Path
        The descent.
    ranges : sequence of (float, float)
        What the picture shows, per coordinate.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> record = descend(square, OptimizerSpec("sgd", 1.1), [[1.0]], 7)
    >>> is_outside(record.paths[0], record.ranges)
    True
    """
    if path.diverged_at is not None:
        return True
    last = path.points[-1].tolist()
    return not all(low <= at <= high for at, (low, high) in zip(last, ranges, strict=True))


def rank(records: Sequence[DescentRecord], start: int = 0) -> Ranking:
    """Return the order of descents from one start by their last loss.

    Parameters
    ----------
    records : sequence of DescentRecord
        Of :func:`compare`.
    start : int
        From which of the starts.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.descent import compare
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> optimizers = [OptimizerSpec("sgd", rate) for rate in (0.01, 5.0, 0.4)]
    >>> rank(compare(CurveParams(name="square").landscape(), optimizers, [[1.0]], 3))
    Ranking(inside=(2, 0), outside=(1,), lowest=(2,), verdict='of_inside')
    """
    paths = [record.paths[start] for record in records]
    left = (is_outside(path, it.ranges) for path, it in zip(paths, records, strict=True))
    outside = tuple(k for k, is_gone in enumerate(left) if is_gone)
    last = {k: float(it.values[-1]) for k, it in enumerate(paths) if k not in outside}
    inside = tuple(sorted(last, key=lambda k: last[k]))
    losses = [last[k] for k in inside]
    best = tuple(inside[k] for k in lowest(losses, SHOWN_DIGITS))
    return Ranking(inside, outside, best, who_is_lowest(losses, len(outside), SHOWN_DIGITS))


def led_onward(landscape: Landscape, optimizer: OptimizerSpec, path: Path) -> float:
    """Return how far as many steps again would lead from the end of a descent at most.

    Parameters
    ----------
    landscape, optimizer
        As the descent was made.
    path : Path
        It, with all its steps.

    Examples
    --------
    On w^2 with eta = 0.25 a step halves w, and two more lead from 0.25 to 0.0625:

    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square, plain = CurveParams(name="square").landscape(), OptimizerSpec("sgd", 0.25)
    >>> led_onward(square, plain, descend(square, plain, [[1.0]], 2).paths[0])
    0.1875
    """
    steps = len(path.points) - 1
    # Plain descent remembers nothing, so it goes on from where it is.
    is_plain = optimizer.name == "sgd"
    start, first = (path.points[-1], 0) if is_plain else (path.points[0], steps)
    (more,) = descend(landscape, optimizer, [start.tolist()], first + steps).paths
    if more.diverged_at is not None:
        return math.inf
    return float(np.sqrt(((more.points[first:] - path.points[-1]) ** 2).sum(axis=1)).max())


def path_ends(
    landscape: Landscape, optimizer: OptimizerSpec, paths: Sequence[Path], ranges: Sequence[Range]
) -> Ends:
    """Return where descents from several starts end.

    Parameters
    ----------
    landscape, optimizer
        As the descents were made.
    paths : sequence of Path
        The descents.
    ranges : sequence of (float, float)
        What the picture shows.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.params import SurfaceParams
    >>> for name, rate in (("himmelblau", 0.01), ("rosenbrock", 0.001), ("bowl", 0.1)):
    ...     surface = SurfaceParams(name=name)
    ...     record = descend(surface.landscape(), OptimizerSpec("sgd", rate), surface.starts, 40)
    ...     path_ends(surface.landscape(), record.optimizer, record.paths, record.ranges)
    'different'
    'under_way'
    'same'
    """
    inside = [not is_outside(path, ranges) for path in paths]
    settled = []
    if all(inside) and len(paths) > 1:
        for path in paths:
            steepness = np.sqrt((path.gradients**2).sum(axis=1))
            onward = led_onward(landscape, optimizer, path)
            settled.append(has_settled(path.points, onward, steepness))
    size = max(float(np.ptp(path.points, axis=0).max()) for path in paths)
    return ends([path.points[-1] for path in paths], settled, inside, size=size)
