"""Optimizers: what a user chooses, torch.optim's own of that kind, and what it keeps inside.

Only building one loads torch, so that a form can be made of the parameters without it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from pydantic.config import JsonDict

    from backprop_studio.core.network.passes import Parameters

__all__ = [
    "OPTIMIZERS",
    "LayerVectors",
    "OptimizerGroup",
    "OptimizerName",
    "OptimizerParams",
    "OptimizerSpec",
    "OptimizerVectors",
    "build_optimizer",
    "lecture_velocity",
    "read_vectors",
    "resolve_optimizer",
    "vector_count",
]

OptimizerName: TypeAlias = Literal[
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"
]
OPTIMIZERS: tuple[str, ...] = get_args(OptimizerName)

_DEFAULTS: dict[str, dict[str, float]] = {
    "sgd": {"weight_decay": 0.0},
    "momentum": {"momentum": 0.9, "weight_decay": 0.0},
    "nesterov": {"momentum": 0.9, "weight_decay": 0.0},
    "adagrad": {"lr_decay": 0.0, "eps": 1e-10, "weight_decay": 0.0},
    "rmsprop": {"alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0},
    "adam": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
}
"""Which numbers an optimizer takes, with torch's default of each; torch has none for momentum, so
it is the curriculum's gamma."""

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

