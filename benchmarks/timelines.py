"""Records how far videos were at which moment, for the tests of what is told of a render.

``python -m benchmarks.timelines SCENE PIECES`` draws a scene at 720p30, one piece after the other,
and writes on the clock of the processor which frames were through: as if each piece had a core of a
machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.messages.jobs import Share, VideoJob
from backprop_studio.render.workers.imports import uncollected

with uncollected():
    from backprop_studio.render.drawing.configuration import configured
    from backprop_studio.render.drawing.lessons import OpenedLesson
    from backprop_studio.render.drawing.studio import Studio

if TYPE_CHECKING:
    from backprop_studio.render.messages.events import Progress

FOLDER = Path(__file__).parents[1] / "tests" / "render" / "drawing" / "timelines"


def main() -> int:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene")
    parser.add_argument("pieces", type=int)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = _recorded(wanted.scene, wanted.pieces, Path(folder))
    file = FOLDER / f"{wanted.scene}_{wanted.pieces}.json"
    file.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    return 0


def _recorded(scene: str, count: int, folder: Path) -> dict[str, Any]:
    job = VideoJob(id=scene, scene=scene, output=str(folder / "a.mp4"), overwrite=True)
    with configured(job.picture, folder / "media"):
        plan, _ = OpenedLesson(job).walk()
    shares = [Share(number=number, count=count) for number in range(count)]
    return {
        "scene": scene,
        "fps": plan.fps,
        "beats": [[mark.name, round(mark.start * plan.fps)] for mark in plan.beats],
        "plays": [[play.frames, int(play.is_still)] for play in plan.plays],
        "pieces": [
            {
                "piece": list(plan.piece(share)),
                **_drawn(job.model_copy(update={"share": share}), folder),
            }
            for share in shares
        ],
    }


def _drawn(job: VideoJob, folder: Path) -> dict[str, Any]:
    """Draw a piece, and return when which of its frames were through."""
    told: list[list[float]] = []

    def note(event: Progress) -> None:
        if event.phase == "draw":
            told.append([round(time.process_time(), 2), event.frame])

    studio = Studio(folder / f"media_{job.share and job.share.number}")
    studio.video(job, Watch(job.id, note, lambda: False, time.process_time))
    return {"told": told, "end": round(time.process_time(), 2)}


if __name__ == "__main__":
    sys.exit(main())
