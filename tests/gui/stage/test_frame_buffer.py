"""The pictures that have arrived: which frame looks like what, and how many are kept."""

from __future__ import annotations

from backprop_studio.gui.stage.frame_buffer import FrameBuffer


def test_every_frame_has_the_picture_that_stands_for_it():
    buffer = FrameBuffer(first=10)
    assert not buffer.has(10)
    for number, repeat, data in ((10, 1, b"a"), (11, 30, b"b"), (41, 2, b"c")):
        buffer.append(number, repeat, data, shown=10)
    assert (buffer.first, buffer.end) == (10, 43)
    assert [buffer.data_of(frame) for frame in (10, 11, 40, 41, 42)] == [
        b"a",
        b"b",
        b"b",
        b"c",
        b"c",
    ]
    assert [buffer.begin_of(frame) for frame in (10, 25, 42)] == [10, 11, 41]
    assert [buffer.has(frame) for frame in (9, 10, 42, 43)] == [False, True, True, False]


def test_the_oldest_are_given_up_but_nothing_from_the_stage_on():
    buffer = FrameBuffer(most_bytes=10)
    for number in range(6):
        buffer.append(2 * number, 2, b"xxxx", shown=5)
    # Frame 5 is on the stage, and its picture stands for 4 as well.
    assert (buffer.first, buffer.end) == (4, 12)
    buffer.append(12, 2, b"xxxx", shown=12)
    assert (buffer.first, buffer.end) == (10, 14)
    assert buffer.data_of(10) == b"xxxx"
