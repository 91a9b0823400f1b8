"""Records of a training step: frozen, of numpy arrays and floats. A tensor never leaves core.

Shapes use N samples, n_in and n_out units of a layer. ``L`` is the loss over the batch as
:data:`core.network.spec.Loss` defines it, and every gradient is of that ``L``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.claims.change import Change, change

if TYPE_CHECKING:
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.optimizer_state import OptimizerState
    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.network.spec import Activation, NetworkSpec


@dataclass(frozen=True)
class LayerRecord:
    """One layer in one forward and backward pass.

    Attributes
    ----------
    activation : str
        Name of f in a = f(z).
    weight : (n_out, n_in) float64
        W before the update.
    bias : (n_out,) float64
        b before the update.
    a_in : (N, n_in) float64
        What comes in: the layer before's a, or the inputs.
    z : (N, n_out) float64
        Pre-activation, z = W a_in + b.
    a : (N, n_out) float64
        Activation, a = f(z).
    da_dz : (N, n_out) float64
        f'(z), the chain-rule factor between dL_da and dL_dz.
    dL_dz, dL_da : (N, n_out) float64
        Gradients per sample.
    dL_dW : (n_out, n_in) float64
        Gradient of the weight: dL_dz transposed times a_in.
    dL_db : (n_out,) float64
        Gradient of the bias: dL_dz summed over samples.
    """

    activation: Activation
    weight: Array
    bias: Array
    a_in: Array
    z: Array
    a: Array
    da_dz: Array
    dL_dz: Array
    dL_da: Array
    dL_dW: Array
    dL_db: Array

    def dL_dW_of(self, sample: int) -> Array:
        """Return the part of the weights' gradient that one sample brings, (n_out, n_in)."""
        return frozen(np.outer(self.dL_dz[sample], self.a_in[sample]))


@dataclass(frozen=True)
class LayerUpdate:
    """A layer's parameters after an update.

    Attributes
    ----------
    weight : (n_out, n_in) float64
    bias : (n_out,) float64
    """

    weight: Array
    bias: Array


@dataclass(frozen=True)
class ForwardRecord:
    """Outputs and losses of a forward pass.

    Attributes
    ----------
    activations : tuple of (N, n_out) float64
        Each layer's a; the last are the outputs.
    probabilities : (N, n_out) float64, or None
        Softmax of the outputs, where the loss is cross-entropy.
    residuals : (N, n_out) float64, or None
        Outputs minus targets, where the targets are numbers and not classes.
    sample_losses : (N,) float64
        Each sample's share; their mean is the loss.
    loss : float
        L.
    """

    activations: tuple[Array, ...]
    probabilities: Array | None
    residuals: Array | None
    sample_losses: Array
    loss: float


@dataclass(frozen=True)
class StepRecord:
    """One training step: forward, backward, update, and forward again.

    Attributes
    ----------
    network : NetworkSpec
        The network as it was asked for.
    batch : Batch
        Inputs and targets.
    optimizer : OptimizerSpec
        The rule of the update.
    step : int
        How many updates were made before this one.
    layers : tuple of LayerRecord
        From the first layer that computes to the last.
    before, after : ForwardRecord
        Answers before and after the update.
    vectors, vectors_after : OptimizerState
        What the optimizer remembers before and after the update.
    updated : tuple of LayerUpdate
        Parameters after the update.
    """

    network: NetworkSpec
    batch: Batch
    optimizer: OptimizerSpec
    step: int
    layers: tuple[LayerRecord, ...]
    before: ForwardRecord
    vectors: OptimizerState
    updated: tuple[LayerUpdate, ...]
    vectors_after: OptimizerState
    after: ForwardRecord

    @property
    def learning_rate(self) -> float:
        """Eta of the update."""
        return self.optimizer.learning_rate

    @property
    def loss(self) -> float:
        """L before the update."""
        return self.before.loss

    @property
    def loss_after(self) -> float:
        """L of the same batch after the update."""
        return self.after.loss

    @property
    def outcome(self) -> Change:
        """What the update does to the loss; stationary if no parameter moved."""
        pairs = zip(self.layers, self.updated, strict=True)
        moved = not all(_is_same(old.weight, new.weight, old.bias, new.bias) for old, new in pairs)
        return change(self.loss, self.loss_after, moved=moved)


def _is_same(weight: Array, new_weight: Array, bias: Array, new_bias: Array) -> bool:
    return np.array_equal(weight, new_weight) and np.array_equal(bias, new_bias)
