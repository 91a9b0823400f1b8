"""Weights and biases of a network from a file, one tensor per matrix and vector.

Names are those of a PyTorch state dict: ``0.weight`` and ``0.bias`` as nn.Sequential writes them,
``layers.0.weight``, ``fc1.weight``, plain ``weight`` for a single nn.Linear, each with ``module.``
or ``_orig_mod.`` before it; or those of Keras, ``dense/kernel``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fingerprint import Fingerprint, file_fingerprint
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import MAX_PARAMETERS, MAX_UNITS, parameter_count
from backprop_studio.core.base.messages import Message, either
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.network.weights.choice import chosen_layers
from backprop_studio.core.network.weights.container import (
    DTYPES,
    numbers_of,
    read_tensors,
    shape_message,
    wrong_tensor,
)
from backprop_studio.core.network.weights.layout import Layout, fits, in_and_out, other_layout
from backprop_studio.core.network.weights.parts import Part, parts_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class FileWeights:
    """Weights and biases of a file, from the first layer that computes to the last.

    Attributes
    ----------
    weights : tuple of (n_out, n_in) float64 arrays
        Read-only; narrower floats are widened, which changes no value.
    biases : tuple of (n_out,) float64 arrays
        Zero where the file has none.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, the input first."""
        return (self.weights[0].shape[1], *(len(matrix) for matrix in self.weights))


def read_weights(
    path: Path, layout: Layout | None = None, part: tuple[str, ...] | None = None
) -> FileWeights:
    """Read the layers of a network from a file.

    Layers are taken in the order of the numbers in their names. Names that differ in more than
    numbers are taken in the one order in which each layer takes what the one before gives.

    Parameters
    ----------
    path : Path
        Of a regular file of at most 64 MiB, safetensors or JSON.
    layout : {"out_in", "in_out"}, optional
        Of its matrices. Left out, those that fit as (n_out, n_in) are taken so, and others refused.
    part : tuple of str, optional
        Which layers, in their order, or the beginning of the names of several.

    Raises
    ------
    InputError
        If the file cannot be read, is of another kind, or does not hold a network; the message
        names the file, the tensor, what was expected and what was found.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from safetensors.numpy import save_file
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "small.safetensors")
    ...     save_file({"0.weight": np.ones((2, 3), dtype=np.float32)}, path)
    ...     found, turned = read_weights(path), read_weights(path, "in_out")
    >>> found.sizes, found.biases[0].tolist(), turned.sizes
    ((3, 2), [0.0, 0.0], (2, 3))
    """
    return _read(path, file_fingerprint(path), layout, part)


@lru_cache(maxsize=8)
def _read(
    path: Path,
    fingerprint: Fingerprint | None,
    layout: Layout | None,
    part: tuple[str, ...] | None,
) -> FileWeights:
    """Read a file once; a changed fingerprint reads it again."""
    parts = parts_of(read_tensors(path))
    layers = chosen_layers(path, parts, layout, part)
    for it in layers:
        _check_tensors(path, it)
    layout = _check_layout(path, layers, layout)
    _check_chain(path, layers, layout)
    weights, biases = [], []
    for it in layers:
        assert it.weight is not None
        matrix = numbers_of(path, it.weight)
        weights.append(matrix if layout == "out_in" else frozen(matrix.T))
        none = frozen(np.zeros(len(weights[-1])))
        biases.append(none if it.bias is None else numbers_of(path, it.bias))
    return FileWeights(tuple(weights), tuple(biases))


def _check_tensors(path: Path, layer: Part) -> None:
    """Refuse a tensor of a wrong type or size."""
    for tensor in layer.tensors.values():
        if tensor.dtype not in DTYPES:
            raise wrong_tensor(path, tensor.name, either(DTYPES), shown(tensor.dtype))
    weight = layer.weight
    assert weight is not None
    if not all(1 <= size <= MAX_UNITS for size in weight.shape):
        text = N_("1 to {most} units per layer")
        expected = Message.of("weights.units", text, most=MAX_UNITS)
        raise wrong_tensor(path, weight.name, expected, shape_message(weight.shape))


def _check_layout(path: Path, layers: list[Part], layout: Layout | None) -> Layout:
    """Return the layout, or refuse matrices that fit the other one."""
    weights = [it.weight.shape for it in layers if it.weight is not None]
    biases = [None if it.bias is None else it.bias.shape for it in layers]
    is_keras = any("kernel" in it.tensors for it in layers)
    meant = layout or "out_in"
    if (layout or not is_keras) and fits(weights, biases, meant):
        return meant
    if fits(weights, biases, other_layout(meant)):
        text = N_(
            "each matrix in {file} is (n_in, n_out), as Keras keeps it, where torch has "
            "(n_out, n_in): transpose it, or set {field} to {choice}"
        )
        if meant == "in_out":
            text = N_(
                "each matrix in {file} is (n_out, n_in), as torch keeps it, where Keras has "
                "(n_in, n_out): transpose it, or set {field} to {choice}"
            )
        named = {"field": "network.layout", "choice": other_layout(meant)}
        raise InputError(f"weights.is_{other_layout(meant)}", text, file=path, **named)
    return meant


def _check_chain(path: Path, layers: list[Part], layout: Layout) -> None:
    """Refuse layers of which one takes another number than the one before gives."""
    weights = [it.weight for it in layers if it.weight is not None]
    turned = layout == "in_out"
    for before, weight in itertools.pairwise(weights):
        n_out, n_in = in_and_out(before.shape, layout)[1], in_and_out(weight.shape, layout)[0]
        if n_in != n_out:
            text, width = N_("{number} columns, as {other} has rows"), N_("{number} columns")
            if turned:
                text, width = N_("{number} rows, as {other} has columns"), N_("{number} rows")
            expected = Message.of("weights.chain", text, number=n_out, other=shown(before.name))
            found = Message.of("weights.columns", width, number=n_in)
            raise wrong_tensor(path, weight.name, expected, found)
    for layer, weight in zip(layers, weights, strict=True):
        wanted = [in_and_out(weight.shape, layout)[1]]
        if layer.bias is not None and layer.bias.shape != wanted:
            text = N_("shape {shape}, as its weight has rows")
            if turned:
                text = N_("shape {shape}, as its weight has columns")
            expected = Message.of("weights.bias_shape", text, shape=shown(wanted))
            raise wrong_tensor(path, layer.bias.name, expected, shape_message(layer.bias.shape))
    ends = [in_and_out(it.shape, layout) for it in weights]
    count = parameter_count((ends[0][0], *(n_out for _, n_out in ends)))
    if count > MAX_PARAMETERS:
        text = N_(
            "the file {file} holds too large a network: expected at most {most} weights and "
            "biases, found {found}"
        )
        raise InputError("weights.parameters", text, file=path, most=MAX_PARAMETERS, found=count)
