"""A graph that is laid out: where its nodes, edges and labels stand, to the right or downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

import numpy as np

from backprop_studio.scenes.paint.style import Unchanging


@dataclass(frozen=True, eq=False)
class GraphLayout(Unchanging):
    """Where everything stands, in Manim units, the box's centre being the origin.

    Attributes
    ----------
    em : float
        Of every text.
    centres, sizes : (nodes, 2) float64
    curves : tuple of (points, 2) float64
        Per edge, from its tail's border to its head's.
    labels : (edges, 3) float64
        Where an edge's labels stand: x of their middle, y of the edge there, and the width
        that is kept free; the width is 0 where there are none.
    is_dense : bool
        Whether nodes are dense: symbol and sign on the left, value and gradient on the right.
    wording : {"full", "brief", "none"}
        How much of the edges' labels there is room for.
    rows : int
        How many rows the columns are broken into.
    is_downward : bool
        Whether it runs downwards, with labels on the right of their edges.
    """

    em: float
    centres: np.ndarray
    sizes: np.ndarray
    curves: tuple[np.ndarray, ...]
    labels: np.ndarray
    is_dense: bool
    wording: str
    rows: int
    is_downward: bool = False

    def downward(self) -> GraphLayout:
        """Return the layout turned, so that what ran to the right runs downwards."""

        def turned(points: np.ndarray) -> np.ndarray:
            found: np.ndarray = -points[:, ::-1]
            found.flags.writeable = False
            return found

        sizes = self.sizes[:, ::-1].copy()
        labels = np.column_stack([turned(self.labels[:, :2]), self.labels[:, 2]])
        for array in (sizes, labels):
            array.flags.writeable = False
        return replace(
            self,
            centres=turned(self.centres),
            sizes=sizes,
            curves=tuple(map(turned, self.curves)),
            labels=labels,
            is_downward=True,
        )

    @cached_property
    def key(self) -> bytes:
        """What tells this layout from others in what is drawn of it."""
        arrays = self.centres, self.sizes, self.labels, *self.curves
        content = repr((self.em, self.is_dense, [len(curve) for curve in self.curves])).encode()
        return blake2b(content + b"".join(array.tobytes() for array in arrays)).digest()
