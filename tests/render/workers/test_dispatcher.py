"""What the client's thread does when a worker dies, hangs, devours memory or speaks garbage."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from backprop_studio.core.base.errors import (
    InputError,
    MissingComponentError,
    OutputError,
    TimeLimitError,
)
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.events import (
    PROTOCOL_VERSION,
    Cancelled,
    Done,
    Failed,
    Hello,
)
from backprop_studio.render.messages.jobs import NumbersJob
from backprop_studio.render.workers.client import Limits, WorkerClient
from tests.render.workers.conftest import QUICK, numbers_job


def test_a_crash_fails_the_job_once_and_the_next_job_runs(client, recorder, still):
    crashing, after = still("crash"), still("ok")
    client.submit(crashing)
    failed, _ = recorder.wait_for_end(crashing.id)
    assert failed.error == "internal"
    assert sentence(failed.message) == "The render process stopped unexpectedly (signal 9)."
    assert failed.details == "late output"
    client.submit(after)
    assert isinstance(recorder.wait_for_end(after.id)[0], Done)
    assert len(recorder.ends(crashing.id)) == 1


@pytest.mark.parametrize(
    ("act", "cause"),
    [("silent_crash", "signal 9"), ("leave", "exit code 7"), ("half_a_message", "exit code 0")],
)
def test_every_death_during_a_job_is_reported(client, recorder, still, act, cause):
    job = still(act)
    client.submit(job)
    failed, _ = recorder.wait_for_end(job.id)
    assert sentence(failed.message) == f"The render process stopped unexpectedly ({cause})."


def test_jobs_behind_a_crashed_one_still_run(client, recorder):
    for name, act in (("a", "crash"), ("b", "ok"), ("c", "leave"), ("d", "ok")):
        client.submit(numbers_job(name, act))
    kinds = [type(recorder.wait_for_end(name)[0]) for name in "abcd"]
    assert kinds == [Failed, Done, Failed, Done]


def test_garbage_fails_the_job_in_a_clear_sentence(client, recorder, still, wait_until_dead):
    job = still("garbage")
    client.submit(job)
    pid = recorder.wait_for(lambda event: isinstance(event, Hello))[0].pid
    failed, _ = recorder.wait_for_end(job.id)
    assert failed.error == "internal"
    assert sentence(failed.message).startswith("The render process sent something unreadable")
    wait_until_dead(pid)


def test_a_closed_pipe_is_a_death(client, recorder, still, wait_until_dead):
    job = still("close_the_pipe")
    client.submit(job)
    assert isinstance(recorder.wait_for_end(job.id)[0], Failed)
    wait_until_dead(recorder.events[0][0].pid)


def test_a_second_end_is_not_passed_on(client, recorder, still):
    job, after = still("two_ends"), still("ok")
    client.submit(job)
    recorder.wait_for_end(job.id)
    client.submit(after)
    recorder.wait_for_end(after.id)
    assert [type(event) for event in recorder.ends(job.id)] == [Done]


def test_the_end_of_an_unknown_job_is_not_passed_on(client, recorder, still):
    job = still("foreign")
    client.submit(job)
    recorder.wait_for_end(job.id)
    assert {event.job_id for event in recorder.ends()} == {job.id}


def test_a_hang_ends_in_a_time_limit_and_the_next_job_runs(recorder, fake_command, still):
    hanging, after = still("hang"), still("ok")
    with WorkerClient(recorder, command=fake_command, limits=Limits(stall=0.5)) as client:
        client.submit(hanging)
        failed, _ = recorder.wait_for_end(hanging.id)
        assert failed.error == TimeLimitError.kind
        assert "no sign of life for 0.5 seconds" in sentence(failed.message)
        client.submit(after)
        assert isinstance(recorder.wait_for_end(after.id)[0], Done)


def test_a_worker_that_keeps_too_much_is_replaced_ahead_of_the_next_job(recorder, fake_command):
    limits = replace(QUICK, idle_memory=120_000_000)
    with WorkerClient(recorder, command=fake_command, limits=limits) as client:
        pids = []
        for name, act in (("a", "ok"), ("b", "ok"), ("c", "keep"), ("d", "ok")):
            client.submit(numbers_job(name, act))
            end, _ = recorder.wait_for_end(name)
            assert isinstance(end, Done)
            pids.append(end.result["pid"])
    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_a_job_that_devours_the_memory_is_stopped(recorder, fake_command, wait_until_dead):
    limits = replace(QUICK, stall=60.0, most_memory=200_000_000)
    with WorkerClient(recorder, command=fake_command, limits=limits) as client:
        client.submit(numbers_job("a", "devour"))
        end, _ = recorder.wait_for_end("a")
        assert isinstance(end, Failed)
        assert end.error == "scene"
        assert "more than 0.2 GB of memory and was stopped" in sentence(end.message)
        client.submit(numbers_job("b", "ok"))
        assert isinstance(recorder.wait_for_end("b")[0], Done)


def test_another_protocol_is_refused_for_every_waiting_job(recorder, fake_command):
    with WorkerClient(recorder, command=(*fake_command, "--version", "999")) as client:
        client.submit(numbers_job("a", "ok"))
        client.submit(numbers_job("b", "ok"))
        messages = {sentence(recorder.wait_for_end(name)[0].message) for name in "ab"}
    assert len(messages) == 1
    assert f"speaks version 999 of the protocol instead of {PROTOCOL_VERSION}" in messages.pop()
    assert not any(isinstance(event, Hello) for event, _ in recorder.events)


def test_a_worker_that_cannot_start_says_why(recorder, fake_command, still):
    job = still("ok")
    with WorkerClient(recorder, command=(*fake_command, "--die")) as client:
        client.submit(job)
        failed, _ = recorder.wait_for_end(job.id)
    assert sentence(failed.message) == "The render process could not start (exit code 9)."
    assert failed.details == "no such library"


def test_a_worker_that_never_says_hello_is_given_up(recorder, fake_command, still):
    job = still("ok")
    limits = Limits(start=0.3)
    with WorkerClient(recorder, command=(*fake_command, "--mute"), limits=limits) as client:
        client.submit(job)
        failed, _ = recorder.wait_for_end(job.id)
    assert failed.error == TimeLimitError.kind


def test_a_command_that_is_not_there_is_a_missing_component(recorder, still):
    job = still("ok")
    with WorkerClient(recorder, command=("/no/such/python",)) as client:
        client.submit(job)
        assert recorder.wait_for_end(job.id)[0].error == MissingComponentError.kind


def test_without_a_folder_for_temporary_files_it_is_the_disk(recorder, fake_command, monkeypatch):
    def refuse():
        raise OutputError("full", "no room")

    monkeypatch.setattr("backprop_studio.render.workers.dispatcher.PrivateFolder", refuse)
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(numbers_job("a", "ok"))
        failed, _ = recorder.wait_for_end("a")
    assert (failed.error, sentence(failed.message)) == (OutputError.kind, "No room.")


def nested(depth):
    value = 1
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("value", [nested(50_000), "\ud800"], ids=["deep", "no text"])
def test_what_cannot_be_sent_is_wrong_input_and_the_next_job_runs(client, recorder, value):
    job = NumbersJob.model_construct(id="a", scene="any", params={"act": "ok", "value": value})
    client.submit(job)
    client.submit(numbers_job("b", "ok"))
    failed, _ = recorder.wait_for_end("a")
    assert failed.error == InputError.kind
    assert sentence(failed.message).startswith(
        "The parameters are nested too deeply, or hold a text"
    )
    assert isinstance(recorder.wait_for_end("b")[0], Done)


def test_a_fault_of_ours_ends_the_jobs_and_not_the_client(client, recorder, monkeypatch):
    def broken(_job):
        raise LookupError("broken")

    with monkeypatch.context() as change:
        change.setattr("backprop_studio.render.workers.dispatcher.encode_request", broken)
        client.submit(numbers_job("a", "ok"))
        failed, _ = recorder.wait_for_end("a")
    assert failed.error == "internal"
    assert sentence(failed.message) == "An unexpected fault of ours: LookupError: broken."
    assert "Traceback" in failed.details
    client.submit(numbers_job("b", "ok"))
    assert isinstance(recorder.wait_for_end("b")[0], Done)


def test_who_was_stopped_itself_blames_nobody(recorder, fake_command, monkeypatch):
    """As by Ctrl-Z, or a closed lid: the clock has gone on, and nobody could speak."""
    stopped = 0.0
    clock = time.monotonic

    monkeypatch.setattr("time.monotonic", lambda: clock() + stopped)
    with WorkerClient(recorder, command=fake_command, limits=replace(QUICK, stall=60.0)) as client:
        client.submit(numbers_job("a", "obey"))
        recorder.wait_for_progress("a")
        stopped = 1000.0
        client.submit(numbers_job("b", "ok"))
        client.cancel("b")
        assert isinstance(recorder.wait_for_end("b")[0], Cancelled)
        assert recorder.ends("a") == []
        client.cancel("a")
        assert isinstance(recorder.wait_for_end("a")[0], Cancelled)
