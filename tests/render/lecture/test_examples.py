"""The lectures that come with the program can be read, and their parameters are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.render.drawing.scene_files import lesson_class
from backprop_studio.render.lecture.file import read_lecture

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.toml"))


def test_there_are_some():
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_right(path):
    lecture = read_lecture(path)
    assert len(lecture.parts) >= 2
    for part in lecture.parts:
        validate_params(lesson_class(part.scene).Params, part.params)
