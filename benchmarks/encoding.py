"""Times our encoder alone: ``python -m benchmarks.encoding VIDEO ROUNDS`` prints the median."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import av

from backprop_studio.render.files.film import Film
from backprop_studio.render.messages.frame_format import FrameFormat

__all__ = ["encoding_seconds"]


def encoding_seconds(video: Path, rounds: int) -> float:
    """Return the seconds it takes to encode the frames of a video again, as we encode."""
    with av.open(video) as container:
        frames = [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        film = Film(video.with_name("encoded.mp4"), FrameFormat())
        for frame in frames:
            film.write(frame)
        film.finish()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    print(encoding_seconds(Path(sys.argv[1]), int(sys.argv[2])))
