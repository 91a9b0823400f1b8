"""What comes into a process that answers jobs, and what it does when nothing comes."""

from __future__ import annotations

import errno
import io
import os
import threading

import av
import pytest

import backprop_studio.render.workers.answering
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import CatalogueJob, NumbersJob, VideoJob
from backprop_studio.render.messages.protocol import Cancel, EventDecoder, encode_request
from backprop_studio.render.workers.answering import Answers, Inbox


def live_on(monkeypatch):
    """Let this process go on when its client, which it is itself, is gone."""
    monkeypatch.setattr(backprop_studio.render.workers.answering, "_ORPHAN_GRACE_SECONDS", 600.0)


def test_spare_time_is_used_while_there_is_no_job(monkeypatch):
    live_on(monkeypatch)
    reading, writing = os.pipe()
    inbox = Inbox(reading)
    done = []

    def spare_time():
        for number in range(3):
            done.append(number)
            if number == 2:  # now the first job comes
                os.write(writing, encode_request(CatalogueJob(id="a")))
                os.close(writing)
            yield

    assert [job.id for job in inbox.jobs(spare_time)] == ["a"]
    assert done == [0, 1, 2]


def test_a_job_that_is_there_goes_before_spare_time(monkeypatch):
    live_on(monkeypatch)
    reading, writing = os.pipe()
    os.write(writing, encode_request(CatalogueJob(id="a")) + encode_request(CatalogueJob(id="b")))
    os.close(writing)
    heard = threading.Semaphore(0)
    inbox = Inbox(reading, on_change=heard.release)
    while not inbox.is_cancelled("any"):  # its client is gone: all has been read
        assert heard.acquire(timeout=30)
    done = []
    jobs = inbox.jobs(lambda: iter(lambda: done.append(1), 2))
    assert [job.id for job in jobs] == ["a", "b"]
    assert done == []


def test_spare_time_comes_again_after_each_job(monkeypatch):
    live_on(monkeypatch)
    reading, writing = os.pipe()
    inbox = Inbox(reading, idle_seconds=0.0)
    spared = []

    def spare_time():
        spared.append(len(spared))
        if len(spared) == 3:
            os.close(writing)
        else:
            os.write(writing, encode_request(CatalogueJob(id=f"job {len(spared)}")))
        yield

    assert [job.id for job in inbox.jobs(spare_time)] == ["job 1", "job 2"]
    assert spared == [0, 1, 2]


def test_a_cancelled_job_and_a_client_that_is_gone_are_reported_at_once(monkeypatch):
    live_on(monkeypatch)
    reading, writing = os.pipe()
    heard = threading.Semaphore(0)
    inbox = Inbox(reading, on_change=heard.release)
    os.write(writing, encode_request(Cancel(job_id="a")))
    assert heard.acquire(timeout=30)
    assert (inbox.is_cancelled("a"), inbox.is_cancelled("b")) == (True, False)
    os.close(writing)
    assert heard.acquire(timeout=30)
    assert inbox.is_cancelled("b")
    assert list(inbox.jobs(lambda: iter(()))) == []


class ExternalError(OSError):
    """As PyAV has one."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "Memory ran out at 3840x2160 and 60 frames per second; choose a lower"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "Memory ran out at 3840x2160 and 60"),
        (
            ExternalError(-542398533, "avcodec_open2()"),
            "The encoder failed, perhaps because memory",
        ),
    ],
)
def test_when_memory_runs_out_it_is_said_at_which_size(error, said):
    def fail(_job):
        raise error

    sent = io.BytesIO()
    picture = FrameFormat(width=3840, height=2160, fps=60)
    Answers(sent).answer(VideoJob(id="v", scene="any", output="/a.mp4", picture=picture), fail)
    _, (end, _) = EventDecoder().feed(sent.getvalue())
    assert (end.job_id, end.error) == ("v", "scene")
    assert sentence(end.message).startswith(said)
    sent = io.BytesIO()
    Answers(sent).answer(NumbersJob(id="n", scene="any"), fail)
    _, (end, _) = EventDecoder().feed(sent.getvalue())
    assert sentence(end.message).endswith("choose fewer or smaller layers, or less data.")


def test_an_encoder_that_is_not_there_is_named(tmp_path):
    def fail(_job):
        with av.open(tmp_path / "a.mp4", "w") as container:
            container.add_stream("libx999", rate=30)

    sent = io.BytesIO()
    Answers(sent).answer(NumbersJob(id="n", scene="any"), fail)
    _, (end, _) = EventDecoder().feed(sent.getvalue())
    assert end.error == "missing"
    assert "has no encoder libx999; run backprop-studio doctor" in sentence(end.message)
