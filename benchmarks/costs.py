"""What frames of each scene cost, by beats, which progress is measured with.

Processor milliseconds at 720p30, because the clock of a machine that others use as well means
little. ``python -m benchmarks.costs [SCENE ...]`` writes them into ``render/costs.json``; scenes
that are not named keep what they have.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.costs import TABLE_FILE
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.imports import uncollected

with uncollected():
    from backprop_studio.render.drawing import renderers
    from backprop_studio.render.drawing.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.render.messages.results import VideoResult

__all__ = ["main"]

_LOOK_SECONDS = 0.002


def main() -> int:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", help="all scenes if none")
    scenes = parser.parse_args().scenes or scene_ids()
    known: dict[str, Any] = json.loads(TABLE_FILE.read_text()) if TABLE_FILE.exists() else {}
    kept = {scene: known[scene] for scene in known if scene in scene_ids()}
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder) / "media")
        _measured(studio, "tensors", Path(folder) / "warm.mp4")
        for scene in scenes:
            kept[scene] = _measured(studio, scene, Path(folder) / f"{scene}.mp4")
            print(scene, json.dumps(kept[scene]), flush=True)
            rows = (f'"{name}": {json.dumps(kept[name])}' for name in sorted(kept))
            TABLE_FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n")
    return 0


def _measured(studio: Studio, scene: str, video: Path) -> dict[str, Any]:
    """Film a scene, and return its seconds and what a still and a moving frame cost."""
    job = VideoJob(id=scene, scene=scene, output=str(video), overwrite=True)
    with _plays_noted() as plays:
        result = studio.video(job, Watch("benchmark", lambda _: None, lambda: False))
    still = [(cost, count) for _, count, is_still, cost in plays if is_still]
    each = sum(cost for cost, _ in still) / max(1, sum(count for _, count in still))
    return {
        "seconds": round(result.duration, 1),
        "work": round(sum(cost for *_, cost in plays), 1),
        "still": round(1000 * each, 1),
        "beats": _by_beats(result, plays),
    }


def _by_beats(
    result: VideoResult, plays: list[tuple[int, int, bool, float]]
) -> dict[str, list[float]]:
    """Return for each beat what a moving frame costs: in the mean, and in each of its plays."""
    found = {}
    for beat in result.beats:
        first, last = round(beat.start * result.fps), round(beat.end * result.fps)
        own = [it for it in plays if first <= it[0] < last and it[1] and not it[2]]
        count = sum(count for _, count, _, _ in own)
        if count:
            costs = [sum(cost for *_, cost in own) / count, *(it[3] / it[1] for it in own)]
            found[beat.name] = [round(1000 * cost, 1) for cost in costs]
    return found


@contextmanager
def _plays_noted() -> Iterator[list[tuple[int, int, bool, float]]]:
    """Note of each play its first frame, its frames, whether nothing moves, and its seconds."""
    plays: list[tuple[int, int, bool, float]] = []
    play = renderers.FilmingRenderer.play

    def noted(self: Any, scene: Any, *args: Any, **kwargs: Any) -> None:
        first, began = self.frames, time.process_time()
        play(self, scene, *args, **kwargs)
        while self._film.encoded < self._film.frames:
            time.sleep(_LOOK_SECONDS)
        is_still = scene.is_current_animation_frozen_frame()
        plays.append((first, self.frames - first, is_still, time.process_time() - began))

    renderers.FilmingRenderer.play = noted  # type: ignore[method-assign]
    try:
        yield plays
    finally:
        renderers.FilmingRenderer.play = play  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
