"""Lists how lessons are staged: time, how large the picture is, travelling numbers, faded formulas.

PYTHONPATH=$PWD/src:$PWD .venv/bin/python tools/staging.py chain_rule backprop
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.lint.staging import Staging, faded_alike
from backprop_studio.render.lint.walk import Play, WalkingRenderer
from backprop_studio.render.messages.frame_format import FRAME_SHAPES, FrameFormat
from backprop_studio.render.messages.jobs import SceneJob

if TYPE_CHECKING:
    from backprop_studio.scenes.lesson.lesson import Beat, LessonScene


def staged(job: SceneJob, shape: Any) -> tuple[LessonScene, Staging]:
    """Return a lesson that was walked through, and how it was staged."""
    beats: list[Beat]
    lesson, staging, beats = OpenedLesson(job), Staging(), []
    with tempfile.TemporaryDirectory() as media:
        picture = FrameFormat.of_quality("l", shape=shape)
        with configured(picture, Path(media)):

            def note(_: Any, play: Play) -> None:
                staging.note(scene, play.beat, play.start / picture.fps, play.count / picture.fps)

            renderer = WalkingRenderer(
                lambda: None, lambda: beats[-1].name if beats else "", on_played=note
            )
            scene = lesson.stage(renderer)
            scene.on_beat = beats.append
            lesson.run(scene)
    return scene, staging


def main() -> None:
    """Print the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="+")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--params", default="{}", help="as JSON")
    asked = parser.parse_args()
    for scene in asked.scenes:
        params = json.loads(asked.params)
        job = SceneJob(id="staging", scene=scene, params=params, language=asked.lang)
        for shape in FRAME_SHAPES:
            lesson, staging = staged(job, shape)
            words = [
                f"{scene} {shape}: {staging.seconds:.0f} s",
                f"large for {staging.share:.0%}",
                f"{len(getattr(lesson, 'travelled', []))} numbers travel",
            ]
            print(", ".join(words))
        for beat, share in faded_alike(lesson):
            print(f"  {beat}: a formula fades although {share:.0%} of it was there before")


if __name__ == "__main__":
    main()
