from __future__ import annotations

import os
import random
import signal
import threading
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import ERRORS_BY_KIND, StudioError, WorkInterruptedError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import (
    Cancelled,
    Done,
    Failed,
    Hello,
    Progress,
    Started,
)
from backprop_studio.render.messages.jobs import CatalogueJob, PreviewJob, StillJob, VideoJob
from backprop_studio.render.workers.client import Limits, WorkerClient, error_of, run_job
from tests.render.workers.conftest import numbers_job


def test_a_worker_says_hello_stays_warm_and_leaves_nothing(recorder, fake_command, still):
    with WorkerClient(recorder, command=fake_command) as client:
        job = still("ok")
        client.submit(job)
        done, attachment = recorder.wait_for_end(job.id)
        assert attachment == b"png"
        assert [type(event) for event, _ in recorder.events] == [Hello, Started, Progress, Done]
        assert done.result["pid"] == client.worker_pid
        job = still("environment")
        client.submit(job)
        folder = Path(recorder.wait_for_end(job.id)[0].result["folder"])
        assert done.result["pid"] == client.worker_pid
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("act", "end", "is_killed"),
    [
        ("obey", Cancelled, False),
        ("done_anyway", Done, False),
        ("die_when_cancelled", Cancelled, True),
        ("stubborn", Cancelled, True),
    ],
)
def test_cancel_is_asked_first(
    client, recorder, still, begin, ask, wait_until_dead, act, end, is_killed
):
    job, pid = begin(still(act)), client.worker_pid
    if act == "stubborn":
        recorder.wait_for_progress(job.id, 0.6)
    client.cancel(job.id)
    client.cancel(job.id)
    assert isinstance(recorder.wait_for_end(job.id)[0], end)
    assert (ask(still("ok")).result["pid"] != pid) == is_killed
    if is_killed:
        wait_until_dead(pid)
    assert len(recorder.ends(job.id)) == 1


def test_a_cancel_takes_less_than_the_three_seconds_that_are_promised():
    assert Limits().cancel < 3


def test_a_waiting_job_is_cancelled_without_the_worker(client, recorder, begin):
    begin(numbers_job("running", "obey"))
    client.submit(numbers_job("waiting", "crash"))
    for name in ("waiting", "running"):
        client.cancel(name)
        assert isinstance(recorder.wait_for_end(name)[0], Cancelled)


def test_cancelling_what_is_over_or_unknown_does_nothing(client, recorder, still, ask):
    job = still("ok")
    ask(job)
    client.cancel(job.id)
    client.cancel("never heard of")
    ask(still("ok"))
    assert len(recorder.ends()) == 2


def test_what_a_killed_worker_had_staged_is_removed(client, recorder, begin, tmp_path):
    target = tmp_path / "old.mp4"
    target.write_bytes(b"old")
    begin(VideoJob(id="v", scene="any", output=str(target), params={"act": "stage_and_hang"}), 0.6)
    assert len(list(tmp_path.iterdir())) == 2
    client.cancel("v")
    assert isinstance(recorder.wait_for_end("v")[0], Cancelled)
    assert [file.name for file in tmp_path.iterdir()] == ["old.mp4"]
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize(("act", "end"), [("obey", Cancelled), ("done_anyway", Done)])
def test_only_the_newest_still_is_drawn_on_the_warm_worker(
    client, recorder, still, begin, ask, act, end
):
    running, pid = begin(still(act)), client.worker_pid
    flood = [still("crash") for _ in range(5)]
    for job in flood:
        client.submit(job)
    assert ask(still("ok")).result["pid"] == pid
    assert isinstance(recorder.wait_for_end(running.id)[0], end)
    assert all(isinstance(recorder.wait_for_end(job.id)[0], Cancelled) for job in flood)
    assert len(recorder.ends()) == 7


@pytest.mark.parametrize("newer", [PreviewJob, StillJob])
@pytest.mark.parametrize(("act", "stays"), [("obey", True), ("stubborn", False)])
def test_a_newer_picture_replaces_previews(client, recorder, begin, ask, newer, act, stays):
    """One that does not give up in time is killed, as it could go on for minutes."""
    begin(PreviewJob(id="old", scene="any", params={"act": act}))
    pid = client.worker_pid
    client.submit(PreviewJob(id="waiting", scene="any", params={"act": "crash"}))
    end = ask(newer(id="new", scene="any", params={"act": "ok"}))
    assert (end.result["pid"] == pid) == stays
    assert [type(event) for event in recorder.ends()] == [Cancelled, Cancelled, Done]


def test_stills_do_not_supersede_other_jobs(client, recorder, still, begin, ask):
    begin(numbers_job("first", "obey"))
    client.submit(numbers_job("second", "ok"))
    picture = still("ok")
    client.submit(picture)
    client.cancel("first")
    for name in ("second", picture.id):
        assert isinstance(recorder.wait_for_end(name)[0], Done)


@pytest.mark.parametrize("kind", [PreviewJob, StillJob])
def test_reading_the_scenes_is_put_off_for_what_somebody_looks_at(recorder, fake_command, kind):
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(CatalogueJob(id="put_off"))
        recorder.wait_for_progress("put_off")
        client.submit(kind(id="picture", scene="any"))
        recorder.wait_for_end("put_off")
        client.submit(CatalogueJob(id="obey"))
        recorder.wait_for_progress("obey")
        client.cancel("obey")
        recorder.wait_for_end("obey")
    ends = [(event.job_id, type(event)) for event in recorder.ends()]
    assert ends == [("picture", Done), ("put_off", Done), ("obey", Cancelled)]


@pytest.mark.parametrize("seed", range(2))
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
    WorkerClient(recorder, command=fake_command).close()
    assert recorder.events == []
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


@pytest.mark.parametrize("crashes", [False, True])
def test_what_the_worker_started_ends_with_it(
    recorder, fake_command, still, wait_until_dead, crashes
):
    job = still("grandchild")
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(job)
        pid = recorder.wait_for_end(job.id)[0].result["pid"]
        os.kill(pid, 0)
        if crashes:
            os.kill(client.worker_pid, signal.SIGKILL)
            wait_until_dead(pid)
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


def test_run_job_returns_the_result_and_reports_progress(fake_command, still):
    seen = []
    done, attachment = run_job(still("ok"), seen.append, command=fake_command)
    assert done.result["pid"] > 0
    assert attachment == b"png"
    assert [progress.fraction for progress in seen] == [0.5]


def test_run_job_raises_what_has_gone_wrong_with_its_details(fake_command, still):
    with pytest.raises(StudioError, match="signal 9") as caught:
        run_job(still("crash"), command=fake_command)
    assert caught.value.__notes__ == ["late output"]


def test_every_kind_of_failure_is_an_error_of_its_own():
    ours = ERRORS_BY_KIND | {"something new": StudioError}
    for kind, expected in ours.items():
        error = error_of(Failed(job_id="a", error=kind, message=Message.plain("as asked")))
        assert (type(error), str(error)) == (expected, "as asked.")
    assert isinstance(error_of(Cancelled(job_id="a")), WorkInterruptedError)


def test_an_interrupt_cancels_the_job(fake_command, still):
    me = threading.main_thread().ident

    def interrupt(_progress):
        signal.pthread_kill(me, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_job(still("obey"), interrupt, command=fake_command)
