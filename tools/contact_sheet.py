"""Contact sheets of lessons: four moments inside each sentence, labelled, to be looked at.

    PYTHONPATH=$PWD/src:$PWD .venv/bin/python tools/contact_sheet.py chain_rule -o /tmp/sheets

One row is one sentence; a number in a corner is the second of the film.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.renderers import FilmingRenderer
from backprop_studio.render.messages.frame_format import FrameFormat, FrameShape
from backprop_studio.render.messages.jobs import SceneJob
from backprop_studio.scenes.paint import compiler

if TYPE_CHECKING:
    import numpy as np

    from backprop_studio.scenes.lesson.lesson import LessonScene

SHARES = (0.1, 0.4, 0.7, 0.97)
"""Of a sentence's time."""

ROWS = 6
"""Sentences on one sheet."""

TEXT = 20
"""Pixels of a line of text."""


class _Camcorder:
    """Keeps the frames of a film that are wanted."""

    def __init__(self, wanted: set[int]) -> None:
        self.wanted, self.frames = wanted, 0
        self.kept: dict[int, Image.Image] = {}

    def write(self, pixels: np.ndarray[Any, Any], repeat: int = 1) -> None:
        """Take a frame."""
        for number in self.wanted & set(range(self.frames, self.frames + repeat)):
            self.kept[number] = Image.fromarray(pixels[:, :, :3].copy())
        self.frames += repeat

    def spare(self) -> None:
        """Give no memory back."""


def sheets(job: SceneJob, shape: FrameShape, width: int) -> list[Image.Image]:
    """Return the contact sheets of one lesson."""
    with configured(_small(shape, width), Path("/tmp")):
        lesson = OpenedLesson(job)
        plan, scene = lesson.walk(lambda: None)
        readings = [it for it in scene.reading.readings if it.kind == "sentence" and it.text]
        ends = [it.start for it in readings[1:]] + [plan.duration]
        moments = [
            [it.start + (end - it.start) * share for share in SHARES]
            for it, end in zip(readings, ends, strict=True)
        ]
        frames = [[min(int(at * plan.fps), plan.frames - 1) for at in row] for row in moments]
        tape = _Camcorder({it for row in frames for it in row})
        film(lesson, tape)
    rows = [
        _row(f"{it.beat}: {it.text}", [(at, tape.kept[k]) for at, k in zip(*both, strict=True)])
        for it, both in zip(readings, zip(moments, frames, strict=True), strict=True)
    ]
    return [_stacked(rows[k : k + ROWS]) for k in range(0, len(rows), ROWS)]


def _small(shape: FrameShape, width: int) -> FrameFormat:
    """Return a frame so wide, with few frames a second."""
    usual = FrameFormat.of_quality("m", shape=shape)
    height = round(width * usual.height / usual.width / 2) * 2
    return FrameFormat(width=width, height=height, fps=10)


def film(lesson: OpenedLesson, tape: _Camcorder) -> LessonScene:
    """Film a lesson onto a tape."""
    renderer = FilmingRenderer(tape, lambda _: None)
    scene = lesson.stage(renderer)
    lesson.run(scene)
    return scene


def _row(label: str, shots: list[tuple[float, Image.Image]]) -> Image.Image:
    width = sum(picture.width + 4 for _, picture in shots)
    row = Image.new("RGB", (width, shots[0][1].height + TEXT + 8), "white")
    draw = ImageDraw.Draw(row)
    draw.text((4, 2), label, fill="black", font=_font())
    x = 0
    for at, picture in shots:
        row.paste(picture, (x, TEXT + 6))
        draw.text((x + 4, TEXT + 8), f"{at:.1f}", fill="red", font=_font())
        x += picture.width + 4
    return row


def _font() -> ImageFont.FreeTypeFont:
    import manimgx_fonts_cjk

    (face, *_) = sorted(Path(manimgx_fonts_cjk.__file__).parent.rglob("*Regular*.*t[tc][cf]")) or (
        sorted((Path(compiler.__file__).parent / "faces").glob("*.?tf"))
    )
    return ImageFont.truetype(str(face), TEXT - 4)


def _stacked(rows: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (max(it.width for it in rows), sum(it.height for it in rows)), "white")
    y = 0
    for row in rows:
        sheet.paste(row, (0, y))
        y += row.height
    return sheet


def main() -> None:
    """Write the sheets of a lesson as PNG."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene")
    parser.add_argument("-o", "--output", type=Path, default=Path("contact_sheets"))
    parser.add_argument("--lang", default="en")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--shape", default="16:9")
    parser.add_argument("--params", default="{}", help="as JSON")
    parser.add_argument("--width", type=int, default=480, help="pixels of one picture")
    asked = parser.parse_args()
    job = SceneJob(
        id="sheet",
        scene=asked.scene,
        params=json.loads(asked.params),
        language=asked.lang,
        theme=asked.theme,
    )
    asked.output.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(sheets(job, asked.shape, asked.width), 1):
        shape = asked.shape.replace(":", "x")
        name = f"{asked.scene}_{asked.lang}_{asked.theme}_{shape}_{number:02}.png"
        sheet.save(asked.output / name)
        print(asked.output / name)


if __name__ == "__main__":
    main()
