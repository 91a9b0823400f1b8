"""Any row of requests, ends, kills and full disks, against a list of what each entry should be."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path

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
from tests.render.queue.scripted_queue import Bench, refused_by_disk

PATIENCE = 60.0
FULL = refused_by_disk("/x", errno.ENOSPC)


class QueueMachine(RuleBasedStateMachine):
    entries = Bundle("entries")

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="queue-machine-"))
        self.bench = Bench(self.home)
        self.bench.open()
        self.model = []
        """Pairs of an entry's id and its state, in their order."""
        self.is_paused = False
        self.stopped_for = ""
        self.copies = 0

    def teardown(self):
        self.bench.queue.close()
        shutil.rmtree(self.home)

    # What should be

    def state_of(self, entry):
        return dict(self.model).get(entry)

    def put(self, entry, state):
        self.model = [(it, state if it == entry else old) for it, old in self.model]

    @property
    def running(self):
        return next((it for it, state in self.model if state == "running"), None)

    def advance(self):
        """What the queue does by itself after each change."""
        waiting = [it for it, state in self.model if state == "waiting"]
        if self.running or self.is_paused or not waiting:
            return
        if self.bench.disk.free:
            self.put(waiting[0], "running")
            self.stopped_for = ""
        else:
            self.put(waiting[0], "paused")
            self.is_paused = True

    def ask(self, future, is_allowed):
        error = future.exception(PATIENCE)
        self.bench.settle()
        assert (error is None) == is_allowed, error
        assert error is None or isinstance(error, InputError)

    # Requests

    @rule(target=entries, name=st.sampled_from("aAbcd"))
    def add(self, name):
        outputs = {
            entry.job.output.lower()
            for entry in self.bench.queue.state.entries
            if self.state_of(entry.id) in ACTIVE
        }
        job = self.bench.job(f"{name}.mp4")
        future = self.bench.queue.add(job)
        self.ask(future, job.output.lower() not in outputs)
        if future.exception():
            return "f" * 32
        self.model.append((future.result().id, "waiting"))
        self.advance()
        return future.result().id

    @rule(entry=entries, place=st.integers(0, 6))
    def move(self, entry, place):
        found = self.state_of(entry)
        self.ask(self.bench.queue.move(entry, place), found is not None)
        if found:
            self.model.remove((entry, found))
            self.model.insert(place, (entry, found))

    @rule(at_once=st.booleans())
    def pause(self, at_once):
        self.ask(self.bench.queue.pause(at_once=at_once), True)
        self.is_paused = True
        if at_once and self.running and self.stopped_for != "cancel":
            self.stopped_for = "pause"

    @rule()
    def resume(self):
        self.ask(self.bench.queue.resume(), True)
        self.is_paused = False
        self.model = [(it, "waiting" if old == "paused" else old) for it, old in self.model]
        self.advance()

    @rule(entry=entries)
    def retry(self, entry):
        jobs = {it.id: it.job.output.lower() for it in self.bench.queue.state.entries}
        rivals = [it for it, state in self.model if state in ACTIVE and jobs[it] == jobs.get(entry)]
        is_over = self.state_of(entry) in ("failed", "cancelled", "interrupted")
        self.ask(self.bench.queue.retry(entry), is_over and not rivals)
        if is_over and not rivals:
            self.put(entry, "waiting")
            self.advance()

    @rule(entry=entries)
    def cancel(self, entry):
        found = self.state_of(entry)
        self.ask(self.bench.queue.cancel(entry), found in ACTIVE)
        if found == "running":
            self.stopped_for = "cancel"
        elif found in ACTIVE:
            self.put(entry, "cancelled")

    @rule(entry=consumes(entries))
    def remove(self, entry):
        found = self.state_of(entry)
        self.ask(self.bench.queue.remove(entry), found not in (None, "running"))
        if found != "running":
            self.model = [(it, state) for it, state in self.model if it != entry]

    @rule()
    def clear_finished(self):
        self.ask(self.bench.queue.clear_finished(), True)
        self.model = [(it, old) for it, old in self.model if old not in ("done", "cancelled")]

    # What happens

    @rule(is_full=st.booleans())
    def fill_or_free_the_disk(self, is_full):
        self.bench.disk.free = 0 if is_full else 10**15

    @precondition(lambda self: self.running)
    @rule()
    def finish(self):
        self.end("done", lambda: self.bench.end(Done))

    @precondition(lambda self: self.running)
    @rule()
    def fail(self):
        is_cancelled = self.stopped_for == "cancel"
        self.end("cancelled" if is_cancelled else "failed", lambda: self.bench.fail("No."))

    @precondition(lambda self: self.running)
    @rule()
    def run_out_of_space(self):
        is_cancelled = self.stopped_for == "cancel"
        self.is_paused = self.is_paused or not is_cancelled
        self.end("cancelled" if is_cancelled else "paused", lambda: self.bench.fail(FULL))

    @precondition(lambda self: self.running and self.stopped_for)
    @rule()
    def give_up(self):
        self.end(self.stopped(), lambda: self.bench.end(Cancelled))

    def stopped(self):
        """Return what an entry is when the worker has given it up."""
        ends = {"cancel": "cancelled", "pause": "paused" if self.is_paused else "waiting"}
        return ends.get(self.stopped_for, "interrupted")

    def end(self, state, happen):
        happen()
        self.put(self.running, state)
        self.advance()

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
            self.put(self.running, "interrupted" if is_killed else self.stopped())
        is_open = any(state in ACTIVE or state == "interrupted" for _, state in self.model)
        self.is_paused = self.is_paused or is_open

    # What is always so

    @invariant()
    def all_is_as_it_should_be(self):
        state = self.bench.queue.state
        assert [(entry.id, entry.state) for entry in state.entries] == self.model
        assert state.is_paused == self.is_paused

    @invariant()
    def the_worker_draws_what_is_running_and_nothing_else(self):
        drawn = self.bench.clients[-1].running if self.bench.clients else None
        if self.running:
            assert drawn.output == self.bench.queue.state.entry(self.running).job.output
        else:
            assert drawn is None

    @invariant()
    def the_disk_holds_the_queue(self):
        file = self.bench.folder / "queue.json"
        state = self.bench.queue.state
        if file.exists():
            kept = QueueState.model_validate_json(file.read_bytes())
            # What was found at the start is written with the first change.
            assert state in (kept, restored(kept))
        else:
            assert state == QueueState()


def test_any_row_of_events_leaves_the_queue_as_it_should_be():
    run_state_machine_as_test(
        QueueMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
