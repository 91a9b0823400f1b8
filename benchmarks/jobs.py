"""One video by one process and by two; a lecture, and the same once more.

Each from a cold start to the finished file, as the command line does it, with a cache of its own.
``python -m benchmarks.jobs``.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

__all__ = ["main"]

SCENE = "backprop"
ROUNDS = 5
FASTER, CPU, AGAIN = 1.3, 1.15, 20.0
LECTURE = Path(__file__).parents[1] / "examples" / "first_steps.toml"


class Cost(NamedTuple):
    """Seconds on the clock and of all processors."""

    wall: float
    cpu: float


def run(folder: Path, *arguments: str) -> Cost:
    """Run a command of the command line in a folder of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "backprop_studio.cli.commands", *arguments],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def film(jobs: int) -> Cost:
    """Return what the flagship at 1080p30 costs, drawn by so many processes."""
    with TemporaryDirectory() as name:
        target = str(Path(name) / "a.mp4")
        more = ("-q", "h", "--fps", "30", "--jobs", str(jobs), "-o", target)
        return run(Path(name), "render", SCENE, *more)


def jobs_pay() -> bool:
    """Compare one process with two, in turns."""
    pairs = [(film(1), film(2)) for _ in range(ROUNDS)]
    one, two = (Cost(*map(statistics.median, zip(*costs, strict=True))) for costs in zip(*pairs))
    faster = statistics.median(a.wall / b.wall for a, b in pairs)
    more = statistics.median(b.cpu / a.cpu for a, b in pairs)
    print(
        f"{SCENE} at 1080p30: --jobs 1 {one.wall:.1f} s ({one.cpu:.1f} s of processors), --jobs 2 "
        f"{two.wall:.1f} s ({two.cpu:.1f} s); {faster:.2f} times faster (promised {FASTER:g}), "
        f"{more:.2f} times the processors (promised at most {CPU:g})",
        flush=True,
    )
    return faster >= FASTER and more <= CPU


def lecture_again() -> bool:
    """Compare a lecture's first making with its second, when nothing has changed."""
    with TemporaryDirectory() as name:
        arguments = ("lecture", str(LECTURE), "-o", str(Path(name) / "out"))
        first = run(Path(name), *arguments)
        second = statistics.median(run(Path(name), *arguments).wall for _ in range(ROUNDS))
    print(
        f"lecture {LECTURE.stem}: {first.wall:.1f} s, once more {second:.2f} s; "
        f"{first.wall / second:.0f} times faster (promised {AGAIN:g})",
        flush=True,
    )
    return first.wall / second >= AGAIN


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    return int(not all([jobs_pay(), lecture_again()]))


if __name__ == "__main__":
    sys.exit(main())
