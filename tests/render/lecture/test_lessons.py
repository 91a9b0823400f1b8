"""What is made of a lecture: how each lesson looks, and what its files are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.render.kit.items import left_of_earlier, names_of_files
from backprop_studio.render.lecture.file import lecture_of
from backprop_studio.render.lecture.folder import LectureFolder
from backprop_studio.render.lecture.lessons import lessons_of

TEXT = """format = 1
title = { en = "A", zh = "甲" }
languages = ["zh", "en"]
quality = "l"
theme = "light"
frame = "4:3"
[[part]]
scene = "tensors"
params = { steps = 2 }
[[part]]
scene = "derivative"
title = "Slopes"
theme = "print"
frame = "9:16"
"""


@pytest.fixture
def lecture():
    return lecture_of(TEXT, Path("/lectures/week.toml"))


def test_each_lesson_looks_as_it_says_or_as_the_lecture_does(lecture):
    looks = [
        (it.name, it.job.theme, it.job.picture.width, it.is_published, it.is_in_whole)
        for it in lessons_of(lecture, Path("/out"))[0]
    ]
    assert looks == [
        ("01-tensors.zh", "light", 640, True, True),
        ("02-derivative.zh", "print", 480, True, False),
        ("02-derivative.zh.whole", "print", 640, False, True),
    ]


def test_what_is_said_and_who_says_it_goes_with_each_lesson(tmp_path):
    text = TEXT.replace('quality = "l"', 'captions = "off"\nvoice = "recordings:takes"')
    text += '[part.script.en]\nslope = "One. Two."\n'
    lecture = lecture_of(text, tmp_path / "week.toml")
    chinese, english = (it[1].job for it in lessons_of(lecture, Path("/out")))
    assert (english.script, chinese.script) == ({"slope": ("One.", "Two.")}, {})
    assert {chinese.voice, english.voice} == {f"recordings:{tmp_path / 'takes'}"}
    assert english.params == {"captions": False}
    assert english.pronunciations == str(tmp_path)


def test_a_lesson_is_drawn_with_its_card_in_its_language(lecture):
    chinese, english = lessons_of(lecture, Path("/out"))
    assert [it.job.language for it in (*chinese, *english)] == ["zh"] * 3 + ["en"] * 3
    card = chinese[0].job.card
    assert (card.lecture, card.number, card.title) == ("甲", 1, "")
    assert english[1].job.card == english[2].job.card
    assert (english[1].job.card.lecture, english[1].job.card.title) == ("A", "Slopes")
    assert (english[0].job.params, english[0].video) == (
        {"steps": 2},
        Path("/out/01-tensors.en.mp4"),
    )
    assert len({it.job.id for it in (*chinese, *english)}) == 6


@pytest.mark.parametrize(
    ("kit", "endings"),
    [
        (("video",), {".mp4"}),
        (("subtitles", "chapters"), {".srt", ".vtt", ".chapters.txt"}),
    ],
)
def test_files_are_called_after_their_lesson_or_the_lecture(lecture, kit, endings):
    both = [lesson for row in lessons_of(lecture, Path("/out")) for lesson in row]
    stems = {"week.zh", "week.en", *(it.name for it in both if it.is_published)}
    found = names_of_files(lecture, both, kit)
    assert len(found) == len(set(found))
    wholes = {name for name in found if name.endswith(".chapters.txt")}
    assert wholes == (
        {"week.zh.chapters.txt", "week.en.chapters.txt"} if "chapters" in kit else set()
    )
    rest = endings - {".chapters.txt"}
    assert set(found) - wholes == {stem + ending for stem in stems for ending in rest}


def test_files_of_lessons_that_are_gone_are_told_and_no_others(lecture, tmp_path):
    with LectureFolder(tmp_path) as place:
        for name in ("01-tensors.en.mp4", "01-derivative.en.mp4", "week.en.vtt", "gone.mp4"):
            (place.staging / name).touch()
        place.publish(overwrite=False)
    (tmp_path / "gone.mp4").unlink()
    (tmp_path / "03-mine.en.mp4").touch()
    header = lecture.header.model_copy(update={"languages": ("zh",)})
    assert left_of_earlier(lecture.model_copy(update={"header": header}), tmp_path) == [
        "01-derivative.en.mp4"
    ]
