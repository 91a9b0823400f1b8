from __future__ import annotations

import io
import os

import av
import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.files.film_settings import read_settings
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import NumbersJob, PlanJob, StillJob, VideoJob
from backprop_studio.render.messages.results import BeatMark
from tests.render.drawing.films import SMALL

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture
def still(studio, silent):
    def still(**more):
        job = StillJob(id="s", scene="tiny", picture=SMALL, **more)
        result, png = studio.still(job, silent.watch())
        return result, np.asarray(Image.open(io.BytesIO(png)))

    return still


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def video(studio, silent, folder):
    def video(**more):
        job = VideoJob(id="v", scene="tiny", picture=SMALL, output=str(folder / "a.mp4"), **more)
        return studio.video(job, silent.watch())

    return video


def decoded(path):
    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_video_is_what_its_result_says_and_its_progress_is_true(video, folder, silent):
    result = video()
    frames = decoded(result.path)
    assert len(frames) == result.frames
    assert frames[0].shape == (90, 160, 3)
    assert result.duration == result.frames / 10
    assert [mark.name for mark in result.beats] == ["first", "second", "third"]
    assert os.listdir(folder) == ["a.mp4"]
    drawing = [event for event in silent.events if event.phase == "draw"]
    assert drawing[-1].frame == drawing[-1].frames == result.frames
    for event in drawing:
        assert event.fraction == pytest.approx(min(0.99, event.frame / event.frames))
    assert silent.events[0].phase == "plan"
    assert silent.events[-1].fraction == 1.0


def test_a_video_says_what_it_was_made_with_as_it_was_read(video):
    result = video(params={"times": "1.5; 2", "pace": 2}, language="zh", theme="light")
    found = read_settings(result.path)
    assert (found.scene, found.language, found.theme) == ("tiny", "zh", "light")
    assert found.params == {"times": [1.5, 2.0], "pace": 2.0}


def test_a_still_shows_the_frame_of_the_video_at_its_time(video, still):
    frames = [frame.astype(int) for frame in decoded(video().path)]
    for seconds in (0.0, 0.25, 0.8, 1.35):
        found, picture = still(at_seconds=seconds)
        number = int(seconds * 10 + 1e-6)
        assert found["seconds"] == pytest.approx(number / 10)
        off = [np.abs(picture - frame).mean() for frame in frames]
        assert off[number] < 4  # what the encoder costs
        assert off[number] <= min(off) + 0.5


def test_a_still_of_a_beat_shows_its_end_whether_the_plan_is_known_or_not(still):
    fresh = still(beat="first")
    whole, last = still()
    for mark in whole["beats"]:
        found, picture = still(beat=mark["name"])
        assert found["beat"] == mark["name"]
        assert found["seconds"] == pytest.approx(mark["end"] - 0.1)
    assert (whole["beat"], whole["seconds"]) == ("third", found["seconds"])
    assert np.array_equal(last, picture)
    assert np.array_equal(fresh[1], still(at_seconds=fresh[0]["seconds"])[1])
    known = still(beat="first")
    assert fresh[0] == known[0]
    assert np.array_equal(fresh[1], known[1])


def test_a_picture_is_there_before_the_rest_of_the_lesson_is(studio, silent):
    job = StillJob(id="e", scene="tiny", picture=SMALL, beat="first", params={"pace": 1.01})
    _, alone = studio.still(job, silent.watch())
    sent = []
    early = job.model_copy(update={"beats": "after", "params": {"pace": 1.02}})
    done, nothing = studio.still(early, silent.watch(), lambda *event: sent.append(event))
    ((pictured, data),) = sent
    assert nothing == b""
    assert len(data) == pictured.attachment
    assert "beats" not in pictured.result
    assert {**done, **pictured.result} == done
    assert [it["name"] for it in done["beats"]] == ["first", "second", "third"]
    left = job.model_copy(update={"beats": "without", "params": {"pace": 1.03}})
    short, last = studio.still(left, silent.watch())
    assert set(short) == {"beat", "seconds", "resolved"}
    assert data == last == alone
    # Half a plan is not taken for a whole one.
    known, _ = studio.still(left.model_copy(update={"beat": "third"}), silent.watch())
    assert known["beat"] == "third"


