"""What a loss is, in one sentence for each of its conventions."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.spec import NetworkSpec

_SQUARES = {
    "mean": N_("The loss is the squared difference from the target, averaged."),
    "samples": N_("The loss is the squared difference from the target, averaged over the batch."),
    "sum": N_("The loss is the squared difference from the target, summed over the batch."),
}
_HALF_SQUARES = {
    "mean": N_("The loss is half the squared difference from the target, averaged."),
    "samples": N_(
        "The loss is half the squared difference from the target, averaged over the batch."
    ),
    "sum": N_("The loss is half the squared difference from the target, summed over the batch."),
}
_WEIGHTED = N_("The loss is −ln p of the right class, times the weight of that class.")
_SMOOTHED = N_("The loss is −ln p, mostly of the right class and a little of every class.")
_CLASSES = N_("Softmax makes probabilities; the loss is −ln p of the right class, averaged.")
_CAPTIONS = {
    "cross_entropy": {
        "mean": _CLASSES,
        "samples": _CLASSES,
        "sum": N_("Softmax makes probabilities; the loss is −ln p of the right class, summed."),
    },
    "binary_cross_entropy": {
        "mean": N_("The loss is −ln of the probability of the right answer, averaged."),
        "samples": N_(
            "The loss is −ln of the probability of the right answer, averaged over the batch."
        ),
        "sum": N_("The loss is −ln of the probability of the right answer, summed."),
    },
}


def loss_caption(network: NetworkSpec) -> str:
    """Return the sentence about a network's loss, as it is reduced and halved.

    Examples
    --------
    >>> network = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0, reduction="sum")
    >>> loss_caption(network)
    'The loss is the squared difference from the target, summed over the batch.'
    """
    if network.has_shares:
        return _SMOOTHED if network.label_smoothing else _WEIGHTED
    squares = _HALF_SQUARES if network.half else _SQUARES
    return _CAPTIONS.get(network.loss, squares)[network.reduction or "mean"]
