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
    ours, plain : str
        Class names in ``benchmarks/scenes/MODULE.py`` and ``benchmarks/plain/MODULE.py``.
    faster : float
        How many times faster ours is promised to be.
    """

    module: str
    ours: str
    plain: str
    faster: float


PAIRS = {
    "network": Pair("network", "Network", "PlainNetwork", 2.5),
    "loss_surface": Pair("loss_surface", "LossSurface", "PlainLossSurface", 30.0),
    "contour_map": Pair("contour_map", "ContourMap", "PlainContourMap", 1.8),
}
LIMIT_MIB = 900
ENCODING = 1.6
"""How many times as long as encoding alone ours may take."""


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


def commands(pair: Pair, folder: Path) -> dict[str, list[str]]:
    """Return the command lines of both ways, and of encoding our finished frames alone."""
    video = folder / "ours.mp4"
    return {
        "ours": [
            sys.executable, "-m", "benchmarks.film", f"benchmarks.scenes.{pair.module}", pair.ours,
            str(video),
        ],
        "plain": [
            str(Path(sys.executable).parent / "manim"), "-qm", "--media_dir", str(folder / "media"),
            "--disable_caching", str(ROOT / "benchmarks" / "plain" / f"{pair.module}.py"),
            pair.plain,
        ],
    }  # fmt: skip


def encoding_seconds(video: Path, rounds: int) -> float:
    """Return how long the encoder alone takes for the frames of a video, decoded beforehand.

    In a process of its own: the decoded frames take gigabytes, and a process that is started later
    would be said to have needed as much.
    """
    command = [sys.executable, "-m", "benchmarks.encoding", str(video), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(name: str, rounds: int) -> bool:
    """Measure one pair, print what was found, and return whether the promises hold."""
    pair = PAIRS[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found: dict[str, list[tuple[float, float]]] = {"ours": [], "plain": []}
        for _ in range(rounds):
            for way, command in commands(pair, folder).items():
                found[way].append(run(command, folder))
        alone = encoding_seconds(folder / "ours.mp4", rounds) if name == "network" else None
    ours, plain = (statistics.median(took for took, _ in found[way]) for way in ("ours", "plain"))
    memory = max(peak for _, peak in found["ours"])
    kept = plain / ours >= pair.faster and memory < LIMIT_MIB
    print(
        f"{name}: ours {ours:.1f} s, plain {plain:.1f} s: {plain / ours:.2f} times faster "
        f"(promised {pair.faster:g}); at most {memory:.0f} MiB (promised {LIMIT_MIB})"
    )
    if alone is not None:
        kept &= ours / alone <= ENCODING
        print(
            f"  encoding its frames alone {alone:.1f} s: ours takes {ours / alone:.2f} times that "
            f"(promised {ENCODING:g})"
        )
    return kept


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(PAIRS))
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    kept = [measure(name, given.rounds) for name in given.names or PAIRS]
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
