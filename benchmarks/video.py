"""Videos: our drawing against stock Manim, whole processes from cold start to file.

The plain versions are honest Manim for the same picture, with Manim's default configuration; ours
go through the worker's renderer and encoder. Each pair is run in turns, the medians of all rounds
are compared. ``python -m benchmarks.video [NAME ...] [--rounds N]``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Pair:
    """A picture drawn both ways.

    Attributes
    ----------
    module : str
        File in ``benchmarks/scenes`` and ``benchmarks/plain``.
    ours, plain : str
        Names of the classes in them.
    faster : float
        How many times faster ours is promised to be.
    share : float
        How much of the video the plain version plays; ours plays it whole, so that the ratio found
        is smaller than the true one.
    most_rounds : int
        For what takes minutes.
    """

    module: str
    ours: str
    plain: str
    faster: float
    share: float = 1.0
    most_rounds: int = 100


PAIRS = {
    "network": Pair("network", "Network", "PlainNetwork", 2.5),
    "loss_surface": Pair("loss_surface", "LossSurface", "PlainLossSurface", 30.0),
    "contour_map": Pair("contour_map", "ContourMap", "PlainContourMap", 1.8),
    "64-32-32-10": Pair(
        "large_network", "MiddleNetwork", "PlainMiddleNetwork", 10.0, share=0.1, most_rounds=3
    ),
}
LIMIT_MIB = 900
ENCODING = 1.6
"""How many times as long as encoding alone ours may take."""
LARGER = 3.0
"""How many times as long as 3-4-4-3 the passes of 784-128-64-10 may take."""
GROWTH = 1.1
"""How many times the memory a video of four times the length may take."""


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Return seconds and peak MiB of a process; stop everything if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    noise = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{noise.decode()[-2000:]}")
    return took, usage.ru_maxrss / 1024


def film(module: str, scene: str, folder: Path) -> tuple[float, float]:
    """Film with our parts, as ``SCENE.mp4``; return seconds and peak MiB."""
    command = [sys.executable, "-m", "benchmarks.film", f"benchmarks.scenes.{module}", scene]
    return run([*command, str(folder / f"{scene}.mp4")], folder)


def film_plain(pair: Pair, folder: Path) -> tuple[float, float]:
    """Film with stock Manim; return seconds and peak MiB."""
    manim = [str(Path(sys.executable).parent / "manim"), "-qm", "--disable_caching"]
    source = ROOT / "benchmarks" / "plain" / f"{pair.module}.py"
    return run([*manim, "--media_dir", str(folder / "media"), str(source), pair.plain], folder)


def encoding_seconds(video: Path, rounds: int) -> float:
    """Return how long the encoder alone takes for the frames of a video, decoded beforehand.

    In a process of its own: the decoded frames take gigabytes, and a process that is started later
    would be said to have needed as much.
    """
    command = [sys.executable, "-m", "benchmarks.encoding", str(video), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure_pair(name: str, rounds: int, folder: Path) -> bool:
    """Compare ours with stock Manim, print what was found, return whether the promise holds."""
    pair = PAIRS[name]
    rounds = min(rounds, pair.most_rounds)
    found = [
        (film(pair.module, pair.ours, folder), film_plain(pair, folder)) for _ in range(rounds)
    ]
    ours, plain = _middles(found)
    memory = max(peak for (_, peak), _ in found)
    cut = f" for a share of {pair.share:g} of the video" if pair.share < 1 else ""
    print(
        f"{name}: ours {ours:.1f} s, plain {plain:.1f} s{cut}: {plain / ours:.2f} times faster "
        f"(promised {pair.faster:g}); at most {memory:.0f} MiB (promised {LIMIT_MIB}), "
        f"rounds: {rounds}",
        flush=True,
    )
    kept = plain / ours >= pair.faster and memory < LIMIT_MIB
    if name == "network":
        kept &= measure_encoding(folder / f"{pair.ours}.mp4", ours, rounds)
    return kept


def measure_encoding(video: Path, ours: float, rounds: int) -> bool:
    """Compare the seconds a film took with encoding its frames alone."""
    alone = encoding_seconds(video, rounds)
    print(
        f"  encoding its frames alone {alone:.1f} s: ours takes {ours / alone:.2f} times that "
        f"(promised {ENCODING:g})",
        flush=True,
    )
    return ours / alone <= ENCODING


def measure_sizes(rounds: int, folder: Path) -> bool:
    """Compare the passes of a large network with those of a small one."""
    found = [
        (film("large_network", "LargeNetwork", folder), film("network", "Network", folder))
        for _ in range(rounds)
    ]
    large, small = _middles(found)
    memory = max(peak for (_, peak), _ in found)
    print(
        f"784-128-64-10: {large:.1f} s, 3-4-4-3 {small:.1f} s: {large / small:.2f} times as long "
        f"(promised {LARGER:g}); at most {memory:.0f} MiB (promised {LIMIT_MIB}), rounds: {rounds}",
        flush=True,
    )
    return large / small <= LARGER and memory < LIMIT_MIB


def measure_length(folder: Path) -> bool:
    """Compare the memory that a video takes with that of one four times as long."""
    (_, long), (_, short) = (film("network", name, folder) for name in ("LongNetwork", "Network"))
    print(
        f"memory: network {short:.0f} MiB, four times as long {long:.0f} MiB: "
        f"{long / short:.2f} times (promised {GROWTH:g})",
        flush=True,
    )
    return long / short <= GROWTH


def _middles(found: list[tuple[tuple[float, float], tuple[float, float]]]) -> tuple[float, float]:
    first, second = ([times[way][0] for times in found] for way in (0, 1))
    return statistics.median(first), statistics.median(second)


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    names = [*PAIRS, "784-128-64-10", "memory"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    kept = []
    for name in given.names or names:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            if name == "784-128-64-10":
                kept.append(measure_sizes(given.rounds, folder))
            elif name == "memory":
                kept.append(measure_length(folder))
            else:
                kept.append(measure_pair(name, given.rounds, folder))
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