def test_a_plan_holds_for_one_shape_of_the_frame_only(studio, silent, still):
    wide, _ = still()
    tall = StillJob(id="t", scene="tiny", picture=FrameFormat(width=90, height=160, fps=10))
    first, _ = studio.still(tall, silent.watch())
    assert first["duration"] > wide["duration"] + 0.5
    again, _ = studio.still(tall.model_copy(update={"beat": "third"}), silent.watch())
    assert again == first
    assert still()[0] == wide


def test_the_end_of_the_lesson_is_its_last_frame_and_later_is_an_error(still):
    duration = still()[0]["duration"]
    found, _ = still(at_seconds=duration)
    assert found["seconds"] == pytest.approx(duration - 0.1)
    with pytest.raises(InputError, match=r"99 seconds is after the end .* lasts \d"):
        still(at_seconds=99)


def test_a_plan_says_what_is_said_in_whose_words_for_how_long_and_what_is_to_be_seen(
    studio, silent
):
    own = {"second": ("My own words.", "And more.")}
    job = PlanJob(id="p", scene="tiny", picture=SMALL, script=own, spoken={"My own words.": 4.5})
    beats = [BeatMark(**it) for it in studio.planned(job, silent.watch())["beats"]]
    assert [[it.text for it in beat.sentences] for beat in beats] == [
        ["The first"],
        ["My own words.", "And more."],
        ["The third"],
    ]
    mine, more = beats[1].sentences
    assert 4.5 <= mine.end - mine.start <= 5.5
    assert mine.end <= more.start
    assert more.end <= beats[1].end
    assert beats[0].numbers == ("1.500",)
    wrong = job.model_copy(update={"script": {"secnd": ("x",)}})
    with pytest.raises(InputError, match="no beat 'secnd'"):
        studio.planned(wrong, silent.watch())


def test_an_unknown_beat_gets_a_hint(still):
    for _ in ["once unknown", " once with a known plan"]:
        with pytest.raises(InputError, match="no beat 'secnd'; did you mean 'second'"):
            still(beat="secnd")


def test_language_and_theme_reach_the_scene(still):
    _, dark = still()
    _, light = still(theme="light")
    assert light[0, 0].mean() > 128 > dark[0, 0].mean()
    with pytest.raises(InputError, match="drak"):
        still(theme="drak")


@pytest.mark.parametrize(
    ("params", "part"),
    [({"tims": [1]}, "times"), ({"pace": 0}, "pace"), ({"pace": float("nan")}, "nan")],
)
def test_wrong_parameters_are_input_errors(still, video, folder, params, part):
    for act in (still, video):
        with pytest.raises(InputError, match=part):
            act(params=params)
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("compute", r"scenes/tiny.py, line \d+: ZeroDivisionError: in compute"),
        ("tell", r"scenes/tiny.py, line \d+: ValueError: in tell.$"),
        ("exit", r"scenes/tiny.py, line \d+: SystemExit: goodbye"),
    ],
)
def test_a_fault_in_a_scene_says_where(still, video, folder, fault, message):
    for act in (still, video):
        with pytest.raises(SceneError, match=message):
            act(params={"fault": fault})
    assert os.listdir(folder) == []
    assert still()[0]["beat"] == "third"  # the next job works


def test_a_cancel_leaves_nothing_and_keeps_the_old_file(video, folder, silent):
    (folder / "a.mp4").write_bytes(b"old")
    video(overwrite=True)
    steps = silent.steps
    old = (folder / "a.mp4").read_bytes()
    for part in (0.0, 0.1, 0.5, 0.8, 0.99):
        silent.steps, silent.cancel_at = 0, int(steps * part)
        with pytest.raises(RenderCancelled):
            video(overwrite=True)
        assert os.listdir(folder) == ["a.mp4"]
        assert (folder / "a.mp4").read_bytes() == old


def test_an_existing_output_is_refused_before_any_work(video, folder, silent):
    (folder / "a.mp4").write_bytes(b"old")
    with pytest.raises(InputError, match="already exists"):
        video()
    assert silent.events == []
    assert (folder / "a.mp4").read_bytes() == b"old"


def test_numbers_are_complete_without_drawing(studio, silent):
    sheet = studio.numbers(NumbersJob(id="n", scene="tiny"), silent.watch())["answer_sheet"]
    assert sheet["values"] == [1.5, -0.25]
    assert [number["value"] for number in sheet["shown"]] == [1.5]
    assert sheet["shown"][0]["beat"] == "first"
