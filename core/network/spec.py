"""Specification of a network: the parameters a user gives, and what is made of them.

:class:`NetworkParams` is what the form, the command line and files speak. :func:`resolve_network`
turns it into a :class:`NetworkSpec` in which nothing is left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, Seed, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.choices.agreement import (
    check_classes,
    check_loss,
    hidden_activations,
)
from backprop_studio.core.network.choices.conditions import (
    DRAWN,
    OF_CLASSES,
    OF_ONES_OWN,
    OWN,
    SEEDED,
)
from backprop_studio.core.network.choices.labels import (
    ACTIVATION_LABELS,
    INIT_LABELS,
    LAYOUT_LABELS,
    LOSS_LABELS,
    PRESET_LABELS,
    REDUCTION_LABELS,
)
from backprop_studio.core.network.presets import PRESETS, Preset
from backprop_studio.core.network.trained.names import entry_of
from backprop_studio.core.network.weights.given import (
    Arrays,
    arrays_in_file,
    arrays_of,
    check_shapes,
    checked_sizes,
    given_arrays,
    sizes_of,
)
from backprop_studio.core.network.weights.layout import Layout

Activation: TypeAlias = Literal[
    "identity", "relu", "leaky_relu", "sigmoid", "tanh", "gelu", "softplus"
]
Loss: TypeAlias = Literal["mse", "half_squared_error", "cross_entropy", "binary_cross_entropy"]
Reduction: TypeAlias = Literal["mean", "samples", "sum"]
Initialisation: TypeAlias = Literal["torch", "zeros", "constant", "normal", "xavier", "he"]
PresetName: TypeAlias = Literal[
    "one_weight", "small", "two_layer_sigmoid", "notes", "xor", "iris", "softmax", "deep", "mnist"
]
ACTIVATIONS: tuple[str, ...] = get_args(Activation)

_OUTPUTS = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}
"""Losses that take one output activation only."""


_EXCLUDES = N_("{field} excludes {other}; give one of them")


Weight = Annotated[Finite, Field(ge=0)]
WholeShare = Annotated[Finite, Field(ge=0, le=1)]
Sizes = Annotated[tuple[int, ...], AfterValidator(checked_sizes)]
Weights: TypeAlias = tuple[tuple[tuple[Finite, ...], ...], ...]
Biases: TypeAlias = tuple[tuple[Finite, ...], ...]


def _advanced(title: str, description: str, **given: Any) -> Any:
    """Return a field that is left to the preset unless the user gives it."""
    return param(None, title, description, level="advanced", **given)


class NetworkParams(BaseModel):
    """The network, as a preset or field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Network"))

    preset: PresetName | None = param(
        "notes",
        N_("Network"),
        N_("A ready-made network with its data; sizes, weights or a file replace it."),
        labels=PRESET_LABELS,
        clears=["/network", "/data", "/sample", "/followed"],
        own=OWN,
    )
    sizes: Sizes | None = param(
        None,
        N_("Layer sizes"),
        N_("Units per layer from input to output, for example 3-3-2-3."),
        when=OF_ONES_OWN,
        required=True,
        clears=["weights", "biases", "file", "layout", "part", "train", "/followed"],
        separator="-",
        example="2-4-4-1",
        places=["layer"],
    )
    activation: Activation | None = param(
        None, N_("Activation"), N_("Activation of the hidden layers."), labels=ACTIVATION_LABELS
    )
    activations: tuple[str, ...] | None = _advanced(
        N_("Activations by layer"),
        N_("One for each hidden layer, where they differ; instead of the activation."),
        separator=", ",
        example="relu, tanh",
        min_length=1,
        clears=["activation"],
    )
    output_activation: Activation | None = _advanced(
        N_("Output activation"),
        N_("Activation of the last layer; cross-entropy takes logits, so identity."),
        labels=ACTIVATION_LABELS,
        when={"loss": ["mse", "half_squared_error"]},
    )
    loss: Loss | None = _advanced(N_("Loss"), N_("What training makes small."), labels=LOSS_LABELS)
    reduction: Reduction | None = _advanced(
        N_("Reduction"),
        N_("How the losses of outputs and samples become one number."),
        labels=REDUCTION_LABELS,
    )
    half: bool | None = _advanced(
        N_("Half"),
        N_("A factor 1/2 before the squares, which the derivative takes away."),
        when={"loss": ["mse"]},
    )
    class_weights: tuple[Weight, ...] | None = _advanced(
        N_("Class weights"),
        N_("How much each class counts in the loss."),
        when=OF_CLASSES,
        example="1 2 1",
        min_length=2,
    )
    label_smoothing: WholeShare | None = _advanced(
        N_("Label smoothing"),
        N_("Share of each target that is spread over all classes."),
        when=OF_CLASSES,
    )
    logits: bool | None = _advanced(
        N_("Loss of logits"),
        N_("Whether z goes into the loss, exact where a is nearly 0 or 1, or a, as in BCELoss."),
        when={"loss": ["binary_cross_entropy"]},
    )
    init: Initialisation | None = _advanced(
        N_("Initial weights"),
        N_("How the weights are drawn before training."),
        labels=INIT_LABELS,
        when=DRAWN,
    )
    seed: Seed | None = _advanced(
        N_("Seed"), N_("The same seed draws the same weights again."), when=SEEDED
    )
    weights: Weights | None = _advanced(
        N_("Weights"),
        N_("One matrix per layer, shape (n_out, n_in): 0.5 -0.4; 0.3 0.8 | 0.7 -0.6 for 2-2-1."),
        when=OF_ONES_OWN,
        clears=["sizes", "file", "part", "train", "init"],
        otherwise="sizes",
        places=["layer", "row"],
        example="0.5 -0.4; 0.3 0.8 | 0.7 -0.6",
    )
    biases: Biases | None = _advanced(
        N_("Biases"),
        N_("One vector per layer, shape (n_out,): 0.1 -0.2; 0 for 2-2-1."),
        when={"file": [None]},
        example="0.1 -0.2; 0",
        places=["layer", "unit"],
    )
    file: str | None = _advanced(
        N_("Weights file"),
        N_("Safetensors with 0.weight, 0.bias and so on, as PyTorch saves them, or JSON lists."),
        widget="file",
        filter="*.safetensors *.json",
        when=OF_ONES_OWN,
        clears=["sizes", "weights", "biases", "part", "train", "init"],
        otherwise="sizes",
    )
    layout: Layout | None = _advanced(
        N_("Layout of the weights"),
        N_("What rows and columns of a given matrix are."),
        labels=LAYOUT_LABELS,
        when=[{"weights": True}, {"file": True}],
    )
    part: tuple[str, ...] | None = _advanced(
        N_("Part of the file"),
        N_("Which layers of a larger network, in their order: fc1, fc2."),
        when={"file": True},
        example="fc1, fc2",
        min_length=1,
    )
    train: tuple[str, ...] | None = _advanced(
        N_("Trained parameters"),
        N_("Layer, weight or bias, row and column, from 1: 2.bias.1; all if left out."),
        example="2.bias.1",
        min_length=1,
    )
    train_biases: bool | None = _advanced(
        N_("Train biases"),
        N_("Whether training moves the biases too, or the weights only."),
        when={"train": [None]},
    )

    @model_validator(mode="after")
    def _complete(self) -> NetworkParams:
        """Let sizes, weights or a file stand alone: the default preset must not contradict them."""
        if self.file is not None:
            for name in ("weights", "biases", "init"):
                if getattr(self, name) is not None:
                    raise ParameterError("field.excludes", _EXCLUDES, field="file", other=name)
        if self.train is not None and self.train_biases is not None:
            raise ParameterError("field.excludes", _EXCLUDES, field="train", other="train_biases")
        if self.activations is not None and self.activation is not None:
            fields = {"field": "activations", "other": "activation"}
            raise ParameterError("field.excludes", _EXCLUDES, **fields)
        if self.part is not None and self.file is None:
            text = N_("{field}: give {other} too")
            raise ParameterError("field.needs", text, field="part", other="file")
        if self.layout is not None and self.file is None and self.weights is None:
            text = N_("{field}: give one of {others} too")
            raise ParameterError(
                "field.needs_one", text, field="layout", others=("weights", "file")
            )
        own = [name for name in ("sizes", "weights", "file") if getattr(self, name) is not None]
        if own and "preset" in self.model_fields_set and self.preset is not None:
            raise ParameterError("field.excludes", _EXCLUDES, field="preset", other=own[0])
        if own:
            self.__dict__["preset"] = None  # still being made, so not yet frozen
        resolve_network(self)
        return self


