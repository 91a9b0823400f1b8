from __future__ import annotations

import errno
from concurrent.futures import CancelledError, Future

import pytest

from backprop_studio.core.base.errors import InputError, OutputError, WorkInterruptedError
from backprop_studio.render.messages.events import Cancelled, Done, Progress
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.queue.messages import Requested
from backprop_studio.render.queue.operations import INTERRUPTED, RESTORED
from backprop_studio.render.queue.owner import QueueOwner
from backprop_studio.render.queue.render_queue import RenderQueue
from backprop_studio.render.queue.space import Space
from backprop_studio.render.queue.store import QueueStore
from backprop_studio.render.workers.closing import CloseRequested
from tests.render.queue.scripted_queue import refused_by_disk, said

PATIENCE = 60.0


def refusal(future):
    return str(future.exception(PATIENCE))


def test_videos_are_drawn_one_after_the_other_in_their_order(bench):
    bench.add("a.mp4", "b.mp4", "c.mp4")
    for number in range(3):
        assert bench.states() == ["done"] * number + ["running"] + ["waiting"] * (2 - number)
        bench.end(Done)
    assert bench.states() == ["done"] * 3
    assert [job.output[-5:] for job in bench.client.jobs] == ["a.mp4", "b.mp4", "c.mp4"]
    assert len(bench.clients) == 1


def test_a_finished_entry_has_its_result_and_is_kept_for_later(bench):
    bench.add("a.mp4")
    bench.end(Done)
    (entry,) = bench.queue.state.entries
    assert entry.result == VideoResult(
        path=entry.job.output, width=1280, height=720, fps=30, frames=90, duration=3.0, beats=()
    )
    ((job, video, result),) = bench.cache.kept
    assert (job.scene, str(video), result) == ("backprop", entry.job.output, entry.result)


def test_a_kept_video_is_delivered_and_not_drawn(bench):
    bench.cache.has["momentum"] = VideoResult(
        path="/a", width=16, height=16, fps=1, frames=1, duration=1, beats=()
    )
    bench.add("a.mp4", scene="momentum")
    bench.settle()
    assert bench.states() == ["done"]
    assert bench.clients == []
    assert bench.cache.kept == []


def test_a_cache_that_cannot_deliver_fails_the_entry_and_the_next_goes_on(bench):
    bench.cache.error = OutputError("cache.gone", "the folder is gone")
    bench.add("a.mp4")
    bench.settle()
    bench.cache.error = None
    bench.add("b.mp4")
    bench.settle()
    assert bench.states() == ["failed", "running"]
    assert bench.said()[0] == "The folder is gone."


def test_a_worker_that_cannot_be_had_fails_the_entry_and_the_next_is_tried(bench, caplog):
    bench.queue.close()
    new_client = iter([ZeroDivisionError("no client"), None])

    def client(on_event):
        if error := next(new_client):
            raise error
        return bench.new_client(on_event)

    bench.open(client=client)
    bench.add("a.mp4", "b.mp4")
    assert bench.states() == ["failed", "running"]
    assert bench.said()[0] == "An unexpected fault of ours: ZeroDivisionError: no client."
    assert "An entry of the queue could not begin" in caplog.text


def test_progress_is_reported_with_the_entry(bench):
    first, second = bench.add("a.mp4", "b.mp4")
    bench.client.tell(Progress, phase="draw", fraction=0.25)
    bench.end(Done)
    bench.client.tell(Progress, phase="plan", fraction=0.0)
    bench.settle()
    assert bench.progress() == [(first, 0.25), (second, 0.0)]


def test_a_failure_is_reported_and_the_next_goes_on(bench):
    bench.add("a.mp4", "b.mp4")
    bench.fail("The render process stopped unexpectedly (signal 9).", details="late output")
    failed, running = bench.queue.state.entries
    assert (failed.state, running.state) == ("failed", "running")
    assert said(failed.message) == "The render process stopped unexpectedly (signal 9)."
    assert failed.details == "late output"


def test_a_worker_that_does_not_say_what_it_made_has_failed(bench):
    bench.add("a.mp4")
    bench.end(Done, result={"pid": 1})
    assert bench.states() == ["failed"]


def test_entries_can_be_reordered_while_one_is_drawn(bench):
    _, second, third = bench.add("a.mp4", "b.mp4", "c.mp4")
    bench.queue.move(third, 0).result(PATIENCE)
    assert bench.names() == ["c.mp4", "a.mp4", "b.mp4"]
    bench.queue.move(second, -1).result(PATIENCE)
    assert bench.names() == ["b.mp4", "c.mp4", "a.mp4"]
    bench.queue.move(third, 99).result(PATIENCE)
    assert bench.names() == ["b.mp4", "a.mp4", "c.mp4"]
    bench.end(Done)
    assert bench.states() == ["running", "done", "waiting"]


