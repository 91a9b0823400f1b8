"""Names of video files."""

from __future__ import annotations

import pytest

from backprop_studio.gui.model.video_names import (
    DEFAULT_TEMPLATE,
    FIELD_TITLES,
    MOST_BYTES,
    filled,
    free_path,
    unknown_fields,
    values_for,
)
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob


def job(**more):
    return VideoJob(id="a", scene="backprop", output="/v/a.mp4", **more)


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({}, "backprop-720p-en"),
        (
            {"network": {"sizes": [2, 4, 4, 1], "activation": "tanh"}, "learning_rate": 0.5},
            "backprop-sizes-2-4-4-1-activation-tanh-learning_rate-0.5-720p-en",
        ),
        ({"data": {"file": "/copy/0/points.csv"}}, "backprop-file-mine-720p-en"),
        ({"weights": [[[1.0]], [[2.0]]]}, "backprop-weights-720p-en"),
        ({"formula": 'x^2 / 3 > "a"?'}, "backprop-formula-x^2 _ 3 _ _a_-720p-en"),
        ({"a": True, "b": None, "c": 1e-9}, "backprop-a-on-b-none-c-1e-09-720p-en"),
        ({f"name_{at}": "long" * 5 for at in range(9)}, None),
    ],
)
def test_a_name_carries_the_settings(params, name):
    values = values_for(job(params=params), "", {"/copy/0/points.csv": "/home/me/mine.csv"})
    found = filled(DEFAULT_TEMPLATE, values)
    if name is None:
        assert len(found) < 80
        assert found.startswith("backprop-name_0-longlonglonglonglong-")
    else:
        assert found == name


def test_every_field_has_a_value():
    picture = FrameFormat.of_quality("k", shape="9:16")
    values = values_for(job(picture=picture, language="zh", params={"a": 1}), "反向传播")
    assert set(values) == set(FIELD_TITLES)
    assert all(values.values())
    assert filled("{title} {quality} {shape} {language}", values) == "反向传播 4K 9x16 zh"


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("", "backprop"),
        ("{settings}-{scene}", "backprop"),
        ("../{scene}/x", "backprop_x"),
        ("NUL", "_NUL"),
        ("com1.{settings}", "_com1"),
        ("a. . .", "a"),
        ("{titel}x{", "x"),
        ("反向" * 200, None),
    ],
)
def test_a_name_is_one_that_every_system_takes(template, name):
    found = filled(template, {"scene": "backprop"})
    assert len(found.encode()) <= MOST_BYTES
    assert found
    if name is not None:
        assert found == name
    assert unknown_fields(template) == (["titel"] if "titel" in template else [])


def test_no_name_is_given_twice(tmp_path):
    assert free_path(tmp_path, "A", ".mp4") == tmp_path / "A.mp4"
    (tmp_path / "a.MP4").touch()
    (tmp_path / "a.webm").touch()
    assert free_path(tmp_path, "A", ".mp4") == tmp_path / "A-2.mp4"
    assert free_path(tmp_path, "A", ".mp4", {"a-2.mp4", "a-3.mp4"}) == tmp_path / "A-4.mp4"
