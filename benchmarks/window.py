"""How long the window's loop keeps a key waiting: at the start, in use, while a video plays.

The real program on a screen without a graphics card, as in a virtual machine or over a remote
desktop, and once more beside two processes that never rest. The machine must be quiet: what is
measured is the time between two turns of the loop.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.gui.screen.lecturer import LOOK, day, let_run, moving_film, play
from tests.gui.screen.studio import Screen, Studio, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIMIT_MS, LIMIT_BESIDE_OTHERS_MS = 100.0, 250.0
FIRST_PICTURE_SECONDS = 1.5
PLAYS, MOST_GROWN = 20, 20.0

BUSY = (sys.executable, "-c", "while True: pass")


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    if absent := missing():
        print(f"left out: {', '.join(absent)} not installed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        film = moving_film(Path(folder) / "moving.mp4")
        screen = Screen(Path(folder))
        try:
            kept = [
                *_day(screen, Path(folder) / "first", film),
                *_plays(screen, Path(folder) / "first", film),
            ]
            with _busy(2):
                kept += _day_beside_others(screen, Path(folder) / "second", film)
        finally:
            screen.close()
    return int(not all(kept))


def _day(screen: Screen, home: Path, film: Path) -> Iterator[bool]:
    """Work in the window as a lecturer does, from an empty home."""
    with _opened(screen, home) as studio:
        seconds = studio.first_picture()
        words = f"after {seconds:.2f} s (promised {FIRST_PICTURE_SECONDS:g})"
        print(f"the first picture on the stage: {words}", flush=True)
        yield seconds <= FIRST_PICTURE_SECONDS
        for act, stalls in day(studio, film):
            yield _tell(act, stalls, LIMIT_MS)


def _day_beside_others(screen: Screen, home: Path, film: Path) -> Iterator[bool]:
    """Do the same, shorter, while others want the processor as well."""
    with _opened(screen, home) as studio:
        for act, stalls in day(studio, film, playback=15, changes=15, live=2):
            yield _tell(f"beside two busy processes: {act}", stalls, LIMIT_BESIDE_OTHERS_MS)


def _plays(screen: Screen, home: Path, film: Path) -> Iterator[bool]:
    """Start again where caches are, and play many videos: after the first few nothing grows."""
    with _opened(screen, home) as studio:
        studio.wait_for_picture()
        let_run(studio, LOOK)
        yield _tell("another start", studio.stalls(), LIMIT_MS)
        memory = []
        for _ in range(PLAYS):
            play(studio, film)
            memory.append(studio.memory())
        yield _tell(f"{PLAYS} videos, one after the other", studio.stalls(), LIMIT_MS)
        grown = max(memory[-5:]) - max(memory[5:10])
        words = f"{memory[-1]:.0f} MiB, {grown:+.0f} since the tenth (promised {MOST_GROWN:+.0f})"
        print(f"memory after {PLAYS} videos: {words}", flush=True)
        yield grown <= MOST_GROWN
        studio.close()


@contextmanager
def _opened(screen: Screen, home: Path) -> Iterator[Studio]:
    home.mkdir(exist_ok=True)
    studio = Studio(screen.environment, home)
    try:
        yield studio
    finally:
        studio.end()


@contextmanager
def _busy(count: int) -> Iterator[None]:
    # In sessions of their own, as other programs are.
    processes = [subprocess.Popen(BUSY, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for it in processes:
            it.kill()
            it.wait()


def _tell(act: str, stalls: Sequence[tuple[float, float, float, str]], most: float) -> bool:
    """Say how long the loop kept a key waiting, and whether that is more than is promised."""
    longest = max(stalls, key=lambda it: it[1], default=(0.0, 0.0, 0.0, ""))
    took, work = 1e3 * longest[1], 1e3 * max((it[2] for it in stalls), default=0.0)
    words = f"at most {took:.0f} ms between two turns, {work:.0f} ms at work"
    print(f"{act}: {words} (promised {most:.0f})", flush=True)
    if took > most:
        print(f"    {1e3 * longest[2]:.0f} ms of it at work; {longest[3]}", flush=True)
    return took <= most


if __name__ == "__main__":
    raise SystemExit(main())
