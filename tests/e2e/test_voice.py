"""A real voice program speaks a real lesson, and ffmpeg hears each sentence at its time."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.parallel import render_video

WITHIN = 0.04
"""Seconds."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed"),
    pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the listener is ffmpeg"),
]


def heard(path, filters):
    """Return what a filter of ffmpeg says of the sound of a file."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", filters, "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_is_heard_with_its_subtitle(tmp_path, language):
    job = VideoJob(
        id="voice",
        scene="partial_derivatives",
        language=language,
        picture=FrameFormat(width=320, height=180, fps=15),
        output=str(tmp_path / "talk.mp4"),
        voice="espeak",
    )
    result = render_video(job, None, lambda _: None)
    said = heard(result.path, "silencedetect=noise=-42dB:d=0.2")
    begins = [float(it) for it in re.findall(r"silence_end: ([\d.]+)", said)]
    starts = [it.start for beat in result.beats for it in beat.sentences]
    assert len(starts) >= len(result.beats)
    for start in starts:
        assert min(abs(start - begin) for begin in begins) <= WITHIN
    loudness = re.findall(r"I:\s+(-[\d.]+) LUFS", heard(result.path, "ebur128"))[-1]
    assert float(loudness) == pytest.approx(-16, abs=1)
