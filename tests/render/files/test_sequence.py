"""A video as numbered pictures: all of them or none, and nothing of somebody else's."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.render.files.sequence import check_sequence, place_sequence


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def staged(tmp_path):
    staged = tmp_path / "staged"
    staged.mkdir()
    for number in range(12):
        (staged / f"{number}.png").write_text(f"{number}")
    return staged


@pytest.mark.parametrize("pattern", ["a%02d.png", "100% 反向 %d it's.png", "(.*)%d+.png"])
def test_pictures_are_counted_from_one_in_the_order_of_their_numbers(staged, folder, pattern):
    before, after = pattern.replace("%02d", "%d").split("%d")
    width = 2 if "%02d" in pattern else 1
    place_sequence(staged, folder / pattern, overwrite=False)
    found = {it: (folder / it).read_text() for it in os.listdir(folder)}
    assert found == {f"{before}{k + 1:0{width}}{after}": f"{k}" for k in range(12)}
    assert os.listdir(staged) == []


def test_older_pictures_do_not_stay_behind_to_be_taken_for_frames(staged, folder):
    for name in ("a01.png", "a99.png", "a-.png", "b01.png"):
        (folder / name).write_text("old")
    place_sequence(staged, folder / "a%02d.png", overwrite=True)
    assert len(os.listdir(folder)) == 14
    assert not (folder / "a99.png").exists()
    assert (folder / "a01.png").read_text() == "0"


@pytest.mark.parametrize("overwrite", [True, False])
def test_only_what_could_not_be_there_before_is_taken_back(staged, folder, overwrite):
    (folder / "a5.png").mkdir()
    if overwrite:
        (folder / "a1.png").write_text("old")
    with pytest.raises(OSError if overwrite else OutputError, match=r"a5\.png"):
        place_sequence(staged, folder / "a%d.png", overwrite=overwrite)
    left = ["a1.png", "a2.png", "a3.png", "a4.png"] if overwrite else []
    assert sorted(os.listdir(folder)) == [*left, "a5.png"]


def test_a_number_has_nine_digits_at_most(folder):
    check_sequence(folder / "%9d.png", overwrite=False)
    for name in ("%010d.png", "%0999d.png"):
        with pytest.raises(InputError, match="more than 9 digits"):
            check_sequence(folder / name, overwrite=False)


def test_the_longest_names_have_room_for_a_thousand_million_pictures(folder):
    check_sequence(folder / ("a" * 241 + "%d.png"), overwrite=False)
    with pytest.raises(InputError, match="longer than 255 bytes"):
        check_sequence(folder / ("a" * 242 + "%d.png"), overwrite=False)


@pytest.mark.parametrize("what", ["file", "link", "folder"])
def test_what_has_such_a_name_is_asked_for_and_only_pictures_are_replaced(folder, what):
    (folder / "other").touch()
    match what:
        case "file":
            (folder / "a7.png").touch()
        case "link":
            (folder / "a7.png").symlink_to("other")
        case "folder":
            (folder / "a7.png").mkdir()
    with pytest.raises(InputError, match=r"a7\.png already exists; add --overwrite"):
        check_sequence(folder / "a%03d.png", overwrite=False)
    if what == "file":
        check_sequence(folder / "a%d.png", overwrite=True)
    else:
        with pytest.raises(InputError, match=r"a7\.png is not an ordinary file"):
            check_sequence(folder / "a%d.png", overwrite=True)
    check_sequence(folder / "b%d.png", overwrite=False)
