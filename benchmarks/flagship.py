"""The flagship's film as a lecturer gets it: from a cold start to the file, with two processes.

Against the time it plays, against encoding its finished frames alone, and what a frame costs in
which nothing moves: two films of one lesson, a picture of which is held for a short or a long time.
``python -m benchmarks.flagship [--rounds N]``; two cores, 720p30, without a voice.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av

from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.files.film import Film
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

SCENE, JOBS = "backprop", 2
FASTER, ENCODING, HELD_MS = 10.0, 1.15, 3.0
AT_ONCE = 200
"""Frames that are decoded before they are encoded: of all, a film of minutes has no room."""
HELD_SCENE, SAID = "derivative", "One sentence, which is said slowly."
SHORT, LONG = 10.0, 110.0
"""Seconds for which a picture is held while the sentence is said."""
STARTING = "from backprop_studio.cli.start import main; raise SystemExit(main())"


def render(arguments: list[str], folder: Path) -> float:
    """Return the seconds that a command takes, with empty caches."""
    command = [sys.executable, "-c", STARTING, "render", *arguments]
    with tempfile.TemporaryDirectory() as home:
        caches = {"HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home}
        start = time.perf_counter()
        subprocess.run(
            [*command, "-q", "m", "--overwrite", "--jobs", str(JOBS)],
            env=os.environ | caches,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - start


def length_of(video: Path) -> float:
    """Return the seconds that a video plays."""
    with av.open(video) as container:
        return (container.duration or 0) / 1e6


def encoding_seconds(video: Path) -> float:
    """Return the seconds it takes to encode the frames of a video again, as we encode."""
    film = Film(video.with_name("encoded.mp4"), FrameFormat())
    took = 0.0
    with av.open(video) as container:
        container.streams.video[0].codec_context.thread_count = 1  # nothing goes on beside us
        frames: Iterator[NDArray[np.uint8]] = (
            frame.to_ndarray(format="rgba") for frame in container.decode(video=0)
        )
        while some := list(islice(frames, AT_ONCE)):
            start = time.perf_counter()
            for frame in some:
                film.write(frame)
            took += time.perf_counter() - start
    start = time.perf_counter()
    film.finish()
    return took + time.perf_counter() - start


def measure_film(rounds: int, folder: Path) -> bool:
    """Render the flagship; compare with its length and with encoding alone."""
    video = folder / "film.mp4"
    ours = statistics.median(render([SCENE, "-o", str(video)], folder) for _ in range(rounds))
    length = length_of(video)
    alone = statistics.median(encoding_seconds(video) for _ in range(rounds))
    print(
        f"{SCENE}: {length:.0f} s of film in {ours:.1f} s, {length / ours:.1f} times faster than "
        f"it plays (promised {FASTER:g}); encoding its frames alone {alone:.1f} s: ours takes "
        f"{ours / alone:.2f} times that (promised {ENCODING:g}); rounds: {rounds}",
        flush=True,
    )
    return length / ours >= FASTER and ours / alone <= ENCODING


def measure_held(rounds: int, folder: Path) -> bool:
    """Film a lesson in which one picture is held for a short and for a long time."""
    studio = Studio(folder / "media")
    beat = studio.beats_of(HELD_SCENE)[0]
    found = []
    for _ in range(rounds + 1):  # the first one warms up
        (first, short), (then, long) = (_held(studio, beat, it, folder) for it in (SHORT, LONG))
        found.append(1e3 * (then - first) / (long - short))
    each = statistics.median(found[1:])
    words = "drawn, encoded and checked"
    print(f"a held frame: {each:.2f} ms, {words} (promised {HELD_MS:g})", flush=True)
    return each <= HELD_MS


def _held(studio: Studio, beat: str, seconds: float, folder: Path) -> tuple[float, int]:
    """Return how long a film takes whose sentence is said for some seconds, and its frames."""
    job = VideoJob(
        id="held",
        scene=HELD_SCENE,
        output=str(folder / "held.mp4"),
        overwrite=True,
        script={beat: (SAID,)},
        spoken={SAID: seconds},
    )
    start = time.perf_counter()
    result = studio.video(job, Watch(job.id, lambda *_: None, lambda: False))
    return time.perf_counter() - start, result.frames


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        kept = [measure_film(rounds, Path(folder)), measure_held(rounds, Path(folder))]
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
