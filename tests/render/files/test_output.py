from __future__ import annotations

import errno
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.output import (
    check_folder,
    check_not_read,
    check_target,
    is_disk_error,
    output_error,
    verify_video,
)
from tests.render.files.films import SMALL, fill

VIDEO = (".mp4", ".png")


def refused(path, *, overwrite=False, endings=VIDEO):
    folder = path.parent
    before = sorted(os.listdir(folder)) if folder.is_dir() else None
    with pytest.raises(InputError) as caught:
        check_target(path, endings, overwrite=overwrite)
    if before is not None:
        assert sorted(os.listdir(folder)) == before
    message = caught.value.message.words()
    assert "\n" not in message
    return message


def test_a_good_target_is_accepted_and_nothing_is_written(tmp_path):
    check_target(tmp_path / "O'Brien & 中文 #1.MP4", VIDEO, overwrite=False)
    assert os.listdir(tmp_path) == []


def refusing(code):
    def refuse(*_args, **_kwargs):
        raise OSError(code, "whatever the system calls it")

    return refuse


def test_a_folder_that_takes_no_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.TemporaryFile", refusing(errno.EROFS))
    assert refused(tmp_path / "a.mp4").endswith("is not writable: read-only file system")


def test_an_existing_file_needs_overwrite(tmp_path):
    target = tmp_path / "a.mp4"
    target.write_bytes(b"old")
    assert "already exists; add --overwrite" in refused(target)
    check_target(target, VIDEO, overwrite=True)
    assert target.read_bytes() == b"old"


def test_a_link_that_leads_nowhere_is_an_existing_file(tmp_path):
    target = tmp_path / "a.mp4"
    target.symlink_to(tmp_path / "gone")
    assert f"a link to {tmp_path / 'gone'}, already exists" in refused(target)


def test_a_folder_in_place_of_the_file(tmp_path):
    target = tmp_path / "a.mp4"
    target.mkdir()
    assert "is a folder" in refused(target, overwrite=True)


def test_a_device_is_not_replaced_and_told_from_a_wrong_name(tmp_path):
    os.mkfifo(tmp_path / "a.mp4")
    assert "not an ordinary file" in refused(tmp_path / "a.mp4", overwrite=True)
    (tmp_path / "nothing").symlink_to(os.devnull)
    message = refused(tmp_path / "nothing", overwrite=True)
    assert f"a link to {os.devnull}, is not an ordinary file" in message


def test_what_is_read_is_not_replaced(tmp_path):
    source, link, other = (tmp_path / name for name in ("a.json", "link.json", "other.json"))
    source.write_text("{}")
    link.symlink_to(source)
    for target in (source, link, tmp_path / "." / "a.json"):
        with pytest.raises(InputError, match="is also an input"):
            check_not_read(target, [tmp_path / "gone", source])
    check_not_read(other, [source])
    other.write_text("{}")
    check_not_read(other, [source, tmp_path / "gone", Path("nul\0byte")])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a.mp5", "did you mean .mp4?"),
        ("a.pgn", "did you mean .png?"),
        ("a.docx", "it must end in .mp4 or .png"),
        ("a", "it must end in .mp4 or .png"),
        (".mp4", "it must end in .mp4 or .png"),
    ],
)
def test_a_misspelt_ending(tmp_path, name, hint):
    assert refused(tmp_path / name).endswith(hint)


@pytest.mark.parametrize("folder", ["反" * 86, "a/" * 3000], ids=["name", "path"])
def test_a_folder_that_no_disk_can_have(folder):
    for check in (lambda it: check_target(it / "a.mp4", VIDEO, overwrite=True), check_folder):
        with pytest.raises(InputError, match="cannot be used: file name too long") as caught:
            check(Path("/", folder))
        assert len(str(caught.value)) < 300


def test_a_folder_that_may_not_be_looked_into(tmp_path, monkeypatch):
    monkeypatch.setattr("os.stat", refusing(errno.EACCES))
    with pytest.raises(InputError, match=r"a\.mp4 cannot be used: permission denied"):
        check_target(tmp_path / "a.mp4", VIDEO, overwrite=False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EFBIG])
