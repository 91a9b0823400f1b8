"""The loss of a 2-8-8-1 network over 200 x 200 values of two weights, against the plain loop.

The network is one of tanh with binary cross-entropy on 200 points of two moons. The plain loop runs
the network once per grid point, without gradients; it is timed on 1000 grid points and extrapolated
to all 40000, as every one costs the same. Both sides use one thread.

How much faster the grid is depends on where the two weights are, because only what lies behind both
is computed once per point. The promise is about two weights of the output layer, and about one
weight of the first layer with one of the output layer. Other choices are printed for comparison:
two weights of the first layer, or two directions of all weights, leave nearly the whole network to
be computed at every point, and most of what the plain loop costs is then arithmetic too.
"""

from __future__ import annotations

import numpy as np
import torch

from backprop_studio.core.datasets.synthetic import two_moons
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.passes import forward_pass, single_thread
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.core.surfaces.slices import NetworkSlice, direction_slice, parameter_slice
from benchmarks.timing import compare

__all__ = ["main"]

PROMISED = 50.0
AGREEMENT = 1e-12
SIDE, SAMPLED, PAIRS = 200, 1000, 11


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    moons = two_moons(200)
    batch = Batch(moons.inputs, moons.targets[:, None].astype(np.float64))
    spec = NetworkSpec(
        (2, 8, 8, 1), ("tanh", "tanh", "sigmoid"), "binary_cross_entropy", "torch", 0
    )
    first, second, third = (ParameterIndex(layer, 0, 0) for layer in range(3))
    other = ParameterIndex(2, 0, 1)
    slices = {
        "output layer, two weights": (parameter_slice(spec, batch, third, other), True),
        "first and output layer": (parameter_slice(spec, batch, first, third), True),
        "second and output layer": (parameter_slice(spec, batch, second, third), False),
        "first and second layer": (parameter_slice(spec, batch, first, second), False),
        "first layer, two weights": (
            parameter_slice(spec, batch, first, ParameterIndex(0, 0, 1)),
            False,
        ),
        "two directions": (direction_slice(spec, batch), False),
    }
    print(f"loss over {SIDE} x {SIDE} points, loop over {SAMPLED} of them, one thread each")
    with single_thread():
        broken = [_is_broken(name, *it) for name, it in slices.items()]
    return int(any(broken))


def _is_broken(name: str, surface: NetworkSlice, promised: bool) -> bool:
    x, y = (np.linspace(low, high, SIDE) for low, high in surface.ranges)
    rows, columns = np.random.default_rng(0).integers(0, SIDE, (2, SAMPLED))
    inputs, targets = torch.tensor(surface.batch.inputs), torch.tensor(surface.batch.targets)
    # Made beforehand: the loop is charged for the network alone.
    networks = [
        surface.parameters(torch.tensor(point)) for point in np.column_stack([x[columns], y[rows]])
    ]

    def loop() -> list[float]:
        with torch.no_grad():
            return [
                forward_pass(surface.network, it, inputs, targets).loss.item() for it in networks
            ]

    plain = np.array(loop())
    error = float(np.max(np.abs(surface.grid(x, y)[rows, columns] - plain) / plain))
    found = compare(loop, lambda: surface.grid(x, y), PAIRS)
    points = SIDE * SIDE / SAMPLED
    ratio = found.ratio * points
    is_broken = error > AGREEMENT or (promised and ratio < PROMISED)
    print(
        f"{name:26} loop {found.first * points:5.2f} s, grid {found.second:6.3f} s, "
        f"{ratio:5.1f} times as fast{f' (promised {PROMISED:g})' if promised else ''}, "
        f"largest relative difference {error:.0e}{'  BROKEN' if is_broken else ''}",
        flush=True,
    )
    return is_broken


if __name__ == "__main__":
    raise SystemExit(main())
