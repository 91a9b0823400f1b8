"""Ready-made networks with their data, each from a named source or for a stated purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.i18n import N_

if TYPE_CHECKING:
    from core.arrays import Array

__all__ = ["PRESETS", "Preset"]

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Preset:
    """A network and the batch it is shown with.

    Attributes
    ----------
    title : str
        English key of the name a user sees.
    sizes : tuple of int
        Units per layer, the input first.
    inputs : N rows of n numbers
        The batch; empty where the network brings none.
    targets : N rows of n_out numbers, or N class indices
        What the outputs should be.
    learning_rate : float
        A rate at which one step is worth seeing.
    """

    title: str
    sizes: tuple[int, ...]
    activation: str = "relu"
    output_activation: str = "identity"
    loss: str = "mse"
    init: str = "torch"
    seed: int = 0
    weights: tuple[Rows, ...] | None = None
    biases: Rows | None = None
    inputs: Rows = ()
    targets: Rows | tuple[int, ...] = ()
    learning_rate: float = 0.1

    def weight_arrays(self) -> tuple[Array, ...] | None:
        """Return the explicit weights, each (n_out, n_in), or None if they are drawn."""
        if self.weights is None:
            return None
        return tuple(np.array(rows, dtype=np.float64) for rows in self.weights)

    def bias_arrays(self) -> tuple[Array, ...] | None:
        """Return the explicit biases, each (n_out,), or None if they are drawn."""
        if self.biases is None:
            return None
        return tuple(np.array(row, dtype=np.float64) for row in self.biases)


PRESETS: dict[str, Preset] = {
    # The lecture notes' network and batch. With this seed the first sample meets both faces of
    # relu, every gradient has digits to show, and one step of 0.1 lowers the loss visibly.
    "notes": Preset(
        title=N_("3-3-2-3, relu, cross-entropy"),
        sizes=(3, 3, 2, 3),
        loss="cross_entropy",
        seed=5580,
        inputs=((1.0, 2.0, 1.5), (3.0, 4.0, 2.3), (5.0, 6.0, 1.2)),
        targets=(0, 2, 1),
    ),
    # Matt Mazur, "A Step by Step Backpropagation Example" (2015): a worked example whose digits
    # are printed, so anybody can check ours against them.
    "two_layer_sigmoid": Preset(
        title=N_("2-2-2, sigmoid, half squared error"),
        sizes=(2, 2, 2),
        activation="sigmoid",
        output_activation="sigmoid",
        loss="half_squared_error",
        weights=(((0.15, 0.20), (0.25, 0.30)), ((0.40, 0.45), (0.50, 0.55))),
        biases=((0.35, 0.35), (0.60, 0.60)),
        inputs=((0.05, 0.10),),
        targets=((0.01, 0.99),),
        learning_rate=0.5,
    ),
    "small": Preset(
        title=N_("2-2-1, tanh, mean squared error"),
        sizes=(2, 2, 1),
        activation="tanh",
        weights=(((0.5, -0.4), (0.3, 0.8)), ((0.7, -0.6),)),
        biases=((0.1, -0.2), (0.0,)),
        inputs=((1.0, 2.0), (-1.0, 0.5)),
        targets=((1.0,), (-1.0,)),
    ),
    "xor": Preset(
        title=N_("2-4-1, the xor problem"),
        sizes=(2, 4, 1),
        activation="tanh",
        output_activation="sigmoid",
        loss="binary_cross_entropy",
        seed=3,
        inputs=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)),
        targets=((0.0,), (1.0,), (1.0,), (0.0,)),
        learning_rate=0.5,
    ),
}
