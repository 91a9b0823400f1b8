"""Every scene: seconds of rendering per second of video, as the worker renders it at 720p30.

In one warm process: libraries are loaded, and the plan, the frames, the encoding and the look at
the finished file count. On a machine that others use as well the figures are rough.
``python -m benchmarks.lessons [SCENE ...]``.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.messages.jobs import StillJob, VideoJob
from backprop_studio.render.workers.imports import uncollected
from benchmarks.timing import seconds

with uncollected():
    from backprop_studio.render.drawing.studio import Studio

__all__ = ["main"]

LIMIT = 1.0


def main() -> int:
    """Measure, print a line per scene, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", help="all scenes if none")
    scenes = parser.parse_args().scenes or scene_ids()
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder) / "media")
        studio.still(StillJob(id="warm", scene=scenes[0]), _watch())
        broken = [_is_broken(studio, scene, Path(folder) / f"{scene}.mp4") for scene in scenes]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"at most {peak:.0f} MiB in the whole process, all scenes one after the other")
    return int(any(broken))


def _is_broken(studio: Studio, scene: str, video: Path) -> bool:
    job = VideoJob(id=scene, scene=scene, output=str(video))
    found = []
    try:
        took = seconds(lambda: found.append(studio.video(job, _watch())))
    except StudioError as error:
        print(f"{scene}: {error}  BROKEN", flush=True)
        return True
    shown = found[0].duration
    print(
        f"{scene}: {took:.1f} s for {shown:.1f} s of video, {took / shown:.2f} per second "
        f"(promised {LIMIT:g})",
        flush=True,
    )
    return took / shown > LIMIT


def _watch() -> Watch:
    return Watch("benchmark", lambda _: None, lambda: False)


if __name__ == "__main__":
    sys.exit(main())
