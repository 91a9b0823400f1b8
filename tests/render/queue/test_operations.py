from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.queue.model import ACTIVE, STATE_WORDS, Entry, QueueState
from backprop_studio.render.queue.operations import (
    INTERRUPTED,
    RESTORED,
    added,
    cancelled,
    cleared,
    interrupted,
    moved,
    paused,
    relocated,
    removed,
    replaced,
    restored,
    resumed,
    retried,
)

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


@pytest.mark.parametrize("state", STATE_WORDS)
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


def told(queue, position):
    """Return a queue of which much was said of an entry."""
    result = VideoResult(path="/a", width=16, height=16, fps=1, frames=1, duration=1, beats=())
    said = {"message": REASON, "details": "late", "result": result}
    return replaced(queue, queue.entries[position].model_copy(update=said))


def states(queue):
    return [entry.state for entry in queue.entries]


def number(queue):
    return [int(entry.id, 16) for entry in queue.entries]


def id_of(position):
    return f"{position:032x}"


def test_an_entry_is_added_at_the_end_unless_its_output_is_taken():
    queue = queue_of("waiting", "done")
    new = queue_of("done", "done", "waiting").entries[2]
    assert added(queue, new).entries == (*queue.entries, new)
    again = new.model_copy(update={"job": queue.entries[1].job})
    assert len(added(queue, again).entries) == 3
    taken = new.model_copy(update={"job": queue.entries[0].job})
    with pytest.raises(InputError, match="is going to"):
        added(queue, taken)


@pytest.mark.parametrize(
    ("position", "order"),
    [(0, [1, 0, 2]), (1, [0, 1, 2]), (2, [0, 2, 1]), (99, [0, 2, 1]), (-1, [1, 0, 2])],
)
def test_an_entry_is_moved_to_a_position(position, order):
    assert number(moved(queue_of("done", "waiting", "waiting"), id_of(1), position)) == order


def test_a_pause_keeps_the_entries_and_a_resume_lets_the_paused_wait():
    queue = queue_of("paused", "done", "running", "failed")
    stopped = paused(queue, REASON)
    assert (stopped.is_paused, stopped.reason, states(stopped)) == (True, REASON, states(queue))
    assert paused(stopped).reason is None
    on = resumed(told(stopped, 0))
    assert (on.is_paused, on.reason) == (False, None)
    assert states(on) == ["waiting", "done", "running", "failed"]
    assert on.entries[0].message is None


@pytest.mark.parametrize("state", STATE_WORDS)
def test_only_what_came_to_nothing_is_tried_again(state):
    queue = told(queue_of("waiting", state, "waiting"), 1)
    if state in {"failed", "cancelled", "interrupted"}:
        again = retried(queue, id_of(1))
        assert again == queue_of("waiting", "waiting", "waiting")
    else:
        with pytest.raises(InputError, match=f"this video is {state}".capitalize()):
            retried(queue, id_of(1))


def test_nothing_is_tried_again_whose_output_another_has():
    queue = queue_of("failed")
    queue = added(queue, queue.entries[0].model_copy(update={"id": id_of(7), "state": "waiting"}))
    with pytest.raises(InputError, match="is going to"):
        retried(queue, id_of(0))


@pytest.mark.parametrize("state", STATE_WORDS)
def test_only_what_has_not_begun_is_taken_back(state):
    queue = queue_of("waiting", state)
    if state in {"waiting", "paused"}:
        assert cancelled(queue, id_of(1)) == queue_of("waiting", "cancelled")
    else:
        with pytest.raises(InputError, match=f"this video is {state}".capitalize()):
            cancelled(queue, id_of(1))


@pytest.mark.parametrize("state", STATE_WORDS)
def test_only_what_is_drawn_cannot_be_removed(state):
    queue = queue_of("waiting", state, "done")
    if state == "running":
        with pytest.raises(InputError, match="cancel it before"):
            removed(queue, id_of(1))
    else:
        assert number(removed(queue, id_of(1))) == [0, 2]


def test_what_is_done_or_cancelled_is_cleared():
    assert states(cleared(queue_of(*STATE_WORDS))) == [
        state for state in STATE_WORDS if state not in {"done", "cancelled"}
    ]


def test_an_entry_that_begins_or_ends_forgets_what_was_said_of_it_before():
    entry = told(queue_of("waiting", "failed"), 1).entries[1]
    assert entry.put("done") == queue_of("waiting", "done").entries[1]
    assert entry.put("running", message=REASON).message == REASON
    assert interrupted(told(queue_of("waiting", "running"), 1), id_of(1)).entries[1].details == ""


def test_an_interrupted_queue_is_paused_and_keeps_an_earlier_reason():
    found = interrupted(queue_of("running", "waiting"), id_of(0))
    assert states(found) == ["interrupted", "waiting"]
    assert (found.is_paused, found.reason) == (True, RESTORED)
    assert found.entries[0].message == INTERRUPTED
    found = interrupted(paused(queue_of("running"), REASON), id_of(0))
    assert (found.is_paused, found.reason) == (True, REASON)


def test_entries_follow_their_files_but_what_is_drawn_goes_where_it_was_going():
    state = queue_of("running", "done", "interrupted", "waiting")
    result = VideoResult(
        path="/nowhere/1.mp4", width=16, height=16, fps=1, frames=1, duration=1.0, beats=()
    )
    state = replaced(state, state.entries[1].put("done", result=result))
    paths = {f"/nowhere/{number}.mp4": f"/videos/{number}-2.mp4" for number in range(3)}
    running, done, interrupted_, waiting = relocated(state, paths).entries
    assert running == state.entries[0]
    assert done.job.output == done.result.path == "/videos/1-2.mp4"
    assert interrupted_.job.output == "/videos/2-2.mp4"
    assert waiting == state.entries[3]
