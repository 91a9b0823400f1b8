"""The rooms of the stage: the picture has most of every frame, and nothing overlaps."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.paint.style import frame_size
from backprop_studio.scenes.stage.rooms import Rooms, rooms_for


@pytest.mark.parametrize("pixels", [(1280, 720), (960, 720), (720, 1280), (854, 480)])
@pytest.mark.parametrize("captions", [True, False])
def test_the_picture_has_most_of_the_frame(pixels, captions):
    width, height = frame_size(*pixels)
    rooms = rooms_for(width, height, captions=captions)
    for room in (rooms.picture, rooms.whole):
        wide, high = Rooms.size(room)
        assert wide * high >= 0.6 * width * height
    assert rooms.board[3] <= rooms.picture[1]
    assert rooms.board[1] >= -height / 2 + (1.1 if captions else 0.2)
    assert rooms.picture[3] <= height / 2 - 0.7


def test_without_sentences_their_room_is_the_pictures():
    size = frame_size(1280, 720)
    with_them, without = rooms_for(*size), rooms_for(*size, captions=False)
    assert Rooms.size(without.picture)[1] > Rooms.size(with_them.picture)[1] + 0.8
