"""One entry after the other: what the events of a worker mean for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Progress
from backprop_studio.render.messages.results import LectureResult, VideoResult
from backprop_studio.render.queue.drawer import Drawer
from backprop_studio.render.queue.model import Entry
from tests.render.queue.scripted_queue import Clients, ScriptedCache, result_of, said

RESULT = VideoResult(path="/a", width=16, height=16, fps=1, frames=1, duration=1, beats=())


class Draws:
    """A drawer of its own, whose client and cache do what the test says."""

    def __init__(self):
        self.clients = Clients()
        self.cache = ScriptedCache()
        self.heard = []
        self.drawer = Drawer(self.clients, self.cache, self.heard.append)

    @property
    def job(self):
        return self.clients[0].running

    def told(self, kind, **more):
        """Let the client end the job and return what that means."""
        self.clients[0].end(kind, **more)
        return self.drawer.arrived(self.heard[-1])


@pytest.fixture
def draws():
    return Draws()


@pytest.fixture
def entry(bench):
    return Entry(id="0" * 32, job=bench.job("a.mp4"), names={"/copies/0/a.csv": "a.csv"})


def test_a_job_is_drawn_under_an_id_of_its_own(draws, entry):
    assert draws.drawer.entry_id is None
    assert draws.drawer.begin(entry) is None
    assert draws.drawer.entry_id == entry.id
    first = draws.job
    assert first == entry.job.model_copy(update={"id": first.id})
    done = draws.told(Done)
    assert done == entry.put("done", result=VideoResult.model_validate(result_of(first)))
    assert draws.drawer.entry_id is None
    draws.drawer.begin(entry)
    assert len({first.id, draws.job.id, entry.job.id}) == 3
    assert len(draws.clients) == 1


def test_events_of_another_attempt_mean_nothing(draws, entry):
    late = Progress(job_id="late", phase="draw", fraction=0.5)
    assert draws.drawer.arrived(late) is None
    draws.drawer.begin(entry)
    for event in (late, Done(job_id="late", result={}), object()):
        assert draws.drawer.arrived(event) is None
    assert draws.drawer.arrived(Progress(job_id=draws.job.id, phase="draw", fraction=0.5))
    assert draws.drawer.entry_id == entry.id


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ([], "interrupted"),
        (["pause"], "paused"),
        (["cancel"], "cancelled"),
        (["pause", "cancel"], "cancelled"),
        (["cancel", "pause"], "cancelled"),
        (["pause", "pause"], "paused"),
    ],
)
def test_a_job_that_was_stopped_is_what_was_asked_for(draws, entry, asked, state):
    draws.drawer.begin(entry)
    for why in asked:
        draws.drawer.stop(why)
    assert draws.clients[0].cancelled == [draws.job.id] * bool(asked)
    assert draws.told(Cancelled).state == state


def test_there_is_nothing_to_stop_before_and_after_a_job(draws, entry):
    draws.drawer.stop("cancel")
    draws.drawer.begin(entry)
    draws.told(Done)
    draws.drawer.stop("cancel")
    assert draws.clients[0].cancelled == []
    draws.drawer.begin(entry)
    assert draws.told(Cancelled).state == "interrupted"


@pytest.mark.parametrize("asked", ["", "pause", "cancel"])
def test_a_failure_names_files_as_the_user_does_unless_nobody_wants_to_know(draws, entry, asked):
    draws.drawer.begin(entry)
    if asked:
        draws.drawer.stop(asked)
    message = Message.of("x", "{file} is empty", file="/copies/0/a.csv")
    failed = draws.told(Failed, error="scene", message=message, details="in /copies/0/a.csv")
    if asked == "cancel":
        assert (failed.state, failed.message, failed.details) == ("cancelled", None, "")
    else:
        assert (failed.state, said(failed.message)) == ("failed", "a.csv is empty.")
        assert failed.details == "in a.csv"
    assert failed.result is None


def test_a_worker_that_says_nothing_of_its_video_has_failed(draws, entry):
    draws.drawer.begin(entry)
    failed = draws.told(Done, result={"pid": 1})
    assert (failed.state, failed.message.code) == ("failed", "worker.no_result")


def test_what_is_in_the_cache_is_not_drawn(draws, entry):
    draws.cache.has[entry.job.scene] = RESULT
    assert draws.drawer.begin(entry) == entry.put("done", result=RESULT)
    assert draws.drawer.entry_id is None
    assert draws.clients == []


def test_a_lecture_is_made_by_the_worker_and_kept_by_nobody(draws, bench):
    entry = Entry(id="0" * 32, job=bench.lecture("en"))
    assert draws.drawer.begin(entry) is None
    done = draws.told(Done)
    assert done.result == LectureResult(**result_of(entry.job))
    draws.drawer.keep(done)
    assert draws.cache.kept == []
    draws.drawer.begin(entry)
    failed = draws.told(Done, result=result_of(bench.job()))
    assert (failed.state, failed.message.code) == ("failed", "worker.no_result")


def test_an_entry_that_cannot_begin_has_failed(draws, entry, bench, caplog):
    draws.cache.error = OutputError("x", "{file} is gone", file="/copies/0/a.csv")
    assert said(draws.drawer.begin(entry).message) == "a.csv is gone."
    assert caplog.text == ""
    draws.cache.error = ZeroDivisionError("no cache")
    assert "ZeroDivisionError: no cache" in said(draws.drawer.begin(entry).message)
    assert "could not begin" in caplog.text
    draws.cache.error = None
    (bench.out / "a.mp4").touch()
    assert "already exists" in said(draws.drawer.begin(entry).message)
    assert draws.drawer.entry_id is None
    assert draws.clients == []


def test_only_what_was_drawn_is_kept_for_later(draws, entry, caplog):
    draws.drawer.begin(entry)
    draws.drawer.keep(draws.told(Failed, error="scene", message=Message.plain("no")))
    assert draws.cache.kept == []
    draws.drawer.begin(entry)
    done = draws.told(Done)
    draws.drawer.keep(done)
    assert draws.cache.kept == [(entry.job, Path(entry.job.output), done.result)]
    draws.cache.keep = None  # as good as any fault
    draws.drawer.keep(done)
    assert "could not be kept" in caplog.text


def test_closing_ends_the_worker_if_there_is_one(draws, entry):
    draws.drawer.close()
    draws.drawer.begin(entry)
    draws.drawer.close()
    assert draws.clients[0].is_closed
