"""A lesson as a stream: the film's pictures, no further ahead than was agreed, ended when told."""

from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.preview_stream import SIGN_OF_LIFE_SECONDS, PreviewStream
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Frame, Planned, Waiting
from backprop_studio.render.messages.jobs import PreviewJob, StillJob
from backprop_studio.render.workers.client import Limits, WorkerClient
from tests.render.drawing.films import SMALL, filmed

WORKER = Path(__file__).parents[1] / "tiny_worker.py"
LONG = {"times": [1000.0]}
"""Ten thousand frames: nobody draws them before a test is over."""


class Client:
    """Notes what a stream sends and says how far it has got."""

    def __init__(self, shown=10**9):
        self.sent = []
        self.shown = shown

    def send(self, event, attachment):
        self.sent.append((event, attachment))

    def wait_until_taken(self, frame, _seconds):
        return self.shown >= frame

    @property
    def events(self):
        return [event for event, _ in self.sent]

    @property
    def frames(self):
        return [event for event in self.events if isinstance(event, Frame)]

    def pictures(self):
        """Every frame as it would be shown."""
        return list(
            itertools.chain.from_iterable(
                [np.asarray(Image.open(io.BytesIO(data)))] * event.repeat
                for event, data in self.sent
                if isinstance(event, Frame)
            )
        )


@pytest.fixture
def stream(tiny, studio, silent):
    """Stream a job to a client."""

    def stream(client=None, **more):
        client = client or Client()
        job = PreviewJob(**{"id": "p", "scene": "tiny", "picture": SMALL, **more})
        result = studio.preview(job, silent.watch(), client.send, client.wait_until_taken)
        return job, client, result

    return stream


def same(picture, frame):
    """Whether a picture that went through JPEG is a frame: off by little, and nowhere by much."""
    off = np.abs(picture.astype(int) - frame[..., :3])
    return off.mean() < 1 and off.max() < 60


def test_the_stream_has_the_frames_of_the_film(stream):
    _, client, _ = stream()
    (frames, _), pictures = filmed(), client.pictures()
    assert len(pictures) == len(frames)
    assert all(same(picture, frame) for picture, frame in zip(pictures, frames, strict=True))
    # The measure sees a difference: a lesson moves.
    assert not same(pictures[0], frames[-1])


def test_the_frames_add_up_to_the_plan(stream):
    _, client, result = stream()
    planned, *frames = client.events
    assert isinstance(planned, Planned)
    assert planned.first == 0
    assert [beat.name for beat in planned.beats] == ["first", "second", "third"]
    assert planned.duration == pytest.approx(planned.frames / SMALL.fps)
    assert planned.beats[-1].end == pytest.approx(planned.duration)
    following = itertools.accumulate([frame.repeat for frame in frames], initial=0)
    assert [frame.number for frame in frames] == list(following)[:-1]
    assert sum(frame.repeat for frame in frames) == planned.frames == result["frames"]
    assert all(frame.seconds == pytest.approx(frame.number / SMALL.fps) for frame in frames)


def test_a_still_moment_is_sent_once(stream):
    _, client, _ = stream(params={"frozen": 30.0})
    assert max(frame.repeat for frame in client.frames) == 300
    assert len(client.frames) < 60


def test_a_pause_shorter_than_a_frame_is_not_sent(stream):
    _, client, result = stream(params={"frozen": 0.01})
    assert all(frame.repeat for frame in client.frames)
    assert sum(frame.repeat for frame in client.frames) == result["frames"]


def test_it_begins_with_the_beat_that_is_asked_for(stream):
    _, client, _ = stream(beat="second")
    planned = client.events[0]
    assert planned.first == round(planned.beats[1].start * SMALL.fps) > 0
    assert client.frames[0].number == planned.first
    rest = filmed()[0][planned.first :]
    pictures = client.pictures()
    assert len(pictures) == len(rest)
    assert all(same(picture, frame) for picture, frame in zip(pictures, rest, strict=True))