@dataclass(frozen=True)
class NetworkSpec:
    """Complete specification of a network; only the seed decides what is drawn.

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
    train : tuple of str, or None
        The only parameters that an update moves, as :mod:`core.network.trained.names` reads them.
    reduction : {"mean", "samples", "sum"}
        Mean over all elements; sum over outputs, mean over samples; sum over everything.
    half : bool
        Whether squares are halved.
    class_weights : tuple of float, or None
        Of cross-entropy: how much each class counts.
    label_smoothing : float
        Of cross-entropy: the share of each target that is spread over all classes.
    logits : bool
        Whether binary cross-entropy is computed of z; else of a, as torch's ``BCELoss`` does.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss
    init: Initialisation
    seed: int
    weights: Arrays | None = None
    biases: Arrays | None = None
    train_biases: bool = True
    train: tuple[str, ...] | None = None
    reduction: Reduction | None = None
    half: bool | None = None
    logits: bool = True
    class_weights: tuple[float, ...] | None = None
    label_smoothing: float = 0.0

    @property
    def has_shares(self) -> bool:
        """Whether a class counts by more or less than one in a sample's cross-entropy."""
        return self.class_weights is not None or self.label_smoothing > 0

    def __post_init__(self) -> None:
        is_half = self.loss == "half_squared_error"
        if self.reduction is None:
            object.__setattr__(self, "reduction", "samples" if is_half else "mean")
        if self.half is None:
            object.__setattr__(self, "half", is_half)
        for name in ("weights", "biases"):
            arrays = getattr(self, name)
            if arrays is not None:
                object.__setattr__(self, name, tuple(frozen(array) for array in arrays))


