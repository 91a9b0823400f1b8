from __future__ import annotations

import json
from typing import get_args

import pytest

import backprop_studio.cli.commands
from backprop_studio.cli.commands import main
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import CheckJob

WHERE = {"scene": "backprop", "beat": "loss", "seconds": 12.5, "language": "en", "theme": "dark"}
SMALL = Message.plain('"0.25" has an em of 15.0 px, below 18 px at 720p')
FAULT = Finding(**WHERE, kind="small", message=SMALL, box=(10, 20, 60, 40))


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return tmp_path


@pytest.fixture
def jobs(monkeypatch):
    """Note the jobs that would go to a worker, which finds what the list holds."""

    class Jobs(list):
        found = ()

    asked = Jobs()

    def run_job(job, on_progress=None):
        asked.append(job)
        rows = [finding.model_dump(mode="json") for finding in asked.found]
        return Done(job_id=job.id, result={"findings": rows, "moments": 70}), b""

    monkeypatch.setattr(backprop_studio.cli.commands, "run_job", run_job)
    return asked


def test_without_arguments_everything_is_looked_at(jobs, capsys, monkeypatch):
    monkeypatch.setattr("backprop_studio.cli.check.scene_ids", lambda: ["backprop", "other"])
    assert main(["check"]) == 0
    (job,) = jobs
    assert isinstance(job, CheckJob)
    assert job.scenes == ("backprop", "other")
    assert job.languages == ("en", "zh")
    assert job.themes == get_args(Theme)
    assert (job.pictures, job.params) == (None, {})
    assert capsys.readouterr().out == "no faults in 70 pictures\n"


def test_a_choice_reaches_the_job_and_parameters_as_they_do_in_a_render(jobs, workplace):
    (workplace / "given.toml").write_text("pace = 2.0\n[network]\nseed = 3\n")
    arguments = ["backprop", "backprop", "--lang", "zh", "--theme", "light", "-o", "found"]
    arguments += ["--params", "given.toml", "--set", "network.seed=5"]
    assert main(["check", *arguments]) == 0
    (job,) = jobs
    assert (job.scenes, job.languages, job.themes) == (("backprop",), ("zh",), ("light",))
    assert job.params == {"pace": 2.0, "network": {"seed": 5}}
    assert job.pictures == str(workplace / "found")
    assert (workplace / "found").is_dir()


def test_faults_are_lines_and_a_failure(jobs, capsys):
    jobs.found = (FAULT, FAULT.model_copy(update={"box": None, "picture": "a.png"}))
    assert main(["check", "backprop"]) == 4
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        'backprop, loss, 12.50 s (en, dark): small: "0.25" has an em of 15.0 px, below 18 px at '
        "720p, at 10,20 to 60,40",
        'backprop, loss, 12.50 s (en, dark): small: "0.25" has an em of 15.0 px, below 18 px at '
        "720p [a.png]",
    ]
    assert captured.err == "error: 2 faults in 70 pictures.\n"


@pytest.mark.parametrize("found", [(), (FAULT,)])
def test_json_is_the_only_thing_on_stdout(jobs, capsys, found):
    jobs.found = found
    assert main(["check", "--json"]) == (4 if found else 0)
    rows = json.loads(capsys.readouterr().out)
    assert [row["what"] for row in rows] == [finding.message.words() for finding in found]
    assert [row["box"] for row in rows] == [list(finding.box) for finding in found]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["backprob"], "did you mean 'backprop'?"),
        (["backprop", "lecture.toml"], "'lecture.toml' are checked by themselves"),
        (["--theme", "drak"], "expected dark, light or print"),
        (["--set", "pace=2"], "'pace' need the id of a scene"),
        (["backprop", "--params", "missing.toml"], "missing.toml"),
        (["-o", "file"], "cannot be the folder of pictures"),
    ],
)
def test_wrong_input_is_refused_before_any_work(jobs, capsys, workplace, arguments, part):
    (workplace / "file").write_text("")
    assert main(["check", *arguments]) == 2
    captured = capsys.readouterr()
    assert part in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert jobs == []