def test_an_unknown_beat_gets_a_hint(stream):
    with pytest.raises(InputError, match="no beat 'secnd'; did you mean 'second'"):
        stream(beat="secnd")


def test_a_still_has_planned_the_lesson_already(studio, stream, silent, monkeypatch):
    studio.still(StillJob(id="s", scene="tiny", picture=SMALL), silent.watch())
    monkeypatch.setattr(OpenedLesson, "walk", lambda *_: pytest.fail("planned again"))
    _, client, result = stream()
    assert result["frames"] == client.events[0].frames


def test_it_runs_no_further_ahead_than_was_agreed(stream, silent):
    class Slow(Client):
        """Takes a frame only when the stream cannot go on."""

        def wait_until_taken(self, frame, seconds):
            furthest = self.frames[-1].number if self.frames else 0
            assert furthest < self.shown + 7
            if seconds:
                self.shown += 1
            return self.shown >= frame

    _, client, result = stream(Slow(shown=0), ahead=7)
    assert sum(frame.repeat for frame in client.frames) == result["frames"]
    waits = [event for event in client.events if isinstance(event, Waiting)]
    assert len(waits) > result["frames"] / 4


def test_a_long_wait_gives_signs_of_life(stream):
    class Absent(Client):
        """Comes back after the third sign."""

        def wait_until_taken(self, frame, seconds):
            waits = [event for event in self.events if isinstance(event, Waiting)]
            assert seconds in (0.0, SIGN_OF_LIFE_SECONDS)
            return frame <= 0 or len(waits) >= 3

    _, client, result = stream(Absent(), ahead=5)
    assert sum(frame.repeat for frame in client.frames) == result["frames"]
    assert [type(event) for event in client.events[6:9]] == [Waiting] * 3
    assert SIGN_OF_LIFE_SECONDS < Limits().stall / 2


def test_a_cancel_is_noticed_while_the_stream_waits(stream, silent):
    client = Client(shown=0)

    def wait_until_taken(frame, seconds):
        # As the worker's inbox does it: a cancel ends the waiting too.
        silent.cancel_at = silent.steps if seconds else None
        return frame <= 0 or seconds > 0

    client.wait_until_taken = wait_until_taken
    with pytest.raises(RenderCancelled):
        stream(client, ahead=3)
    assert [frame.number for frame in client.frames] == [0, 1, 2]
    assert isinstance(client.events[-1], Waiting)


def test_a_scene_that_fails_in_the_middle_says_where(stream):
    client = Client()
    with pytest.raises(SceneError, match="ValueError: in tell"):
        stream(client, params={"fault": "tell"})
    assert client.events == []  # the walk before it has found the fault


def test_a_scene_that_plays_another_lesson_is_noticed(studio, stream, silent, monkeypatch):
    studio.still(StillJob(id="s", scene="tiny", picture=SMALL), silent.watch())
    write = PreviewStream.write
    monkeypatch.setattr(
        PreviewStream, "write", lambda self, pixels, n=1: write(self, pixels, n + 1)
    )
    with pytest.raises(SceneError, match="instead of the planned"):
        stream()


def test_a_scene_without_a_frame_is_refused(scenes_folder, stream):
    (scenes_folder / "empty.py").write_text(
        "from backprop_studio.scenes.lesson.lesson import LessonScene\n"
        "class Empty(LessonScene):\n"
        "    def compute(self): return {}\n"
        "    def tell(self): pass\n",
        encoding="utf-8",
    )
    with pytest.raises(SceneError, match="no animation"):
        stream(scene="empty")


