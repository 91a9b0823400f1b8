"""Weights and biases that a user gave, written out or in a file, as arrays (n_out, n_in)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import (
    MAX_LAYERS,
    MAX_PARAMETERS,
    MAX_UNITS,
    MIN_LAYERS,
    parameter_count,
)
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.network.weights.layout import Layout, fits, other_layout
from backprop_studio.core.network.weights.reading import read_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Sizes: TypeAlias = tuple[int, ...]
"""Units per layer, the input first."""

Arrays: TypeAlias = tuple[Array, ...]
"""Of each layer that computes: (n_out, n_in) weights, or (n_out,) biases."""


def given_arrays(
    rows_of_weights: Iterable[Any] | None,
    rows_of_biases: Iterable[Any] | None,
    *,
    layout: Layout | None,
    sizes: Sizes | None,
) -> tuple[Arrays | None, Arrays | None]:
    """Return the weights and biases that the user has written out.

    Raises
    ------
    ParameterError
        If rows differ in length, or matrices fit the other layout only.

    Examples
    --------
    >>> found, _ = given_arrays([[[1.0], [2.0]]], None, layout="in_out", sizes=None)
    >>> found[0].tolist()
    [[1.0, 2.0]]
    """
    for number, rows in enumerate(rows_of_weights or (), start=1):
        lengths = [len(row) for row in rows]
        if len(set(lengths)) != 1 or not lengths[0]:
            text = N_("{field} of layer {layer}: expected rows of equal length, found {found}")
            fields = {"layer": number, "found": shown(lengths[:8])}
            raise ParameterError("weights.rows", text, field="weights", **fields)
    weights, biases = arrays_of(rows_of_weights), arrays_of(rows_of_biases)
    if weights:
        _check_layout(weights, biases, layout or "out_in", sizes)
    if weights and layout == "in_out":
        weights = tuple(matrix.T for matrix in weights)
    return weights, biases


def _check_layout(
    weights: Arrays, biases: Arrays | None, meant: Layout, sizes: Sizes | None
) -> None:
    """Refuse matrices that fit together only if they are transposed."""
    shapes = [it.shape for it in weights]
    of_biases = [None] * len(shapes) if biases is None else [it.shape for it in biases]
    if fits(shapes, of_biases, meant, sizes):
        return
    if fits(shapes, of_biases, other_layout(meant), sizes):
        text = N_(
            "{field}: each matrix is (n_in, n_out), as Keras keeps it, where torch has "
            "(n_out, n_in): transpose it, or set {other} to {choice}"
        )
        if meant == "in_out":
            text = N_(
                "{field}: each matrix is (n_out, n_in), as torch keeps it, where Keras has "
                "(n_in, n_out): transpose it, or set {other} to {choice}"
            )
        fields = {"field": "weights", "other": "layout", "choice": other_layout(meant)}
        raise ParameterError(f"weights.is_{other_layout(meant)}", text, **fields)


def arrays_in_file(
    file: str, part: tuple[str, ...] | None, *, layout: Layout | None, sizes: Sizes | None
) -> tuple[Arrays, Arrays]:
    """Return the weights and biases that are in a file, or in some of its layers.

    Raises
    ------
    InputError
        If the file is wrong, or has other sizes.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "net.json")
    ...     _ = file.write_text('{"weights": [[[1, 2]]], "biases": [[3]]}')
    ...     arrays_in_file(str(file), None, layout=None, sizes=None)
    ((array([[1., 2.]]),), (array([3.]),))
    """
    path = user_path(file)
    found = read_weights(path, layout, part)
    if sizes is not None and found.sizes != sizes:
        text = N_("the file {file} does not fit {other}: expected {expected}, found {found}")
        said = {"expected": shown(sizes), "found": shown(found.sizes)}
        names = {"field": "network.file", "other": "network.sizes"}
        raise InputError("weights.sizes", text, file=path, **said, **names)
    return found.weights, found.biases


def arrays_of(given: Iterable[Any] | None) -> Arrays | None:
    """Return rows of numbers as arrays; None if there are none.

    Examples
    --------
    >>> [it.shape for it in arrays_of([[[1, 2]]])]
    [(1, 2)]
    """
    return None if given is None else tuple(np.array(rows, dtype=np.float64) for rows in given)


def checked_sizes(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Return units per layer, if a network may have so many.

    Raises
    ------
    ParameterError
        With what is allowed.

    Examples
    --------
    >>> checked_sizes((2, 4, 1))
    (2, 4, 1)
    """
    if not MIN_LAYERS <= len(sizes) <= MAX_LAYERS:
        text = N_("allowed are {least} to {most} layers, counting the input, found {found}")
        fields = {"least": MIN_LAYERS, "most": MAX_LAYERS, "found": len(sizes)}
        raise ParameterError("network.layers", text, **fields)
    for size in sizes:
        if not 1 <= size <= MAX_UNITS:
            text = N_("allowed are 1 to {most} units per layer, found {found}")
            raise ParameterError("network.units", text, most=MAX_UNITS, found=size)
    count = parameter_count(sizes)
    if count > MAX_PARAMETERS:
        text = N_("allowed are at most {most} weights and biases in all, found {found}")
        raise ParameterError("network.parameters", text, most=MAX_PARAMETERS, found=count)
    return sizes


def sizes_of(weights: Arrays | None) -> tuple[int, ...]:
    """Return units per layer of weights; none if there are none.

    Examples
    --------
    >>> sizes_of((np.ones((4, 3)), np.ones((2, 4))))
    (3, 4, 2)
    """
    if not weights:
        return ()
    return checked_sizes((weights[0].shape[1], *(matrix.shape[0] for matrix in weights)))


def check_shapes(sizes: Sequence[int], weights: Arrays | None, biases: Arrays | None) -> None:
    """Refuse weights and biases that are of other sizes.

    Raises
    ------
    ParameterError
        With the layer, the shape that was expected, and the one that was found.

    Examples
    --------
    >>> check_shapes((2, 1), (np.ones((1, 2)),), None)
    """
    for name, arrays in (("weights", weights), ("biases", biases)):
        if arrays is None:
            continue
        if len(arrays) != len(sizes) - 1:
            text = N_("{field}: expected {expected} for sizes {sizes}, found {found}")
            counts = {"expected": len(sizes) - 1, "found": len(arrays)}
            raise ParameterError(
                "weights.count", text, field=name, sizes=shown(tuple(sizes)), **counts
            )
        for number, array in enumerate(arrays, start=1):
            n_in, n_out = sizes[number - 1], sizes[number]
            expected = (n_out, n_in) if name == "weights" else (n_out,)
            if array.shape != expected:
                text = N_("{field} of layer {layer}: expected shape {expected}, found {found}")
                shapes = {"expected": str(expected), "found": str(array.shape)}
                raise ParameterError("weights.shape", text, field=name, layer=number, **shapes)
