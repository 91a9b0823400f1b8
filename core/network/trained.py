"""Which parameters an update moves: all of a network, its weights alone, or named ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import torch

    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.network.passes import Parameters
    from backprop_studio.core.network.spec import NetworkSpec

Masks: TypeAlias = "tuple[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], ...]"
"""Of each layer that computes, of W (n_out, n_in) and of b (n_out,): which entries are moved."""

KINDS = ("weight", "bias")
WHOLE_ARRAY = 2
"""Words of a name without an entry: layer and kind."""


def entry_of(name: str, sizes: Sequence[int]) -> tuple[int, str | None, tuple[int, ...]]:
    """Return what a name such as ``2.bias.1`` stands for, all numbers counted from 1.

    Parameters
    ----------
    name : str
        ``2`` of a layer, ``2.weight`` or ``2.bias`` of its array, ``2.weight.1`` of a row,
        ``2.weight.1.3`` of one weight, ``2.bias.1`` of one bias.
    sizes : sequence of int
        Units per layer, the input first.

    Returns
    -------
    layer : int
        Counted from 0.
    kind : str or None
        ``weight`` or ``bias``; None of both.
    place : tuple of int
        Row and column, counted from 0, as far as they are given.

    Raises
    ------
    ParameterError
        If the network has no such parameter; the message says which it has.

    Examples
    --------
    >>> entry_of("2.bias.1", (1, 2, 1)), entry_of("1.weight", (1, 2, 1))
    ((1, 'bias', (0,)), (0, 'weight', ()))
    """
    layer, *rest = name.split(".")
    kind = rest.pop(0) if rest else None
    numbers = [int(it) if it.isdecimal() and len(it) < 6 else 0 for it in (layer, *rest)]
    number, *place = numbers
    is_there = 1 <= number < len(sizes) and (kind is None or kind in KINDS)
    if is_there:
        shape = (sizes[number], sizes[number - 1])[: 1 + (kind == "weight")]
        is_there = len(place) <= len(shape) and all(
            1 <= at <= most for at, most in zip(place, shape, strict=False)
        )
    if not is_there:
        last, n_out, n_in = len(sizes) - 1, sizes[-1], sizes[-2]
        text = N_(
            "{field}: the network has no {name}; its last ones are {weight}, row {rows} and column "
            "{columns} of the last layer's weights, and {bias}; counted from 1"
        )
        fields = {"weight": f"{last}.weight.{n_out}.{n_in}", "bias": f"{last}.bias.{n_out}"}
        counts = {"rows": n_out, "columns": n_in, "name": shown(name)}
        raise ParameterError("train.missing", text, field="train", **fields, **counts)
    return number - 1, kind, tuple(at - 1 for at in place)


def trained_masks(network: NetworkSpec) -> Masks:
    """Return which entries of W and b an update moves.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> masks = trained_masks(resolve_network(NetworkParams(sizes=(1, 2, 1), train=("2.bias.1",))))
    >>> [[part.tolist() for part in layer] for layer in masks]
    [[[[False], [False]], [False, False]], [[[False, False]], [True]]]
    """
    every = network.train is None
    masks = tuple(
        (np.full((n_out, n_in), every), np.full(n_out, every and network.train_biases))
        for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False)
    )
    for name in network.train or ():
        layer, kind, place = entry_of(name, network.sizes)
        for mask, its_kind in zip(masks[layer], KINDS, strict=True):
            if kind in {None, its_kind}:
                mask[place] = True
    return masks


def trained_optimizer(
    spec: OptimizerSpec, network: NetworkSpec, parameters: Parameters
) -> torch.optim.Optimizer:
    """Return torch's optimizer of what a network trains; other entries stay as they are.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.network.passes import draw_parameters
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> params = NetworkParams(weights=(((1.0, 1.0),),), train=("1.weight.1.2",))
    >>> network = resolve_network(params)
    >>> parameters = draw_parameters(network)
    >>> optimizer = trained_optimizer(OptimizerSpec("sgd", 0.5), network, parameters)
    >>> (3 * parameters.weights[0]).sum().backward()
    >>> optimizer.step()
    >>> parameters.weights[0].tolist()
    [[1.0, -0.5]]
    """
    from backprop_studio.core.network.optimizers import build_optimizer

    optimizer = build_optimizer(spec, parameters.trained(network))
    masks = [mask for layer in trained_masks(network) for mask in layer]
    partly = [
        (tensor, mask)
        for tensor, mask in zip(parameters.all(), masks, strict=True)
        if mask.any() and not mask.all()
    ]
    if partly:
        _hold_the_rest(optimizer, partly)
    return optimizer


def _hold_the_rest(
    optimizer: torch.optim.Optimizer, partly: list[tuple[torch.Tensor, npt.NDArray[np.bool_]]]
) -> None:
    """Let an optimizer see no gradient of the entries that are not trained, nor decay them."""
    import torch

    update = optimizer.step
    held = [(tensor, torch.from_numpy(~mask)) for tensor, mask in partly]

    def step(*given: Any) -> Any:
        before = [tensor.detach()[rest].clone() for tensor, rest in held]
        for tensor, rest in held:
            if tensor.grad is not None:
                tensor.grad[rest] = 0.0
        result = update(*given)
        with torch.no_grad():
            for (tensor, rest), values in zip(held, before, strict=True):
                tensor[rest] = values
        return result

    optimizer.step = step  # type: ignore[method-assign]
