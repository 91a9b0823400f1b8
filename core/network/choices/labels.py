"""What the choices of a network are called in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.presets import PRESETS

if TYPE_CHECKING:
    from pydantic.config import JsonDict

ACTIVATION_LABELS: JsonDict = {
    name: name for name in ("identity", "relu", "leaky_relu", "sigmoid", "tanh", "gelu", "softplus")
}
LOSS_LABELS: JsonDict = {
    "mse": N_("Mean squared error"),
    "half_squared_error": N_("Half squared error"),
    "cross_entropy": N_("Cross-entropy on logits"),
    "binary_cross_entropy": N_("Binary cross-entropy"),
}
REDUCTION_LABELS: JsonDict = {
    "mean": N_("Mean over all elements"),
    "samples": N_("Sum over outputs, mean over samples"),
    "sum": N_("Sum over everything"),
}
LAYOUT_LABELS: JsonDict = {
    "out_in": N_("(n_out, n_in), as torch"),
    "in_out": N_("(n_in, n_out), as Keras"),
}
INIT_LABELS: JsonDict = {
    "torch": N_("PyTorch's default"),
    "zeros": N_("All zero"),
    "constant": N_("All the same, 0.5"),
    "normal": N_("Normal, standard deviation 0.1"),
    "xavier": N_("Xavier (Glorot), uniform"),
    "he": N_("He (Kaiming), normal"),
}

PRESET_LABELS: JsonDict = {
    **{name: preset.title for name, preset in PRESETS.items()},
    "None": N_("Own sizes or weights"),
}
