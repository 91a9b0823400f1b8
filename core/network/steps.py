"""Training step by step with torch, on the CPU, deterministic by seed; in float64 by default."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import parameter_count
from backprop_studio.core.base.messages import counted
from backprop_studio.core.network.optimizer_state import read_state, vector_count
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.passes import (
    ACTIVATION_FUNCTIONS,
    Forward,
    as_array,
    draw_parameters,
    forward_pass,
    sigmoid_slopes,
    single_thread,
)
from backprop_studio.core.network.record import ForwardRecord, LayerRecord, LayerUpdate, StepRecord
from backprop_studio.core.network.trained.optimizer import trained_optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec

_KINDS = {"float64": torch.float64, "float32": torch.float32}

MAX_RECORDED = 7_000_000
"""Numbers in the answer sheet of all steps together, some twenty characters each. One step of plain
descent on the largest network that is allowed stays below."""


def run_step(network: NetworkSpec, batch: Batch, optimizer: OptimizerSpec | float) -> StepRecord:
    """Run forward, backward, one update, and forward again.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        What it is trained on, all samples at once.
    optimizer : OptimizerSpec or float
        The rule of the update, which is ``torch.optim``'s own; a number is the learning rate eta of
        plain gradient descent. A rate that is far too large may leave inf or nan behind in
        ``updated`` and ``after``.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the step, or their record
        would hold more than seven million of them.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "two_layer_sigmoid"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.5)
    >>> f"{record.loss:.9f}"
    '0.298371109'
    """
    return run_steps(network, batch, optimizer, 1)[0]


def run_steps(
    network: NetworkSpec, batch: Batch, optimizer: OptimizerSpec | float, steps: int
) -> tuple[StepRecord, ...]:
    """Run several steps in a row on the same batch, each recorded in full.

    A run of hundreds of steps is the matter of :func:`core.training.run.run_training`, which keeps
    less of each.

    Parameters
    ----------
    network, batch, optimizer
        As in :func:`run_step`; what the optimizer remembers goes on from step to step.
    steps : int
        How many updates, 1 or more.

    Returns
    -------
    tuple of StepRecord
        Up to ``steps`` of them: a step after which a number is not finite is the last.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the first step, or their record would
        hold more than seven million of them.

    Examples
    --------
    The lecture's one weight, w = 1, and two updates of it:

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> records = run_steps(params.network_spec(), params.batch(), 0.1, 2)
    >>> [f"{record.updated[0].weight.item():.2f}" for record in records]
    ['1.80', '1.96']
    """
    spec = optimizer if isinstance(optimizer, OptimizerSpec) else OptimizerSpec("sgd", optimizer)
    _check_amount(network, batch, spec, steps)
    with single_thread():
        return tuple(_Steps(network, batch, spec).follow(steps))


def numbers_of_step(network: NetworkSpec, batch: Batch, spec: OptimizerSpec) -> int:
    """Return how many numbers the record of one step holds.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> numbers_of_step(params.network_spec(), params.batch(), OptimizerSpec("sgd", 0.1))
    16
    """
    units, outputs = sum(network.sizes[1:]), network.sizes[-1]
    # Per sample z, a, da_dz, dL_dz, dL_da and a after the step; before and after it the outputs as
    # probabilities or residuals, and the loss.
    per_sample = 6 * units + 2 * outputs + 2
    # The parameters before and after the step, their gradients, and what the optimizer remembers.
    per_parameter = 3 + 2 * vector_count(spec)
    begun = sum(map(len, spec.begun.memory)) if spec.begun else 0
    return per_sample * batch.size + per_parameter * parameter_count(network.sizes) + begun


def _check_amount(network: NetworkSpec, batch: Batch, spec: OptimizerSpec, steps: int) -> None:
    """Refuse what would fill the memory, and hundreds of megabytes of answer sheet."""
    each = numbers_of_step(network, batch, spec)
    count = batch.inputs.size + batch.targets.size + steps * each
    if count > MAX_RECORDED:
        text = N_(
            "the record of {steps} with {samples} would hold {found} numbers, allowed are {most}; "
            "take fewer samples ({other}, or a smaller set), fewer steps or a smaller network"
        )
        made = counted(steps, N_("{number} step"), N_("{number} steps"))
        samples = counted(batch.size, N_("{number} sample"), N_("{number} samples"))
        counts = {"found": count, "most": MAX_RECORDED, "other": "data.limit"}
        raise InputError("record.too_large", text, steps=made, samples=samples, **counts)


class _Steps:
    """The tensors that live from one step to the next."""

    def __init__(self, network: NetworkSpec, batch: Batch, spec: OptimizerSpec) -> None:
        self.network, self.batch, self.spec = network, batch, spec
        kind = _KINDS[spec.begun.precision if spec.begun else "float64"]
        self.parameters = draw_parameters(network).of_kind(kind)
        self.optimizer = trained_optimizer(spec, network, self.parameters)
        self.inputs, self.targets = (
            torch.tensor(batch.inputs, dtype=kind),
            torch.tensor(batch.targets),
        )
        if self.targets.is_floating_point():
            self.targets = self.targets.to(kind)

    def follow(self, steps: int) -> Iterator[StepRecord]:
        for step in range(steps):
            record = self._step(step)
            yield record
            if not _is_finite(record.loss_after, [(it.weight, it.bias) for it in record.updated]):
                break

    def _step(self, step: int) -> StepRecord:
        forward = self._forward()
        layers = self._layers(forward)
        before = _forward_record(self.network, forward, self.targets)
        if not _is_finite(before.loss, [(it.dL_dW, it.dL_db) for it in layers]):
            raise _too_large(step, f"{before.loss:.3g}")
        vectors = read_state(self.spec, self.optimizer, self.parameters)
        for tensor in self.parameters.all():
            tensor.grad = None
        forward.loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        with torch.no_grad():
            after = _forward_record(self.network, self._forward(), self.targets)
        return StepRecord(
            network=self.network,
            batch=self.batch,
            optimizer=self.spec,
            step=step,
            layers=layers,
            before=before,
            vectors=vectors,
            updated=tuple(
                LayerUpdate(as_array(weight), as_array(bias))
                for weight, bias in self.parameters.layers
            ),
            vectors_after=read_state(self.spec, self.optimizer, self.parameters),
            after=after,
        )

    def _forward(self) -> Forward:
        return forward_pass(self.network, self.parameters, self.inputs, self.targets)

    def _layers(self, forward: Forward) -> tuple[LayerRecord, ...]:
        """Run backward, of which the graph stays for another, and record every layer."""
        activations, parameters = self.network.activations, self.parameters
        count = len(activations)
        wanted = (*forward.zs, *forward.activations, *parameters.weights, *parameters.biases)
        # The loss may go to the last z at once; its a has no gradient then.
        gradients = torch.autograd.grad(forward.loss, wanted, retain_graph=True, allow_unused=True)
        dL_dz, dL_da, dL_dW, dL_db = (gradients[count * k : count * (k + 1)] for k in range(4))
        da_dz = [_local_derivative(*it) for it in zip(activations, forward.zs, strict=True)]
        if self.network.loss == "binary_cross_entropy" and self.network.logits:
            da_dz[-1], last = sigmoid_slopes(self.network, forward.zs[-1].detach(), self.targets)
            dL_da = (*dL_da[:-1], last)
        a_in = (self.inputs, *forward.activations)
        return tuple(
            LayerRecord(
                activation=activations[k],
                weight=as_array(parameters.weights[k]),
                bias=as_array(parameters.biases[k]),
                a_in=as_array(a_in[k]),
                z=as_array(forward.zs[k]),
                a=as_array(forward.activations[k]),
                da_dz=as_array(da_dz[k]),
                dL_dz=as_array(dL_dz[k]),
                dL_da=as_array(dL_da[k]),
                dL_dW=as_array(dL_dW[k]),
                dL_db=as_array(dL_db[k]),
            )
            for k in range(count)
        )


def _too_large(step: int, loss: str) -> InputError:
    if step:
        text = N_(
            "the network's values are too large to compute with at step {step}, its loss is "
            "{loss}; choose smaller inputs, targets or weights"
        )
        return InputError("step.too_large", text, step=step, loss=loss)
    text = N_(
        "the network's values are too large to compute with, its loss is {loss}; "
        "choose smaller inputs, targets or weights"
    )
    return InputError("network.too_large", text, loss=loss)


def _local_derivative(activation: str, z: Tensor) -> Tensor:
    leaf = z.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(ACTIVATION_FUNCTIONS[activation](leaf).sum(), leaf)
    return gradient


def _forward_record(network: NetworkSpec, forward: Forward, targets: Tensor) -> ForwardRecord:
    outputs = forward.activations[-1]
    softmax = network.loss == "cross_entropy"
    return ForwardRecord(
        activations=tuple(as_array(a) for a in forward.activations),
        probabilities=as_array(torch.softmax(outputs, dim=1)) if softmax else None,
        residuals=None if softmax else as_array(outputs - targets),
        sample_losses=as_array(forward.sample_losses),
        loss=float(forward.loss.detach()),
    )


def _is_finite(loss: float, layers: Iterable[tuple[Array, Array]]) -> bool:
    arrays = [array for pair in layers for array in pair]
    return math.isfinite(loss) and all(np.isfinite(array).all() for array in arrays)
