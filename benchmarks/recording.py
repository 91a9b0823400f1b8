"""What recording costs: 100 steps of the iris network against the bare torch loop.

The bare loop is the one of every tutorial: modules, zero_grad, loss, backward, step, on the same
weights, data and thread count. The record holds 60 of the 101 states in full (the default), or all.
"""

from __future__ import annotations

import torch
from torch import nn

from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.passes import draw_parameters, single_thread
from backprop_studio.core.training.record import TrainingPlan
from backprop_studio.core.training.run import run_training
from benchmarks.timing import compare

__all__ = ["main"]

STEPS = 100
LIMIT = 2.0
PAIRS = 31


def main() -> int:
    """Measure, print, and return 1 if the promise is broken."""
    params = NetworkGroup.model_validate({"network": {"preset": "iris"}})
    network, batch, spec = params.network_spec(), params.batch(), OptimizerSpec("sgd", 0.5)
    inputs, targets = torch.tensor(batch.inputs), torch.tensor(batch.targets)

    def bare() -> None:
        model = nn.Sequential(nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 3)).double()
        with torch.no_grad():
            drawn = draw_parameters(network).all()
            for parameter, start in zip(model.parameters(), drawn, strict=True):
                parameter.copy_(start)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        loss_of = nn.CrossEntropyLoss()
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss_of(model(inputs), targets).backward()
            optimizer.step()

    def recorded(keep: tuple[int, ...] | None) -> None:
        run_training(network, batch, spec, TrainingPlan(STEPS, keep=keep))

    print(f"{STEPS} steps of iris, {batch.size} samples, one thread, median of {PAIRS} pairs")
    broken = False
    with single_thread():
        for name, keep in (("60 states kept", None), ("all 101 kept", tuple(range(STEPS + 1)))):
            found = compare(lambda keep=keep: recorded(keep), bare, PAIRS)
            broken |= keep is None and found.ratio > LIMIT
            print(
                f"  {name}: {found.first * 1e3:.1f} ms, bare loop {found.second * 1e3:.1f} ms, "
                f"{found.ratio:.2f} times (promised with 60 kept: at most {LIMIT:g})"
            )
    return int(broken)


if __name__ == "__main__":
    raise SystemExit(main())
