from __future__ import annotations

import errno

import av
import numpy as np
import pytest

from backprop_studio.render.files.film import Film, straight_alpha
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.messages.results import BeatMark
from tests.render.files.films import SMALL, colours, fill, film_threads, packets, plain


@pytest.fixture(scope="module")
def three_colours(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    beats = (
        BeatMark(name="one", caption="一; = #\\", start=0, end=0.4),
        BeatMark(name="two", caption="", start=0.4, end=1.2),
    )
    film = Film(path, SMALL, title="反向传播", beats=beats)
    fill(film, ((255, 0, 0), 10), ((0, 255, 0), 19), ((0, 0, 255), 1))
    return path


def test_every_frame_is_there_in_order_with_equal_steps(three_colours):
    assert colours(three_colours).argmax(1).tolist() == [0] * 10 + [1] * 19 + [2]
    verify_video(three_colours, SMALL, 30)


def test_a_browser_can_play_it(three_colours):
    with av.open(three_colours) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_tag == "avc1"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == stream.base_rate == 25
    data = three_colours.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_colours_are_bt709_and_say_so(three_colours):
    with av.open(three_colours) as container:
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc, context.color_range)
        red = next(container.decode(video=0)).to_ndarray()
    assert [int(tag) for tag in tags] == [1, 1, 1, 1]
    # BT.709: Y = 16 + 219 * 0.2126; BT.601 would give 81.
    assert red[:48].mean() == pytest.approx(62.6, abs=1.5)


def test_title_and_chapters_are_in_it_if_they_are_given(three_colours, tmp_path):
    with av.open(three_colours) as container:
        assert container.metadata["title"] == "反向传播"
        chapters = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == ["一; = #\\", "two"]
    assert [(chapter["start"], chapter["end"]) for chapter in chapters] == [(0, 400), (400, 1200)]
    fill(Film(tmp_path / "film.mp4", SMALL), ((1, 2, 3), 1))
    with av.open(tmp_path / "film.mp4") as container:
        assert not container.metadata.get("title")
        assert container.chapters() == []


@pytest.mark.parametrize("threads", [0, 2])
def test_a_transparent_picture_is_encoded_once_however_long_it_stands(tmp_path, threads):
    path = tmp_path / "film.mov"
    shown = [((200, 40, 40), 6), ((40, 200, 40), 9), ((40, 40, 200), 1), ((200, 40, 40), 3)]
    fill(Film(path, SMALL, threads=threads), *shown)
    verify_video(path, SMALL, 19)
    with av.open(path) as container:
        pictures = [bytes(packet) for packet in container.demux(video=0) if packet.size]
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc)
        assert tags == (1, 1, 1)  # BT.709
    assert [pictures.index(it) for it in pictures] == [0] * 6 + [6] * 9 + [15] + [0] * 3
    wanted = np.repeat([colour for colour, _ in shown], [repeat for _, repeat in shown], axis=0)
    seen = colours(path, "rgba64le") / 257
    assert np.abs(seen[:, :3] - wanted).max() < 1.5
    assert seen[:, 3].min() > 254


def test_an_error_of_the_encoder_reaches_the_writer_and_blocks_nobody(tmp_path, monkeypatch):
    film = Film(tmp_path / "film.mp4", SMALL)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("backprop_studio.render.files.film.Converter.convert", full)
    with pytest.raises(OSError, match="No space left"):
        fill(film, *[((0, 0, 0), 1)] * 100)
    film.abort()
    assert not film_threads()


@pytest.mark.parametrize("ending", [".mp4", ".mov"])
def test_abort_in_the_middle_of_a_long_pause_returns(tmp_path, ending):
    film = Film(tmp_path / f"film{ending}", SMALL)
    film.write(plain((0, 0, 0)), 10**9)
    film.abort()
    film.abort()
    assert not film_threads()


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        Film(tmp_path / "nowhere" / "film.mp4", SMALL)


def test_a_player_can_begin_every_two_seconds(tmp_path):
    shown = [((shade, 255 - shade, 9), 1) for shade in range(105)]
    fill(Film(tmp_path / "film.mp4", SMALL), *shown)
    found = sorted(packets(tmp_path / "film.mp4"), key=lambda it: it.pts)
    assert [number for number, it in enumerate(found) if it.is_keyframe] == [0, 50, 100]


@pytest.mark.parametrize("ending", [".mp4", ".mov"])
def test_memory_of_frames_comes_back(tmp_path, ending):
    film = Film(tmp_path / f"film{ending}", SMALL)
    frames = [plain((shade, 0, 0)) for shade in (1, 2)]
    for frame in frames:
        film.write(frame)
    film.finish()
    assert film.spare() is frames[0]
    assert film.spare() is (frames[1] if ending == ".mov" else None)


def test_colours_are_divided_by_their_opacity_and_rounded():
    alpha = np.arange(256)
    colour = alpha // 3
    pixels = np.stack([colour, alpha, np.minimum(alpha + 9, 255), alpha], 1).astype(np.uint8)
    before = pixels.copy()
    straight_alpha(pixels.reshape(1, 256, 4))
    for number in range(256):
        if number in (0, 255):
            assert pixels[number].tolist() == before[number].tolist()
            continue
        wanted = [min(255, (int(it) * 510 // number + 1) // 2) for it in before[number, :3]]
        assert pixels[number].tolist() == [*wanted, number]
