"""What the client's thread does when a worker dies, hangs, devours memory or speaks garbage."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.events import PROTOCOL_VERSION, Cancelled, Done, Hello
from backprop_studio.render.messages.jobs import NumbersJob
from backprop_studio.render.workers.client import Limits, WorkerClient
from tests.render.workers.conftest import QUICK, numbers_job


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("crash", "stopped unexpectedly (signal 9)."),
        ("silent_crash", "stopped unexpectedly (signal 9)."),
        ("leave", "stopped unexpectedly (exit code 7)."),
        ("half_a_message", "stopped unexpectedly (exit code 0)."),
        ("close_the_pipe", "stopped unexpectedly (signal 9)."),
        ("garbage", "sent something unreadable (unknown kind of message b'e')."),
    ],
)
def test_every_death_fails_the_job_once_and_the_next_job_runs(
    client, recorder, still, ask, wait_until_dead, act, said
):
    pid = ask(still("ok")).result["pid"]
    job = still(act)
    failed = ask(job)
    assert failed.error == "internal"
    assert sentence(failed.message) == f"The render process {said}"
    assert failed.details == ("late output" if act == "crash" else "")
    wait_until_dead(pid)
    assert isinstance(ask(still("ok")), Done)
    assert len(recorder.ends(job.id)) == 1


@pytest.mark.parametrize("act", ["two_ends", "foreign"])
def test_an_end_that_nobody_waits_for_is_not_passed_on(recorder, still, ask, act):
    jobs = [still(act), still("ok")]
    for job in jobs:
        ask(job)
    assert [(end.job_id, type(end)) for end in recorder.ends()] == [(it.id, Done) for it in jobs]


def test_a_hang_ends_in_a_time_limit_and_the_next_job_runs(recorder, fake_command, still):
    hanging, after = still("hang"), still("ok")
    with WorkerClient(recorder, command=fake_command, limits=Limits(stall=0.5)) as client:
        client.submit(hanging)
        failed, _ = recorder.wait_for_end(hanging.id)
        assert failed.error == "time_limit"
        assert "no sign of life for 0.5 seconds" in sentence(failed.message)
        client.submit(after)
        assert isinstance(recorder.wait_for_end(after.id)[0], Done)


def test_a_worker_that_keeps_too_much_is_replaced_ahead_of_the_next_job(recorder, fake_command):
    limits = replace(QUICK, idle_memory=120_000_000)
    with WorkerClient(recorder, command=fake_command, limits=limits) as client:
        pids = []
        for name, act in (("a", "ok"), ("b", "ok"), ("c", "keep"), ("d", "ok")):
            client.submit(numbers_job(name, act))
            pids.append(recorder.wait_for_end(name)[0].result["pid"])
    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_a_job_that_devours_the_memory_is_stopped(recorder, fake_command, monkeypatch):
    monkeypatch.setattr("backprop_studio.render.workers.dispatcher._LOOK_SECONDS", 0.1)
    limits = replace(QUICK, stall=60.0, most_memory=200_000_000)
    with WorkerClient(recorder, command=fake_command, limits=limits) as client:
        client.submit(numbers_job("a", "devour"))
        end, _ = recorder.wait_for_end("a")
        assert end.error == "scene"
        assert "more than 0.2 GB of memory and was stopped" in sentence(end.message)
        client.submit(numbers_job("b", "ok"))
        assert isinstance(recorder.wait_for_end("b")[0], Done)


OLD = f"speaks version 999 of the protocol instead of {PROTOCOL_VERSION}"


@pytest.mark.parametrize(
    ("command", "kind", "said"),
    [
        ("--version 999", "internal", OLD),
        ("--die", "internal", "The render process could not start (exit code 9)."),
        ("--mute", "time_limit", "did not start within 0.3 seconds"),
        ("/no/such/python", "missing", "could not be started: no such file"),
    ],
)
def test_a_worker_that_cannot_start_fails_every_waiting_job(
    recorder, fake_command, command, kind, said
):
    whole = (command,) if command.startswith("/") else (*fake_command, *command.split())
    limits = Limits(start=0.3) if "--mute" in command else QUICK
    with WorkerClient(recorder, command=whole, limits=limits) as client:
        for name in "ab":
            client.submit(numbers_job(name, "ok"))
        ends = [recorder.wait_for_end(name)[0] for name in "ab"]
    for end in ends:
        assert end.error == kind
        assert said in sentence(end.message)
    if command == "--die":
        assert ends[0].details == "no such library"
    assert not any(isinstance(event, Hello) for event, _ in recorder.events)


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
def test_what_cannot_be_sent_is_wrong_input_and_the_next_job_runs(ask, value):
    params = {"act": "ok", "value": value}
    failed = ask(NumbersJob.model_construct(id="a", scene="any", params=params))
    assert failed.error == "input"
    said = "The parameters are nested too deeply, or hold a text"
    assert sentence(failed.message).startswith(said)
    assert isinstance(ask(numbers_job("b", "ok")), Done)


def test_a_fault_of_ours_ends_the_jobs_and_not_the_client(ask, monkeypatch):
    def broken(_job):
        raise LookupError("broken")

    with monkeypatch.context() as change:
        change.setattr("backprop_studio.render.workers.dispatcher.encode_request", broken)
        failed = ask(numbers_job("a", "ok"))
    assert failed.error == "internal"
    assert sentence(failed.message) == "An unexpected fault of ours: LookupError: broken."
    assert "Traceback" in failed.details
    assert isinstance(ask(numbers_job("b", "ok")), Done)


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
