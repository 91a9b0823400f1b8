"""The queue's owner: what is drawn next, and what the disk, the files and a close make of it."""

from __future__ import annotations

import errno
from concurrent.futures import Future

import pytest

from backprop_studio.core.base.errors import OutputError, WorkInterruptedError
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.queue import operations
from backprop_studio.render.queue.messages import Advanced, Changed, Requested
from backprop_studio.render.queue.owner import QueueOwner
from backprop_studio.render.queue.space import RAN_FULL, Space
from backprop_studio.render.queue.store import QueueStore
from backprop_studio.render.workers.closing import CloseRequested
from tests.render.queue.scripted_queue import Clients, Disk, ScriptedCache, refused_by_disk


class Owned:
    """An owner on this thread: it takes all that is in its inbox, and closes."""

    def __init__(self, folder):
        self.store = QueueStore(folder)
        self.clients, self.events, self.asked = Clients(), [], []
        self.disk, self.cache = Disk(), ScriptedCache()
        space = Space(usage=self.disk)
        self.owner = QueueOwner(self.store, self.events.append, self.clients, self.cache, space)

    def ask(self, act):
        """Ask for something when everything is done that came of what was asked before."""
        answer = Future()
        self.asked.append(Requested(act, answer))
        return answer

    def _go_on(self):
        if self.asked:
            self.owner.inbox.put(self.asked.pop(0))
            self.owner.inbox.put(Requested(self._go_on, Future()))
        else:
            self.owner.inbox.put(CloseRequested())

    def run(self):
        self.owner.inbox.put(Requested(self._go_on, Future()))
        self.owner.run()
        return [entry.state for entry in self.owner.state.entries]

    def states(self):
        """Return each of the queues that were reported, as states."""
        return [
            [entry.state for entry in event.state.entries]
            for event in self.events
            if isinstance(event, Changed)
        ]


@pytest.fixture
def owned(bench, tmp_path):
    owned = Owned(tmp_path / "owned")
    owned.add = lambda name, **more: owned.ask(lambda: owned.owner.add(bench.job(name, **more)))
    yield owned
    owned.store.close()


def test_what_runs_when_the_queue_is_closed_is_interrupted(owned):
    added = [owned.add("a.mp4"), owned.add("b.mp4")]
    assert owned.run() == ["interrupted", "waiting"]
    assert [it.result().id for it in added] == [it.id for it in owned.owner.state.entries]
    assert owned.states() == [
        ["waiting"], ["running"], ["running", "waiting"], ["interrupted", "waiting"],
    ]  # fmt: skip
    assert owned.owner.state.is_paused
    assert owned.clients[0].is_closed


def test_a_fault_of_a_request_is_its_answer_and_the_next_is_answered(owned):
    fault, fine = owned.ask(lambda: 1 / 0), owned.ask(lambda: 3)
    assert owned.run() == []
    assert isinstance(fault.exception(), ZeroDivisionError)
    assert fine.result() == 3


def test_a_request_that_was_taken_back_is_not_carried_out(owned):
    answer = owned.ask(pytest.fail)
    assert answer.cancel()
    assert owned.run() == []


def test_events_behind_the_close_are_taken_and_requests_are_not(owned):
    owned.add("a.mp4")
    late = Future()

    def close():
        owned.owner.inbox.put(CloseRequested())
        owned.owner.inbox.put(Requested(pytest.fail, late))

    owned.ask(close)
    assert owned.run() == ["interrupted"]
    assert isinstance(late.exception(), WorkInterruptedError)


def test_progress_belongs_to_the_entry_that_is_drawn(owned):
    owned.add("a.mp4")
    owned.ask(lambda: owned.clients[0].tell(Progress, phase="draw", fraction=0.25))
    stranger = Progress(job_id="stranger", phase="draw", fraction=0.5)
    owned.ask(lambda: owned.owner.inbox.put(stranger))
    owned.run()
    told = [it for it in owned.events if isinstance(it, Advanced)]
    assert [(it.entry_id, it.progress.fraction) for it in told] == [
        (owned.owner.state.entries[0].id, 0.25)
    ]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES])
