"""A lecture of the window into its file: nothing lost, nothing of somebody else's replaced."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.writing import (
    LectureDraft,
    PartDraft,
    draft_of,
    write_lecture,
)

TEXT = """# Mine.
format = 1
title = "A"
frame = "4:3"

[[part]]
scene = "classification"
params.data.file = "data/d.csv"  # flowers

[[part]]
scene = "tensors"
theme = "light"
frame = "9:16"
"""
DRAFT = LectureDraft("New", ("zh", "en"), "h", "print", "9:16", (PartDraft("tensors"),))


@pytest.fixture
def lecture(tmp_path):
    folder = tmp_path / "lecture"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "d.csv").write_text("1,2\n")
    (folder / "week.toml").write_text(TEXT)
    return read_lecture(folder / "week.toml")


def with_part(lecture, part):
    draft = draft_of(lecture)
    return replace(draft, parts=(*draft.parts, part))


def refused(code, *arguments, **options):
    with pytest.raises(InputError) as caught:
        write_lecture(*arguments, **options)
    assert caught.value.message.fields.get("reason", caught.value.message).code == code


def test_a_new_lecture_is_read_as_it_was_wanted(tmp_path):
    part = PartDraft(
        "backprop", {"zh": "一"}, "two\nlines", {"steps": 2, "unset": None}, "dark", "4:3"
    )
    part = replace(part, script={"zh": {"loss": ["一。", "二。"], "input": "三。\n四。"}})
    draft = replace(
        DRAFT, captions="off", voice="recordings:takes", parts=(part, PartDraft("tensors"))
    )
    saved = write_lecture(tmp_path / "周.toml", draft)
    assert saved.lecture == read_lecture(tmp_path / "周.toml")
    parts = (replace(part, params={"steps": 2}, origin=0), PartDraft("tensors", origin=1))
    assert draft_of(saved.lecture) == replace(draft, parts=parts)


def test_step_by_step_each_save_goes_on_from_the_last(lecture):
    path = lecture.path
    os.utime(path, (1, 1))
    assert write_lecture(path, draft_of(lecture), lecture).lecture == lecture
    assert path.stat().st_mtime == 1  # there was nothing to write
    saved = write_lecture(path, with_part(lecture, PartDraft("momentum")), lecture)
    draft = draft_of(saved.lecture)
    draft = replace(draft, title="B", parts=draft.parts[::-1])
    saved = write_lecture(path, draft, saved.lecture)
    assert [part.scene for part in saved.lecture.parts] == ["momentum", "tensors", "classification"]
    text = path.read_text()
    assert text.startswith('# Mine.\nformat = 1\ntitle = "B"\n')
    assert text.endswith('params.data.file = "data/d.csv"  # flowers\n')


def test_a_file_that_is_not_what_was_read_is_kept(lecture):
    path = lecture.path
    draft = with_part(lecture, PartDraft("momentum"))
    path.write_text(TEXT + "# more\n")
    refused("lecture.changed", path, draft, lecture)
    refused("lecture.exists", path, DRAFT)
    other = path.with_name("other.toml")
    other.write_text("not even TOML [")
    refused("lecture.exists", other, draft, lecture)
    assert (path.read_text(), other.read_text()) == (TEXT + "# more\n", "not even TOML [")
    for target in (path, other):
        write_lecture(target, draft, lecture, overwrite=True)
        assert target.read_text() == f'{TEXT}\n[[part]]\nscene = "momentum"\n'
    path.unlink()  # somebody has removed it: it is written again
    assert write_lecture(path, draft_of(lecture), lecture).lecture == lecture
    assert path.read_text() == TEXT


def test_a_copy_elsewhere_has_its_data_beside_it(lecture, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    saved = write_lecture(elsewhere / "copy.toml", draft_of(lecture), lecture)
    assert saved.copied == (elsewhere / "d.csv",)
    assert saved.lecture.parts[0].params == {"data": {"file": str(elsewhere / "d.csv")}}
    assert (elsewhere / "copy.toml").read_text() == TEXT.replace("data/d.csv", "d.csv")
    beside = write_lecture(lecture.path.with_name("b.toml"), draft_of(lecture), lecture)
    assert beside.copied == ()
    assert lecture.path.with_name("b.toml").read_text() == TEXT


def test_a_link_goes_on_leading_to_the_lecture(lecture, tmp_path):
    link = tmp_path / "link.toml"
    link.symlink_to("lecture/week.toml")
    (tmp_path / "e.csv").write_text("3,4\n")
    part = PartDraft("classification", params={"data": {"file": str(tmp_path / "e.csv")}})
    old = read_lecture(link)
    saved = write_lecture(link, with_part(old, part), old)
    assert link.is_symlink()
    assert saved.copied == (lecture.path.parent / "e.csv",)
    assert read_lecture(lecture.path).parts == saved.lecture.parts
    assert lecture.path.read_text().startswith(TEXT)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (PartDraft("nowhere"), "scene.unknown"),
        (PartDraft("tensors", "x" * 201), "parameter.refused"),
        (PartDraft("tensors", notes="\ud800"), "lecture.no_unicode"),
    ],
)
def test_what_is_no_lecture_is_refused_and_nothing_is_left(tmp_path, part, code):
    (tmp_path / "d.csv").write_text("1,2\n")
    (tmp_path / "lecture").mkdir()
    data = PartDraft("classification", params={"data": {"file": str(tmp_path / "d.csv")}})
    draft = replace(DRAFT, parts=(data, part))
    refused(code, tmp_path / "lecture" / "week.toml", draft)
    refused("lecture.parts", tmp_path / "lecture" / "week.toml", replace(draft, parts=()))
    assert os.listdir(tmp_path / "lecture") == []


def test_lines_end_as_they_did(lecture):
    path = lecture.path
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    lecture = read_lecture(path)
    write_lecture(path, with_part(lecture, PartDraft("momentum")), lecture)
    expected = f'{TEXT}\n[[part]]\nscene = "momentum"\n'.replace("\n", "\r\n").encode()
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected


def test_a_disk_that_refuses_or_lies_is_noticed(lecture, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OutputError("full", "the disk is full")

    (tmp_path / "e.csv").write_text("1,2\n")
    draft = with_part(lecture, PartDraft("backprop", params={"file": str(tmp_path / "e.csv")}))
    module = "backprop_studio.render.lecture.writing.write_atomically"
    monkeypatch.setattr(module, full)
    with pytest.raises(OutputError, match="disk is full"):
        write_lecture(lecture.path, draft, lecture)
    assert sorted(os.listdir(lecture.path.parent)) == ["data", "week.toml"]
    monkeypatch.setattr(module, lambda *_args, **_kwargs: None)
    with pytest.raises(OutputError, match="does not hold what was written"):
        write_lecture(lecture.path, draft, lecture)
