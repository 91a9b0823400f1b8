"""Slides hold no clip before they are written, and posters are small and look the same."""

from __future__ import annotations

import io
import zipfile

import numpy as np
from PIL import Image
from pptx import Presentation

from backprop_studio.render.kit.embedding import leave_on_disk, poster


def test_a_clip_is_read_when_the_slides_are_written(tmp_path):
    clips = [tmp_path / f"{name}.mp4" for name in "ab"]
    deck = Presentation()
    for clip in (*clips, clips[0]):
        clip.write_bytes(f"the film {clip.stem}".encode())
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.shapes.add_movie(str(clip), 0, 0, 9, 9, mime_type="video/mp4")
        leave_on_disk(slide, clip)
    clips[1].write_bytes(b"changed meanwhile")
    deck.save(tmp_path / "a.pptx")
    with zipfile.ZipFile(tmp_path / "a.pptx") as package:
        names = [it for it in package.namelist() if it.endswith(".mp4")]
        found = {package.read(it) for it in names}
    assert len(names) == 2  # one of them is on two slides
    assert found == {b"the film a", b"changed meanwhile"}


def test_a_poster_of_many_colours_is_small_and_nearly_the_same(tmp_path):
    down, across = np.mgrid[0:180, 0:320]
    pixels = np.stack([down, across // 2, (down + across) // 3], axis=2).astype(np.uint8)
    still = io.BytesIO()
    Image.fromarray(pixels).save(still, "PNG")
    file = poster(still.getvalue(), tmp_path / "posters" / "a.png")
    made = Image.open(file)
    assert made.mode == "P"
    difference = np.abs(np.asarray(made.convert("RGB")).astype(int) - pixels)
    assert difference.max() <= 24
    assert difference.mean() < 6
    assert poster(b"it is not made twice", tmp_path / "posters" / "a.png") == file
