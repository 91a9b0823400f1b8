"""What of a network has to go together: layers and activations, outputs and loss."""

from __future__ import annotations

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.network.choices.labels import ACTIVATION_LABELS

_KNOWN = tuple(ACTIVATION_LABELS)
_OF_LOSS = {"field": "output_activation", "other": "loss"}


def hidden_activations(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the activations of the hidden layers, if there are so many and all are known.

    Raises
    ------
    ParameterError
        If not.

    Examples
    --------
    >>> hidden_activations(("relu", "tanh"), 2)
    ('relu', 'tanh')
    """
    unknown = [name for name in names if name not in _KNOWN]
    if unknown:
        text = N_("{field}: no activation is called {name}; known are {names}")
        known = {"name": unknown[0], "names": listed(_KNOWN)}
        raise ParameterError("network.activation", text, field="activations", **known)
    if len(names) != count:
        text = N_("{field}: expected one for each hidden layer, {expected}, found {found}")
        counts = {"expected": count, "found": len(names)}
        raise ParameterError("network.activations", text, field="activations", **counts)
    return names


def check_loss(loss: str, output: str) -> None:
    """Refuse an output activation that a loss cannot take.

    Raises
    ------
    ParameterError
        If it cannot.

    Examples
    --------
    >>> check_loss("mse", "tanh")
    """
    if loss == "binary_cross_entropy" and output != "sigmoid":
        text = N_("binary cross-entropy needs outputs between 0 and 1: set {field} to sigmoid")
        raise ParameterError("loss.sigmoid", text, **_OF_LOSS)
    if loss == "cross_entropy" and output != "identity":
        text = N_("cross-entropy takes logits and applies softmax itself: set {field} to identity")
        raise ParameterError("loss.identity", text, **_OF_LOSS)


def check_classes(
    loss: str, count: int, weights: tuple[float, ...] | None, smoothing: float | None
) -> None:
    """Refuse what only cross-entropy has, and weights that are not one for each class.

    Raises
    ------
    ParameterError
        If they do not fit.

    Examples
    --------
    >>> check_classes("cross_entropy", 2, (1.0, 2.0), 0.1)
    """
    for name, value in (("class_weights", weights), ("label_smoothing", smoothing)):
        if value is not None and loss != "cross_entropy":
            text = N_("{field}: only cross-entropy has it; set {other} to cross_entropy")
            raise ParameterError("loss.of_classes", text, field=name, other="loss")
    if weights is not None and (len(weights) != count or not sum(weights)):
        text = N_("{field}: expected one for each class, {expected}, and not all of them zero")
        raise ParameterError("loss.weights", text, field="class_weights", expected=count)
