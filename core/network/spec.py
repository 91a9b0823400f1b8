"""What a network is: the parameters a user gives, and the complete specification made of them.

:class:`NetworkParams` is what the form, the command line and files speak. :func:`resolve_network`
turns it into a :class:`NetworkSpec` in which nothing is left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.data_files import file_error
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import (
    MAX_LAYERS,
    MAX_PARAMETERS,
    MAX_UNITS,
    MIN_LAYERS,
    parameter_count,
)
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.core.network.presets import PRESETS, Preset
from backprop_studio.core.network.weights_file import read_weights

if TYPE_CHECKING:
    from pydantic.config import JsonDict

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Initialisation",
    "Loss",
    "NetworkParams",
    "NetworkSpec",
    "resolve_network",
]

Activation: TypeAlias = Literal[
    "identity", "relu", "leaky_relu", "sigmoid", "tanh", "gelu", "softplus"
]
Loss: TypeAlias = Literal["mse", "half_squared_error", "cross_entropy", "binary_cross_entropy"]
Initialisation: TypeAlias = Literal["torch", "zeros", "constant", "normal", "xavier", "he"]
PresetName: TypeAlias = Literal[
    "one_weight", "small", "two_layer_sigmoid", "notes", "xor", "iris", "softmax", "deep", "mnist"
]
Vector: TypeAlias = Array
Matrix: TypeAlias = Array

ACTIVATIONS: tuple[str, ...] = get_args(Activation)

_OUTPUTS = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}
"""Losses that take one output activation only."""

_ACTIVATION_LABELS: JsonDict = {name: name for name in ACTIVATIONS}
_LOSS_LABELS: JsonDict = {
    "mse": N_("Mean squared error"),
    "half_squared_error": N_("Half squared error"),
    "cross_entropy": N_("Cross-entropy on logits"),
    "binary_cross_entropy": N_("Binary cross-entropy"),
}
_INIT_LABELS: JsonDict = {
    "torch": N_("PyTorch's default"),
    "zeros": N_("All zero"),
    "constant": N_("All the same, 0.5"),
    "normal": N_("Normal, standard deviation 0.1"),
    "xavier": N_("Xavier (Glorot), uniform"),
    "he": N_("He (Kaiming), normal"),
}


def _check_sizes(sizes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if sizes is None:
        return None
    if not MIN_LAYERS <= len(sizes) <= MAX_LAYERS:
        raise ValueError(
            f"allowed are {MIN_LAYERS} to {MAX_LAYERS} layers, counting the input, "
            f"found {len(sizes)}"
        )
    for size in sizes:
        if not 1 <= size <= MAX_UNITS:
            raise ValueError(f"allowed are 1 to {MAX_UNITS} units per layer, found {size}")
    count = parameter_count(sizes)
    if count > MAX_PARAMETERS:
        raise ValueError(
            f"allowed are at most {MAX_PARAMETERS} weights and biases in all, found {count}"
        )
    return sizes


Finite = Annotated[float, Field(allow_inf_nan=False)]
Sizes = Annotated[tuple[int, ...], AfterValidator(_check_sizes)]
Weights: TypeAlias = tuple[tuple[tuple[Finite, ...], ...], ...]
Biases: TypeAlias = tuple[tuple[Finite, ...], ...]


class NetworkParams(BaseModel):
    """The network, as a preset or field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Network"))

    preset: PresetName | None = Field(
        "notes",
        title=N_("Network"),
        description=N_("A ready-made network with its data; sizes, weights or a file replace it."),
        json_schema_extra={
            "x-labels": {
                **{name: preset.title for name, preset in PRESETS.items()},
                "None": N_("Own sizes or weights"),
            },
        },
    )
    sizes: Sizes | None = Field(
        None,
        title=N_("Layer sizes"),
        description=N_("Units per layer from input to output, for example [3, 3, 2, 3]."),
        json_schema_extra={"x-level": "advanced"},
    )
    activation: Activation | None = Field(
        None,
        title=N_("Activation"),
        description=N_("Activation of the hidden layers."),
        json_schema_extra={"x-labels": _ACTIVATION_LABELS, "x-level": "advanced"},
    )
    output_activation: Activation | None = Field(
        None,
        title=N_("Output activation"),
        description=N_("Activation of the last layer; cross-entropy takes logits, so identity."),
        json_schema_extra={"x-labels": _ACTIVATION_LABELS, "x-level": "advanced"},
    )
    loss: Loss | None = Field(
        None,
        title=N_("Loss"),
        description=N_("What training makes small."),
        json_schema_extra={"x-labels": _LOSS_LABELS, "x-level": "advanced"},
    )
    init: Initialisation | None = Field(
        None,
        title=N_("Initial weights"),
        description=N_("How the weights are drawn before training."),
        json_schema_extra={"x-labels": _INIT_LABELS, "x-level": "advanced"},
    )
    seed: int | None = Field(
        None,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("The same seed draws the same weights again."),
        json_schema_extra={"x-level": "advanced"},
    )
    weights: Weights | None = Field(
        None,
        title=N_("Weights"),
        description=N_("One matrix per layer, shape (n_out, n_in)."),
        json_schema_extra={"x-level": "advanced"},
    )
    biases: Biases | None = Field(
        None,
        title=N_("Biases"),
        description=N_("One vector per layer, shape (n_out,)."),
        json_schema_extra={"x-level": "advanced"},
    )
    file: str | None = Field(
        None,
        title=N_("Weights file"),
        description=N_("A safetensors file with 0.weight, 0.bias and so on, as PyTorch saves it."),
        json_schema_extra={
            "x-level": "advanced",
            "x-widget": "file",
            "x-filter": "*.safetensors",
        },
    )
    train_biases: bool | None = Field(
        None,
        title=N_("Train biases"),
        description=N_("Whether training moves the biases too, or the weights only."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _complete(self) -> NetworkParams:
        """Let sizes, weights or a file stand alone: the default preset must not contradict them."""
        if self.file is not None:
            for name in ("weights", "biases", "init"):
                if getattr(self, name) is not None:
                    raise ValueError(f"file excludes {name}; give one of them")
        own = [name for name in ("sizes", "weights", "file") if getattr(self, name) is not None]
        if own and "preset" in self.model_fields_set and self.preset is not None:
            raise ValueError(f"preset {self.preset} excludes {own[0]}; give one of them")
        if own:
            self.__dict__["preset"] = None  # still being made, so not yet frozen
        resolve_network(self)
        return self


@dataclass(frozen=True)
class NetworkSpec:
    """A network with nothing left open but what the seed draws.

    Attributes
    ----------
    sizes : tuple of int
        Units per layer, the input first.
    activations : tuple of str
        One per layer that computes, so ``len(sizes) - 1``.
    loss, init, seed
        As in :class:`NetworkParams`.
    weights : tuple of (n_out, n_in) float64 arrays, or None
        Explicit weights, read-only; with None they are drawn.
    biases : tuple of (n_out,) float64 arrays, or None
        Explicit biases; with None and explicit weights they are zero.
    train_biases : bool
        Whether an update moves the biases; False keeps them as they are.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss
    init: Initialisation
    seed: int
    weights: tuple[Matrix, ...] | None = None
    biases: tuple[Vector, ...] | None = None
    train_biases: bool = True

    def __post_init__(self) -> None:
        for name in ("weights", "biases"):
            arrays = getattr(self, name)
            if arrays is not None:
                object.__setattr__(self, name, tuple(frozen(array) for array in arrays))


def resolve_network(params: NetworkParams) -> NetworkSpec:
    """Fill what the user left open from the preset, or from general defaults.

    Raises
    ------
    ValueError
        If the fields contradict each other; the message says what was expected and found.
    InputError
        If the weights file is wrong.

    Examples
    --------
    >>> resolve_network(NetworkParams(sizes=(2, 4, 1), activation="tanh")).activations
    ('tanh', 'identity')
    """
    preset = PRESETS[params.preset] if params.preset else Preset(title="", sizes=())
    own_weights, own_biases = _own_arrays(params)
    weights = own_weights if own_weights is not None else preset.weight_arrays()
    biases = own_biases if own_biases is not None else preset.bias_arrays()
    sizes = params.sizes or preset.sizes or _sizes_of(weights)
    if not sizes:
        raise ValueError("give a preset, sizes, weights or a file")
    _check_shapes(sizes, weights, biases)
    loss: Any = params.loss or preset.loss
    hidden: Any = params.activation or preset.activation
    output: Any = params.output_activation or _OUTPUTS.get(loss, preset.output_activation)
    _check_loss(loss, output)
    init: Any = params.init or preset.init
    if params.init is not None or params.seed is not None:
        # The user asks for drawn weights: a preset's own must step back.
        weights, biases = own_weights, own_biases
    return NetworkSpec(
        sizes=tuple(sizes),
        activations=(hidden,) * (len(sizes) - 2) + (output,),
        loss=loss,
        init=init,
        seed=preset.seed if params.seed is None else params.seed,
        weights=weights,
        biases=biases,
        train_biases=(preset.train_biases if params.train_biases is None else params.train_biases),
    )


def _own_arrays(
    params: NetworkParams,
) -> tuple[tuple[Matrix, ...] | None, tuple[Vector, ...] | None]:
    """Return the weights and biases that the user gave, from the file or written out."""
    if params.file is None:
        weights = None if params.weights is None else _matrices(params.weights)
        return weights, None if params.biases is None else _vectors(params.biases)
    path = user_path(params.file)
    found = read_weights(path)
    if params.sizes is not None and found.sizes != params.sizes:
        raise file_error(
            path,
            f"does not fit network.sizes: expected {list(params.sizes)}, found {list(found.sizes)}",
        )
    return found.weights, found.biases


def _matrices(weights: Weights) -> tuple[Matrix, ...]:
    matrices = []
    for number, rows in enumerate(weights, start=1):
        lengths = [len(row) for row in rows]
        if len(set(lengths)) != 1 or not lengths[0]:
            raise ValueError(
                f"weights of layer {number}: expected rows of equal length, found {lengths[:8]}"
            )
        matrices.append(np.array(rows, dtype=np.float64))
    return tuple(matrices)


def _vectors(biases: Biases) -> tuple[Vector, ...]:
    return tuple(np.array(row, dtype=np.float64) for row in biases)


def _sizes_of(weights: tuple[Matrix, ...] | None) -> tuple[int, ...]:
    if not weights:
        return ()
    sizes = (weights[0].shape[1], *(matrix.shape[0] for matrix in weights))
    return _check_sizes(sizes) or ()


def _check_shapes(
    sizes: tuple[int, ...],
    weights: tuple[Matrix, ...] | None,
    biases: tuple[Vector, ...] | None,
) -> None:
    for name, arrays in (("weights", weights), ("biases", biases)):
        if arrays is None:
            continue
        if len(arrays) != len(sizes) - 1:
            raise ValueError(
                f"{name}: expected {len(sizes) - 1} for sizes {list(sizes)}, found {len(arrays)}"
            )
        for number, array in enumerate(arrays, start=1):
            n_in, n_out = sizes[number - 1], sizes[number]
            expected = (n_out, n_in) if name == "weights" else (n_out,)
            if array.shape != expected:
                raise ValueError(
                    f"{name} of layer {number}: expected shape {expected}, found {array.shape}"
                )


def _check_loss(loss: str, output: str) -> None:
    if loss == "binary_cross_entropy" and output != "sigmoid":
        raise ValueError(
            "binary_cross_entropy needs outputs between 0 and 1: set output_activation to sigmoid"
        )
    if loss == "cross_entropy" and output != "identity":
        raise ValueError(
            "cross_entropy takes logits and applies softmax itself: "
            "set output_activation to identity"
        )
