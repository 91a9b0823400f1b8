"""Which parameters an update moves: all of a network, its weights alone, or named ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from backprop_studio.core.network.trained.names import KINDS, entry_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from backprop_studio.core.network.spec import NetworkSpec

Masks: TypeAlias = "tuple[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], ...]"
"""Of each layer that computes, of W (n_out, n_in) and of b (n_out,): which entries are moved."""


def trained_masks(network: NetworkSpec) -> Masks:
    """Return which entries of W and b an update moves.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> masks = trained_masks(resolve_network(NetworkParams(sizes=(1, 2, 1), train=("2.bias.1",))))
    >>> [[part.tolist() for part in layer] for layer in masks]
    [[[[False], [False]], [False, False]], [[[False, False]], [True]]]
    """
    every = network.train is None
    masks = tuple(
        (np.full((n_out, n_in), every), np.full(n_out, every and network.train_biases))
        for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False)
    )
    for name in network.train or ():
        layer, kind, place = entry_of(name, network.sizes)
        for mask, its_kind in zip(masks[layer], KINDS, strict=True):
            if kind in {None, its_kind}:
                mask[place] = True
    return masks
