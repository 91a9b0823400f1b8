"""The check of a video's target asks what is fit for its kind of file."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.frame_format import FrameFormat

FAST = FrameFormat(fps=60)


@pytest.mark.parametrize("name", ["a.mp4", "A.WEBM", "a.mov", "a-%03d.png"])
def test_what_can_be_written_is_accepted_and_nothing_is_written(tmp_path, name):
    check_video_target(tmp_path / name, FAST, overwrite=False)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["a.gif", "A.GIF"])
def test_a_gif_has_its_own_most_frames_per_second(tmp_path, name):
    with pytest.raises(InputError, match="at most 50 frames per second"):
        check_video_target(tmp_path / name, FAST, overwrite=False)
    check_video_target(tmp_path / name, FrameFormat(fps=50), overwrite=False)


def test_endings_are_those_of_videos_or_of_who_asks(tmp_path):
    with pytest.raises(InputError, match="must end in"):
        check_video_target(tmp_path / "a.png", FAST, overwrite=False)
    with pytest.raises(InputError, match=r"it must end in \.mp4\."):
        check_video_target(tmp_path / "a.mov", FAST, overwrite=False, endings=(".mp4",))
    check_video_target(tmp_path / "a.png", FAST, overwrite=False, endings=(".png",))
