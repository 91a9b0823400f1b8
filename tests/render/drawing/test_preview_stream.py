"""A lesson as a stream: the film's pictures, no further ahead than was agreed, ended when told."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.preview_stream import SIGN_OF_LIFE_SECONDS, PreviewStream
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.messages.events import Frame, Planned, Waiting
from backprop_studio.render.messages.jobs import PreviewJob, StillJob
from backprop_studio.render.workers.client import Limits
from tests.render.drawing.films import SMALL, filmed


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
        sent = [(event, data) for event, data in self.sent if isinstance(event, Frame)]
        opened = [(Image.open(io.BytesIO(data)), event.repeat) for event, data in sent]
        return [np.asarray(image) for image, repeat in opened for _ in range(repeat)]


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


def assert_same(pictures, frames):
    assert len(pictures) == len(frames)
    assert all(same(picture, frame) for picture, frame in zip(pictures, frames, strict=True))
    # The measure sees a difference: a lesson moves.
    assert not same(pictures[0], frames[-1])


def test_the_stream_has_the_frames_of_the_film_and_adds_up_to_the_plan(stream):
    _, client, result = stream()
    assert_same(client.pictures(), filmed()[0])
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


def test_a_still_moment_is_sent_once_and_one_shorter_than_a_frame_not_at_all(stream):
    _, client, _ = stream(params={"frozen": 30.0})
    assert max(frame.repeat for frame in client.frames) == 300
    assert len(client.frames) < 60
    _, client, result = stream(params={"frozen": 0.01})
    assert all(frame.repeat for frame in client.frames)
    assert sum(frame.repeat for frame in client.frames) == result["frames"]


def test_it_begins_with_the_beat_that_is_asked_for(stream):
    _, client, _ = stream(beat="second")
    planned = client.events[0]
    assert planned.first == round(planned.beats[1].start * SMALL.fps) > 0
    assert client.frames[0].number == planned.first
    assert_same(client.pictures(), filmed()[0][planned.first :])
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


def test_a_scene_that_plays_another_lesson_is_noticed(studio, stream, silent, monkeypatch):
    studio.still(StillJob(id="s", scene="tiny", picture=SMALL), silent.watch())
    write = PreviewStream.write
    monkeypatch.setattr(
        PreviewStream, "write", lambda self, pixels, n=1: write(self, pixels, n + 1)
    )
    with pytest.raises(SceneError, match="instead of the planned"):
        stream()


def test_a_scene_without_a_frame_is_refused(scenes_folder, stream):
    lesson = (
        "from backprop_studio.scenes.lesson.lesson import LessonScene\n"
        "class Empty(LessonScene):\n"
        "    def compute(self): return {}\n"
        "    def tell(self): pass\n"
    )
    (scenes_folder / "empty.py").write_text(lesson, encoding="utf-8")
    with pytest.raises(SceneError, match="no animation"):
        stream(scene="empty")
