"""The lock of a queue: one owner, whoever asks, and another when he has let go."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.render.queue.owner_lock import IN_USE, OwnerLock


def test_a_second_owner_is_refused_in_one_sentence(tmp_path):
    lock = OwnerLock(tmp_path / "queue.lock")
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            OwnerLock(tmp_path / "queue.lock")
        assert caught.value.message.code == IN_USE
        assert f"in {tmp_path} is in use" in str(caught.value)
    lock.release()


def test_who_lets_go_twice_does_not_take_it_from_the_next(tmp_path):
    first = OwnerLock(tmp_path / "queue.lock")
    first.release()
    second = OwnerLock(tmp_path / "queue.lock")
    first.release()
    with pytest.raises(InputError):
        OwnerLock(tmp_path / "queue.lock")
    second.release()
    assert os.listdir(tmp_path) == ["queue.lock"]


def test_a_file_that_cannot_be_locked_is_one_sentence(tmp_path):
    with pytest.raises(OutputError, match=r"queue\.lock cannot be locked: "):
        OwnerLock(tmp_path / "nowhere" / "queue.lock")
