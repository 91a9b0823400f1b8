from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import (
    ERRORS_BY_KIND,
    StudioError,
    WorkInterruptedError,
)
from backprop_studio.render.messages.events import (
    Cancelled,
    Done,
    Hello,
    Progress,
    Started,
)
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.client import Limits, WorkerClient, run_job
from tests.render.workers.conftest import numbers_job


def test_a_job_runs_from_hello_to_done_with_its_attachment(client, recorder, still):
    job = still("ok")
    client.submit(job)
    done, attachment = recorder.wait_for_end(job.id)
    assert isinstance(done, Done)
    assert attachment == b"png"
    kinds = [type(event) for event, _ in recorder.events]
    assert kinds == [Hello, Started, Progress, Done]


def test_the_worker_stays_warm_between_jobs(client, recorder, still):
    pids = []
    for job in (still("ok"), still("ok")):
        client.submit(job)
        pids.append(recorder.wait_for_end(job.id)[0].result["pid"])
    assert pids[0] == pids[1] == client.worker_pid


def test_cancel_is_asked_first(client, recorder, still):
    job, after = still("obey"), still("ok")
    client.submit(job)
    recorder.wait_for_progress(job.id)
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], Cancelled)
    pid = client.worker_pid
    client.submit(after)
    assert recorder.wait_for_end(after.id)[0].result["pid"] == pid  # it was not killed


def test_a_worker_that_ignores_a_cancel_is_killed(client, recorder, still, wait_until_dead):
    job = still("stubborn")
    client.submit(job)
    recorder.wait_for_progress(job.id, 0.6)
    pid = client.worker_pid
    client.cancel(job.id)
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], Cancelled)
    wait_until_dead(pid)
    assert len(recorder.ends(job.id)) == 1


def test_the_default_limits_keep_the_promise_of_three_seconds(recorder, still, fake_command):
    job = still("stubborn")
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(job)
        recorder.wait_for_progress(job.id, 0.6)
        asked = time.monotonic()
        client.cancel(job.id)
        recorder.wait_for_end(job.id)
        assert time.monotonic() - asked < 3.0  # the promise itself


def test_dying_of_a_cancel_is_a_cancel(client, recorder, still):
    job = still("die_when_cancelled")
    client.submit(job)
    recorder.wait_for_progress(job.id)
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], Cancelled)


def test_a_job_that_finishes_in_spite_of_a_cancel_is_done(client, recorder, still):
    job = still("done_anyway")
    client.submit(job)
    recorder.wait_for_progress(job.id)
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], Done)


def test_a_waiting_job_is_cancelled_without_the_worker(client, recorder):
    client.submit(numbers_job("running", "obey"))
    client.submit(numbers_job("waiting", "crash"))
    recorder.wait_for_progress("running")
    client.cancel("waiting")
    assert isinstance(recorder.wait_for_end("waiting")[0], Cancelled)
    client.cancel("running")
    assert isinstance(recorder.wait_for_end("running")[0], Cancelled)


def test_cancelling_what_is_over_or_unknown_does_nothing(client, recorder, still):
    job = still("ok")
    client.submit(job)
    recorder.wait_for_end(job.id)
    client.cancel(job.id)
    client.cancel("never heard of")
    after = still("ok")
    client.submit(after)
    recorder.wait_for_end(after.id)
    assert len(recorder.ends()) == 2


def test_what_a_killed_worker_had_staged_is_removed(client, recorder, tmp_path):
    target = tmp_path / "old.mp4"
    target.write_bytes(b"old")
    job = VideoJob(id="v", scene="any", output=str(target), params={"act": "stage_and_hang"})
    client.submit(job)
    recorder.wait_for_progress("v", 0.6)
    assert len(list(tmp_path.iterdir())) == 2
    client.cancel("v")
    assert isinstance(recorder.wait_for_end("v")[0], Cancelled)
    assert [file.name for file in tmp_path.iterdir()] == ["old.mp4"]
    assert target.read_bytes() == b"old"


def test_only_the_newest_still_is_drawn(client, recorder, still):
    running, *flood, last = [still("obey")] + [still("crash") for _ in range(20)] + [still("ok")]
    client.submit(running)
    recorder.wait_for_progress(running.id)
    pid = client.worker_pid
    for job in [*flood, last]:
        client.submit(job)
    assert recorder.wait_for_end(last.id)[0].result["pid"] == pid
    assert isinstance(recorder.wait_for_end(running.id)[0], Cancelled)
    for job in flood:
        assert isinstance(recorder.wait_for_end(job.id)[0], Cancelled)
    assert len(recorder.ends()) == 22


def test_a_superseded_still_does_not_cost_the_warm_worker(client, recorder, still):
    slow, newer = still("done_anyway"), still("ok")
    client.submit(slow)
    recorder.wait_for_progress(slow.id)
    pid = client.worker_pid
    client.submit(newer)
    assert recorder.wait_for_end(newer.id)[0].result["pid"] == pid


def test_stills_do_not_supersede_other_jobs(client, recorder, still):
    client.submit(numbers_job("first", "obey"))
    recorder.wait_for_progress("first")
    client.submit(numbers_job("second", "ok"))
    picture = still("ok")
    client.submit(picture)
    client.cancel("first")
    assert isinstance(recorder.wait_for_end("second")[0], Done)
    assert isinstance(recorder.wait_for_end(picture.id)[0], Done)


