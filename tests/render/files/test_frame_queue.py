"""The queue of frames: all of them in order, and an error stops it without blocking anybody."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from backprop_studio.render.files.frame_queue import (
    WAITING,
    WAITING_BESIDE_OTHERS,
    FrameQueue,
    nobody,
)
from backprop_studio.render.messages.frame_format import FrameFormat
from tests.render.files.films import film_threads

PATIENCE = 60.0
UHD_BYTES = 3840 * 2160 * 4


class Noted(FrameQueue):
    """Notes what is asked of it; a text in place of pixels is an error, an event is waited for."""

    passes = 2

    def __init__(self, waiting=4, complete=None, abandon=None):
        super().__init__(FrameFormat(), waiting)
        self.notes = []
        self.begun = threading.Event()
        self._faults = {"complete": complete, "abandon": abandon}
        self._start()

    def note(self, *what):
        self.notes.append(what)
        if fault := self._faults.get(what[0]):
            raise fault

    def _encode(self, pixels, repeat, first):
        self.begun.set()
        if isinstance(pixels, threading.Event):
            assert pixels.wait(PATIENCE)
        if isinstance(pixels, str):
            raise OSError(pixels)
        self.note("frame", pixels, repeat, first, self._given_up())
        self._spare.append(pixels)

    def _complete(self, on_frame):
        on_frame(3)
        self.note("complete")

    def _abandon(self):
        self.note("abandon")


def write_on_and_on(film):
    while True:
        film.write(0)


@pytest.mark.parametrize("waiting", [1, 4])
def test_frames_are_encoded_in_order_with_the_numbers_they_have(waiting):
    film, told = Noted(waiting), []
    for pixels, repeat in ((10, 3), (11, 1), (12, 5)):
        film.write(pixels, repeat)
    film.write(13)
    assert film.frames == 10
    film.finish(told.append)
    assert film.notes == [
        ("frame", 10, 3, 0, False),
        ("frame", 11, 1, 3, False),
        ("frame", 12, 5, 4, False),
        ("frame", 13, 1, 9, False),
        ("complete",),
    ]
    assert [frame for frame in told if frame] == [3]
    assert film.encoded == 10
    assert not film_threads()


def test_the_memory_of_encoded_frames_is_given_back_the_oldest_first():
    film = Noted(waiting=2)
    assert film.spare() is None
    for pixels in (1, 2, 3):
        film.write(pixels)
    film.finish(nobody)
    assert [film.spare() for _ in range(3)] == [2, 3, None]


def test_after_an_error_nothing_more_is_encoded_and_the_file_is_let_go():
    film, gate = Noted(), threading.Event()
    film.write(gate)  # so that the others wait behind it
    film.write("the disk is full")
    film.write(2)
    gate.set()
    with pytest.raises(OSError, match="the disk is full"):
        film.finish()
    assert film.notes == [("frame", gate, 1, 0, False), ("abandon",)]
    with pytest.raises(OSError, match="the disk is full"):
        film.write(3)
    assert film.frames == 3
    assert not film_threads()


def test_nobody_who_is_writing_waits_forever_after_an_error():
    film, gate = Noted(waiting=1), threading.Event()
    film.write(gate)
    assert film.begun.wait(PATIENCE)
    film.write("the disk is full")

    def write():
        with suppress(OSError):
            write_on_and_on(film)

    writers = [threading.Thread(target=write, daemon=True) for _ in range(6)]
    for writer in writers:
        writer.start()
    gate.set()
    for writer in writers:
        writer.join(PATIENCE)
    assert not any(writer.is_alive() for writer in writers)
    with pytest.raises(OSError, match="the disk is full"):
        film.finish()


def test_a_file_that_cannot_be_finished_is_let_go():
    film = Noted(complete=OSError("no room for the end"))
    film.write(1)
    with pytest.raises(OSError, match="no room for the end"):
        film.finish()
    assert [note[0] for note in film.notes] == ["frame", "complete", "abandon"]
    film.abort()  # which does not hide the error
    with pytest.raises(OSError, match="no room for the end"):
        film.write(2)


def test_a_film_that_is_given_up_is_not_finished():
    film, gate = Noted(abandon=OSError("cannot even be closed")), threading.Event()
    film.write(gate)
    film.write(2)
    assert film.begun.wait(PATIENCE)
    ending = threading.Thread(target=film.abort)
    ending.start()
    with pytest.raises(RuntimeError, match="the film was given up"):
        write_on_and_on(film)  # until the other thread has told
    gate.set()
    ending.join(PATIENCE)
    assert [note[0] for note in film.notes] == ["frame", "abandon"]
    assert film.notes[0][-1] is True, "a long pause would have been written on"
    assert not film_threads()


def test_a_film_that_nobody_ends_does_not_keep_the_program():
    film = Noted()
    assert [it.daemon for it in film_threads()] == [True]
    film.abort()


def test_frames_that_wait_take_what_is_said_of_their_memory():
    assert WAITING * UHD_BYTES // 10**6 == 265
    assert WAITING_BESIDE_OTHERS * UHD_BYTES // 10**6 == 66
    assert FrameQueue.passes == 1
