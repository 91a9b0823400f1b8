"""One real worker makes real videos of real lessons: a short one, and in the sweeps a long one."""

from __future__ import annotations

import io
import itertools
import os
import uuid

import av
import numpy as np
import pytest
from av.video.reformatter import Interpolation
from PIL import Image

from backprop_studio.core.base.messages import sentence
from backprop_studio.render.files.film_settings import read_settings
from backprop_studio.render.messages.events import Cancelled, Done, Failed
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import NumbersJob, StillJob, VideoJob

LOW = FrameFormat.of_quality("l")
LESSONS = {
    "chain_rule": ({"pace": 4.0, "steps": 1}, ["forward", "nudge"]),
    "backprop": ({"pace": 4.0}, ["question", "input"]),
}
"""Parameters, and the names of the first beats."""


def as_rgb(frame):
    """Return a frame as a careful player shows it; the quick way is two levels too dark."""
    careful = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    return frame.reformat(format="rgb24", interpolation=careful).to_ndarray().astype(int)


def new_id():
    return uuid.uuid4().hex


@pytest.fixture(
    scope="module",
    params=["chain_rule", pytest.param("backprop", marks=pytest.mark.slow)],
)
def video(request, session, tmp_path_factory):
    """Return the result of a render, and what is in the folder afterwards."""
    folder = tmp_path_factory.mktemp("O'Brien & co 反向 #1 100%")
    job = VideoJob(
        id=new_id(),
        scene=request.param,
        params=LESSONS[request.param][0],
        picture=LOW,
        output=str(folder / "a.mp4"),
    )
    end, _ = session.end_of(job)
    assert isinstance(end, Done), end
    return job, end.result, folder


@pytest.fixture(scope="module")
def frames(video):
    _, result, _ = video
    with av.open(result["path"]) as container:
        decoded = list(container.decode(video=0))
    return decoded


def test_the_video_is_what_was_planned(video, frames):
    job, result, folder = video
    assert os.listdir(folder) == ["a.mp4"]
    assert len(frames) == result["frames"]
    assert (frames[0].width, frames[0].height) == (854, 480)
    assert {frame.format.name for frame in frames} == {"yuv420p"}
    steps = {after.pts - before.pts for before, after in itertools.pairwise(frames)}
    assert len(steps) == 1
    assert result["duration"] == pytest.approx(len(frames) / 15)
    assert [beat["name"] for beat in result["beats"]][:2] == LESSONS[job.scene][1]


def test_the_video_plays_in_a_browser(video):
    _, result, _ = video
    with av.open(result["path"]) as container:
        (stream,) = container.streams.video
        assert (stream.codec_context.name, stream.codec_tag) == ("h264", "avc1")
        chapters = [chapter["metadata"]["title"] for chapter in container.chapters()]
    assert chapters == [beat["caption"] for beat in result["beats"]]
    with open(result["path"], "rb") as file:
        head = file.read(100_000)
    assert b"moov" in head


def test_the_video_says_what_it_was_made_with(video):
    job, result, _ = video
    found = read_settings(result["path"])
    assert found.params == job.params
    assert (found.scene, found.language, found.theme) == (job.scene, job.language, job.theme)


def test_the_pictures_are_not_empty_and_move(frames):
    pictures = [frame.to_ndarray(format="gray") for frame in frames]
    assert all(picture.std() > 5 for picture in pictures[len(pictures) // 4 :])
    assert len({picture.tobytes() for picture in pictures}) > len(pictures) // 4


def test_progress_rises_to_one(session, video):
    job, result, _ = video
    events = session.progress(job.id)
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [event.phase for event in events[-2:]] == ["check", "check"]
    assert {event.frames for event in events if event.phase == "draw"} == {result["frames"]}
    # How soon a rest can be guessed depends on the machine; here only that it is none at the end.
    assert events[-1].eta_seconds == 0.0


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_still_is_the_same_frame_of_the_video(session, video, frames, every):
    job, result, _ = video
    for beat in result["beats"][::every]:
        end, png = session.end_of(
            StillJob(
                id=new_id(), scene=job.scene, params=job.params, picture=LOW, beat=beat["name"]
            )
        )
        still = np.asarray(Image.open(io.BytesIO(png))).astype(int)
        shown = as_rgb(frames[round(end.result["seconds"] * 15)])
        assert np.abs(still - shown).mean() < 2.0, beat["name"]
        far_off = np.abs(still - shown).max(axis=2) > 60
        assert far_off.mean() < 0.005, beat["name"]


def test_a_cancel_in_the_middle_leaves_nothing_and_the_worker_warm(session, tmp_path):
    old = tmp_path / "old.mp4"
    old.write_bytes(b"old")
    job = VideoJob(id=new_id(), scene="backprop", picture=LOW, output=str(old), overwrite=True)
    session.client.submit(job)
    session.wait_for(
        lambda event: getattr(event, "job_id", "") == job.id and getattr(event, "frame", 0) > 20
    )
    assert len(os.listdir(tmp_path)) == 2
    pid = session.client.worker_pid
    session.client.cancel(job.id)
    end, _ = session.wait_for_end(job.id)
    assert end == Cancelled(job_id=job.id)
    assert session.client.worker_pid == pid
    assert os.listdir(tmp_path) == ["old.mp4"]
    assert old.read_bytes() == b"old"


SIGMOID = {
    "network.weights": [[[0.1, -0.2], [0.3, 0.4]], [[0.5, -0.6]]],
    "network.biases": [[0.01, 0.02], [0.03]],
}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {
            "network": {
                "sizes": [2, 2, 1],
                "activation": "sigmoid",
                "output_activation": "sigmoid",
                "loss": "half_squared_error",
                "weights": SIGMOID["network.weights"],
                "biases": SIGMOID["network.biases"],
            },
            "data": {"inputs": [[0.5, -1.0], [0.25, 2.0]], "targets": [[0.1], [0.9]]},
        },
    ],
    ids=["default", "sigmoid"],
)
def test_the_numbers_are_verified(session, params):
    end, _ = session.end_of(NumbersJob(id=new_id(), scene="backprop", params=params, verify=True))
    assert isinstance(end, Done), end
    sheet = end.result["answer_sheet"]
    assert sheet["verification"]["max_relative_error"] <= 1e-6
    expected = {"scene", "parameters", "versions", "inputs", "targets", "layers", "loss"}
    assert expected | {"updated", "loss_after", "shown"} <= sheet.keys()


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"learning_rat": 0.1}, "learning_rate"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"learning_rate": -0.1}, "learning_rate"),
        ({"learning_rate": float("nan")}, "nan"),
        ({"learning_rate": "fast"}, "fast"),
        ({"network": {"sizes": []}}, "sizes"),
        ({"network": {"sizes": [0, 2]}}, "sizes"),
        ({"network": {"sizes": [3]}}, "sizes"),
        ({"network": {"sizes": [2, 2], "weights": [[[1.0, 2.0]]]}}, "(2, 2)"),
        ({"network": {"activation": "sigmoyd"}}, "sigmoid"),
    ],
)
def test_wrong_parameters_end_in_one_sentence_with_nothing_written(session, tmp_path, params, part):
    job = VideoJob(id=new_id(), scene="backprop", params=params, output=str(tmp_path / "a.mp4"))
    end, _ = session.end_of(job)
    assert isinstance(end, Failed), end
    assert end.error == "input"
    assert part in sentence(end.message)
    assert "\n" not in sentence(end.message)
    assert os.listdir(tmp_path) == []
