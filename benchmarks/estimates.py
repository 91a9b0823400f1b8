"""How long a render still takes, as it is told, against how long it took.

Each scene by one process and by two, from warm workers to the finished file, at 720p30; and a
lecture with its whole kit, from an empty cache, as the command line makes it. After a tenth of the
work the guess is promised to be true within a quarter, or a second. ``python -m
benchmarks.estimates [SCENE ...|lecture]``; on a machine that others use as well nobody can.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.render.messages.jobs import ParamsJob, VideoJob
from backprop_studio.render.workers.batch import Task
from backprop_studio.render.workers.local_pool import WarmWorkers
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from backprop_studio.render.messages.events import Progress

__all__ = ["main"]

SCENES = ("loss_surface", "backprop", "classification", "optimizers")
JOBS = (1, 2)
FROM, WITHIN, SECOND = 0.1, 0.25, 1.0
LECTURE = ("loss_surface", "architecture", "chain_rule", "learning_rate")
MISSES = 0.02
"""Of all that is told: what may be off, because a machine has other things to do now and then."""


def told(scene: str, jobs: int, folder: Path) -> tuple[list[tuple[float, Progress]], float]:
    """Return what is told of a render and when, and how long it took."""
    heard: list[tuple[float, Progress]] = []
    with WarmWorkers() as workers:
        warm = [Task(ParamsJob(id=f"warm-{number}", scene=scene)) for number in range(jobs)]
        workers.run(warm, lambda *_: None, workers=jobs)
        began = time.monotonic()

        def hear(progress: Progress) -> None:
            heard.append((time.monotonic() - began, progress))

        job = VideoJob(id="video", scene=scene, output=str(folder / f"{scene}-{jobs}.mp4"))
        render_video(job, jobs, hear, runner=workers)
        return heard, time.monotonic() - began


def is_kept(scene: str, jobs: int, folder: Path) -> bool:
    """Measure one render, print what was found, and return whether the promise is kept."""
    heard, took = told(scene, jobs, folder)
    errors = []
    for now, progress in heard:
        left = took - now
        if progress.fraction >= FROM and progress.phase == "draw":
            guess = float("inf") if progress.eta_seconds is None else progress.eta_seconds
            errors.append(max(0.0, abs(guess - left) - SECOND) / max(left, 1e-3))
    missed = sum(error > WITHIN for error in errors) / len(errors)
    totals = {progress.frames for _, progress in heard} - {0}
    print(
        f"{scene}, --jobs {jobs}: {took:.1f} s; {missed:.1%} of {len(errors)} guesses further off "
        f"than {WITHIN:.0%} (promised {MISSES:.0%}), the worst by {max(errors):.0%}; "
        f"totals told: {sorted(totals)}",
        flush=True,
    )
    return missed <= MISSES and len(totals) == 1


def is_kept_of_lecture(folder: Path) -> bool:
    """Measure a lecture with its whole kit; see :func:`is_kept`."""
    file = folder / "lecture.toml"
    parts = "".join(f'[[part]]\nscene = "{it}"\n' for it in LECTURE)
    file.write_text(f'format = 1\ntitle = "A"\n{parts}')
    command = [sys.executable, "-m", "backprop_studio.cli.commands", "lecture", str(file)]
    command += ["-o", str(folder / "out"), "--kit", "all", "--json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        lines = process.stdout or ()
        heard = [(time.monotonic() - began, json.loads(line)) for line in lines]
    took = time.monotonic() - began
    errors = []
    for now, event in heard:
        left, guess = took - now, event.get("eta_seconds")
        if event["event"] == "lecture" and event["fraction"] >= FROM and guess is not None:
            errors.append(max(0.0, abs(guess - left) - SECOND) / max(left, 1e-3))
    missed = sum(error > WITHIN for error in errors) / len(errors)
    print(
        f"a lecture of {len(LECTURE)} lessons, --kit all: {took:.1f} s; {missed:.1%} of "
        f"{len(errors)} guesses further off than {WITHIN:.0%} (promised {MISSES:.0%}), the worst "
        f"by {max(errors):.0%}",
        flush=True,
    )
    return bool(missed <= MISSES)


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    every = (*SCENES, "lecture")
    parser.add_argument("scenes", nargs="*", default=every, help=", ".join(every))
    with tempfile.TemporaryDirectory() as folder:
        scenes = parser.parse_args().scenes
        kept = [
            is_kept(scene, jobs, Path(folder))
            for scene in scenes
            if scene != "lecture"
            for jobs in JOBS
        ]
        if "lecture" in scenes:
            kept.append(is_kept_of_lecture(Path(folder)))
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
