"""What a lecture's whole kit costs: seconds for each minute of lecture, and for a second export.

A short lecture at 720p with everything, from a cold start and an empty cache, as the command line
makes it. ``python -m benchmarks.kit``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from benchmarks.jobs import run

__all__ = ["main"]

LECTURE = """
format = 1
title = "Short"
quality = "m"
[[part]]
scene = "derivative"
[[part]]
scene = "chain_rule"
"""
AGAIN = 10.0
"""Seconds that a second export may take, when nothing has changed."""


def main() -> int:
    """Measure, print, and return 1 if the promise is broken."""
    with TemporaryDirectory() as name:
        file, out = Path(name) / "short.toml", Path(name) / "out"
        file.write_text(LECTURE)
        arguments = ("lecture", str(file), "-o", str(out))
        video = run(Path(name), *arguments, "--kit", "video")
        kit = run(Path(name), *arguments, "--kit", "all")
        again = run(Path(name), *arguments, "--kit", "all")
        with av.open(out / "short.en.mp4") as film:
            minutes = film.duration / av.time_base / 60
    first = video.wall + kit.wall
    print(
        f"a lecture of {minutes:.1f} min: {first / minutes:.0f} s for each minute, of which "
        f"{video.wall / minutes:.0f} s are its video; {(video.cpu + kit.cpu) / minutes:.0f} s of "
        f"processors; once more {again.wall:.1f} s (promised at most {AGAIN:g})",
        flush=True,
    )
    return int(again.wall > AGAIN)


if __name__ == "__main__":
    sys.exit(main())