@pytest.mark.parametrize("seed", range(6))
def test_every_job_ends_exactly_once_whatever_happens(recorder, fake_command, seed):
    chance = random.Random(seed)
    acts = ["ok", "crash", "leave", "two_ends", "foreign", "garbage", "stubborn", "done_anyway"]
    jobs = [numbers_job(f"job-{i}", chance.choice(acts)) for i in range(8)]
    waits_for_cancel = {"stubborn", "done_anyway"}
    with WorkerClient(recorder, command=fake_command, limits=Limits(cancel=0.05)) as client:
        for job in jobs:
            client.submit(job)
        for job in jobs:
            if job.params["act"] in waits_for_cancel or chance.random() < 0.2:
                client.cancel(job.id)
        for job in jobs:
            recorder.wait_for_end(job.id)
    ended = sorted(event.job_id for event in recorder.ends())
    assert ended == sorted(job.id for job in jobs)


def test_close_ends_every_job_and_the_process(recorder, fake_command, wait_until_dead):
    client = WorkerClient(recorder, command=fake_command)
    client.submit(numbers_job("running", "stubborn"))
    client.submit(numbers_job("waiting", "ok"))
    recorder.wait_for_progress("running", 0.6)
    pid = client.worker_pid
    client.close()
    assert [type(event) for event in recorder.ends()] == [Cancelled, Cancelled]
    wait_until_dead(pid)
    count = len(recorder.events)
    client.close()
    assert len(recorder.events) == count
    with pytest.raises(RuntimeError, match="closed"):
        client.submit(numbers_job("late", "ok"))


def test_close_before_anything_happened(recorder, fake_command):
    WorkerClient(recorder, command=fake_command).close()
    assert recorder.events == []


def test_close_from_within_the_callback_does_not_lock_up(fake_command, still):
    closed = threading.Event()

    def receive(event, _attachment):
        if isinstance(event, Done):
            client.close()
            closed.set()

    client = WorkerClient(receive, command=fake_command)
    client.submit(still("ok"))
    assert closed.wait(60)
    client.close()


def test_what_the_worker_started_ends_with_it(client, recorder, still, wait_until_dead):
    job = still("grandchild")
    client.submit(job)
    pid = recorder.wait_for_end(job.id)[0].result["pid"]
    os.kill(pid, 0)
    client.close()
    wait_until_dead(pid)


def test_what_a_crashed_worker_had_started_ends_too(client, recorder, still, wait_until_dead):
    job = still("grandchild")
    client.submit(job)
    pid = recorder.wait_for_end(job.id)[0].result["pid"]
    os.kill(client.worker_pid, signal.SIGKILL)
    wait_until_dead(pid)


def test_a_faulty_listener_does_not_stop_the_jobs(fake_command, still, recorder, caplog):
    def receive(event, attachment):
        recorder(event, attachment)
        raise ValueError("a fault of the window")

    with WorkerClient(receive, command=fake_command) as client:
        for job in (still("ok"), still("ok")):
            client.submit(job)
            assert isinstance(recorder.wait_for_end(job.id)[0], Done)
    assert "a fault of the window" in caplog.text


def test_the_private_folder_is_gone_after_close(client, recorder, still):
    job = still("environment")
    client.submit(job)
    folder = Path(recorder.wait_for_end(job.id)[0].result["folder"])
    assert folder.is_dir()
    client.close()
    assert not folder.exists()


def test_run_job_returns_the_result_and_reports_progress(fake_command, still):
    seen = []
    done, attachment = run_job(still("ok"), seen.append, command=fake_command)
    assert done.result["pid"] > 0
    assert attachment == b"png"
    assert [progress.fraction for progress in seen] == [0.5]


@pytest.mark.parametrize("kind", sorted(ERRORS_BY_KIND))
def test_run_job_raises_the_error_of_the_kind(fake_command, still, kind):
    with pytest.raises(ERRORS_BY_KIND[kind], match="as asked") as caught:
        run_job(still("fail", error=kind), command=fake_command)
    assert type(caught.value) is ERRORS_BY_KIND[kind]


def test_run_job_raises_ours_for_an_unknown_kind(fake_command, still):
    with pytest.raises(StudioError, match="as asked"):
        run_job(still("fail", error="something new"), command=fake_command)


def test_run_job_keeps_the_details_of_a_crash(fake_command, still):
    with pytest.raises(StudioError, match="signal 9") as caught:
        run_job(still("crash"), command=fake_command)
    assert caught.value.__notes__ == ["late output"]


def test_an_interrupt_cancels_the_job(fake_command, still):
    me = threading.main_thread().ident

    def interrupt(_progress):
        signal.pthread_kill(me, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_job(still("obey"), interrupt, command=fake_command)


def test_a_cancelled_job_is_interrupted_work(fake_command, still, monkeypatch):
    captured = []
    original = WorkerClient.submit

    def submit(self, job):
        captured.append(self)
        original(self, job)

    monkeypatch.setattr(WorkerClient, "submit", submit)
    job = still("obey")
    with pytest.raises(WorkInterruptedError):
        run_job(job, lambda _: captured[0].cancel(job.id), command=fake_command)