# The same through a worker of its own


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker") / "scenes"
    folder.mkdir()
    source = (Path(__file__).parents[1] / "tiny_scene.py").read_text(encoding="utf-8")
    (folder / "tiny.py").write_text(source, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shared(folder):
    """Start one worker for all tests; each sets its own listener."""

    class Shared:
        listener = None

        def __call__(self, event, attachment):
            self.listener(event, attachment)

    shared = Shared()
    with WorkerClient(shared, command=(sys.executable, str(WORKER), str(folder))) as client:
        shared.client = client
        yield shared


@pytest.fixture
def client(shared, recorder):
    shared.listener = recorder
    return shared.client


def preview(name, **more):
    return PreviewJob(**{"id": name, "scene": "tiny", "picture": SMALL, "ahead": 12, **more})


def numbers(recorder, name):
    frames = [event for event, _ in recorder.events if isinstance(event, Frame)]
    return [frame.number for frame in frames if frame.job_id == name]


def waits(name):
    return lambda event: isinstance(event, Waiting) and event.job_id == name


def test_the_worker_stops_at_the_limit_and_goes_on_when_frames_are_taken(client, recorder):
    client.submit(preview("limit", params=LONG))
    recorder.wait_for(waits("limit"))
    assert numbers(recorder, "limit") == list(range(12))
    client.take("somebody else's", 5000)
    client.take("limit", 30)
    recorder.wait_for(lambda event: isinstance(event, Frame) and event.number == 41)
    client.take("limit", 20)  # what was taken stays taken
    client.cancel("limit")
    assert isinstance(recorder.wait_for_end("limit")[0], Cancelled)
    assert numbers(recorder, "limit") == list(range(42))


def test_a_whole_stream_arrives_with_its_pictures(client, recorder):
    client.submit(preview("whole", ahead=10**6))
    done, nothing = recorder.wait_for_end("whole")
    assert isinstance(done, Done)
    assert nothing == b""
    frames = [(event, data) for event, data in recorder.events if isinstance(event, Frame)]
    assert sum(event.repeat for event, _ in frames) == done.result["frames"]
    for event, data in frames:
        assert len(data) == event.attachment
        assert Image.open(io.BytesIO(data)).size == (160, 90)


def test_a_stream_that_waits_gives_way_to_a_still_on_the_same_worker(client, recorder):
    client.submit(preview("first", params=LONG))
    recorder.wait_for(waits("first"))
    pid = client.worker_pid
    client.submit(StillJob(id="still", scene="tiny", picture=SMALL))
    assert isinstance(recorder.wait_for_end("first")[0], Cancelled)
    assert isinstance(recorder.wait_for_end("still")[0], Done)
    assert client.worker_pid == pid


def test_a_newer_stream_replaces_running_and_waiting_ones(client, recorder):
    for name in "abc":
        client.submit(preview(name, params=LONG))
    client.submit(preview("last", ahead=10**6))
    assert isinstance(recorder.wait_for_end("last")[0], Done)
    assert all(isinstance(recorder.wait_for_end(name)[0], Cancelled) for name in "abc")
    assert len(recorder.ends()) == 4


def test_a_stream_that_hangs_is_killed_for_what_comes_next(recorder, fake_command):
    with WorkerClient(recorder, command=fake_command, limits=Limits(cancel=0.2)) as client:
        client.submit(preview("hangs", params={"act": "stubborn"}))
        recorder.wait_for_progress("hangs")
        pid = client.worker_pid
        client.submit(preview("next", params={"act": "sheet"}))
        assert isinstance(recorder.wait_for_end("hangs")[0], Cancelled)
        assert isinstance(recorder.wait_for_end("next")[0], Done)
        assert client.worker_pid != pid


def test_a_failing_scene_ends_the_stream_with_one_sentence(client, recorder):
    client.submit(preview("fault", params={"fault": "compute"}))
    failed, _ = recorder.wait_for_end("fault")
    assert isinstance(failed, Failed)
    assert failed.error == SceneError.kind
    assert "ZeroDivisionError: in compute" in sentence(failed.message)
    assert len(recorder.ends("fault")) == 1
