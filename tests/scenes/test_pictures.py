"""The last picture of every beat against stored ones, in both languages.

``BACKPROP_STUDIO_RECORD_PICTURES=1`` stores what is drawn now; look at it before committing. The
tolerance is Manim's own: 1.01 grey levels, and one value in a hundred thousand beyond that.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.scenes.lesson_runs import SCENES, run_lesson

PICTURES = Path(__file__).parent / "pictures"
RECORD = bool(os.environ.get("BACKPROP_STUDIO_RECORD_PICTURES"))
LEVELS = 1.01
SHARE = 1e-5


SLOW = pytest.mark.slow
SETS = [
    pytest.param(name, *look, marks=SLOW if look[0] == "zh" or (number % 4 and not RECORD) else ())
    for number, name in enumerate(SCENES)
    for look in (("en", "dark"), ("zh", "light"))
]
"""Every fourth scene in English for every day; all of them are recorded."""


@pytest.mark.parametrize(("name", "language", "theme"), SETS)
def test_beats_look_as_stored_and_each_otherwise(name, language, theme, tmp_path):
    run = run_lesson(name, language=language, theme=theme, draw=True)
    for before, after in itertools.pairwise(run.pictures.values()):
        assert np.abs(before.astype(int) - after.astype(int)).max() > 40
    folder = PICTURES / f"{name}_{language}_{theme}"
    if RECORD:
        store(folder, run.pictures)
    stored = {path.stem for path in folder.glob("*.png")}
    assert stored == {f"{k:02}_{beat}" for k, beat in enumerate(run.pictures)}
    for number, (beat, picture) in enumerate(run.pictures.items()):
        file = f"{number:02}_{beat}.png"
        expected = np.asarray(Image.open(folder / file).convert("RGB"))
        assert expected.shape == picture.shape
        off = np.abs(expected.astype(int) - picture.astype(int)) > LEVELS
        if off.mean() > SHARE:
            Image.fromarray(picture).save(tmp_path / file)
            pytest.fail(f"{file}: {off.mean():.2%} of the values differ; see {tmp_path / file}")


def store(folder, pictures):
    """Replace the stored pictures of a lesson."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for number, (beat, picture) in enumerate(pictures.items()):
        Image.fromarray(picture).save(folder / f"{number:02}_{beat}.png", optimize=True)


def test_a_changed_picture_is_noticed():
    """The comparison itself: one more digit decides over a handful of pixels, and they count."""
    usual = run_lesson("vector_jacobian", draw=True).pictures["values"]
    other = run_lesson("vector_jacobian", {"x": [1.0, 2.5]}, draw=True).pictures["values"]
    assert (np.abs(usual.astype(int) - other.astype(int)) > LEVELS).mean() > SHARE
