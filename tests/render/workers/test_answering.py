"""What comes into a process that answers jobs, and what it does when nothing comes."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import threading

import av
import pytest

import backprop_studio.render.workers.answering
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.files.staging import staging_path
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import CatalogueJob, NumbersJob, VideoJob
from backprop_studio.render.messages.protocol import Cancel, EventDecoder, Taken, encode_request
from backprop_studio.render.workers.answering import Answers, Inbox


class Client:
    """The other end of an inbox, which is in this process."""

    def __init__(self, **settings):
        self._heard = threading.Semaphore(0)
        reading, self._writing = os.pipe()
        self.inbox = Inbox(reading, on_change=self._heard.release, **settings)

    def send(self, request):
        os.write(self._writing, encode_request(request))

    def close(self):
        os.close(self._writing)

    def wait(self):
        assert self._heard.acquire(timeout=30)


@pytest.fixture
def client(monkeypatch):
    """Make an inbox and its client; this process goes on when the client is gone."""
    monkeypatch.setattr(backprop_studio.render.workers.answering, "_ORPHAN_GRACE_SECONDS", 600.0)
    return Client


def test_spare_time_is_used_while_there_is_no_job(client):
    other, done = client(), []

    def spare_time():
        for number in range(3):
            done.append(number)
            if number == 2:  # now the first job comes
                other.send(CatalogueJob(id="a"))
                other.close()
            yield

    assert [job.id for job in other.inbox.jobs(spare_time)] == ["a"]
    assert done == [0, 1, 2]


def test_a_job_that_is_there_goes_before_spare_time(client):
    other, done = client(), []
    for name in "ab":
        other.send(CatalogueJob(id=name))
    other.close()
    while not other.inbox.is_cancelled("any"):  # its client is gone: all has been read
        other.wait()
    jobs = other.inbox.jobs(lambda: iter(lambda: done.append(1), 2))
    assert [job.id for job in jobs] == ["a", "b"]
    assert done == []


def test_spare_time_comes_again_after_each_job(client):
    other, spared = client(idle_seconds=0.0), []

    def spare_time():
        spared.append(len(spared))
        if len(spared) == 3:
            other.close()
        else:
            other.send(CatalogueJob(id=f"job {len(spared)}"))
        yield

    assert [job.id for job in other.inbox.jobs(spare_time)] == ["job 1", "job 2"]
    assert spared == [0, 1, 2]


def test_a_cancelled_job_and_a_client_that_is_gone_are_reported_at_once(client):
    other = client()
    other.send(Cancel(job_id="a"))
    other.wait()
    assert (other.inbox.is_cancelled("a"), other.inbox.is_cancelled("b")) == (True, False)
    other.close()
    other.wait()
    assert other.inbox.is_cancelled("b")
    assert list(other.inbox.jobs(lambda: iter(()))) == []


def test_frames_of_the_running_job_are_taken_and_stay_taken(client):
    other = client()
    other.send(CatalogueJob(id="a"))
    other.wait()
    job = next(other.inbox.jobs(lambda: iter(())))
    for name, frame in (("other", 500), ("a", 30), ("a", 20)):
        other.send(Taken(job_id=name, frame=frame))
        other.wait()
    assert other.inbox.wait_until_taken(job.id, 30, 0.0)
    assert not other.inbox.wait_until_taken(job.id, 31, 0.0)
    other.send(Cancel(job_id="a"))
    assert other.inbox.wait_until_taken(job.id, 31, 30.0)  # nobody wants it any more


HANGING = """
import time
from backprop_studio.render.workers import answering
answering._ORPHAN_GRACE_SECONDS = 0.1
requests, events = answering.claim_pipes()
print("noise on stdout")
answers = answering.Answers(events)
for job in answering.Inbox(requests).jobs(lambda: iter(())):
    answers.answer(job, lambda _: time.sleep(1000))
"""


def test_a_process_ends_even_if_its_job_hangs(tmp_path):
    job = VideoJob(id="v", scene="any", output=str(tmp_path / "a.mp4"))
    staging_path(tmp_path / "a.mp4", job.id).write_bytes(b"half a video")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", HANGING], **pipes)
    process.stdin.write(encode_request(job))
    process.stdin.flush()
    decoder = EventDecoder()
    started = list(decoder.feed(os.read(process.stdout.fileno(), 4096)))
    events, stderr = process.communicate(timeout=60)  # its stdin ends
    assert process.returncode == 1
    assert [event.kind for event, _ in [*started, *decoder.feed(events)]] == ["started"]
    assert b"noise on stdout" in stderr
    assert list(tmp_path.iterdir()) == []


class ExternalError(OSError):
    """As PyAV has one."""


def failed(job, error):
    """Return the event of a job that fails with an error."""

    def fail(_job):
        raise error

    sent = io.BytesIO()
    Answers(sent).answer(job, fail)
    _, (end, _) = EventDecoder().feed(sent.getvalue())
    assert end.job_id == job.id
    return end


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "Memory ran out"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "Memory ran out"),
        (
            ExternalError(-5, "avcodec"),
            "The encoder failed, perhaps because memory ran out",
        ),
    ],
)
def test_when_memory_runs_out_it_is_said_at_which_size(error, said):
    picture = FrameFormat(width=3840, height=2160, fps=60)
    end = failed(VideoJob(id="v", scene="any", output="/a.mp4", picture=picture), error)
    assert end.error == "scene"
    assert sentence(end.message).startswith(f"{said} at 3840x2160 and 60 frames per second; choose")
    end = failed(NumbersJob(id="n", scene="any"), error)
    assert sentence(end.message).endswith("choose fewer or smaller layers, or less data.")


def test_an_encoder_that_is_not_there_is_named(tmp_path):
    with (
        av.open(tmp_path / "a.mp4", "w") as container,
        pytest.raises(ValueError, match="x999") as caught,
    ):
        container.add_stream("libx999", rate=30)
    end = failed(NumbersJob(id="n", scene="any"), caught.value)
    assert end.error == "missing"
    assert "has no encoder libx999; run backprop-studio doctor" in sentence(end.message)
