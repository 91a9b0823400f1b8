"""Many jobs on several workers: every one once, in order, or the first error; and kept warm."""

from __future__ import annotations

import os
import threading
from types import SimpleNamespace

import psutil
import pytest

from backprop_studio.core.base.errors import StudioError, TimeLimitError, WorkInterruptedError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.jobs import StillJob
from backprop_studio.render.workers.batch import Task
from backprop_studio.render.workers.client import Limits
from backprop_studio.render.workers.local_pool import Arrivals, LocalPool, WarmWorkers


def tasks(*acts, name="job"):
    found = []
    for number, act in enumerate(acts, start=1):
        job = StillJob(id=f"{name}-{number}", scene="any", params={"act": act})
        found.append(Task(job, Message.plain(f"part {number}")))
    return found


def nothing(_task, _event):
    pass


def pids(done):
    return {it.result["pid"] for it in done}


@pytest.mark.parametrize("workers", [1, 5])
def test_every_job_ends_and_results_are_in_order(fake_command, workers):
    heard = []
    done = LocalPool(fake_command).run(
        tasks(*["ok"] * 4),
        lambda task, event: heard.append((task.label.words(), event)),
        workers=workers,
    )
    assert [it.job_id for it in done] == [f"job-{k}" for k in range(1, 5)]
    assert len(pids(done)) <= min(workers, 4)
    ends = [label for label, event in heard if isinstance(event, Done)]
    assert sorted(ends) == [f"part {k}" for k in range(1, 5)]
    assert all(isinstance(event, Done | Progress) for _, event in heard)


def test_the_first_failure_names_its_job_and_ends_the_rest(fake_command, wait_until_dead):
    found = []

    def note(_task, event):
        if isinstance(event, Done):
            found.append(event.result["pid"])

    with pytest.raises(StudioError, match=r"^part 2: "):
        LocalPool(fake_command).run(tasks("ok", "crash", "ok", "ok"), note, workers=1)
    assert len(found) == 1
    wait_until_dead(found[0])


def test_a_place_for_each_core_if_there_is_memory(monkeypatch):
    def available(size):
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=size))

    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    available(64 * 1024**3)
    assert [LocalPool().capacity(wanted) for wanted in (None, 3, 12)] == [8, 3, 12]
    available(3 * 1024**3)
    assert LocalPool().capacity(None) == 4
    available(0)
    assert LocalPool().capacity(None) == 1
    assert LocalPool(("/nowhere",)).run([], nothing) == []


def test_workers_are_warm_after_a_run_a_failure_and_a_rest(fake_command, wait_until_dead):
    with WarmWorkers(fake_command) as workers:
        first = pids(workers.run(tasks("ok", "ok"), nothing, workers=2))
        assert len(first) == 2
        with pytest.raises(StudioError, match="part 2: "):
            workers.run(tasks("obey", "crash", name="bad"), nothing, workers=2)
        more = pids(workers.run(tasks("ok", "ok", name="more"), nothing, workers=2))
        assert len(first & more) == 1  # the other one has crashed
        workers.rest()
        (kept,) = pids(workers.run(tasks("ok", name="last"), nothing, workers=1))
        (gone,) = more - {kept}
        wait_until_dead(gone)
    wait_until_dead(kept)


def test_a_run_is_ended_from_another_thread(fake_command):
    def stop(_task, _event):
        # Twice, as somebody does who is in a hurry.
        for _ in range(2):
            error = WorkInterruptedError("enough")
            threading.Thread(target=workers.arrivals.put, args=(error,), daemon=True).start()

    with WarmWorkers(fake_command) as workers:
        with pytest.raises(WorkInterruptedError, match="enough"):
            workers.run(tasks("obey", "obey"), stop, workers=2)
        workers.arrivals = Arrivals()
        assert len(workers.run(tasks("ok", name="more"), nothing)) == 1


def test_its_limits_are_kept(fake_command):
    machine = LocalPool(fake_command, Limits(stall=0.2))
    with pytest.raises(TimeLimitError, match=r"part 1: .*no sign of life for 0\.2 seconds"):
        machine.run(tasks("hang"), nothing)