_LABELS: JsonDict = {
    "sgd": N_("Gradient descent (SGD)"),
    "momentum": N_("Momentum"),
    "nesterov": N_("Nesterov momentum"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}


class OptimizerParams(BaseModel):
    """The optimizer and its numbers; those left out are torch's defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Optimizer"))

    name: OptimizerName = Field(
        "sgd",
        title=N_("Optimizer"),
        description=N_("The rule that makes a step of the gradient."),
        json_schema_extra={"x-labels": _LABELS},
    )
    momentum: float | None = Field(
        None,
        gt=0,
        le=1,
        allow_inf_nan=False,
        title=N_("Momentum"),
        description=N_("Share of the velocity that stays from step to step (gamma)."),
        json_schema_extra={"x-level": "advanced"},
    )
    beta1: float | None = Field(
        None,
        ge=0,
        lt=1,
        allow_inf_nan=False,
        title=N_("Beta 1"),
        description=N_("Share of the first moment, the mean gradient, that stays."),
        json_schema_extra={"x-level": "advanced"},
    )
    beta2: float | None = Field(
        None,
        ge=0,
        lt=1,
        allow_inf_nan=False,
        title=N_("Beta 2"),
        description=N_("Share of the second moment, the mean squared gradient, that stays."),
        json_schema_extra={"x-level": "advanced"},
    )
    alpha: float | None = Field(
        None,
        ge=0,
        lt=1,
        allow_inf_nan=False,
        title=N_("Smoothing"),
        description=N_("Share of RMSprop's mean squared gradient that stays (alpha)."),
        json_schema_extra={"x-level": "advanced"},
    )
    eps: float | None = Field(
        None,
        gt=0,
        le=1,
        allow_inf_nan=False,
        title=N_("Epsilon"),
        description=N_("Added below the fraction bar, against a division by zero."),
        json_schema_extra={"x-level": "advanced"},
    )
    lr_decay: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        title=N_("Learning rate decay"),
        description=N_("Adagrad divides the rate of step t by 1 + (t - 1) times this."),
        json_schema_extra={"x-level": "advanced"},
    )
    weight_decay: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        title=N_("Weight decay"),
        description=N_("Pull of every weight towards zero."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _fit_together(self) -> OptimizerParams:
        resolve_optimizer(self, 1.0)
        return self


class OptimizerGroup(LearningRateGroup):
    """An optimizer and its learning rate, for a scene to inherit."""

    optimizer: OptimizerParams = Field(
        default_factory=lambda: OptimizerParams(), title=N_("Optimizer")
    )

    def optimizer_spec(self) -> OptimizerSpec:
        """Return the complete optimizer.

        Examples
        --------
        >>> group = OptimizerGroup.model_validate({"optimizer": {"name": "momentum"}})
        >>> group.optimizer_spec().learning_rate, group.optimizer_spec().momentum
        (0.1, 0.9)
        """
        return resolve_optimizer(self.optimizer, self.learning_rate)


@dataclass(frozen=True)
class OptimizerSpec:
    """An optimizer with nothing left open.

    A number left out, or None, becomes the optimizer's default; those that it does not take stay
    None.

    Attributes
    ----------
    name : str
        One of :data:`OPTIMIZERS`.
    learning_rate : float
        eta.
    momentum, beta1, beta2, alpha, eps, lr_decay, weight_decay : float or None
        As in :class:`OptimizerParams`.

    Raises
    ------
    ValueError
        If the optimizer does not take a number that is given.

    Examples
    --------
    >>> OptimizerSpec("adam", 0.1).beta2
    0.999
    """

    name: OptimizerName
    learning_rate: float
    momentum: float | None = None
    beta1: float | None = None
    beta2: float | None = None
    alpha: float | None = None
    eps: float | None = None
    lr_decay: float | None = None
    weight_decay: float | None = None

    def __post_init__(self) -> None:
        defaults = _DEFAULTS[self.name]
        for name in (field.name for field in fields(self)[2:]):
            if getattr(self, name) is None:
                object.__setattr__(self, name, defaults.get(name))
            elif name not in defaults:
                raise ValueError(
                    f"optimizer {self.name} has no {name}; it takes {', '.join(defaults)}"
                )


@dataclass(frozen=True)
class LayerVectors:
    """What belongs to one layer in one of an optimizer's internal vectors.

    Attributes
    ----------
    weight : (n_out, n_in) float64
    bias : (n_out,) float64, or None
        None where biases are not trained.
    """

    weight: Array
    bias: Array | None


@dataclass(frozen=True)
class OptimizerVectors:
    """What an optimizer remembers from step to step, per layer; None for what it has not.

    Before the first step all are zero: torch makes them then, and zero is where the rules start.

    Attributes
    ----------
    step : int or None
        t, how many steps were made; None for SGD in all three forms, which does not count.
    velocity : tuple of LayerVectors, or None
        Of momentum and Nesterov, as torch defines it: v <- gamma v + g, w <- w - eta v. See
        :func:`lecture_velocity` for the one of the lecture.
    square_sum : tuple of LayerVectors, or None
        Of Adagrad: the sum of g^2 over all steps.
    square_mean : tuple of LayerVectors, or None
        Of RMSprop: s <- alpha s + (1 - alpha) g^2.
    first_moment, second_moment : tuple of LayerVectors, or None
        Of Adam and AdamW, not yet corrected for their start at zero: m <- beta1 m + (1 - beta1) g
        and v <- beta2 v + (1 - beta2) g^2.
    """

    step: int | None = None
    velocity: tuple[LayerVectors, ...] | None = None
    square_sum: tuple[LayerVectors, ...] | None = None
    square_mean: tuple[LayerVectors, ...] | None = None
    first_moment: tuple[LayerVectors, ...] | None = None
    second_moment: tuple[LayerVectors, ...] | None = None


def resolve_optimizer(params: OptimizerParams, learning_rate: float) -> OptimizerSpec:
    """Fill what the user left open with the optimizer's defaults.

    Raises
    ------
    ValueError
        If the optimizer does not take a number that is given; the message says which it takes.

    Examples
    --------
    >>> resolve_optimizer(OptimizerParams(name="momentum"), 0.01).momentum
    0.9
    """
    return OptimizerSpec(learning_rate=learning_rate, **params.model_dump())


def build_optimizer(spec: OptimizerSpec, tensors: Sequence[torch.Tensor]) -> torch.optim.Optimizer:
    """Return torch.optim's own optimizer, without its compiler, which will move the given tensors.

    Raises
    ------
    ValueError
        If torch refuses a number; :class:`OptimizerParams` lets none of those pass.

    Examples
    --------
    >>> import torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> type(build_optimizer(OptimizerSpec("nesterov", 0.1), [w])).__name__
    'SGD'
    """
    import torch

    from backprop_studio.core.network.eager_optimizers import eager

    values: dict[str, Any] = {name: getattr(spec, name) for name in _DEFAULTS[spec.name]}
    if "beta1" in values:
        values["betas"] = (values.pop("beta1"), values.pop("beta2"))
    if spec.name == "nesterov":
        values["nesterov"] = True
    kinds: dict[str, Any] = {
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
    }
    kind = eager(kinds.get(spec.name, torch.optim.SGD))
    return kind(list(tensors), lr=spec.learning_rate, **values)


def vector_count(spec: OptimizerSpec) -> int:
    """Return how many vectors as large as all parameters an optimizer remembers.

    Examples
    --------
    >>> [vector_count(OptimizerSpec(name, 0.1)) for name in ("sgd", "momentum", "adam")]
    [0, 1, 2]
    """
    return len(_TORCH_NAMES[spec.name])


def read_vectors(
    spec: OptimizerSpec, optimizer: torch.optim.Optimizer, parameters: Parameters
) -> OptimizerVectors:
    """Copy what an optimizer remembers out of torch's state.

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
    >>> from backprop_studio.core.network.passes import Parameters
    >>> w, b = torch.ones(1, 1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> spec = OptimizerSpec("momentum", 0.1)
    >>> optimizer = build_optimizer(spec, [w, b])
    >>> (3 * w + b).sum().backward()
    >>> optimizer.step()
    >>> read_vectors(spec, optimizer, Parameters((w,), (b,))).velocity[0].weight
    array([[3.]])
    """
    moved = {id(tensor) for group in optimizer.param_groups for tensor in group["params"]}

    def copy(tensor: torch.Tensor, key: str) -> Array:
        held = optimizer.state.get(tensor, {}).get(key)
        return frozen(np.zeros(tuple(tensor.shape)) if held is None else held.numpy())

    vectors: dict[str, Any] = {
        ours: tuple(
            LayerVectors(copy(weight, key), copy(bias, key) if id(bias) in moved else None)
            for weight, bias in zip(parameters.weights, parameters.biases, strict=True)
        )
        for ours, key in _TORCH_NAMES[spec.name].items()
    }
    if spec.name not in {"sgd", "momentum", "nesterov"}:
        vectors["step"] = int(optimizer.state.get(parameters.weights[0], {}).get("step", 0))
    return OptimizerVectors(**vectors)


def lecture_velocity(spec: OptimizerSpec, vectors: OptimizerVectors) -> tuple[LayerVectors, ...]:
    """Return the velocity as the lecture writes it: v <- gamma v + eta g, w <- w - v.

    Torch keeps u <- gamma u + g and steps by eta u. As long as eta stays the same, v = eta u: both
    start at zero, and eta times the one rule is the other.

    Raises
    ------
    ValueError
        If the optimizer keeps no velocity.

    Examples
    --------
    >>> u = (LayerVectors(frozen([[3.0]]), None),)
    >>> lecture_velocity(OptimizerSpec("momentum", 0.5), OptimizerVectors(velocity=u))[0].weight
    array([[1.5]])
    """
    if vectors.velocity is None:
        raise ValueError(f"optimizer {spec.name} keeps no velocity; momentum and nesterov do")
    eta = spec.learning_rate
    return tuple(
        LayerVectors(
            frozen(eta * layer.weight), None if layer.bias is None else frozen(eta * layer.bias)
        )
        for layer in vectors.velocity
    )
