"""Render processes of one worker of the cluster."""

from __future__ import annotations

from backprop_studio.render.farm.processes import RenderProcesses


def run_act(process, still, act):
    return process.run(still(act), lambda _: None, lambda: True)


def test_jobs_at_the_same_time_have_processes_of_their_own(fake_command, still, wait_until_dead):
    shared = RenderProcesses(fake_command)
    with shared.lend({"a": "1"}) as one, shared.lend({"a": "1"}) as other:
        pids = {run_act(it, still, "ok").result["pid"] for it in (one, other)}
    with shared.lend({"a": "1"}) as again:
        warm = run_act(again, still, "ok").result["pid"]
    assert warm in pids
    assert len(pids) == 2
    with shared.lend({"a": "2"}) as newer:
        fresh = run_act(newer, still, "ok").result["pid"]
    assert fresh not in pids
    for pid in pids:
        wait_until_dead(pid)
    shared.close()
    wait_until_dead(fresh)


def test_a_process_that_waits_too_long_ends(fake_command, still, wait_until_dead):
    shared = RenderProcesses(fake_command, warm_seconds=0.1)
    with shared.lend({}) as process:
        pid = run_act(process, still, "ok").result["pid"]
    wait_until_dead(pid)


def test_a_job_that_nobody_wants_is_cancelled(fake_command, still):
    shared = RenderProcesses(fake_command)
    with shared.lend({}) as process:
        end = process.run(still("obey"), lambda _: None, lambda: False)
    assert end.kind == "cancelled"
    shared.close()
