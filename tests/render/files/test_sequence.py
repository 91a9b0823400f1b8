"""A video as numbered pictures: all of them or none, and nothing of somebody else's."""

from __future__ import annotations

import errno
import os

import av
import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import InputError, OutputError, SceneError, StudioError
from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.files.sequence import check_sequence, place_sequence
from backprop_studio.render.files.sequence_film import verify_sequence
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob

SMALL = FrameFormat(width=160, height=90, fps=12)

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def video(tmp_path, silent, folder):
    studio = Studio(tmp_path / "media")

    def video(name="frame-%03d.png", **more):
        output = str(folder / name)
        job = VideoJob(id="v", scene="tiny", picture=SMALL, output=output, **more)
        return studio.video(job, silent.watch())

    return video


def test_the_pictures_are_the_frames_of_the_video(video, folder):
    with av.open(video("a.mp4").path) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    result = video()
    names = sorted(it for it in os.listdir(folder) if it.endswith(".png"))
    assert names == [f"frame-{number:03d}.png" for number in range(1, result.frames + 1)]
    for name, frame in zip(names, frames, strict=True):
        with Image.open(folder / name) as picture:
            assert picture.mode == "RGB"
            assert np.abs(np.asarray(picture).astype(float) - frame).mean() < 4
    assert len(os.listdir(folder)) == result.frames + 1  # nothing staged is left


def test_the_number_may_stand_anywhere_in_odd_names(video, folder):
    result = video("100% 反向 %d it's.png")
    assert len(os.listdir(folder)) == result.frames
    assert (folder / "100% 反向 1 it's.png").is_file()


def test_one_picture_with_such_a_name_is_asked_for_before_any_work(video, folder, silent):
    (folder / "frame-0999.png").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"frame-0999\.png already exists; add --overwrite"):
        video()
    assert silent.events == []
    assert (folder / "frame-0999.png").read_bytes() == b"mine"


def test_older_pictures_do_not_stay_behind_to_be_taken_for_frames(video, folder):
    (folder / "frame-001.png").write_bytes(b"old")
    (folder / "frame-999.png").write_bytes(b"old")
    (folder / "frame-a.png").write_bytes(b"other")
    result = video(overwrite=True)
    assert len(os.listdir(folder)) == result.frames + 1
    assert (folder / "frame-a.png").read_bytes() == b"other"


def test_a_picture_that_appears_meanwhile_is_kept_and_no_other_is_placed(
    video, folder, monkeypatch
):
    from backprop_studio.render.files import video_target

    def appear(*arguments, **options):
        (folder / "frame-003.png").write_bytes(b"mine")
        return original(*arguments, **options)

    original = video_target.place_sequence
    monkeypatch.setattr(video_target, "place_sequence", appear)
    with pytest.raises(OutputError, match=r"frame-003\.png appeared"):
        video()
    assert os.listdir(folder) == ["frame-003.png"]


@pytest.mark.parametrize("moment", ["write", "place"])
def test_a_full_disk_leaves_nothing(video, folder, monkeypatch, moment):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    if moment == "write":
        monkeypatch.setattr("PIL.Image.Image.save", full)
    else:
        monkeypatch.setattr("backprop_studio.render.files.video_target.place_sequence", full)
    with pytest.raises(OutputError, match="no space left"):
        video()
    assert os.listdir(folder) == []


def test_a_scene_that_fails_leaves_nothing(video, folder):
    with pytest.raises(SceneError):
        video(params={"fault": "tell"})
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("%0999d.png", "digits"), ("反" * 85 + "%d.png", "255 bytes"), ("%d.PNG.mp3", "ending")],
)
def test_impossible_names_are_refused(video, name, words):
    with pytest.raises(InputError, match=words):
        video(name)


def test_missing_and_damaged_pictures_are_noticed(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (160, 90)).save(folder / f"{number}.png")
    verify_sequence(folder, SMALL, 3)
    with pytest.raises(StudioError, match="3 finished pictures instead of 4"):
        verify_sequence(folder, SMALL, 4)
    with pytest.raises(StudioError, match="instead of"):
        verify_sequence(folder, FrameFormat(width=162, height=90), 3)
    data = (folder / "2.png").read_bytes()
    (folder / "2.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(StudioError, match="cannot be read again"):
        verify_sequence(folder, SMALL, 3)


@pytest.mark.parametrize(("name", "is_good"), [("%9d.png", True), ("%010d.png", False)])
def test_a_number_has_nine_digits_at_most(folder, name, is_good):
    if is_good:
        check_sequence(folder / name, overwrite=False)
    else:
        with pytest.raises(InputError, match="more than 9 digits"):
            check_sequence(folder / name, overwrite=False)


def test_the_longest_names_have_room_for_a_thousand_million_pictures(folder):
    check_sequence(folder / ("a" * 241 + "%d.png"), overwrite=False)
    with pytest.raises(InputError, match="longer than 255 bytes"):
        check_sequence(folder / ("a" * 242 + "%d.png"), overwrite=False)


@pytest.mark.parametrize("what", ["link", "folder"])
def test_what_is_no_picture_is_not_replaced(folder, what):
    (folder / "other").touch()
    if what == "link":
        (folder / "a7.png").symlink_to("other")
    else:
        (folder / "a7.png").mkdir()
    with pytest.raises(InputError, match="already exists"):
        check_sequence(folder / "a%d.png", overwrite=False)
    with pytest.raises(InputError, match=r"a7\.png is not an ordinary file"):
        check_sequence(folder / "a%d.png", overwrite=True)
    check_sequence(folder / "b%d.png", overwrite=False)


@pytest.fixture
def staged(tmp_path):
    staged = tmp_path / "staged"
    staged.mkdir()
    for number in range(12):
        (staged / f"{number}.png").write_text(f"{number}")
    return staged


def test_pictures_are_counted_from_one_in_the_order_of_their_numbers(staged, folder):
    place_sequence(staged, folder / "a%02d.png", overwrite=False)
    found = {it: (folder / it).read_text() for it in os.listdir(folder)}
    assert found == {f"a{number + 1:02d}.png": f"{number}" for number in range(12)}
    assert os.listdir(staged) == []


@pytest.mark.parametrize("overwrite", [True, False])
def test_only_what_could_not_be_there_before_is_taken_back(staged, folder, overwrite):
    (folder / "a5.png").mkdir()
    if overwrite:
        (folder / "a1.png").write_text("old")
    with pytest.raises((OSError, OutputError)):
        place_sequence(staged, folder / "a%d.png", overwrite=overwrite)
    left = ["a1.png", "a2.png", "a3.png", "a4.png"] if overwrite else []
    assert sorted(os.listdir(folder)) == [*left, "a5.png"]
