"""What a queue may hold, and what is refused when it is read again."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.jobs import LectureJob, VideoJob
from backprop_studio.render.messages.results import LectureResult
from backprop_studio.render.queue.model import (
    ACTIVE,
    FORMAT,
    STATE_WORDS,
    Entry,
    QueueState,
    read_state,
)

JOB = VideoJob(id="given", scene="any", output="/nowhere/a.mp4")


def entry(number=0, **more):
    return Entry(id=f"{number:032x}", job=JOB, **more)


def written(**more):
    return json.dumps({"format": FORMAT, "entries": [], **more}).encode()


def test_an_empty_queue_waits_for_nothing():
    state = QueueState()
    assert (state.format, state.is_paused, state.reason, state.entries) == (FORMAT, False, None, ())
    assert state.next is None
    assert read_state(b'{"format": 2}', "queue.json") == state


@pytest.mark.parametrize("state", STATE_WORDS)
def test_what_is_still_to_be_drawn_is_active(state):
    assert entry(state=state).is_active is (state in {"waiting", "running", "paused"})
    assert entry(state=state).is_active is (state in ACTIVE)
    assert STATE_WORDS[state].words() == state


def test_an_entry_is_found_by_its_id():
    state = QueueState(entries=(entry(1), entry(2), entry(3)))
    assert state.entry(f"{2:032x}") is state.entries[1]
    with pytest.raises(InputError, match="no longer in the queue"):
        state.entry(f"{4:032x}")


def test_the_next_entry_waits_and_is_the_first_that_does():
    state = QueueState(entries=(entry(1, state="running"), entry(2), entry(3)))
    assert state.next is state.entries[1]


@pytest.mark.parametrize("entry_id", ["", "0" * 31, "0" * 33, "G" * 32, "../" + "0" * 29])
def test_an_id_cannot_lead_elsewhere(entry_id):
    with pytest.raises(ValidationError):
        Entry(id=entry_id, job=JOB)


def test_no_id_is_there_twice_and_one_entry_runs_at_most():
    with pytest.raises(ValidationError, match="the same id"):
        QueueState(entries=(entry(1), entry(2), entry(1)))
    with pytest.raises(ValidationError, match="more than one"):
        QueueState(entries=(entry(1, state="running"), entry(2, state="running")))
    QueueState(entries=(entry(1, state="running"), entry(2, state="waiting")))


def test_only_a_queue_with_lectures_needs_a_program_that_knows_them():
    job = LectureJob(id="b", lecture="/a.toml", output="/out", kit=("video",))
    result = LectureResult(folder="/out", files=("/out/a.en.mp4",), lessons=2, kept=1)
    lecture = Entry(id="1" * 32, job=job, state="done", result=result)
    for entries, number in (((entry(),), 2), ((entry(), lecture), 3), ((lecture,), 3)):
        data = QueueState(entries=entries).model_dump_json().encode()
        assert json.loads(data)["format"] == number
        assert read_state(data, "queue.json") == QueueState(entries=entries)


@pytest.mark.parametrize("newer", [4, 99])
def test_a_newer_file_is_told_from_a_damaged_one(newer):
    with pytest.raises(InputError, match=r"queue\.json was written by a newer version"):
        read_state(written(format=newer, colour="blue"), "queue.json")


@pytest.mark.parametrize(
    "damage",
    [{"format": 0}, {"format": -1}, {"format": True}, {"format": "2"}, {"format": 2.5},
     {"colour": 3}, {"is_paused": 1}, {"is_paused": "yes"}, {"reason": 3}, {"entries": [{}]}],
)  # fmt: skip
def test_a_damaged_file_is_no_queue(damage):
    with pytest.raises(ValueError, match=r"."):
        read_state(written(**damage), "queue.json")


@pytest.mark.parametrize(
    ("told", "found"), [("", None), (None, None), ("No room.", Message.plain("No room."))]
)
def test_messages_of_the_first_version_were_texts(told, found):
    state = read_state(written(format=1, reason=told), "queue.json")
    assert (state.format, state.reason) == (FORMAT, found)


def test_numbers_that_are_none_are_read_as_they_were_written():
    job = JOB.model_copy(update={"params": {"rate": float("inf"), "low": float("-inf")}})
    state = QueueState(entries=(Entry(id="0" * 32, job=job),))
    assert read_state(state.model_dump_json().encode(), "queue.json") == state
