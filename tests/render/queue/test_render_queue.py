"""The queue as its users see it: any row of events, against a list of what should be."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.messages.events import Cancelled, Done
from backprop_studio.render.queue.model import ACTIVE, QueueState
from backprop_studio.render.queue.operations import restored
from backprop_studio.render.queue.owner import FAULT
from backprop_studio.render.queue.render_queue import RenderQueue
from backprop_studio.render.queue.space import TOO_LITTLE
from tests.render.queue.scripted_queue import PATIENCE, Bench, refused_by_disk

FULL = refused_by_disk("/x", errno.ENOSPC)
OVER = ("failed", "cancelled", "interrupted")


class QueueMachine(RuleBasedStateMachine):
    entries = Bundle("entries")

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="queue-machine-"))
        self.bench = Bench(self.home)
        self.bench.open()
        self.states = {}
        """Of each entry, in their order."""
        self.outputs = {}
        self.is_paused = False
        self.stopped_for = ""
        self.copies = 0

    def teardown(self):
        self.bench.queue.close()
        shutil.rmtree(self.home)

    # What should be

    @property
    def running(self):
        return next((it for it, state in self.states.items() if state == "running"), None)

    def is_taken(self, output):
        active = [it for it, state in self.states.items() if state in ACTIVE]
        return output in [self.outputs[it] for it in active]

    def advance(self):
        """What the queue does by itself after each change."""
        waiting = [it for it, state in self.states.items() if state == "waiting"]
        if self.running or self.is_paused or not waiting:
            return
        if self.bench.disk.free:
            self.states[waiting[0]] = "running"
            self.stopped_for = ""
        else:
            self.states[waiting[0]] = "paused"
            self.is_paused = True

    def ask(self, future, is_allowed=True):
        error = future.exception(PATIENCE)
        self.bench.settle()
        assert (error is None) == is_allowed, error
        assert error is None or isinstance(error, InputError)

    # Requests

    @rule(target=entries, name=st.sampled_from("aAbcd"))
    def add(self, name):
        output = f"{name}.mp4".lower()
        is_taken = self.is_taken(output)
        future = self.bench.queue.add(self.bench.job(f"{name}.mp4"))
        self.ask(future, not is_taken)
        if is_taken:
            return "f" * 32
        entry = future.result().id
        self.states[entry], self.outputs[entry] = "waiting", output
        self.advance()
        return entry

    @rule(entry=entries, place=st.integers(-1, 6))
    def move(self, entry, place):
        self.ask(self.bench.queue.move(entry, place), entry in self.states)
        if entry in self.states:
            others = [it for it in self.states.items() if it[0] != entry]
            others.insert(max(place, 0), (entry, self.states[entry]))
            self.states = dict(others)

    @rule(options=st.sampled_from([{}, {"at_once": True}]))
    def pause(self, options):
        self.ask(self.bench.queue.pause(**options))
        self.is_paused = True
        if options and self.running and self.stopped_for != "cancel":
            self.stopped_for = "pause"

    @rule()
    def resume(self):
        self.ask(self.bench.queue.resume())
        self.is_paused = False
        paused = [it for it, state in self.states.items() if state == "paused"]
        self.states |= dict.fromkeys(paused, "waiting")
        self.advance()

    @rule(entry=entries)
    def retry(self, entry):
        is_over = self.states.get(entry) in OVER
        is_allowed = is_over and not self.is_taken(self.outputs[entry])
        self.ask(self.bench.queue.retry(entry), is_allowed)
        if is_allowed:
            self.states[entry] = "waiting"
            self.advance()

    @rule(entry=entries)
    def cancel(self, entry):
        found = self.states.get(entry)
        self.ask(self.bench.queue.cancel(entry), found in ACTIVE)
        if found == "running":
            self.stopped_for = "cancel"
        elif found in ACTIVE:
            self.states[entry] = "cancelled"

    @rule(entry=consumes(entries))
    def remove(self, entry):
        found = self.states.get(entry)
        self.ask(self.bench.queue.remove(entry), found not in (None, "running"))
        if found != "running":
            self.states.pop(entry, None)

    @rule()
    def clear_finished(self):
        self.ask(self.bench.queue.clear_finished())
        kept = [it for it in self.states.items() if it[1] not in ("done", "cancelled")]
        self.states = dict(kept)

    # What happens

    @rule(is_full=st.booleans())
    def fill_or_free_the_disk(self, is_full):
        self.bench.disk.free = 0 if is_full else 10**15

    @precondition(lambda self: self.running)
    @rule(end=st.sampled_from(["done", "failed", "full", "given up"]))
    def end(self, end):
        is_cancelled = self.stopped_for == "cancel"
        if end == "done":
            self.states[self.running] = "done"
            self.bench.end(Done)
        elif end == "given up":
            if not self.stopped_for:
                return
            self.states[self.running] = self.stopped()
            self.bench.end(Cancelled)
        else:
            is_full = end == "full" and not is_cancelled
            self.is_paused = self.is_paused or is_full
            fallen = "paused" if is_full else "failed"
            self.states[self.running] = "cancelled" if is_cancelled else fallen
            self.bench.fail(FULL if end == "full" else "No.")
        self.advance()

    def stopped(self):
        """Return what an entry is when the worker has given it up."""
        ends = {"cancel": "cancelled", "pause": "paused" if self.is_paused else "waiting"}
        return ends.get(self.stopped_for, "interrupted")

    @rule(is_killed=st.booleans())
    def start_again(self, is_killed):
        if is_killed:  # what lies on the disk now is what a kill would leave
            self.copies += 1
            folder = self.home / f"copy-{self.copies}"
            shutil.copytree(self.bench.folder, folder)
            self.bench.queue.close()
            self.bench.folder = folder
        else:
            self.bench.queue.close()
        self.bench.open()
        if self.running:
            self.states[self.running] = "interrupted" if is_killed else self.stopped()
        is_open = any(it in ACTIVE or it == "interrupted" for it in self.states.values())
        self.is_paused = self.is_paused or is_open

    # What is always so

    @invariant()
    def all_is_as_it_should_be(self):
        state = self.bench.queue.state
        assert [(it.id, it.state) for it in state.entries] == list(self.states.items())
        assert state.is_paused == self.is_paused

    @invariant()
    def the_worker_draws_what_is_running_and_nothing_else_until_it_is_asked_to_stop(self):
        client = self.bench.clients[-1] if self.bench.clients else None
        drawn = [client.running] if client and client.running else []
        running = [it for it in self.bench.queue.state.entries if it.state == "running"]
        assert [it.output for it in drawn] == [it.job.output for it in running]
        for job in drawn:
            assert client.cancelled.count(job.id) == bool(self.stopped_for)

    @invariant()
    def the_disk_holds_the_queue(self):
        file = self.bench.folder / "queue.json"
        kept = QueueState.model_validate_json(file.read_bytes()) if file.exists() else QueueState()
        # What was found at the start is written with the first change.
        assert self.bench.queue.state in (kept, restored(kept))


def test_any_row_of_events_leaves_the_queue_as_it_should_be():
    size = {"max_examples": 12, "stateful_step_count": 25}
    patient = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(QueueMachine, settings=settings(**size, **patient))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"output": "a.mp4"}, "must be an absolute path"),
        ({"output": "/nowhere/at/all/a.mp4"}, "does not exist"),
        ({"params": {"a": object()}}, "cannot be queued"),
    ],
)
def test_a_job_that_could_never_be_drawn_is_refused(bench, changed, words):
    error = bench.queue.add(bench.job(**changed)).exception(PATIENCE)
    assert isinstance(error, InputError)
    assert words in str(error)
    assert bench.queue.state.entries == ()


def test_a_client_that_others_close_interrupts_and_begins_nothing_more(bench):
    """At the interpreter's end the client is closed before the queue."""
    bench.add("a.mp4", "b.mp4")
    bench.client.close()
    bench.settle()
    assert bench.states() == ["interrupted", "waiting"]
    assert bench.queue.state.is_paused


