"""What a plan costs: the flagship lesson built up to its last beat, without drawing a frame.

In a warm process, as the worker is when a value changes in the window. A new plan is needed for
every change, and a still waits for it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from backprop_studio.render.workers.imports import uncollected
from benchmarks.timing import seconds

with uncollected():
    from backprop_studio.render.drawing.studio import Studio

__all__ = ["main"]

SCENE = "backprop"
WARM, ROUNDS = 3, 20
LIMIT_MS = 200.0


def main() -> int:
    """Measure, print, and return 1 if the promise is broken."""
    with tempfile.TemporaryDirectory() as media:
        studio = Studio(Path(media))
        times = [seconds(lambda: studio.beats_of(SCENE)) * 1e3 for _ in range(WARM + ROUNDS)][WARM:]
    middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"{SCENE} up to its last beat: median {middle:.0f} ms, p95 {late:.0f} ms of {ROUNDS} "
        f"(promised: a median of at most {LIMIT_MS:g})"
    )
    return int(middle > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
