"""The manifest: it knows each file, and notices what is not as it was made."""

from __future__ import annotations

import hashlib
import json

import pytest

import backprop_studio.cli.lecture
from backprop_studio.core.base.errors import InputError
from backprop_studio.render.kit.manifest import NAME, differences
from backprop_studio.render.lecture.file import read_lecture
from tests.render.kit.conftest import LECTURE, TITLE


@pytest.fixture
def made(make, tmp_path):
    files = make("video", "subtitles", "stills", "manifest")
    return files, tmp_path / "out", read_lecture(tmp_path / "week.toml")


def codes(found):
    return sorted((it.code.partition(".")[2], *it.fields.values()) for it in found)


def test_every_file_is_in_it_with_what_it_was_made_from(made):
    files, folder, lecture = made
    manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert set(manifest["files"]) == set(files) - {NAME}
    for name, known in manifest["files"].items():
        assert known["sha256"] == hashlib.sha256(files[name].read_bytes()).hexdigest()
    kinds = {known["kind"] for known in manifest["files"].values()}
    assert (kinds, manifest["title"]) == ({"video", "subtitles", "stills"}, TITLE)
    assert manifest["lessons"]["01-tiny.en"]["scene"] == "tiny"
    assert "torch" in manifest["versions"]
    assert differences(folder, lecture) == []


def test_what_is_missing_changed_or_old_is_told(made, tmp_path, capsys):
    files, folder, _ = made
    files["01-tiny.en/02-first.png"].unlink()
    files["01-tiny.en.srt"].write_text("mine", encoding="utf-8")
    broken = [("changed", "01-tiny.en.srt"), ("missing", "01-tiny.en/02-first.png")]
    assert codes(differences(folder)) == broken
    file = tmp_path / "week.toml"
    more = '[[part]]\nscene = "tiny"\n'
    file.write_text(LECTURE.replace("[0.2]", "[0.3]") + more, encoding="utf-8")
    old = [("new", "02-tiny.en"), ("old", "01-tiny.en")]
    assert codes(differences(folder, read_lecture(file))) == sorted([*broken, *old])
    with pytest.raises(InputError, match=r"^4 differences from what was exported to "):
        backprop_studio.cli.lecture.verify_command(folder, file)
    assert "01-tiny.en is out of date" in capsys.readouterr().out.lower()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "files": {}}'])
def test_a_folder_without_one_is_refused(tmp_path, text):
    with pytest.raises(InputError, match=r"holds no manifest\.json"):
        differences(tmp_path)
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InputError, match=r"holds no manifest\.json"):
        differences(tmp_path)
