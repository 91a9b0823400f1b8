"""A second export writes what has changed, and takes the rest from the first."""

from __future__ import annotations

import dataclasses
import json

import pytest

from backprop_studio.render.kit.items import ITEMS
from backprop_studio.render.kit.manifest import NAME
from backprop_studio.render.messages.jobs import KitOptions
from tests.render.kit.conftest import LECTURE

KINDS = ("video", "subtitles", "stills", "transcript", "numbers", "slides")
TWO = LECTURE + '[[part]]\nscene = "tiny"\nparams = { times = [0.1] }\n'


@pytest.fixture
def written(monkeypatch):
    """Who was told as which kind of file, except a lesson's own video, which is there before."""
    calls = []

    def counting(kind, item):
        def write(told, folder):
            if kind != "video" or told.is_whole:
                calls.append((told.name, kind))
            return item.write(told, folder)

        return dataclasses.replace(item, write=write)

    for kind, item in list(ITEMS.items()):
        monkeypatch.setitem(ITEMS, kind, counting(kind, item))
    return calls


def contents(files):
    return {name: it.read_bytes() for name, it in files.items()}


def test_what_has_not_changed_is_not_written_again(make, written):
    first = contents(make(*KINDS, "manifest", text=TWO))
    assert {kind for _, kind in written} == set(KINDS)
    written.clear()
    assert contents(make(*KINDS, "manifest", text=TWO)) == first
    assert written == []


def test_what_depends_on_a_change_is_written_anew_and_nothing_else(make, written):
    first = contents(make(*KINDS, "manifest", text=TWO))
    written.clear()
    second = contents(make(*KINDS, "manifest", text=TWO.replace("[0.1]", "[0.3]")))
    assert {name for name, _ in written} == {"02-tiny.en", "week.en"}
    assert second["02-tiny.en.mp4"] != first["02-tiny.en.mp4"]
    assert second["01-tiny.en.pptx"] == first["01-tiny.en.pptx"]
    written.clear()
    make(*KINDS, "manifest", text=TWO.replace("Say", "Tell").replace("[0.1]", "[0.3]"))
    assert {name for name, _ in written} == {"01-tiny.en", "week.en"}  # the notes of the first


def test_other_options_count(make, written):
    make("slides", "manifest")
    written.clear()
    make("slides", "manifest", options=KitOptions(autoplay=True))
    assert {kind for _, kind in written} == {"slides"}


def test_a_file_that_was_changed_or_removed_is_written_again(make, written, tmp_path):
    first = contents(make("subtitles", "stills", "manifest"))
    written.clear()
    (tmp_path / "out" / "01-tiny.en" / "02-first.png").unlink()
    (tmp_path / "out" / "01-tiny.en.srt").write_text("mine", encoding="utf-8")
    again = contents(make("subtitles", "stills", "manifest", overwrite=True))
    assert again == first
    assert {("01-tiny.en", "stills"), ("01-tiny.en", "subtitles")} == set(written)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(made_from=[]),
        lambda it: it["made_from"].update({"01-tiny.en": []}),
        lambda it: it["files"]["01-tiny.en.srt"].pop("bytes"),
        lambda it: it["files"].update({"01-tiny.en.srt": 7}),
        lambda it: it["files"]["01-tiny.en.srt"].update(sha256="0" * 64),
    ],
)
def test_a_manifest_that_is_not_as_it_was_is_no_reason_to_fail(make, written, tmp_path, change):
    first = contents(make("subtitles", "manifest"))
    file = tmp_path / "out" / NAME
    manifest = json.loads(file.read_text(encoding="utf-8"))
    change(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    written.clear()
    assert contents(make("subtitles", "manifest", overwrite=True)) == first
    assert ("01-tiny.en", "subtitles") in written


def test_a_manifest_leads_to_no_other_file(make, tmp_path):
    make("stills", "manifest")
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    file = tmp_path / "out" / NAME
    manifest = json.loads(file.read_text(encoding="utf-8"))
    known = manifest["files"]["01-tiny.en/02-first.png"]
    manifest["files"] |= dict.fromkeys(("../secret.png", "01-tiny.en/../../secret.png"), known)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    made = make("stills", "manifest", overwrite=True)
    assert not any("secret" in name for name in made)
    assert secret.read_bytes() == b"secret"
