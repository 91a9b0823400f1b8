"""A lesson from the window into a lecture file."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.render.lecture.data_files import LARGEST_COPY
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.saving import NewLesson, add_lesson

LESSON = NewLesson("backprop", {"learning_rate": 0.25, "network": {"sizes": [2, 3, 1]}}, "zh", "h")


def test_a_new_lecture_is_like_the_lesson(tmp_path):
    saved = add_lesson(tmp_path / "第一周_梯度.toml", LESSON)
    assert (saved.number, saved.copied) == (1, ())
    lecture = read_lecture(tmp_path / "第一周_梯度.toml")
    assert lecture.header.title == "第一周 梯度"
    assert lecture.header.languages == ("zh",)
    assert (lecture.header.quality, lecture.header.theme) == ("h", "dark")
    assert lecture.parts[0].scene == "backprop"
    assert lecture.parts[0].params == LESSON.params


def test_what_is_there_stays_to_the_last_comment(tmp_path):
    path = tmp_path / "week.toml"
    text = (
        '# Mine.\nformat = 1\ntitle   =  { en = "A", zh = "甲" } # odd spaces\n\n'
        '[[part]]\nscene = "tensors"  # first\nnotes = """\nTwo\nlines"""\n\n'
        '[[part]]\nscene = "derivative"\n[part.params]\nw = 2.0\n'
    )
    path.write_text(text, encoding="utf-8")
    assert add_lesson(path, LESSON).number == 3
    assert add_lesson(path, NewLesson("momentum")).number == 4
    assert path.read_text(encoding="utf-8").startswith(text)
    lecture = read_lecture(path)
    scenes = [part.scene for part in lecture.parts]
    assert scenes == ["tensors", "derivative", "backprop", "momentum"]
    assert lecture.header.languages == ("en",)
    assert lecture.parts[2].params == LESSON.params
    assert lecture.parts[3].params == {}


def test_a_data_file_goes_with_the_lecture(tmp_path):
    own, other, folder = tmp_path / "mine", tmp_path / "other", tmp_path / "lecture"
    for place, content in ((own, "1,2\n"), (other, "3,4\n"), (folder, None)):
        place.mkdir()
        if content:
            (place / "d.csv").write_text(content)
    path = folder / "week.toml"
    for place in (own, other, own):
        add_lesson(path, NewLesson("classification", {"data": {"file": str(place / "d.csv")}}))
    assert sorted(os.listdir(folder)) == ["d-2.csv", "d.csv", "week.toml"]
    files = [part.params["data"]["file"] for part in read_lecture(path).parts]
    assert files == [str(folder / name) for name in ("d.csv", "d-2.csv", "d.csv")]
    assert (folder / "d-2.csv").read_text() == "3,4\n"
    inside = add_lesson(path, NewLesson("classification", {"data": {"file": files[1]}}))
    assert inside.copied == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format = 2\n", "newer version"),
        ("format = 1\ntitle = 'a'\npart = 3\n", "lessons"),
        ("format = 1\ntitle = 'a'\npart = [{scene = 'tensors'}]\n", "notation"),
    ],
)
def test_what_is_no_lecture_or_in_another_notation_is_left_alone(tmp_path, text, words):
    path = tmp_path / "week.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        add_lesson(path, LESSON)
    assert path.read_text() == text
    assert os.listdir(tmp_path) == ["week.toml"]


def test_a_full_lecture_takes_no_more(tmp_path):
    path = tmp_path / "week.toml"
    path.write_text('format = 1\ntitle = "a"\n' + '[[part]]\nscene = "tensors"\n' * 200)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "d.csv").write_text("1,2\n")
    (tmp_path / "lecture").mkdir()
    before = path.rename(tmp_path / "lecture" / "week.toml").read_text()
    file = str(tmp_path / "elsewhere" / "d.csv")
    lesson = NewLesson("classification", {"data": {"file": file}})
    with pytest.raises(InputError, match="1 to 200 lessons"):
        add_lesson(tmp_path / "lecture" / "week.toml", lesson)
    assert os.listdir(tmp_path / "lecture") == ["week.toml"]  # nor is a copy left
    assert (tmp_path / "lecture" / "week.toml").read_text() == before


def test_folders_and_huge_files_are_not_copied(tmp_path):
    (tmp_path / "lecture").mkdir()
    (tmp_path / "fashion").mkdir()
    path = tmp_path / "lecture" / "week.toml"
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LARGEST_COPY + 1)
    wanted = {"fashion": "only single files are copied; move it into", "huge.csv": "too large to"}
    for name, words in wanted.items():
        with pytest.raises(InputError, match=words):
            add_lesson(path, NewLesson("classification", {"file": str(tmp_path / name)}))
    assert not path.exists()


@pytest.mark.parametrize("name", ["week.txt", "nowhere/week.toml"])
def test_a_place_that_will_not_do(tmp_path, name):
    with pytest.raises(InputError):
        add_lesson(tmp_path / name, LESSON)


def test_a_disk_that_refuses_changes_nothing(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OutputError("full", "the disk is full")

    (tmp_path / "d.csv").write_text("1,2\n")
    (tmp_path / "lecture").mkdir()
    monkeypatch.setattr("backprop_studio.render.lecture.writing.write_atomically", full)
    params = {"data": {"file": str(tmp_path / "d.csv")}}
    with pytest.raises(OutputError, match="disk is full"):
        add_lesson(tmp_path / "lecture" / "week.toml", NewLesson("classification", params))
    assert os.listdir(tmp_path / "lecture") == []


def test_a_lesson_that_looks_otherwise_keeps_its_look(tmp_path):
    path = tmp_path / "week.toml"
    add_lesson(path, NewLesson("tensors", theme="light", frame="4:3"))
    add_lesson(path, NewLesson("tensors", theme="light", frame="4:3"))
    add_lesson(path, NewLesson("tensors", theme="print", frame="9:16"))
    lecture = read_lecture(path)
    assert (lecture.header.theme, lecture.header.frame) == ("light", "4:3")
    looks = [(part.theme, part.frame) for part in lecture.parts]
    assert looks == [(None, None), (None, None), ("print", "9:16")]