def test_a_request_after_the_close_is_an_error_and_a_second_close_is_none(bench):
    bench.queue.close()
    bench.queue.close()
    with pytest.raises(RuntimeError, match="closed"):
        bench.queue.pause()


def test_a_listener_that_fails_does_not_end_the_queue(bench, caplog):
    bench.listener = lambda _event: 1 / 0
    bench.add("a.mp4", "b.mp4")
    bench.end(Done)
    assert bench.states() == ["done", "running"]
    assert "The handler of Changed failed" in caplog.text


def test_every_change_is_reported_once_and_in_order(bench):
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.end(Done)
    bench.queue.remove(first).result(PATIENCE)
    changes = [" ".join(entry.state for entry in state.entries) for state in bench.changes()]
    assert changes == [
        *("waiting", "running", "running waiting"),
        *("done waiting", "done running", "running"),
    ]


def test_a_pause_lets_the_running_video_finish_which_is_kept_for_later(bench):
    bench.add("a.mp4", "b.mp4")
    bench.queue.pause().result(PATIENCE)
    assert bench.client.cancelled == []
    bench.end(Done)
    assert bench.states() == ["done", "waiting"]
    assert [job.output for job, _, _ in bench.cache.kept] == [bench.client.jobs[0].output]


def test_without_a_look_at_the_disk_one_video_is_drawn(bench):
    bench.disk.free = 0
    bench.add("a.mp4", "b.mp4")
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["paused", "waiting"]
    bench.queue.resume(whatever_space=True).result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running", "waiting"]
    bench.end(Done)
    assert bench.states() == ["done", "paused"]
    assert bench.queue.state.reason.code == TOO_LITTLE


def test_a_fault_in_finding_the_next_pauses_the_queue_and_is_logged(bench, caplog):
    bench.disk.free = "much"  # which is no number
    bench.add("a.mp4")
    assert bench.states() == ["waiting"]
    assert bench.queue.state.reason == FAULT
    assert "ValueError" in caplog.text


def test_without_a_folder_it_is_the_users_own(bench, tmp_path, monkeypatch):
    bench.queue.close()
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name: str(tmp_path / name))
    RenderQueue(bench.listener, client=bench.clients, cache=bench.cache).close()
    assert (tmp_path / "backprop-studio" / "queue" / "queue.lock").is_file()
