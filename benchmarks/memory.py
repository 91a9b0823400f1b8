"""What a long run takes of memory: 3000 steps of 784-128-64-10 with 60 states kept.

Run in a process of its own, so that the peak is this run's: torch and all else is counted in.
"""

from __future__ import annotations

import resource
import time

import numpy as np

from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.training.record import TrainingPlan
from backprop_studio.core.training.run import run_training

__all__ = ["main"]

STEPS, SAMPLES, BATCH_SIZE = 3000, 1000, 32
LIMIT_MIB = 1024


def main() -> int:
    """Measure, print, and return 1 if the promise is broken."""
    params = NetworkGroup.model_validate({"network": {"preset": "mnist"}})
    generator = np.random.default_rng(0)
    batch = Batch(generator.random((SAMPLES, 784)), generator.integers(0, 10, SAMPLES))
    plan = TrainingPlan(STEPS, BATCH_SIZE)
    start = time.perf_counter()
    record = run_training(params.network_spec(), batch, OptimizerSpec("sgd", 0.1), plan)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"784-128-64-10, {STEPS} steps, {len(record.kept)} states kept: "
        f"{peak:.0f} MiB at most in the whole process (promised: below {LIMIT_MIB}), {took:.1f} s"
    )
    return int(peak >= LIMIT_MIB)


if __name__ == "__main__":
    raise SystemExit(main())
