"""The state of torch.optim's optimizers, under the names of the lecture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from backprop_studio.core.network.optimizers import Begun, OptimizerSpec
    from backprop_studio.core.network.passes import Parameters

_TORCH_NAMES: dict[str, dict[str, str]] = {
    "sgd": {},
    "momentum": {"velocity": "momentum_buffer"},
    "nesterov": {"velocity": "momentum_buffer"},
    "adagrad": {"square_sum": "sum"},
    "rmsprop": {"square_mean": "square_avg"},
    "adam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "adamw": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
}
"""Our names of the internal vectors, and torch's keys of its state."""

_UNCOUNTED = {"sgd", "momentum", "nesterov"}
"""Optimizers that do not count their steps."""


@dataclass(frozen=True)
class LayerState:
    """The part of an optimizer's vector that belongs to one layer.

    Attributes
    ----------
    weight : (n_out, n_in) float64
    bias : (n_out,) float64, or None
        None where biases are not trained.
    """

    weight: Array
    bias: Array | None


@dataclass(frozen=True)
class OptimizerState:
    """The state of an optimizer between two steps, per layer; None for what it has not.

    Before the first step all are zero: torch makes them then, and zero is where the rules start.

    Attributes
    ----------
    step : int or None
        t, how many steps were made; None for SGD in all three forms, which does not count.
    velocity : tuple of LayerState, or None
        Of momentum and Nesterov, as torch defines it: v <- gamma v + g, w <- w - eta v. See
        :func:`lecture_velocity` for the one of the lecture.
    square_sum : tuple of LayerState, or None
        Of Adagrad: the sum of g^2 over all steps.
    square_mean : tuple of LayerState, or None
        Of RMSprop: s <- alpha s + (1 - alpha) g^2.
    first_moment, second_moment : tuple of LayerState, or None
        Of Adam and AdamW, not yet corrected for their start at zero: m <- beta1 m + (1 - beta1) g
        and v <- beta2 v + (1 - beta2) g^2.
    first_moment_hat, second_moment_hat : tuple of LayerState, or None
        The same corrected, m / (1 - beta1^t) and v / (1 - beta2^t), as the rule takes them.
    """

    step: int | None = None
    velocity: tuple[LayerState, ...] | None = None
    square_sum: tuple[LayerState, ...] | None = None
    square_mean: tuple[LayerState, ...] | None = None
    first_moment: tuple[LayerState, ...] | None = None
    second_moment: tuple[LayerState, ...] | None = None
    first_moment_hat: tuple[LayerState, ...] | None = None
    second_moment_hat: tuple[LayerState, ...] | None = None


_DECAYS = {"first_moment": "beta1", "second_moment": "beta2"}
"""Vectors that start too small, and the number that says by how much."""


def vector_count(spec: OptimizerSpec) -> int:
    """Return how many vectors as large as all parameters an optimizer's state holds.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> [vector_count(OptimizerSpec(name, 0.1)) for name in ("sgd", "momentum", "adam")]
    [0, 1, 4]
    """
    names = _TORCH_NAMES[spec.name]
    return len(names) + len(_DECAYS.keys() & names.keys())


def read_state(
    spec: OptimizerSpec, optimizer: torch.optim.Optimizer, parameters: Parameters
) -> OptimizerState:
    """Return an optimizer's state, copied out of torch's.

    Parameters
    ----------
    spec : OptimizerSpec
        What the optimizer was built of.
    optimizer : torch.optim.Optimizer
        From :func:`build_optimizer`.
    parameters : backprop_studio.core.network.passes.Parameters
        The network's tensors. Biases that the optimizer does not move have no vectors.

    Examples
    --------
    >>> import torch
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec, build_optimizer
    >>> from backprop_studio.core.network.passes import Parameters
    >>> w, b = torch.ones(1, 1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> spec = OptimizerSpec("momentum", 0.1)
    >>> optimizer = build_optimizer(spec, [w, b])
    >>> (3 * w + b).sum().backward()
    >>> optimizer.step()
    >>> read_state(spec, optimizer, Parameters((w,), (b,))).velocity[0].weight
    array([[3.]])
    """
    moved = {id(tensor) for group in optimizer.param_groups for tensor in group["params"]}

    def copy(tensor: torch.Tensor, key: str) -> Array:
        held = optimizer.state.get(tensor, {}).get(key)
        return frozen(np.zeros(tuple(tensor.shape)) if held is None else held.numpy())

    vectors: dict[str, Any] = {
        ours: tuple(
            LayerState(copy(weight, key), copy(bias, key) if id(bias) in moved else None)
            for weight, bias in parameters.layers
        )
        for ours, key in _TORCH_NAMES[spec.name].items()
    }
    if spec.name not in _UNCOUNTED:
        vectors["step"] = int(
            max((it.get("step", 0) for it in optimizer.state.values()), default=0)
        )
    for name in _DECAYS.keys() & vectors.keys():
        vectors[f"{name}_hat"] = _corrected(spec, name, vectors)
    return OptimizerState(**vectors)


