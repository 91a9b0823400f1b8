"""What becomes of a lecture when lessons fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import backprop_studio.cli.lecture
from backprop_studio.cli.event_lines import EventLines
from backprop_studio.cli.lecture import lecture_command
from backprop_studio.core.base.errors import InputError, MissingComponentError, SceneError
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.making import make_lecture
from tests.render.lecture.machine import Machine

KINDS = ("mp4", "srt", "vtt", "md", "transcript.html", "descriptions.vtt")
LECTURE = """
format = 1
title = "Week 1"
languages = ["en", "zh"]
[[part]]
scene = "tensors"
[[part]]
scene = "derivative"
[[part]]
scene = "backprop"
"""


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make the lecture, but for joining: there is nothing that could be joined."""
    file = tmp_path / "week1.toml"
    file.write_text(LECTURE)

    def make(machine, kit="video,subtitles,transcript", **more):
        def make_here(*arguments, **options):
            options |= {"runner": machine, "cache": VideoCache(tmp_path / "cache")}
            return make_lecture(*arguments, **options)

        monkeypatch.setattr(backprop_studio.cli.lecture, "make_lecture", make_here)
        return lecture_command(file, tmp_path / "out", kit, None, overwrite=False, **more)

    return make


def names(folder):
    return {it.name for it in folder.iterdir() if it.name[0] != "."}


def test_the_first_failure_ends_the_work_and_what_was_drawn_is_kept(make, tmp_path):
    machine = Machine({"derivative": SceneError("fall", "it fell")})
    with pytest.raises(SceneError, match=r"^In week1\.toml, part 2 \(derivative\): it fell\.$"):
        make(machine)
    assert not (tmp_path / "out").exists()
    machine.drawn.clear()
    with pytest.raises(SceneError):
        make(machine)
    assert machine.drawn == []  # the lesson before it came from the cache


def test_others_are_made_all_the_same_if_that_is_wanted(make, tmp_path, capsys):
    machine = Machine({"derivative": SceneError("fall", "it fell")})
    with pytest.raises(SceneError, match=r"^2 of 6 lessons failed; the files of the others"):
        make(machine, keep_going=True)
    captured = capsys.readouterr()
    lessons = ["01-tensors.en", "01-tensors.zh", "03-backprop.en", "03-backprop.zh"]
    files = {f"{name}.{kind}" for name in lessons for kind in KINDS}
    assert names(tmp_path / "out") == files
    assert (tmp_path / "out" / "03-backprop.zh.mp4").read_text() == "backprop zh"
    assert {Path(line).name for line in captured.out.splitlines()} == files
    assert "02-derivative.zh failed: In week1.toml, part 2 (derivative): it fell.\n" in captured.err
    assert len(machine.drawn) == len(set(machine.drawn)) == 4


def test_a_script_hears_of_each(make, capsys):
    faults = {"derivative": SceneError("fall", "it fell"), "backprop": InputError("odd", "odd")}
    machine = Machine(faults)
    with pytest.raises(SceneError, match="4 of 6"):
        make(machine, keep_going=True, events=EventLines())
    heard = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {it["lesson"]: it["error"] for it in heard if "error" in it}
    both = ("en", "zh")
    fallen = {f"02-derivative.{language}": "scene" for language in both}
    assert found == fallen | {f"03-backprop.{language}": "input" for language in both}


def test_what_would_befall_the_others_too_ends_the_work(make, tmp_path):
    with pytest.raises(MissingComponentError):
        make(Machine({"tensors": MissingComponentError("farm", "no farm")}), keep_going=True)
    every = {name: SceneError("no", "no") for name in ("tensors", "derivative", "backprop")}
    with pytest.raises(SceneError, match="Every lesson failed"):
        make(Machine(every), keep_going=True)
    assert not (tmp_path / "out").exists()


def test_a_fault_is_found_in_a_plan_before_anything_is_drawn(make):
    machine = Machine({}, {"backprop": InputError("odd", "odd")})
    with pytest.raises(InputError, match=r"^In week1\.toml, part 3 \(backprop\): odd\.$"):
        make(machine)
    assert machine.drawn == []
