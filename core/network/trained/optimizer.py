"""torch's optimizer of what a network trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.network.trained.masks import trained_masks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch

    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.network.passes import Parameters
    from backprop_studio.core.network.spec import NetworkSpec


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
    from backprop_studio.core.network.optimizer_state import load_memory
    from backprop_studio.core.network.optimizers import build_optimizer

    optimizer = build_optimizer(spec, parameters.trained(network))
    if spec.begun and spec.begun.memory:
        load_memory(spec, spec.begun, optimizer, parameters)
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

    optimizer.step = step  # type: ignore[method-assign,assignment]