def test_a_pause_lets_the_running_video_finish(bench):
    bench.add("a.mp4", "b.mp4")
    bench.queue.pause().result(PATIENCE)
    assert bench.client.cancelled == []
    bench.end(Done)
    assert bench.states() == ["done", "waiting"]
    assert bench.queue.state.is_paused
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["done", "running"]


def test_a_pause_at_once_stops_the_running_video_which_is_drawn_again(bench):
    bench.add("a.mp4", "b.mp4")
    bench.queue.pause(at_once=True).result(PATIENCE)
    assert bench.client.cancelled == [bench.client.running.id]
    assert bench.states() == ["running", "waiting"]
    bench.end(Cancelled)
    assert bench.states() == ["paused", "waiting"]
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running", "waiting"]
    first, again = bench.client.jobs
    assert first.output == again.output
    assert first.id != again.id


def test_a_resume_before_the_worker_has_stopped_draws_it_again(bench):
    bench.add("a.mp4")
    bench.queue.pause(at_once=True)
    bench.queue.resume().result(PATIENCE)
    bench.end(Cancelled)
    assert bench.states() == ["running"]
    assert len(bench.client.jobs) == 2


def test_a_cancel_goes_before_a_pause(bench):
    (entry,) = bench.add("a.mp4")
    bench.queue.pause(at_once=True)
    bench.queue.cancel(entry)
    bench.queue.pause(at_once=True)
    bench.settle()
    bench.end(Cancelled)
    assert bench.states() == ["cancelled"]
    assert len(bench.client.cancelled) == 1


@pytest.mark.parametrize("message", ["No.", refused_by_disk("/x", errno.ENOSPC)])
def test_a_cancelled_video_that_fails_is_cancelled(bench, message):
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.queue.cancel(first).result(PATIENCE)
    bench.fail(message, error="output")
    assert bench.states() == ["cancelled", "running"]


def test_a_video_that_was_faster_than_its_cancel_is_done(bench):
    (entry,) = bench.add("a.mp4")
    bench.queue.cancel(entry).result(PATIENCE)
    bench.end(Done)
    assert bench.states() == ["done"]


def test_a_waiting_video_is_taken_back_and_tried_again(bench):
    _, second = bench.add("a.mp4", "b.mp4")
    bench.queue.cancel(second).result(PATIENCE)
    bench.end(Done)
    assert bench.states() == ["done", "cancelled"]
    bench.queue.retry(second).result(PATIENCE)
    bench.settle()
    assert bench.states() == ["done", "running"]


def test_a_failed_video_is_tried_again_where_it_is(bench):
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.fail("No.")
    bench.queue.retry(first).result(PATIENCE)
    entry = bench.queue.state.entries[0]
    assert (entry.state, entry.message) == ("waiting", None)
    bench.end(Done)
    assert bench.states() == ["running", "done"]


def test_what_makes_no_sense_is_refused_in_one_sentence(bench):
    first, second = bench.add("a.mp4", "b.mp4")
    before = bench.queue.state
    assert "is waiting; only one that failed" in refusal(bench.queue.retry(second))
    assert "is being drawn; cancel it" in refusal(bench.queue.remove(first))
    for request in (bench.queue.retry, bench.queue.cancel, bench.queue.remove):
        assert refusal(request("f" * 32)) == "This video is no longer in the queue."
    assert "no longer" in refusal(bench.queue.move("f" * 32, 0))
    assert bench.queue.state == before
    bench.end(Done)
    assert "is done; only one that waits" in refusal(bench.queue.cancel(first))
    assert "is done; only one that failed" in refusal(bench.queue.retry(first))


def test_finished_entries_are_cleared_and_what_may_be_tried_again_stays(bench):
    ids = bench.add("a.mp4", "b.mp4", "c.mp4", "d.mp4")
    bench.end(Done)
    bench.fail("No.")
    bench.queue.cancel(ids[2])
    bench.settle()
    bench.end(Cancelled)
    bench.queue.clear_finished().result(PATIENCE)
    assert bench.names() == ["b.mp4", "d.mp4"]
    assert bench.states() == ["failed", "running"]
    bench.queue.remove(ids[1]).result(PATIENCE)
    assert bench.names() == ["d.mp4"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"output": "a.mp4"}, "must be an absolute path"),
        ({"output": "/nowhere/at/all/a.mp4"}, "does not exist"),
        ({"params": {"a": object()}}, "cannot be queued"),
        ({"params": {"a": "\udcff"}}, "cannot be queued"),
    ],
)
def test_a_job_that_could_never_be_drawn_is_refused(bench, changed, words):
    future = bench.queue.add(bench.job(**changed))
    assert isinstance(future.exception(PATIENCE), InputError)
    assert words in refusal(future)
    assert bench.queue.state.entries == ()


