"""What a network loses while one weight or bias is moved: many values of it in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from backprop_studio.core.network import passes

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.spec import NetworkSpec

MOST_NUMBERS = 4_000_000
"""Of one layer, at all values of a pass together; bounds the memory."""


@dataclass(frozen=True)
class Place:
    """A weight or bias.

    Attributes
    ----------
    layer : int
        Counted from 0.
    row : int
        The unit that it leads to.
    column : int, optional
        The input that a weight comes from; a bias has none.
    """

    layer: int
    row: int
    column: int | None = None


class PerturbedNetwork:
    """A network and a batch, of which one weight or bias at a time has other values.

    Parameters
    ----------
    network : NetworkSpec
        Its activations and its loss.
    parameters : Parameters
        W and b of each layer.
    forward : Forward
        What they give.
    inputs, targets : Tensor
        The batch.

    Attributes
    ----------
    most : int
        Values that one pass takes.
    """

    def __init__(
        self,
        network: NetworkSpec,
        parameters: passes.Parameters,
        forward: passes.Forward,
        inputs: Tensor,
        targets: Tensor,
    ) -> None:
        self._network, self._layers, self._targets = network, list(parameters.layers), targets
        self._zs = forward.zs
        self._ins = (inputs, *forward.activations)
        self.most = max(2, MOST_NUMBERS // (len(inputs) * max(network.sizes)))

    def losses(self, place: Place, values: Array, cornered: set[str]) -> tuple[Tensor, Tensor]:
        """Return each sample's loss at each value, and at which no unit is across its corner.

        Only what lies behind the place is computed. What a value does not move keeps every bit,
        wherever in a tensor it is worked out.

        Parameters
        ----------
        values : (S,) array
            Of the weight or bias.
        cornered : set of str
            Activations that have a corner at 0.

        Returns
        -------
        losses : (S, N) Tensor
        same : (S,) Tensor of bool
        """
        unit = self._unit(place, torch.cat([torch.from_numpy(values), self._value(place)]))
        z = self._zs[place.layer].expand(len(unit), -1, -1).clone()
        z[:, :, place.row] = unit
        same = torch.ones(len(unit), dtype=torch.bool)
        a = self._ins[place.layer]
        for k, name in enumerate(self._network.activations):
            if k < place.layer:
                continue
            if k > place.layer:
                weight, bias = self._layers[k]
                product = torch.baddbmm(bias, a, weight.T.expand(len(a), -1, -1))
                z = _kept(product, (a == a[-1]).all(dim=-1, keepdim=True))
            if name in cornered:
                same &= ((z > 0) == (self._zs[k] > 0)).flatten(1).all(dim=1)
            a = _kept(passes.ACTIVATION_FUNCTIONS[name](z), z == z[-1])
        scores = passes.scores_of(self._network, z, a)
        targets = self._targets.expand(len(scores), *self._targets.shape)
        every = passes.sample_losses(self._network, scores.flatten(0, 1), targets.flatten(0, 1))
        losses = _kept(every.reshape(scores.shape[:2]), (scores == scores[-1]).all(dim=-1))
        return losses[:-1], same[:-1]

    def _value(self, place: Place) -> Tensor:
        weight, bias = self._layers[place.layer]
        found = bias[place.row] if place.column is None else weight[place.row, place.column]
        return found.reshape(1)

    def _unit(self, place: Place, values: Tensor) -> Tensor:
        """Return the pre-activations of the unit that is moved, (S, N)."""
        weight, bias = self._layers[place.layer]
        a = self._ins[place.layer]
        rows = weight[place.row].expand(len(values), -1).clone()
        if place.column is not None:
            rows[:, place.column] = values
        products = torch.bmm(a.expand(len(rows), -1, -1), rows[:, :, None])[:, :, 0]
        return products + (values[:, None] if place.column is None else bias[place.row])


def _kept(moved: Tensor, is_still: Tensor) -> Tensor:
    """Return what was worked out, and the last one's where nothing has moved."""
    return torch.where(is_still, moved[-1], moved)
