from __future__ import annotations

import pytest

from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.model import ACTIVE, STATES, Entry, QueueState, read_state
from backprop_studio.render.queue.operations import INTERRUPTED, RESTORED, paused, restored

REASON = Message.of("paused", "因为 {numbers}", numbers=(1, 2.5, True, None, Message.plain("a")))


def queue_of(*states, **more):
    entries = tuple(
        Entry(
            id=f"{number:032x}",
            job=VideoJob(id="given", scene="any", output=f"/nowhere/{number}.mp4"),
            state=state,
        )
        for number, state in enumerate(states)
    )
    return QueueState(entries=entries, **more)


@pytest.mark.parametrize("state", STATES)
def test_nothing_begins_by_itself_in_a_restored_queue(state):
    found = restored(queue_of("done", state))
    is_open = state in ACTIVE or state == "interrupted"
    assert (found.is_paused, found.reason) == ((True, RESTORED) if is_open else (False, None))


def test_what_was_being_drawn_is_interrupted():
    found = restored(queue_of("done", "running", "waiting"))
    assert [entry.state for entry in found.entries] == ["done", "interrupted", "waiting"]
    assert [entry.message for entry in found.entries] == [None, INTERRUPTED, None]


@pytest.mark.parametrize("state", ["running", "waiting", "done"])
def test_a_queue_that_was_paused_keeps_its_reason(state):
    found = restored(paused(queue_of(state), REASON))
    assert (found.is_paused, found.reason) == (True, REASON)


@pytest.mark.parametrize("state", STATES)
def test_restoring_twice_is_restoring_once(state):
    once = restored(queue_of(state, "waiting"))
    assert restored(once) == once


@pytest.mark.parametrize("state", STATES)
def test_a_queue_is_the_same_when_it_is_read_again(state):
    written = queue_of(state, "waiting", is_paused=True, reason=REASON)
    assert read_state(written.model_dump_json().encode(), "queue.json") == written


def test_the_next_entry_is_the_first_that_waits():
    assert queue_of("done", "paused", "waiting", "waiting").next.id == f"{2:032x}"
    assert queue_of("done", "paused").next is None
