"""Weights as nested lists: matrices alone, or with their biases in between as Keras gives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_studio.core.base.errors import InputError, message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import either
from backprop_studio.core.base.user_files import kind_of_file
from backprop_studio.core.network.weights.layout import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backprop_studio.core.base.arrays import Array

_KIND = N_("weights file")

MATRIX, VECTOR = 2, 1
"""How deep their lists are."""


def weights_and_biases(value: Any) -> tuple[list[Any], list[Any]] | None:
    """Return matrices and vectors of a list in which they stand together; None of any other value.

    Parameters
    ----------
    value : any
        ``[W, b, W, b]`` as ``model.get_weights()`` of Keras gives them, or ``[[W, b], [W, b]]``.

    Examples
    --------
    >>> weights_and_biases([[[1, 2]], [0, 0]])
    ([[[1, 2]]], [[0, 0]])
    >>> weights_and_biases([[[1, 2]], [[3], [4]]]) is None
    True
    """
    if not isinstance(value, list) or not value:
        return None
    pairs = value
    if [_depth(it) for it in value] == [MATRIX, VECTOR] * (len(value) // 2):
        pairs = [list(pair) for pair in zip(value[::2], value[1::2], strict=True)]
    if not all(isinstance(it, list) and len(it) == MATRIX for it in pairs):
        return None
    if not all([_depth(it) for it in pair] == [MATRIX, VECTOR] for pair in pairs):
        return None
    return [weight for weight, _ in pairs], [bias for _, bias in pairs]


def split_biases(network: dict[str, Any]) -> dict[str, Any]:
    """Return parameters of a network with biases of their own, where they stood among the weights.

    Raises
    ------
    InputError
        If all matrices are square, so that nothing tells their layout, and it is not given.

    Examples
    --------
    >>> split_biases({"weights": [[[1, 2]], [3]]})
    {'weights': [[[1, 2]]], 'biases': [[3]]}
    """
    found = weights_and_biases(network.get("weights"))
    if found is None or network.get("biases") is not None:
        return network
    weights, biases = found
    if network.get("layout") is None and all(len(it) == len(it[0]) for it in weights):
        text = N_(
            "{field}: square matrices may be (n_out, n_in), as torch keeps them, or "
            "(n_in, n_out), as Keras does: set {other} to {choices}"
        )
        fields = {"field": "network.weights", "other": "network.layout"}
        raise InputError("weights.square", text, **fields, choices=either(LAYOUTS))
    return {**network, "weights": weights, "biases": biases}


def _depth(value: Any) -> int:
    """Return how deep a list of numbers is; 0 of what is none, or empty."""
    if not isinstance(value, list) or not value:
        return 0
    first = value[0]
    return 1 if isinstance(first, int | float) else (_depth(first) or -1) + 1


def tensors_of_json(path: Path, content: bytes) -> dict[str, Array]:
    """Return the arrays of a JSON file by the names that tensors of PyTorch or Keras have.

    Parameters
    ----------
    path : Path
        For messages.
    content : bytes
        ``[W, b, W, b]``, ``[[W, b], [W, b]]`` or ``[W, W]``; ``weights`` and ``biases`` as a
        lesson's parameters have them; or tensors by their names.

    Raises
    ------
    InputError
        If it is not JSON, or holds something else.

    Examples
    --------
    >>> from pathlib import Path
    >>> list(tensors_of_json(Path("w.json"), b'{"weights": [[[1, 2]]]}'))
    ['0.weight']
    """
    named: dict[str, Any] = {"kind": kind_of_file(_KIND), "file": path}
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        deep = N_("the {kind} {file} is nested too deeply")
        raise InputError("file.too_deep", deep, **named) from error
    except ValueError as error:
        wrong = N_("the {kind} {file} is not valid: {reason}")
        raise InputError("file.json", wrong, **named, reason=message_of(error)) from error
    found = {name: _array(it) for name, it in _by_name(value).items()}
    arrays = {name: array for name, array in found.items() if array is not None}
    if not found or len(arrays) < len(found):
        text = N_(
            "the {kind} {file} does not hold weights: expected a list of matrices and vectors, as "
            "[W1, b1, W2, b2], each of them rows of equal length"
        )
        raise InputError("weights.json", text, **named)
    return arrays


def _by_name(value: Any) -> Mapping[str, Any]:
    """Return what a file may hold as tensors by their names."""
    if isinstance(value, dict):
        inner = value.get("network", value)
        if not isinstance(inner, dict) or "weights" not in inner:
            return value
        pairs = weights_and_biases(inner["weights"]) or (inner["weights"], inner.get("biases", []))
        return _numbered("weight", *pairs)
    both = weights_and_biases(value)
    # Where biases stand among them it is Keras who wrote them.
    return _numbered("weight", value, []) if both is None else _numbered("kernel", *both)


def _numbered(word: str, weights: Any, biases: Any) -> dict[str, Any]:
    if not (isinstance(weights, list) and isinstance(biases, list)):
        return {"": None}
    kernels = {f"{k}.{word}": weight for k, weight in enumerate(weights)}
    return kernels | {f"{k}.bias": bias for k, bias in enumerate(biases)}


def _array(value: Any) -> Array | None:
    """Return a list of numbers as an array; None of any other value."""
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    is_text = np.array(value).dtype.kind in "USO"
    return None if is_text or not array.ndim else array