def test_a_disk_that_runs_full_pauses_the_entry_and_the_queue(owned, code):
    owned.add("a.mp4")
    owned.add("b.mp4")
    owned.ask(lambda: owned.clients[0].fail(refused_by_disk("/x", code), error="output"))
    if code == errno.EACCES:
        assert owned.run() == ["failed", "interrupted"]
        return
    assert owned.run() == ["paused", "waiting"]
    first, _ = owned.owner.state.entries
    assert first.message.code == owned.owner.state.reason.code == RAN_FULL


def test_only_what_was_drawn_is_given_to_the_cache(owned):
    owned.add("a.mp4")
    owned.ask(lambda: owned.clients[0].end(Done))
    owned.add("b.mp4")
    assert owned.run() == ["done", "interrupted"]
    assert [job.output[-5:] for job, _, _ in owned.cache.kept] == ["a.mp4"]


def test_copies_go_with_the_entries_that_are_forgotten(owned, tmp_path):
    (tmp_path / "a.csv").write_text("1")
    params = {"file": str(tmp_path / "a.csv")}
    added = [owned.add(name, params=params) for name in ("a.mp4", "b.mp4", "c.mp4")]
    owned.ask(lambda: owned.owner.change(operations.removed, added[1].result().id))
    owned.ask(lambda: owned.clients[0].end(Done))
    owned.ask(lambda: owned.owner.change(operations.cleared))
    assert owned.run() == ["interrupted"]
    left = {it.name for it in (tmp_path / "owned" / "inputs").iterdir()}
    assert left == {added[2].result().id}


@pytest.mark.parametrize("ends", [True, False])
def test_a_file_that_has_changed_is_told_of_a_video_that_was_made(owned, tmp_path, ends):
    table = tmp_path / "a.csv"
    table.write_text("1")
    owned.add("a.mp4", params={"file": str(table)})
    owned.ask(lambda: table.write_text("2"))
    if ends:
        owned.ask(lambda: owned.clients[0].end(Done))
    owned.run()
    code = owned.owner.state.entries[0].message.code
    assert code == ("queue.changed_inputs" if ends else "queue.interrupted")


def refuse(_state):
    raise OutputError("full", "the disk is full")


def test_an_end_that_cannot_be_written_down_pauses_the_queue(owned, monkeypatch):
    owned.add("a.mp4")
    owned.add("b.mp4")
    owned.ask(lambda: monkeypatch.setattr(owned.store, "save", refuse))
    owned.ask(lambda: owned.clients[0].end(Done))
    answer = owned.ask(lambda: owned.owner.resume(whatever_space=False))
    assert owned.run() == ["done", "waiting"]
    assert owned.owner.state.is_paused
    assert owned.owner.state.reason.code == "queue.paused_by"
    assert isinstance(answer.exception(), OutputError)


def test_nothing_begins_that_cannot_be_written_down(owned, monkeypatch):
    def save(state):
        if "running" in [entry.state for entry in state.entries]:
            refuse(state)
        original(state)

    original = owned.store.save
    monkeypatch.setattr(owned.store, "save", save)
    owned.add("a.mp4")
    assert owned.run() == ["waiting"]
    assert owned.owner.state.reason.code == "queue.paused_by"
    assert owned.clients == []


def test_an_entry_that_is_refused_leaves_no_copies(owned, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("1")
    monkeypatch.setattr(owned.store, "save", refuse)
    answer = owned.add("a.mp4", params={"file": str(tmp_path / "a.csv")})
    assert owned.run() == []
    assert isinstance(answer.exception(), OutputError)
    assert list((tmp_path / "owned" / "inputs").iterdir()) == []
