"""Optimizers: what a user chooses, and torch.optim's own of that kind.

Only building one loads torch, so that a form can be made of the parameters without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from pydantic.config import JsonDict

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

_NUMBERS = ("momentum", "beta1", "beta2", "alpha", "eps", "lr_decay", "weight_decay")

_LABELS: JsonDict = {
    "sgd": N_("Gradient descent (SGD)"),
    "momentum": N_("Momentum"),
    "nesterov": N_("Nesterov momentum"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}


Share = Annotated[Finite, Field(ge=0, lt=1)]
PositiveShare = Annotated[Finite, Field(gt=0, le=1)]
WholeShare = Annotated[Finite, Field(ge=0, le=1)]


def _number(number: str, title: str, description: str, **given: Any) -> Any:
    """Return a field that only some optimizers take, left to torch unless the user gives it."""
    takers = [name for name, numbers in _DEFAULTS.items() if number in numbers]
    return param(None, title, description, when={"name": takers}, **given)


Precision: TypeAlias = Literal["float64", "float32"]
Memory: TypeAlias = tuple[tuple[Finite, ...], ...]

MOST_MADE = 2**24
"""Steps that torch's own counter, a float32, still tells apart."""

_REMEMBERING = {"name": [name for name in OPTIMIZERS if name != "sgd"]}


class OptimizerParams(BaseModel):
    """The optimizer and its numbers; those left out are torch's defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Optimizer"))

    name: OptimizerName = param(
        "sgd", N_("Optimizer"), N_("The rule that makes a step of the gradient."), labels=_LABELS
    )
    momentum: PositiveShare | None = _number(
        "momentum",
        N_("Momentum"),
        N_("Share of the velocity that stays from step to step (gamma)."),
    )
    beta1: Share | None = _number(
        "beta1", N_("Beta 1"), N_("Share of the first moment, the mean gradient, that stays.")
    )
    beta2: Share | None = _number(
        "beta2",
        N_("Beta 2"),
        N_("Share of the second moment, the mean squared gradient, that stays."),
    )
    alpha: Share | None = _number(
        "alpha", N_("Smoothing"), N_("Share of RMSprop's mean squared gradient that stays (alpha).")
    )
    eps: PositiveShare | None = _number(
        "eps",
        N_("Epsilon"),
        N_("Added below the fraction bar, against a division by zero."),
        level="advanced",
    )
    lr_decay: WholeShare | None = _number(
        "lr_decay",
        N_("Learning rate decay"),
        N_("Adagrad divides the rate of step t by 1 + (t - 1) times this."),
        level="advanced",
    )
    weight_decay: WholeShare | None = _number(
        "weight_decay",
        N_("Weight decay"),
        N_("Pull of every weight towards zero."),
        level="advanced",
    )

    @model_validator(mode="after")
    def _fit_together(self) -> OptimizerParams:
        resolve_optimizer(self, 1.0)
        return self


class ContinuedOptimizerParams(OptimizerParams):
    """The optimizer, its numbers, and what it remembers of steps that were made before."""

    precision: Precision | None = param(
        None,
        N_("Precision"),
        N_("In which torch computes the steps: float64, or float32 as models usually have it."),
        labels={"float64": "float64", "float32": "float32"},
        level="advanced",
    )
    made: int | None = param(
        None,
        N_("Steps made before"),
        N_("How many steps the optimizer has made already, of which it remembers something."),
        ge=0,
        le=MOST_MADE,
        when=_REMEMBERING,
        level="advanced",
    )
    memory: Memory | None = param(
        None,
        N_("Memory"),
        N_("What it remembers of each weight matrix and each bias in turn: a row for each."),
        when=_REMEMBERING,
        example="0.1 -0.2; 0",
        level="advanced",
    )

    @model_validator(mode="after")
    def _remembers(self) -> ContinuedOptimizerParams:
        given = [name for name in ("made", "memory") if getattr(self, name) is not None]
        if self.name == "sgd" and given:
            text = N_("optimizer {choice} has no {field}; it remembers nothing")
            fields = {"choice": "sgd", "field": given[0], "other": "name"}
            raise ParameterError("optimizer.memory", text, **fields)
        return self

    def begun(self) -> Begun | None:
        """Return where the steps begin; None for a new optimizer in float64."""
        begun = Begun(self.precision or "float64", self.made or 0, self.memory or ())
        return None if begun == Begun() else begun


class OptimizerGroup(LearningRateGroup):
    """An optimizer and its learning rate, for a scene to inherit."""

    optimizer: ContinuedOptimizerParams = Field(
        default_factory=lambda: ContinuedOptimizerParams(), title=N_("Optimizer")
    )

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        return {**super().resolved(), **resolved_optimizer(self.optimizer_spec())}

    def optimizer_spec(self) -> OptimizerSpec:
        """Return the complete optimizer.

        Examples
        --------
        >>> group = OptimizerGroup.model_validate({"optimizer": {"name": "momentum"}})
        >>> group.optimizer_spec().learning_rate, group.optimizer_spec().momentum
        (0.1, 0.9)
        """
        spec = resolve_optimizer(self.optimizer, self.learning_rate)
        return replace(spec, begun=self.optimizer.begun())


@dataclass(frozen=True)
class Begun:
    """Where the steps of a network begin.

    Attributes
    ----------
    precision : {"float64", "float32"}
        In which torch computes them.
    made : int
        How many steps were made before.
    memory : tuple of tuple of float
        What is remembered of them: of each vector that the optimizer keeps in turn, the entries of
        W and of b of each layer; none where nothing is remembered.
    """

    precision: Precision = "float64"
    made: int = 0
    memory: Memory = ()


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
    begun : Begun or None
        Where the steps of a network begin; None for a new optimizer in float64.

    Raises
    ------
    ParameterError
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
    begun: Begun | None = None

    def __post_init__(self) -> None:
        defaults = _DEFAULTS[self.name]
        for name in _NUMBERS:
            if getattr(self, name) is None:
                object.__setattr__(self, name, defaults.get(name))
            elif name not in defaults:
                text = N_("optimizer {choice} has no {field}; it takes {others}")
                fields = {"choice": self.name, "field": name, "other": "name"}
                raise ParameterError("optimizer.number", text, others=tuple(defaults), **fields)


def resolve_optimizer(params: OptimizerParams, learning_rate: float) -> OptimizerSpec:
    """Fill what the user left open with the optimizer's defaults.

    Raises
    ------
    ParameterError
        If the optimizer does not take a number that is given; the message says which it takes.

    Examples
    --------
    >>> resolve_optimizer(OptimizerParams(name="momentum"), 0.01).momentum
    0.9
    """
    given = params.model_dump(include={"name", *_NUMBERS})
    return OptimizerSpec(learning_rate=learning_rate, **given)


def resolved_optimizer(spec: OptimizerSpec) -> dict[str, Any]:
    """Return what stands for numbers that are left open in a group called ``optimizer``.

    Examples
    --------
    >>> resolved_optimizer(OptimizerSpec("momentum", 0.1))
    {'optimizer.momentum': 0.9, 'optimizer.weight_decay': 0.0}
    """
    return {f"optimizer.{name}": getattr(spec, name) for name in _DEFAULTS[spec.name]}


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
