"""Videos with a voice: drawn in its time, joined with its sound, and what happens when it fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import platformdirs
import pytest

from backprop_studio.core.base.errors import InputError, TimeLimitError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.film_settings import FilmSettings, read_settings
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import PlanJob, VideoJob
from backprop_studio.render.messages.results import BeatMark, SentenceMark, VideoResult
from backprop_studio.render.voice.sound import RATE, read_sound
from backprop_studio.render.workers import spoken_video
from backprop_studio.render.workers.parallel import render_video
from tests.render.files.films import SMALL, plain

SETTINGS = FilmSettings(scene="any", params={"pace": 2.0}, language="en", theme="dark")

TEXTS = ("First.", "Second.", "Nobody says this.")


class Speaker:
    """Says each sentence with a tone."""

    at_once = 2

    def __init__(self, seconds=1.0, hertz=440, fault=None):
        self.seconds, self.hertz, self.fault = seconds, hertz, fault

    def stop(self):
        pass

    def speak(self, saying, language):
        if self.fault and saying.text == "Second.":
            raise self.fault
        if saying.text == "Nobody says this.":
            return None
        time = np.arange(round(self.seconds * RATE)) / RATE
        return (0.1 * np.sin(2 * np.pi * self.hertz * time)).astype("f4")


def beats_of(job):
    """Return a beat whose sentences take their time and half a second, or two seconds."""
    said, start = [], 0.24
    for text in TEXTS:
        end = start + job.spoken.get(text, 1.5) + 0.5
        said.append(SentenceMark(text=text, start=start, end=end))
        start = end
    return (BeatMark(name="only", caption="", start=0, end=start, sentences=tuple(said)),)


class Runner:
    """Plans and films the beat as grey pictures."""

    def __init__(self):
        self.drawn = []

    def capacity(self, wanted):
        return 1

    def run(self, tasks, on_event, *, workers=None):
        return [self.done(task.job) for task in tasks]

    def done(self, job):
        beats = beats_of(job)
        if isinstance(job, PlanJob):
            return Done(job_id=job.id, result={"beats": [it.model_dump() for it in beats]})
        self.drawn.append(job)
        frames = round(beats[-1].end * SMALL.fps)
        film = Film(Path(job.output), SMALL, tags=SETTINGS.tags())
        film.write(plain((90, 90, 90), SMALL), frames)
        film.finish()
        look = {"frames": frames, "duration": frames / SMALL.fps, "beats": beats}
        result = VideoResult(path=job.output, title="T", **look, **SMALL.model_dump())
        return Done(job_id=job.id, result=result.model_dump(mode="json"))


@pytest.fixture
def render(tmp_path, monkeypatch):
    """Render with a speaker of the test's own."""
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    runner = Runner()
    (tmp_path / "out").mkdir()

    def render(speaker, name="v.mp4"):
        monkeypatch.setattr(spoken_video, "voice_source", lambda *_: speaker)
        output = str(tmp_path / "out" / name)
        job = VideoJob(
            id="v", scene="any", output=output, overwrite=True, picture=SMALL, voice="espeak"
        )
        return render_video(job, None, lambda _: None, runner=runner)

    render.runner, render.folder = runner, tmp_path / "out"
    return render


def starts(path):
    """Return the seconds at which it gets loud in a video."""
    is_loud = np.abs(read_sound(path, 60)) > 0.05
    near = np.convolve(is_loud, np.ones(RATE // 50), "same") > 0
    return np.flatnonzero(np.diff(near.astype(int)) == 1) / RATE + 0.01


@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_each_sentence_is_heard_when_it_is_said(render, ending):
    result = render(Speaker(), f"v{ending}")
    (job,) = render.runner.drawn
    assert job.spoken == pytest.approx({"First.": 1.0, "Second.": 1.0})
    assert job.voice == "none"
    said = [it.start for it in result.beats[0].sentences[:2]]
    assert starts(result.path) == pytest.approx(said, abs=0.04)
    assert result.remark.fields["names"] == "any.only.3"
    assert read_settings(result.path) == SETTINGS
    assert [it.name for it in render.folder.iterdir()] == [f"v{ending}"]


def test_another_voice_that_takes_as_long_needs_no_new_picture(render):
    for speaker in (Speaker(), Speaker(hertz=660), Speaker(seconds=2)):
        render(speaker)
    assert [it.spoken["First."] for it in render.runner.drawn] == [1.0, 2.0]


def test_a_voice_that_fails_changes_nothing(render):
    (render.folder / "v.mp4").write_bytes(b"an older film")
    with pytest.raises(TimeLimitError, match="It hangs"):
        render(Speaker(fault=TimeLimitError("x", "it hangs")))
    assert [it.read_bytes() for it in render.folder.iterdir()] == [b"an older film"]
    assert not render.runner.drawn


def test_what_can_hold_no_voice_is_refused_before_any_work(render):
    with pytest.raises(InputError, match="cannot hold a voice"):
        render(Speaker(), "v.gif")
