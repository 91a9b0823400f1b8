from __future__ import annotations

import pytest
from manim import config

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.messages.frame_format import FrameFormat


def everything():
    return {name: config[name] for name in config}


def test_the_picture_decides_size_and_rate(tmp_path):
    with configured(FrameFormat.of_quality("m", 25, "9:16"), tmp_path):
        assert (config.pixel_width, config.pixel_height) == (720, 1280)
        assert (config.frame_width, config.frame_height) == pytest.approx((8.0, 128 / 9))
        assert config.frame_rate == 25
        assert config.media_dir == str(tmp_path)
        assert config.dry_run  # Manim writes no file of its own
        assert config.disable_caching


def fail_after_a_change(picture):
    with configured(picture):
        config.background_color = "#123456"
        raise ZeroDivisionError


def test_everything_is_put_back_even_after_an_error():
    before = everything()
    with pytest.raises(ZeroDivisionError):
        fail_after_a_change(FrameFormat.of_quality("l", shape="4:3"))
    assert everything() == before
