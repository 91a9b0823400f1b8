"""Training runs: many steps by any optimizer of torch.optim, recorded at chosen ones."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.network import passes
from backprop_studio.core.network.optimizer_state import read_state
from backprop_studio.core.network.trained.masks import trained_masks
from backprop_studio.core.network.trained.optimizer import trained_optimizer
from backprop_studio.core.network.training_loop import (
    Divergence,
    counted_updates,
    too_large_at_start,
)
from backprop_studio.core.training.record import (
    GradientHistogram,
    Score,
    TrainedLayer,
    TrainingPlan,
    TrainingRecord,
    TrainingStep,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.network.spec import NetworkSpec

    _Course: TypeAlias = tuple[Array, tuple[TrainingStep, ...], Divergence | None]

# Odd, so that a bar stands on zero: dead gradients do not tip to one side.
HISTOGRAM_BINS = 41


def run_training(
    network: NetworkSpec,
    batch: Batch,
    optimizer: OptimizerSpec,
    plan: TrainingPlan,
    held_out: Batch | None = None,
) -> TrainingRecord:
    """Return the record of a network trained with torch.optim's own optimizer.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        All training samples.
    optimizer : OptimizerSpec
        The rule of the update.
    plan : TrainingPlan
        How many steps, of which batches, and which of them to keep.
    held_out : Batch, optional
        Samples that are not trained on but scored at every kept step.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the first update. A run that diverges
        later is a record like any other.

    Examples
    --------
    The loop of the lecture notes: y = 2x, one sample at a time, without a bias.

    >>> from backprop_studio.core.network.batch import Batch
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> start = (np.array([[1.0]]),)
    >>> line = NetworkSpec(
    ...     (1, 1), ("identity",), "mse", "torch", 0, start, train_biases=False
    ... )
    >>> data = Batch(np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [4.0], [6.0]]))
    >>> plan = TrainingPlan(300, batch_size=1, shuffle=False)
    >>> record = run_training(line, data, OptimizerSpec("sgd", 0.01), plan)
    >>> f"{record.kept[-1].layers[0].weight.item():.6f}"
    '2.000000'
    """
    with passes.single_thread():
        losses, kept, divergence = _follow(partial(_Run, network, batch, optimizer, held_out), plan)
    return TrainingRecord(
        network, batch, optimizer, plan, held_out, losses, kept, _histograms(kept), divergence
    )


def _follow(start: Callable[[TrainingPlan], _Run], plan: TrainingPlan) -> _Course:
    """Run to the end or, where a run diverges, to its last finite step, which is always kept.

    Nobody knows that a step is the last before the next is made and the tensors have changed.
    Running again costs less than a copy of everything at every step, and only where a run diverges.
    """
    losses, kept, divergence = start(plan).follow()
    found = divergence
    while found is not None and (not kept or kept[-1].step < found.step - 1):
        if found.step == 0:
            raise too_large_at_start()
        last = found.step - 1
        shorter = replace(plan, steps=last, keep=tuple(k for k in plan.keep or () if k <= last))
        losses, kept, found = start(shorter).follow()
        # A step that was not kept before was not scored over all samples before either.
        divergence = found or divergence
    return losses, kept, divergence


class _Run:
    """The tensors of a run."""

    def __init__(
        self,
        network: NetworkSpec,
        batch: Batch,
        spec: OptimizerSpec,
        held_out: Batch | None,
        plan: TrainingPlan,
    ) -> None:
        self.network, self.spec, self.plan = network, spec, plan
        self.parameters = passes.draw_parameters(network)
        for bias, (_, mask) in zip(self.parameters.biases, trained_masks(network), strict=True):
            bias.requires_grad_(bool(mask.any()))
        self.trained = self.parameters.trained(network)
        # numpy's look at the same memory: at so small arrays it answers faster than torch.
        self.views = [tensor.detach().numpy() for tensor in self.trained]
        self.optimizer = trained_optimizer(spec, network, self.parameters)
        self.data = _tensors(batch)
        self.held_out = None if held_out is None else _tensors(held_out)
        self.all_rows = frozen(np.arange(batch.size), np.int64)

    def follow(self) -> _Course:
        """Return the loss at every finite step, the kept steps, and where the run diverged."""
        losses: list[float] = []
        kept: list[TrainingStep] = []
        wanted = set(self.plan.keep or ())
        updates = counted_updates(self.optimizer, self.plan.steps)
        for step, rows in zip(updates, self._batches(), strict=False):
            forward = self._gradients(rows)
            found = Divergence.first(
                step,
                weights=self.views,
                optimizer=self._remembered(),
                loss=[forward.loss.item()],
                gradient=map(_norm, self.trained),
            )
            if found is None and step in wanted:
                record = self._kept(step, rows, forward)
                scores = (record.score, record.held_out)
                found = Divergence.first(step, loss=[it.loss for it in scores if it is not None])
                kept += [] if found else [record]
            if found is not None:
                return frozen(losses), tuple(kept), found
            losses.append(forward.loss.item())
        return frozen(losses), tuple(kept), None

    def _batches(self) -> Iterator[Tensor | None]:
        """Yield the rows of each update's batch without end; None stands for all."""
        size, batch_size = len(self.all_rows), self.plan.batch_size
        if batch_size is None:
            yield from repeat(None)
        generator = torch.Generator().manual_seed(self.plan.seed)
        while batch_size is not None:
            # As torch's DataLoader does it.
            shuffle = self.plan.shuffle
            order = torch.randperm(size, generator=generator) if shuffle else torch.arange(size)
            yield from torch.split(order, batch_size)

    def _remembered(self) -> Iterator[Array]:
        for state in self.optimizer.state.values():
            yield from (held.numpy() for held in state.values() if isinstance(held, Tensor))

    def _gradients(self, rows: Tensor | None) -> passes.Forward:
        """Run forward and backward."""
        inputs, targets = self.data
        if rows is not None:
            inputs, targets = inputs[rows], targets[rows]
        forward = self._forward(inputs, targets)
        for tensor in self.parameters.all():
            tensor.grad = None
        forward.loss.backward()  # type: ignore[no-untyped-call]
        return forward

    def _forward(self, inputs: Tensor, targets: Tensor) -> passes.Forward:
        return passes.forward_pass(self.network, self.parameters, inputs, targets)

    def _kept(self, step: int, rows: Tensor | None, forward: passes.Forward) -> TrainingStep:
        score = _score(self.network, forward, self.data[1]) if rows is None else None
        return TrainingStep(
            step=step,
            rows=self.all_rows if rows is None else frozen(rows.numpy(), np.int64),
            score=score or self._evaluate(self.data),
            held_out=None if self.held_out is None else self._evaluate(self.held_out),
            layers=tuple(_layer(*layer) for layer in self.parameters.layers),
            vectors=read_state(self.spec, self.optimizer, self.parameters),
        )

    def _evaluate(self, data: tuple[Tensor, Tensor]) -> Score:
        with torch.no_grad():
            return _score(self.network, self._forward(*data), data[1])