def load_memory(
    spec: OptimizerSpec, begun: Begun, optimizer: torch.optim.Optimizer, parameters: Parameters
) -> None:
    """Let an optimizer go on where another has stopped: give it that one's memory.

    Parameters
    ----------
    spec : OptimizerSpec
    begun : Begun
        With what is remembered.
    optimizer : torch.optim.Optimizer
        A new one, from :func:`build_optimizer`.
    parameters : backprop_studio.core.network.passes.Parameters
        The network's tensors.

    Raises
    ------
    InputError
        If the memory does not fit the network.

    Examples
    --------
    >>> import torch
    >>> from backprop_studio.core.network.optimizers import Begun, OptimizerSpec, build_optimizer
    >>> from backprop_studio.core.network.passes import Parameters
    >>> w, b = torch.ones(1, 1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> spec = OptimizerSpec("momentum", 0.5)
    >>> optimizer = build_optimizer(spec, [w, b])
    >>> begun = Begun(memory=((3.0,), (1.0,)))
    >>> load_memory(spec, begun, optimizer, Parameters((w,), (b,)))
    >>> (w + b).sum().backward()
    >>> optimizer.step()  # v = 0.9 * 3 + 1
    >>> round(w.item(), 6)
    -0.85
    """
    import torch

    keys, tensors = list(_TORCH_NAMES[spec.name].values()), parameters.all()
    sizes = [tensor.numel() for tensor in tensors] * len(keys)
    if len(begun.memory) != len(sizes) or any(
        row and len(row) != size for row, size in zip(begun.memory, sizes, strict=True)
    ):
        text = N_("{field}: expected {expected} rows, one for each weight matrix and each bias")
        raise InputError("optimizer.rows", text, field="optimizer.memory", expected=len(sizes))
    moved = {id(tensor) for group in optimizer.param_groups for tensor in group["params"]}
    for number, row in enumerate(begun.memory):
        tensor = tensors[number % len(tensors)]
        if row and id(tensor) in moved:
            state = optimizer.state[tensor]
            held = torch.tensor(row, dtype=tensor.dtype).reshape(tensor.shape)
            state[keys[number // len(tensors)]] = held
            if spec.name not in _UNCOUNTED:
                state["step"] = torch.tensor(float(begun.made))


def _corrected(spec: OptimizerSpec, name: str, vectors: dict[str, Any]) -> tuple[LayerState, ...]:
    """Return a moment divided by the share that it has of what it would be without end."""
    share = 1 - getattr(spec, _DECAYS[name]) ** vectors["step"]
    # Before the first step both are zero.
    return _changed(vectors[name], lambda it: it / (share or 1.0))


def _changed(
    layers: tuple[LayerState, ...], change: Callable[[Array], Array]
) -> tuple[LayerState, ...]:
    return tuple(
        LayerState(
            frozen(change(layer.weight)),
            None if layer.bias is None else frozen(change(layer.bias)),
        )
        for layer in layers
    )


def lecture_velocity(spec: OptimizerSpec, vectors: OptimizerState) -> tuple[LayerState, ...]:
    """Return the velocity as the lecture writes it: v <- gamma v + eta g, w <- w - v.

    Torch keeps u <- gamma u + g and steps by eta u. As long as eta stays the same, v = eta u: both
    start at zero, and eta times the one rule is the other.

    Raises
    ------
    ValueError
        If the optimizer keeps no velocity.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> u = (LayerState(frozen([[3.0]]), None),)
    >>> lecture_velocity(OptimizerSpec("momentum", 0.5), OptimizerState(velocity=u))[0].weight
    array([[1.5]])
    """
    if vectors.velocity is None:
        raise ValueError(f"optimizer {spec.name} keeps no velocity; momentum and nesterov do")
    return _changed(vectors.velocity, lambda it: spec.learning_rate * it)
