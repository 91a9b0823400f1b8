"""Many jobs on several workers: every one once, in order, or the first error."""

from __future__ import annotations

import os

import pytest

from core.errors import StudioError
from render.batch import Task, ThisMachine, run_tasks, worker_count
from render.jobs import Done, Progress, StillJob
from render.runners import runner_at


def tasks(*acts):
    return [
        Task(f"part {number}", StillJob(id=f"job-{number}", scene="any", params={"act": act}))
        for number, act in enumerate(acts, start=1)
    ]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_job_ends_and_results_are_in_order(fake_command, workers):
    heard = []
    wanted = tasks(*["ok"] * 4)
    done = run_tasks(wanted, lambda task, event: heard.append((task.label, event)),
                     workers=workers, command=fake_command)  # fmt: skip
    assert [it.job_id for it in done] == [f"job-{k}" for k in range(1, 5)]
    assert len({it.result["pid"] for it in done}) <= min(workers, 4)
    ends = [label for label, event in heard if isinstance(event, Done)]
    assert sorted(ends) == [f"part {k}" for k in range(1, 5)]
    assert all(isinstance(event, Done | Progress) for _, event in heard)


def test_the_first_failure_names_its_job_and_ends_the_rest(fake_command, tmp_path, wait_until_dead):
    pids = []

    def note(_task, event):
        if isinstance(event, Done):
            pids.append(event.result["pid"])

    with pytest.raises(StudioError, match=r"^part 2: "):
        run_tasks(tasks("ok", "crash", "ok", "ok"), note, workers=1, command=fake_command)
    assert len(pids) == 1
    wait_until_dead(pids[0])


def test_nothing_to_do_starts_nothing():
    assert run_tasks([], lambda *_: None, command=("/nowhere",)) == []


@pytest.mark.parametrize(("wanted", "jobs", "count"), [(4, 2, 2), (1, 9, 1), (3, 9, 3), (5, 0, 1)])
def test_no_more_workers_than_jobs(wanted, jobs, count):
    assert worker_count(wanted, jobs) == count


def test_this_machine_is_the_place_unless_another_is_named(fake_command):
    with runner_at(None) as runner:
        assert isinstance(runner, ThisMachine)
        assert (runner.places(None), runner.places(3)) == (os.cpu_count(), 3)
        assert runner.run([], lambda *_: None) == []
    done = ThisMachine(fake_command).run(tasks("ok", "ok"), lambda *_: None, workers=1)
    assert [it.job_id for it in done] == ["job-1", "job-2"]
