"""What a job may ask for: sizes and shapes of pictures."""

from __future__ import annotations

import pytest

from backprop_studio.render.messages.frame_format import QUALITIES, FrameFormat


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize(("shape", "aspect"), [("16:9", 16 / 9), ("4:3", 4 / 3), ("9:16", 9 / 16)])
def test_shapes_keep_the_shorter_side(quality, shape, aspect):
    wide, picture = FrameFormat.of_quality(quality), FrameFormat.of_quality(quality, shape=shape)
    assert min(picture.width, picture.height) == wide.height
    assert picture.width / picture.height == pytest.approx(aspect, rel=0.002)
    assert picture.fps == wide.fps
