"""Stills and clips: what is seen in the video, beat by beat."""

from __future__ import annotations

import io

import av
import numpy as np
from PIL import Image

from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob

SAID = ('It is "a" < b & c; $x$ =;#\\ 二.', "Why?")
NAMES = ("01-title", "02-first", "03-second", "04-third")


def decoded(path):
    with av.open(path) as container:
        return [it.to_ndarray(format="rgb24") for it in container.decode(video=0)]


def test_clips_are_the_video_and_stills_their_last_frames(make, here, studio, silent):
    files = make("video", "stills", "clips")
    folder = "01-tiny.en"
    kinds = {f"{folder}/{name}.{kind}" for name in NAMES for kind in ("mp4", "png")}
    assert set(files) == kinds | {f"{folder}.mp4", "week.en.mp4"}
    clips = [decoded(files[f"{folder}/{name}.mp4"]) for name in NAMES]
    whole = decoded(files[f"{folder}.mp4"])
    frames = [frame for clip in clips for frame in clip]
    assert len(frames) == len(whole)
    assert all(map(np.array_equal, frames, whole))
    picture = FrameFormat.of_quality("l")
    params = {"times": [0.2], "frozen": 0.2}
    script = {"first": SAID}
    for name, clip in zip(NAMES, clips, strict=True):
        still = np.asarray(Image.open(files[f"{folder}/{name}.png"])).astype(int)
        shown = clip[len(clip) // 2 if name == NAMES[0] else -1]  # a title, before it fades
        assert np.corrcoef(still.ravel(), shown.ravel())[0, 1] > 0.95
        if name == NAMES[0]:
            continue
        given = {"params": params, "picture": picture, "script": script}
        job = StillJob(id=name, scene="tiny", beat=name[3:], **given)
        _, data = studio.still(job, silent.watch(), lambda *_: None)
        single = np.asarray(Image.open(io.BytesIO(data))).astype(int)
        # What is drawn a second time comes from the raster cache, which rounds once.
        assert np.abs(still - single).max() <= 1


def test_a_second_run_draws_nothing_and_makes_the_same(make, here):
    first = {name: path.read_bytes() for name, path in make("stills", "numbers").items()}
    assert here.done.count("material") == 1
    here.done.clear()
    again = make("stills", "numbers")
    assert here.done == []
    assert {name: path.read_bytes() for name, path in again.items()} == first