def test_an_output_that_appeared_meanwhile_fails_the_entry(bench):
    bench.add("a.mp4", "b.mp4")
    (bench.out / "b.mp4").write_bytes(b"somebody else's")
    bench.end(Done)
    assert bench.states() == ["done", "failed"]
    assert "already exists" in bench.said()[1]


def test_a_closed_queue_comes_back_with_its_running_video_interrupted(bench):
    bench.add("a.mp4", "b.mp4", "c.mp4")
    bench.end(Done)
    bench.queue.close()
    assert bench.client.is_closed
    closed = bench.queue.state
    bench.open()
    assert bench.queue.state == closed
    bench.settle()
    assert bench.states() == ["done", "interrupted", "waiting"]
    assert bench.queue.state.entries[1].message == INTERRUPTED
    assert (bench.queue.state.is_paused, bench.queue.state.reason) == (True, RESTORED)
    assert len(bench.clients) == 1, "something began by itself"
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["done", "interrupted", "running"]
    bench.queue.retry(bench.queue.state.entries[1].id).result(PATIENCE)
    bench.end(Done)
    assert bench.states() == ["done", "running", "done"]


def test_a_queue_in_which_nothing_is_open_is_not_paused_when_it_comes_back(bench):
    bench.add("a.mp4")
    bench.end(Done)
    bench.queue.close()
    bench.open()
    bench.add("b.mp4")
    bench.settle()
    assert bench.states() == ["done", "running"]


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


def test_requests_behind_the_close_are_answered(bench):
    bench.queue.close()
    store = QueueStore(bench.folder)
    owner = QueueOwner(store, bench.listener, bench.new_client, bench.cache, Space())
    late, dropped = Future(), Future()
    assert dropped.cancel()
    for message in (
        CloseRequested(),
        Requested(pytest.fail, late),
        Requested(pytest.fail, dropped),
    ):
        owner.inbox.put(message)
    owner.run()
    assert isinstance(late.exception(PATIENCE), WorkInterruptedError)
    with pytest.raises(CancelledError):
        dropped.result(PATIENCE)


def test_a_listener_that_fails_does_not_end_the_queue(bench, caplog):
    def fail(_event):
        raise ZeroDivisionError

    bench.listener = fail
    bench.add("a.mp4", "b.mp4")
    bench.end(Done)
    assert bench.states() == ["done", "running"]
    assert "The handler of Changed failed" in caplog.text


def test_every_change_is_reported_once_and_in_order(bench):
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.end(Done)
    bench.queue.remove(first).result(PATIENCE)
    changes = [[entry.state for entry in state.entries] for state in bench.changes()]
    assert changes == [
        ["waiting"],
        ["running"],
        ["running", "waiting"],
        ["done", "waiting"],
        ["done", "running"],
        ["running"],
    ]


def test_numbers_that_are_none_come_back_as_they_are(bench):
    bench.queue.pause().result(PATIENCE)
    bench.add("a.mp4", params={"rate": float("inf"), "sizes": (1, 2)})
    held = bench.queue.state
    bench.queue.close()
    bench.open()
    assert bench.queue.state.entries == held.entries
    assert bench.queue.state.entries[0].job.params == {"rate": float("inf"), "sizes": [1, 2]}


def test_the_disk_it_was_given_is_asked_and_asked_again_after_a_resume(bench):
    bench.disk.free = 0
    bench.add("a.mp4")
    assert bench.states() == ["paused"]
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["paused"]
    bench.queue.resume(whatever_space=True).result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running"]


def test_files_may_be_as_big_as_it_was_told(bench, tmp_path):
    bench.queue.close()
    bench.open(inputs_limit=3)
    for size, name in ((3, "a.mp4"), (4, "b.mp4")):
        (tmp_path / "a.csv").write_bytes(b"x" * size)
        error = bench.queue.add(bench.job(name, params={"file": str(tmp_path / "a.csv")}))
        assert isinstance(error.exception(PATIENCE), InputError) is (size == 4)


def test_without_a_folder_it_is_the_users_own(bench, tmp_path, monkeypatch):
    bench.queue.close()
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name: str(tmp_path / name))
    RenderQueue(bench.listener, client=bench.new_client, cache=bench.cache).close()
    assert (tmp_path / "backprop-studio" / "queue" / "queue.lock").is_file()