def test_errors_of_the_disk_are_told_from_others(number):
    assert is_disk_error(OSError(number, "x"))
    assert not is_disk_error(OSError(errno.ENOENT, "x"))
    assert not is_disk_error(ValueError("x"))


def test_an_output_error_names_the_file_and_the_reason(tmp_path):
    error = output_error(OSError(errno.ENOSPC, "No space left on device"), tmp_path / "a.mp4")
    assert isinstance(error, OutputError)
    assert error.message.is_disk_full
    assert error.message.words().endswith(
        "a.mp4 could not be written: no space left on device; nothing was changed"
    )


@pytest.fixture(scope="module")
def good_video(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "good.mp4"
    fill(Film(path, SMALL), *[((4 * shade,) * 3, 1) for shade in range(60)])
    return path


def test_a_whole_video_is_accepted_and_another_number_size_or_rate_is_noticed(good_video):
    verify_video(good_video, SMALL, 60)
    with pytest.raises(StudioError, match="has 60 frames instead of 61"):
        verify_video(good_video, SMALL, 61)
    for other in ({"width": 66}, {"fps": 30}):
        with pytest.raises(StudioError, match="instead of"):
            verify_video(good_video, SMALL.model_copy(update=other), 60)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_a_cut_file_is_noticed(good_video, tmp_path, part):
    data = good_video.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: int(len(data) * part)])
    with pytest.raises(StudioError, match=r"cannot be read again|frames instead of|damaged"):
        verify_video(tmp_path / "cut.mp4", SMALL, 60)


def test_a_file_that_is_no_video_is_noticed(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(StudioError, match="cannot be read again"):
        verify_video(path, SMALL, 60)


@pytest.mark.parametrize("length", [199, 200, 201, 300])
def test_a_long_path_is_cut_in_a_message(length, monkeypatch):
    folder = "/" + "a" * (length - 1)
    monkeypatch.setattr("os.stat", refusing(errno.EACCES))
    with pytest.raises(InputError) as caught:
        check_folder(Path(folder))
    shown = caught.value.message.words().split("cannot")[0].split()[-1]
    assert shown == (folder if length <= 200 else folder[:200] + "…")


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path):
    check_target(tmp_path / ("a" * 251 + ".mp4"), VIDEO, overwrite=False)
    for name in ("a" * 252, "反" * 84):
        message = refused(tmp_path / f"{name}.mp4")
        assert message.endswith("name has 256 bytes, and at most 255 are allowed")


def test_a_link_to_a_file_needs_overwrite_as_the_file_does(tmp_path):
    (tmp_path / "old.mp4").touch()
    (tmp_path / "a.mp4").symlink_to("old.mp4")
    assert "a link to old.mp4, already exists" in refused(tmp_path / "a.mp4")
    check_target(tmp_path / "a.mp4", VIDEO, overwrite=True)


def test_a_folder_for_results_is_there_and_takes_files(tmp_path):
    check_folder(tmp_path)
    (tmp_path / "file").touch()
    for name, words in (("gone", "does not exist"), ("file", "is not a folder")):
        assert words in refused(tmp_path / name / "a.mp4")
        with pytest.raises(InputError, match=words):
            check_folder(tmp_path / name)


def damaged(path, frames, codec="libx264", layout="yuv420p", rate=25):
    """Write frames at times of their own."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, layout
        for pts in frames:
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))
            frame.pts, frame.time_base = pts, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(
    ("frames", "codec"),
    [
        (range(5), ("libx264", "yuv444p")),
        (range(5), ("mpeg4", "yuv420p")),
        ([0, 1, 2, 5, 6], ("libx264", "yuv420p")),
    ],
)
def test_another_codec_layout_or_uneven_frames_are_noticed(tmp_path, frames, codec):
    damaged(tmp_path / "a.mp4", frames, *codec)
    with pytest.raises(StudioError, match=r"instead of|evenly"):
        verify_video(tmp_path / "a.mp4", SMALL, 5)


@pytest.mark.parametrize("count", [1, 2])
def test_the_shortest_videos_are_whole(tmp_path, count):
    damaged(tmp_path / "a.mp4", range(count))
    verify_video(tmp_path / "a.mp4", SMALL, count)
