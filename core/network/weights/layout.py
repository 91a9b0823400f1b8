"""The two layouts of a matrix: (n_out, n_in) as torch keeps it, (n_in, n_out) as Keras does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

Layout: TypeAlias = Literal["out_in", "in_out"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

Shape: TypeAlias = "Sequence[int]"


def other_layout(layout: Layout) -> Layout:
    """Return the layout that the transposed matrix has.

    Examples
    --------
    >>> other_layout("out_in")
    'in_out'
    """
    return "in_out" if layout == "out_in" else "out_in"


def in_and_out(shape: Shape, layout: Layout) -> tuple[int, int]:
    """Return how many units a matrix takes and gives.

    Examples
    --------
    >>> in_and_out((4, 3), "out_in"), in_and_out((4, 3), "in_out")
    ((3, 4), (4, 3))
    """
    rows, columns = shape
    return (columns, rows) if layout == "out_in" else (rows, columns)


def fits(
    weights: Sequence[Shape],
    biases: Sequence[Shape | None],
    layout: Layout,
    sizes: Sequence[int] | None = None,
) -> bool:
    """Whether each layer takes what the one before gives, and has as many biases as units.

    Parameters
    ----------
    weights : sequence of shapes
        From the first layer that computes to the last.
    biases : sequence of shapes
        None where there is none.
    layout : {"out_in", "in_out"}
    sizes : sequence of int, optional
        Units per layer, where they are known.

    Examples
    --------
    Keras's matrices of a network 3-4-2 chain as (n_in, n_out) only:

    >>> [fits([(3, 4), (4, 2)], [(4,), (2,)], layout) for layout in LAYOUTS]
    [False, True]
    """
    if not weights or any(len(it) != 2 for it in weights):
        return False
    ends = [in_and_out(it, layout) for it in weights]
    found = (ends[0][0], *(n_out for _, n_out in ends))
    return (
        all(before == n_in for (_, before), (n_in, _) in itertools.pairwise(ends))
        and (sizes is None or tuple(sizes) == found)
        and len(biases) == len(weights)
        and all(it is None or tuple(it) == (n,) for it, n in zip(biases, found[1:], strict=True))
    )
