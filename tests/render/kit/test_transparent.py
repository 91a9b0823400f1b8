"""Clips with nothing behind the lesson: as long as the others, and seen through."""

from __future__ import annotations

import av
import numpy as np
import pytest

from backprop_studio.render.files.film import Film
from backprop_studio.render.kit.transparent import write_vp9
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import KitOptions


def alphas(file):
    """Return how opaque each point of each frame is; what is beside VP9's pictures is decoded too.

    FFmpeg's own decoder of VP9 leaves that away.
    """
    with av.open(file) as video:
        (stream,) = video.streams.video
        own = stream.codec_context.name
        decoder = av.CodecContext.create("libvpx-vp9" if own == "vp9" else own, "r")
        decoder.extradata = stream.codec_context.extradata
        if own != "vp9":
            frames = list(video.decode(stream))
        else:
            packets = [it for it in video.demux(stream) if it.size]
            frames = [frame for it in packets for frame in decoder.decode(it)]
            frames += decoder.decode(None)
    return np.stack([it.to_ndarray(format="rgba")[:, :, 3] for it in frames])


def test_a_page_sees_through_where_a_cutting_program_does(tmp_path):
    clip, page = tmp_path / "a.mov", tmp_path / "a.webm"
    film = Film(clip, FrameFormat(width=64, height=32, fps=10), title="<a> & 二")
    for at in range(0, 48, 8):
        pixels = np.zeros((32, 64, 4), np.uint8)
        pixels[8:24, at : at + 16] = 255
        film.write(pixels)
    film.finish()
    write_vp9(clip, page)
    found = alphas(page)
    assert found.shape == (6, 32, 64)
    assert np.abs(found.astype(int) - alphas(clip)).mean() < 8
    for number, opaque in enumerate(found):
        assert opaque[16, 8 * number + 8] > 240
        assert opaque[2].max() < 16
    with av.open(page) as video:
        assert video.metadata["title"] == "<a> & 二"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "ending"), [("prores", ".mov"), ("vp9", ".webm")])
def test_nothing_is_behind_the_lesson(make, here, kind, ending):
    files = make("video", "clips", options=KitOptions(clips=kind))
    clips = {it: file for it, file in files.items() if "/" in it}
    assert len(clips) >= 3
    assert {file.suffix for file in clips.values()} == {ending}
    with av.open(files["01-tiny.en.mp4"]) as video:
        count = sum(1 for _ in video.decode(video=0))
    found = [alphas(file) for file in clips.values()]
    assert sum(map(len, found)) == count
    for opaque in found[1:]:  # after the title there is a square and a dot
        assert opaque[:, 2, 2].max() < 8
        assert opaque.max() > 247
    assert not [it for it in files if "transparent" in it]
    assert here.done.count("video") == 2
    make("video", "clips", options=KitOptions(clips=kind))
    assert here.done.count("video") == 2  # both were kept
