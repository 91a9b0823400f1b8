"""The kinds of files: their names, those that stand for many, and one that fails."""

from __future__ import annotations

import dataclasses

import pytest

from backprop_studio.cli import options
from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.kit import items
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.items import ITEMS, left_of_earlier
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.messages.jobs import KIT
from backprop_studio.render.messages.results import left_out
from tests.render.lecture.machine import Machine

LECTURE = """
format = 1
title = "Week 1"
[[part]]
scene = "tensors"
"""


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make a lecture of one lesson with a kind of file of the test's own."""
    file = tmp_path / "week1.toml"
    file.write_text(LECTURE)

    def make(write, **more):
        item = Item(("/*.txt",), write, of_whole=False)
        monkeypatch.setitem(items.ITEMS, "chapters", item)
        cache = VideoCache(tmp_path / "cache")
        kit = ("subtitles", "chapters")
        given = {"runner": Machine(), "cache": cache} | more
        lecture = read_lecture(file)
        made = make_lecture(lecture, tmp_path / "out", kit, lambda *_: None, **given)
        return {it.relative_to(tmp_path / "out").as_posix() for it in made}, lecture

    return make


def writing(*names):
    def write(told, folder):
        for name in names:
            write_text(folder / told.name / f"{name}.txt", f"{name} {told.title}")

    return write


def test_each_name_of_the_kit_has_its_item():
    assert list(ITEMS) == list(KIT)
    names = [it.names("a", is_whole=whole) for it in ITEMS.values() for whole in (True, False)]
    for whole in (0, 1):
        every = [name for row in names[whole::2] for name in row]
        assert len(every) == len(set(every))


def test_files_in_a_folder_are_published_and_known_the_next_time(make, tmp_path):
    subtitles = {f"{it}.{kind}" for it in ("week1.en", "01-tensors.en") for kind in ("srt", "vtt")}
    made, _ = make(writing("1", "2"))
    assert made == {"01-tensors.en/1.txt", "01-tensors.en/2.txt"} | subtitles
    made, lecture = make(writing("1"))
    assert "01-tensors.en/1.txt" in made
    out = tmp_path / "out"
    assert left_of_earlier(lecture, out, [out / it for it in made]) == ["01-tensors.en/2.txt"]
    assert left_of_earlier(lecture, out) == []
    (out / "01-tensors.en" / "1.txt").write_text("mine")
    with pytest.raises(InputError, match=r"01-tensors\.en/1\.txt is there already and not as"):
        make(writing("1"))
    assert (out / "01-tensors.en" / "1.txt").read_text() == "mine"


def test_a_file_where_a_folder_belongs_is_kept(make, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "01-tensors.en").write_text("mine")
    with pytest.raises(InputError, match=r"01-tensors\.en is there already"):
        make(writing("1"))
    assert (tmp_path / "out" / "01-tensors.en").read_text() == "mine"


def test_a_kind_that_fails_leaves_the_others_and_nothing_of_itself(make, tmp_path):
    def write(told, folder):
        writing("1")(told, folder)
        raise SceneError("fall", "it fell")

    with pytest.raises(SceneError, match=r"^01-tensors\.en, chapters: it fell\.$"):
        make(write)
    assert not (tmp_path / "out").exists()
    failures = []
    made, _ = make(write, on_failure=failures.append)
    assert made
    assert all(name.endswith((".srt", ".vtt")) for name in made)
    found = [dataclasses.astuple(it)[:2] for it in failures]
    assert found == [("01-tensors.en", "chapters")]


_WRITTEN = [it for it in KIT if it != "manifest"]
"""All but the manifest, which says what the others are."""


@pytest.mark.parametrize("fault", [SceneError("fall", "it fell"), KeyError("nobody foresaw it")])
@pytest.mark.parametrize("kind", _WRITTEN)
def test_any_kind_may_fail_and_the_others_are_there(tmp_path, monkeypatch, kind, fault):
    """Whatever it raises; who writes is replaced, names and order are the real ones."""
    file = tmp_path / "week1.toml"
    file.write_text(LECTURE)

    def write(item):
        def write(told, folder):
            if item == kind:
                raise fault
            for name in ITEMS[item].names(told.name, is_whole=told.is_whole):
                if item != "video" or told.is_whole:
                    write_text(folder / name.replace("*", "x"), item)

        return write

    for item in _WRITTEN:
        changed = {"write": write(item), "needs_material": False, "needs_print": False}
        monkeypatch.setitem(items.ITEMS, item, dataclasses.replace(ITEMS[item], **changed))
    given = {"runner": Machine(), "cache": VideoCache(tmp_path / "cache")}
    failures, out = [], tmp_path / "out"
    made = make_lecture(
        read_lecture(file), out, _WRITTEN, lambda *_: None, on_failure=failures.append, **given
    )
    assert {it.item for it in failures} == {kind}
    said = {str(it.error) for it in failures}
    assert all("it fell" in it or "nobody foresaw it" in it for it in said)
    names = {it.relative_to(out).as_posix() for it in made}
    for item in _WRITTEN:
        for name, is_whole in (("week1.en", True), ("01-tensors.en", False)):
            for expected in ITEMS[item].names(name, is_whole=is_whole):
                is_there = expected.replace("*", "x") in names
                assert is_there == (item != kind) or (item == "video" and not is_whole)


def test_what_is_left_out_is_told_with_its_reason(make):
    reason, heard = Message.of("none", "there are none"), []
    make(lambda *_: reason, on_remark=lambda *it: heard.append(it))
    assert heard == [("01-tensors.en", "chapters", reason)]


def test_the_command_line_names_them_all():
    assert options._KIT == f"all, or some of {','.join(KIT)}."


@pytest.mark.parametrize(
    ("code", "said"),
    [("code.none", "a.en has no handout: it is so"), ("pages.boxes", "a.en, handout: it is so")],
)
def test_a_remark_on_files_that_are_there_does_not_say_that_they_are_not(code, said):
    assert left_out("a.en", "handout", Message.of(code, "it is so")).words() == said