def _tensors(batch: Batch) -> tuple[Tensor, Tensor]:
    return torch.tensor(batch.inputs), torch.tensor(batch.targets)


def _score(network: NetworkSpec, forward: passes.Forward, targets: Tensor) -> Score:
    outputs = forward.activations[-1].detach()
    right = None
    if network.loss == "cross_entropy":
        right = outputs.argmax(dim=1) == targets
    elif network.loss == "binary_cross_entropy" and bool(((targets == 0) | (targets == 1)).all()):
        # Undecided outputs are wrong either way.
        right = torch.where(targets == 1, outputs > 0.5, outputs < 0.5).all(dim=1)
    accuracy = None if right is None else int(right.sum()) / len(right)
    return Score(forward.loss.item(), accuracy)


def _layer(weight: Tensor, bias: Tensor) -> TrainedLayer:
    return TrainedLayer(
        weight=passes.as_array(weight),
        bias=passes.as_array(bias),
        dL_dW=passes.as_array(_gradient(weight)),
        dL_db=passes.as_array(_gradient(bias)) if bias.requires_grad else None,
        norm_dL_dW=_norm(weight),
        norm_dL_db=_norm(bias) if bias.requires_grad else None,
    )


def _gradient(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None  # backward has just run
    return tensor.grad


def _norm(tensor: Tensor) -> float:
    return float(torch.linalg.vector_norm(_gradient(tensor)))


def _histograms(kept: tuple[TrainingStep, ...]) -> tuple[GradientHistogram, ...]:
    histograms = []
    for layers in zip(*(step.layers for step in kept), strict=True):
        # A scale as wide as nothing has no bars: where all gradients are zero it goes to 1.
        limit = max(float(np.abs(layer.dL_dW).max()) for layer in layers) or 1.0
        edges = np.linspace(-limit, limit, HISTOGRAM_BINS + 1)
        counts = [np.histogram(layer.dL_dW, edges)[0] for layer in layers]
        histograms.append(GradientHistogram(frozen(edges), frozen(counts, np.int64)))
    return tuple(histograms)
