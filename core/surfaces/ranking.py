"""Ranking of descents by their last loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.surfaces.descent import DescentRecord, Path
    from backprop_studio.core.surfaces.named import Range


@dataclass(frozen=True)
class Ranking:
    """The order of R runs at the end, counted from 0.

    Attributes
    ----------
    inside : tuple of int
        Runs that are in the picture at the end, from the lowest loss to the highest.
    outside : tuple of int
        Runs that are not, or met a number that is not finite; in the order of the records.
    is_tie : bool
        Whether no run inside is lower than another.
    """

    inside: tuple[int, ...]
    outside: tuple[int, ...]
    is_tie: bool


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
    >>> from backprop_studio.core.surfaces.descent import descend
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
        Of :func:`core.surfaces.descent.compare`.
    start : int
        From which of the starts.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.descent import compare
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> optimizers = [OptimizerSpec("sgd", rate) for rate in (0.01, 5.0, 0.4)]
    >>> rank(compare(CurveParams(name="square").landscape(), optimizers, [[1.0]], 3))
    Ranking(inside=(2, 0), outside=(1,), is_tie=False)
    """
    paths = [record.paths[start] for record in records]
    left = (is_outside(path, it.ranges) for path, it in zip(paths, records, strict=True))
    outside = tuple(k for k, is_gone in enumerate(left) if is_gone)
    ends = {k: float(it.values[-1]) for k, it in enumerate(paths) if k not in outside}
    inside = tuple(sorted(ends, key=lambda k: ends[k]))
    return Ranking(inside, outside, len(set(ends.values())) < 2)
