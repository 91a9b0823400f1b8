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
    return [
        Task(
            StillJob(id=f"{name}-{number}", scene="any", params={"act": act}),
            Message.plain(f"part {number}"),
        )
        for number, act in enumerate(acts, start=1)
    ]


def nothing(_task, _event):
    pass


def pids(done):
    return {it.result["pid"] for it in done}


@pytest.mark.parametrize("workers", [1, 2, 5])
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


def test_nothing_to_do_starts_nothing():
    assert LocalPool(("/nowhere",)).run([], nothing) == []


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


def test_workers_are_warm_for_the_next_run(fake_command, wait_until_dead):
    with WarmWorkers(fake_command) as workers:
        first = workers.run(tasks("ok", "ok"), nothing, workers=2)
        assert pids(workers.run(tasks("ok", "ok", name="more"), nothing, workers=2)) == pids(first)
        assert len(pids(first)) == 2
    for pid in pids(first):
        wait_until_dead(pid)


def test_after_a_failure_they_serve_on_and_nothing_of_it_is_left(fake_command):
    with WarmWorkers(fake_command) as workers:
        (kept,) = pids(workers.run(tasks("ok"), nothing, workers=1))
        with pytest.raises(StudioError, match="part 2: "):
            workers.run(tasks("obey", "crash", name="bad"), nothing, workers=2)
        done = workers.run(tasks("ok", "ok", name="more"), nothing, workers=2)
        assert kept in pids(done)
        assert len(done) == 2


def test_a_run_is_ended_from_another_thread(fake_command):
    def stop(_task, _event):
        # Twice, as somebody does who is in a hurry.
        for _ in range(2):
            threading.Thread(
                target=workers.arrivals.put, args=(WorkInterruptedError("enough"),), daemon=True
            ).start()

    with WarmWorkers(fake_command) as workers:
        with pytest.raises(WorkInterruptedError, match="enough"):
            workers.run(tasks("obey", "obey"), stop, workers=2)
        workers.arrivals = Arrivals()
        assert len(workers.run(tasks("ok", name="more"), nothing)) == 1


def test_all_but_one_can_be_sent_home(fake_command, wait_until_dead):
    with WarmWorkers(fake_command) as workers:
        before = pids(workers.run(tasks("ok", "ok"), nothing, workers=2))
        workers.rest()
        (kept,) = pids(workers.run(tasks("ok", name="more"), nothing, workers=1))
        (gone,) = before - {kept}
        wait_until_dead(gone)
        assert len(pids(workers.run(tasks("ok", "ok", name="last"), nothing, workers=2))) == 2


def test_its_limits_are_kept(fake_command):
    machine = LocalPool(fake_command, Limits(stall=0.2))
    with pytest.raises(TimeLimitError, match=r"part 1: .*no sign of life for 0\.2 seconds"):
        machine.run(tasks("hang"), nothing)
