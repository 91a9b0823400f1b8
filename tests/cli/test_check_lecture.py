"""``check LECTURE.toml``: what is asked, what is said, and how it ends."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

import backprop_studio.cli.check_lecture
import backprop_studio.render.lecture.checking
from backprop_studio.cli.commands import main
from backprop_studio.core.base.messages import Message
from backprop_studio.render.lecture.accessibility import Criterion
from backprop_studio.render.lecture.checking import LectureReport
from tests.cli.test_check import FAULT

LECTURE = 'format = 1\ntitle = "Week"\n[[part]]\nscene = "backprop"\n'
MET = Criterion("1.2.4", "AA", True, Message.plain("nothing is live"))
UNMET = Criterion("1.2.1", "A", False, Message.plain("there is no transcript"))


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Note what would be looked at; what is found is in a list."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    (tmp_path / "week.toml").write_text(LECTURE)

    class Asked(list):
        findings, criteria = (), (MET,)

    asked = Asked()

    def check_lecture(lecture, kit, runner, on_progress, *, pictures):
        asked.append((lecture.header.languages, tuple(kit), pictures))
        return LectureReport(list(asked.findings), list(asked.criteria), 40)

    monkeypatch.setattr(backprop_studio.render.lecture.checking, "check_lecture", check_lecture)
    monkeypatch.setattr(backprop_studio.cli.check_lecture, "runner_at", nullcontext)
    return asked


def test_a_lecture_that_meets_all_is_said_line_by_line(asked, capsys, tmp_path):
    arguments = ["week.toml", "--lang", "zh", "--kit", "video,subtitles", "-o", "found"]
    assert main(["check", *arguments]) == 0
    assert capsys.readouterr().out == "WCAG 1.2.4 (AA) met: nothing is live\n"
    assert asked == [(("zh",), ("video", "subtitles"), tmp_path / "found")]
    assert (tmp_path / "found").is_dir()


def test_what_is_not_met_ends_with_an_error(asked, capsys):
    asked.criteria = (UNMET, MET)
    assert main(["check", "week.toml"]) == 4
    captured = capsys.readouterr()
    first = captured.out.splitlines()[0]
    assert first == "WCAG 1.2.1 (A) not met: there is no transcript"
    assert captured.err.endswith("error: Not all criteria of WCAG are met: 1.2.1.\n")


def test_faults_of_pictures_are_said_as_those_of_scenes(asked, capsys):
    asked.findings = (FAULT,)
    assert main(["check", "week.toml"]) == 4
    captured = capsys.readouterr()
    assert captured.out.startswith("backprop, loss, 12.50 s (en, dark): small: ")
    assert "1 fault in 40 pictures" in captured.err


def test_json_has_both(asked, capsys):
    asked.findings, asked.criteria = (FAULT,), (UNMET,)
    assert main(["check", "week.toml", "--json"]) == 4
    (row,) = json.loads(capsys.readouterr().out)
    assert row["file"] == "week.toml"
    assert [it["kind"] for it in row["findings"]] == ["small"]
    assert row["wcag"] == [
        {"criterion": "1.2.1", "level": "A", "met": False, "reason": "there is no transcript"}
    ]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["week.toml", "backprop"], "'backprop' is no lecture file"),
        (["week.toml", "--set", "pace=2"], "such as 'pace'"),
        (["week.toml", "--theme", "light"], "such as 'theme'"),
        (["missing.toml"], "missing.toml"),
        (["week.toml", "--kit", "vidoe"], "did you mean 'video'?"),
    ],
)
def test_wrong_input_is_refused_before_any_work(asked, capsys, arguments, part):
    assert main(["check", *arguments]) == 2
    assert part in capsys.readouterr().err
    assert asked == []
