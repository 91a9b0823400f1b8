"""Which drawing a network gets: nodes with numbers, all edges as a picture, or the strongest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.parts.networks.dense_network import DenseNetwork
from backprop_studio.scenes.parts.networks.layered_network import LayeredNetwork
from backprop_studio.scenes.parts.networks.network_view import MOST_SHOWN, NetworkView

Drawing: TypeAlias = Literal["auto", "collapsed", "whole", "strongest"]

MOST_COLLAPSED = 16
"""Units of a layer: up to here its first two and last stand well for it, with their numbers."""

MOST_COLUMNS = 6
"""Layers beside each other: with more, nodes are too small for the digits of a gradient that fades,
and where units are left out anyway dots for all of them say more."""

MOST_IN_PICTURE = 250_000
"""Edges between two layers: with more, making their picture would take more than a second."""


def drawing_for(sizes: Sequence[int]) -> Drawing:
    """Return the drawing that suits a network of that size.

    Examples
    --------
    >>> [drawing_for(sizes) for sizes in ((3, 4, 2), (784, 128, 64, 10), (1024, 1024, 2))]
    ['collapsed', 'whole', 'strongest']
    """
    deep = len(sizes) > MOST_COLUMNS and max(sizes) > MOST_SHOWN
    if max(sizes) <= MOST_COLLAPSED and not deep:
        return "collapsed"
    most = max(n_in * n_out for n_in, n_out in pairwise(sizes))
    return "whole" if most <= MOST_IN_PICTURE else "strongest"


def network_view(
    drawing: Drawing,
    sizes: Sequence[int],
    names: Sequence[str],
    weights: Sequence[Any],
    gradients: Sequence[Any],
    box: tuple[float, float],
    theme: Theme,
    language: str,
    *,
    image_shape: tuple[int, int] | None = None,
    downward: bool = False,
) -> LayeredNetwork:
    """Return a network, dark.

    Parameters
    ----------
    drawing : str
        ``collapsed`` for nodes, of a large layer a few; ``whole`` for all units and edges;
        ``strongest`` for all units and the strongest edges; ``auto`` for what suits the size.
    sizes, names, weights, gradients, box
        As of :class:`NetworkView`.
    image_shape : (rows, columns) or None
        If the input is a picture; it is shown as one where all units are.
    downward : bool
        Layers are rows, from above downwards.
    """
    arguments = (sizes, names, weights, gradients, box, theme, language)
    if drawing == "auto":
        drawing = drawing_for(sizes)
    if drawing == "collapsed":
        return NetworkView(*arguments, downward=downward)
    strongest = drawing == "strongest"
    return DenseNetwork(
        *arguments, image_shape=image_shape, only_strongest=strongest, downward=downward
    )