def resolved_network(spec: NetworkSpec) -> dict[str, Any]:
    """Return what stands for the fields of :class:`NetworkParams` that are left open.

    Examples
    --------
    >>> resolved_network(resolve_network(NetworkParams(sizes=(2, 4, 1))))["activation"]
    'relu'
    """
    found: dict[str, Any] = {
        "sizes": list(spec.sizes),
        "output_activation": spec.activations[-1],
        "loss": spec.loss,
        "reduction": spec.reduction,
        "half": spec.half,
        "seed": spec.seed,
        "train_biases": spec.train_biases,
    }
    hidden = spec.activations[:-1]
    if len(set(hidden)) == 1:
        found["activation"] = hidden[0]
    if hidden:
        found["activations"] = list(hidden)
    if spec.loss == "cross_entropy":
        found["label_smoothing"] = spec.label_smoothing
    if spec.loss == "binary_cross_entropy":
        found["logits"] = spec.logits
    if spec.weights is None:
        found["init"] = spec.init
    for name, arrays in (("weights", spec.weights), ("biases", spec.biases)):
        if arrays is not None:
            found[name] = [array.tolist() for array in arrays]
    return found


def resolve_network(params: NetworkParams) -> NetworkSpec:
    """Fill what the user left open from the preset, or from general defaults.

    Raises
    ------
    ParameterError
        If the fields contradict each other; the message says what was expected and found.
    InputError
        If the weights file is wrong.

    Examples
    --------
    >>> resolve_network(NetworkParams(sizes=(2, 4, 1), activation="tanh")).activations
    ('tanh', 'identity')
    """
    preset = PRESETS[params.preset] if params.preset else Preset(title="", sizes=())
    own_weights: Arrays | None
    own_biases: Arrays | None
    layout = params.layout
    if params.file is None:
        given = params.weights, params.biases
        own_weights, own_biases = given_arrays(*given, layout=layout, sizes=params.sizes)
    else:
        source = params.file, params.part
        own_weights, own_biases = arrays_in_file(*source, layout=layout, sizes=params.sizes)
    weights = arrays_of(preset.weights) if own_weights is None else own_weights
    biases = arrays_of(preset.biases) if own_biases is None else own_biases
    sizes = params.sizes or preset.sizes or sizes_of(weights)
    if not sizes:
        text = N_("give {field}, or one of {others}")
        others = ("preset", "weights", "file")
        raise ParameterError("network.open", text, field="sizes", others=others)
    check_shapes(sizes, weights, biases)
    loss: Any = params.loss or preset.loss
    hidden: Any = (params.activation or preset.activation,) * (len(sizes) - 2)
    if params.activations is not None:
        hidden = hidden_activations(params.activations, len(sizes) - 2)
    output: Any = params.output_activation or _OUTPUTS.get(loss, preset.output_activation)
    check_loss(loss, output)
    check_classes(loss, sizes[-1], params.class_weights, params.label_smoothing)
    for name in params.train or ():
        entry_of(name, sizes)
    init: Any = params.init or preset.init
    if params.init is not None or params.seed is not None:
        # The user asks for drawn weights: a preset's own must step back.
        weights, biases = own_weights, own_biases
    return NetworkSpec(
        sizes=tuple(sizes),
        activations=(*hidden, output),
        loss=loss,
        init=init,
        seed=preset.seed if params.seed is None else params.seed,
        weights=weights,
        biases=biases,
        train_biases=(preset.train_biases if params.train_biases is None else params.train_biases),
        train=params.train,
        reduction=params.reduction,
        half=params.half if loss == "mse" else None,  # of no other loss there is a half
        logits=params.logits is not False,
        class_weights=params.class_weights,
        label_smoothing=params.label_smoothing or 0.0,
    )
