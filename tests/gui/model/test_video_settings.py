from __future__ import annotations

import pytest

from backprop_studio.gui.model.values import LessonSettings
from backprop_studio.gui.model.video_settings import choices_of, settings_of_file
from backprop_studio.render.files.film_settings import FilmSettings
from backprop_studio.render.messages.frame_format import FRAME_SHAPES, QUALITIES, FrameFormat


@pytest.mark.parametrize("shape", FRAME_SHAPES)
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_size_is_that_of_one_quality_and_shape(quality, shape):
    picture = FrameFormat.of_quality(quality, shape=shape)
    found = choices_of("zh", "print", (picture.width, picture.height), ".WEBM")
    own = {"lesson_language": "zh", "theme": "print"}
    assert found == {**own, "frame_shape": shape, "quality": quality, "format": ".webm"}


def test_what_cannot_be_chosen_here_is_left_as_it_is():
    found = choices_of("en", "dark", (100, 60), ".mkv")
    assert found == {"lesson_language": "en", "theme": "dark", "frame_shape": "16:9"}


def test_a_file_says_its_lesson_and_finds_its_data_beside_it(tmp_path):
    (tmp_path / "points.csv").write_text("1,2\n")
    params = {"data": {"file": "/far/away/points.csv"}, "pace": 2.0}
    tags = FilmSettings(scene="a", params=params, language="en", theme="light").tags()
    found = settings_of_file(tags, tmp_path / "film.mp4", (1280, 720))
    params["data"]["file"] = str(tmp_path / "points.csv")
    choices = choices_of("en", "light", (1280, 720), ".mp4")
    assert found == LessonSettings("a", params, choices)
    for metadata, size in (({"comment": "hello"}, (1280, 720)), ({}, (1280, 720)), (tags, (0, 0))):
        assert settings_of_file(metadata, tmp_path / "film.mp4", size) is None
