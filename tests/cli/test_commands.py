from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import backprop_studio.cli.commands
import backprop_studio.cli.options
from backprop_studio.cli.arguments import given_parameters
from backprop_studio.cli.commands import main
from backprop_studio.core.base.errors import ERRORS_BY_KIND, InputError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.film_settings import FilmSettings
from tests.cli.conftest import fails
from tests.render.files.films import SMALL, fill

# Wrong input: exit code 2, one sentence, nothing written, nothing old lost


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["rendr", "backprop"], "There is no command rendr; did you mean 'render'?"),
        (["render", "backprop", "extra"], "no more arguments than SCENE"),
        (["render", "backprob"], "did you mean 'backprop'?"),
        (["render", "../../etc/passwd"], "Unknown scene"),
        (["render", "backprop", "--ovewrite"], "did you mean '--overwrite'?"),
        (["render", "backprop", "-x"], "There is no option -x"),
        (["render", "backprop", "-q"], "The option -q needs a value"),
        (["render", "backprop", "--overwrite=1"], "The option --overwrite takes no value"),
        (["render", "backprop", "-q", "x"], "-q / --quality: x; expected l, m, h, p or k"),
        (["render", "backprop", "--fps", "121"], "--fps: 121; expected a whole number from 1"),
        (["render", "backprop", "--fps", "nan"], "--fps: nan; expected a whole number from 1"),
        (["render", "backprop", "-o", "/proc/a.mp4"], "is not writable"),
        (["render", "backprop", "-o", "a.avi"], ".mp4, .webm, .mov, .gif or .png"),
        (["still", "backprop", "-o", "a.mp4"], "must end in .png"),
        (["still", "backprop"], "The option -o / --output is missing"),
        (["still", "backprop", "-o", "a.png", "--beat", "loss", "--at", "1"], "exclude each other"),
        (["still", "backprop", "-o", "a.png", "--at", "-1"], "-1; expected a number of at least 0"),
        (["still", "backprop", "-o", "a.png", "--at", "inf"], "--at inf is no time"),
        (["render", "backprop", "--set", "learning_rate"], "KEY=VALUE"),
        (["render", "backprop", "--params", "nowhere.toml"], "nowhere.toml"),
        (["render", "backprop", "--set", "a." * 900 + "a=1"], "nested deeper than 30 levels"),
        (["numbers", "backprop", "--set", f"a={'[' * 31}{']' * 31}"], "deeper than 30 levels"),
        (["render"], "The argument SCENE is missing"),
        (["numbers", "backprop", "--timeout", "0"], "--timeout"),
    ],
)
def test_wrong_input_is_refused_before_any_work(capsys, workplace, arguments, part):
    assert part in fails(capsys, *arguments)
    assert os.listdir(workplace) == []


@pytest.fixture
def film(workplace):
    """A video of a lesson, with a file that it names beside it."""
    data = {"file": "/home/li/points.csv"}
    params = {"learning_rate": 0.25, "data": data, "network": {"file": "gone.csv"}}
    settings = FilmSettings(scene="backprop", params=params, language="zh", theme="dark")
    (workplace / "points.csv").write_text("1,2\n")
    fill(Film(workplace / "film.mp4", SMALL, tags=settings.tags()), ((1, 2, 3), 1))
    return workplace / "film.mp4"


def test_parameters_are_those_of_a_video(workplace, film):
    given = given_parameters(["learning_rate=1"], Path("film.mp4"), workplace / "new.mp4")
    data = {"file": str(workplace / "points.csv")}
    assert given == {"learning_rate": 1, "data": data, "network": {"file": "gone.csv"}}
    with pytest.raises(InputError, match="is also an input"):
        given_parameters([], film, film)


@pytest.mark.usefixtures("no_worker")
def test_parameters_are_not_overwritten_with_the_result(capsys, workplace):
    file = workplace / "p.json"
    file.write_text('{"learning_rate": 0.5}')
    for way in (["--params", "p.json"], ["--set", "data.file=p.json"]):
        arguments = ["numbers", "backprop", *way, "-o", "p.json", "--overwrite"]
        assert "is also an input" in fails(capsys, *arguments)
    assert file.read_text() == '{"learning_rate": 0.5}'


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize(
    "arguments",
    [
        ["render", "backprop", "-o", "old.mp4"],
        ["render", "backprop", "-o", "old.png"],
        ["still", "backprop", "-o", "old.png"],
        ["numbers", "backprop", "-o", "old.json"],
    ],
)
def test_an_existing_file_is_kept_without_overwrite(capsys, workplace, arguments):
    old = workplace / arguments[-1]
    old.write_bytes(b"old\x00\xff")
    assert "already exists; add --overwrite" in fails(capsys, *arguments)
    assert old.read_bytes() == b"old\x00\xff"
    assert os.listdir(workplace) == [old.name]


@pytest.mark.parametrize("kind", ERRORS_BY_KIND)
def test_every_kind_of_failure_has_its_exit_code_and_keeps_the_old_file(capsys, workplace, kind):
    old = workplace / "old.png"
    old.write_bytes(b"old")
    arguments = ("still", "backprop", "-o", "old.png", "--overwrite", "--set", f"error={kind}")
    said = fails(capsys, *arguments, code=ERRORS_BY_KIND[kind].exit_code)
    assert said == "error: as asked.\n"
    assert old.read_bytes() == b"old"
    assert os.listdir(workplace) == ["old.png"]


def test_an_interrupt_is_130(capsys, monkeypatch):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(backprop_studio.cli.commands, "run_job", interrupted)
    assert fails(capsys, "numbers", "backprop", code=130) == "error: Interrupted.\n"


def test_a_fault_of_ours_is_one_sentence_too(capsys, monkeypatch):
    def broken():
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(backprop_studio.cli.commands, "catalogue", broken)
    message = fails(capsys, "scenes", code=1)
    assert "RuntimeError: two lines; BACKPROP_STUDIO_DEBUG=1 shows where." in message


def test_debug_shows_the_traceback(capsys, monkeypatch):
    monkeypatch.setenv("BACKPROP_STUDIO_DEBUG", "1")
    assert main(["numbers", "backprop", "--set", "error=internal"]) == 1
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert "late output" in error


# What works


def test_render_says_what_it_made(capsys, workplace):
    arguments = ["render", "backprop", "-q", "h", "--fps", "24"]
    assert main(arguments) == 0
    assert capsys.readouterr().out == "backprop.mp4: 3.0 s, 1920x1080, 24 frames per second\n"
    assert (workplace / "backprop.mp4").read_bytes() == b"a video"


def test_render_writes_subtitles_beside_the_video_and_replaces_none(capsys, workplace):
    (workplace / "backprop.vtt").write_text("mine")
    assert main(["render", "backprop", "--subtitles"]) == 2
    assert "backprop.vtt already exists" in capsys.readouterr().err
    assert os.listdir(workplace) == ["backprop.vtt"]
    assert main(["render", "backprop", "--subtitles", "--overwrite"]) == 0
    assert (workplace / "backprop.vtt").read_text().startswith("WEBVTT")
    assert sorted(os.listdir(workplace)) == ["backprop.mp4", "backprop.srt", "backprop.vtt"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--voice", "espaek"), "expected none, recordings:FOLDER, piper:FILE or espeak"),
        (("--voice", "piper"), "expected none"),
        (("--captions", "of"), "expected on or off"),
    ],
)
def test_a_voice_that_is_none_is_refused(capsys, workplace, options, said):
    assert main(["render", "backprop", *options]) == 2
    assert said in capsys.readouterr().err
    assert not os.listdir(workplace)


def test_the_voice_and_the_captions_go_with_the_job(workplace, monkeypatch):
    jobs = []
    monkeypatch.setattr(
        backprop_studio.cli.commands.VideoCache, "deliver", lambda _, job: jobs.append(job)
    )
    main(["render", "backprop", "--voice", "recordings:takes", "--captions", "off"])
    assert jobs[0].voice == f"recordings:{workplace / 'takes'}"
    assert jobs[0].params["captions"] is False


@pytest.mark.parametrize("command", ["still", "render"])
def test_a_still_is_written(capsys, workplace, command):
    assert main([command, "backprop", "-o", "a.png"]) == 0
    assert capsys.readouterr().out == "a.png: loss, 1.50 s\n"
    assert (workplace / "a.png").read_bytes() == b"png"
    assert os.listdir(workplace) == ["a.png"]


def test_what_was_read_of_a_table_is_told_on_stderr(capsys):
    assert main(["numbers", "backprop", "--set", "data.file=a.csv"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("a.csv: 3 rows, names in row 2.\n")
    assert "rows" not in told.out


def test_a_gradient_that_was_not_confirmed_is_named_and_told_by_the_exit_code(capsys, workplace):
    arguments = ["numbers", "backprop", "--set", "corner=true"]
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""
    assert main([*arguments, "--verify"]) == 4
    captured = capsys.readouterr()
    assert json.loads(captured.out)["loss"] is None
    assert captured.err == (
        "error: Not confirmed: 1 gradient is at a corner, where there is no derivative: "
        "layers.0.dL_db.0.\n"
    )


def test_numbers_are_the_only_thing_on_stdout(capsys, workplace):
    (workplace / "p.toml").write_text("learning_rate = 0.5\n[network]\nactivation = 'relu'\n")
    arguments = ["--verify", "--params", "p.toml", "--timeout", "7"]
    arguments += ["--set", "network.sizes=[2,3]", "--set", "network.activation=sigmoid"]
    assert main(["numbers", "backprop", *arguments]) == 0
    captured = capsys.readouterr()
    sheet = json.loads(captured.out)
    assert captured.err == ""
    assert sheet["job"]["verify"] is True
    assert sheet["loss"] is None
    network = {"activation": "sigmoid", "sizes": [2, 3]}
    assert sheet["job"]["params"] == {"learning_rate": 0.5, "network": network}
    assert sheet["limits"] == 7
    assert main(["numbers", "backprop", "-o", "a.json", *arguments]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((workplace / "a.json").read_text())["job"]["scene"] == "backprop"


@pytest.mark.usefixtures("two_scenes")
def test_scenes_as_lines_and_as_json(capsys):
    assert main(["scenes"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "backprop  Backpropagation"
    assert second == "x         x.py, line 1: SyntaxError: bad"
    assert main(["scenes", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["parameters"] == {"type": "object"}
    assert second["error"] == "x.py, line 1: SyntaxError: bad."


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert main(["render", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--output", "--quality", "--set", "--params", "--lang", "--theme"):
        assert option in out


def test_a_script_that_stops_reading_gets_its_video(workplace, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr("sys.stdout", os.fdopen(writer, "w"))
    assert main(["render", "backprop", "--json"]) == 0
    assert (workplace / "backprop.mp4").read_bytes() == b"a video"


# Where it is run


def test_in_a_folder_that_is_gone(capsys, workplace, tmp_path):
    workplace.rmdir()
    target = tmp_path / "a.mp4"
    assert main(["render", "backprop", "-o", str(target)]) == 0
    assert target.read_bytes() == b"a video"
    assert str(target) in capsys.readouterr().out
    assert "the current folder no longer exists" in fails(capsys, "render", "backprop")


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize(
    "arguments", [["-o", "\udcff.mp4"], ["--set", "title=\udcff"], ["--params", "\udcff.toml"]]
)
def test_what_is_no_text_is_refused_by_name(capsys, workplace, arguments):
    assert r"\udcff" in fails(capsys, "render", "backprop", *arguments)
    assert os.listdir(workplace) == []


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_refused(capsys, workplace, monkeypatch):
    folder = os.fsencode(workplace) + b"/\xff"
    os.mkdir(folder)
    monkeypatch.chdir(os.fsdecode(folder))
    assert r"\udcff" in fails(capsys, "render", "backprop")


# Scripts and shells


def events(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_script_reads_what_happens(capsys, workplace):
    assert main(["render", "backprop", "--json"]) == 0
    heard = events(capsys)
    assert [it["event"] for it in (heard[0], heard[-1])] == ["started", "done"]
    assert {it["event"] for it in heard[1:-1]} <= {"progress"}
    assert heard[-1]["path"] == str(workplace / "backprop.mp4")
    assert (heard[-1]["frames"], heard[-1]["kept"]) == (90, False)
    assert main(["render", "backprop", "--json", "--overwrite"]) == 0
    assert events(capsys)[-1]["kept"] is True
    assert main(["render", "backprop", "--json", "-o", "a.png"]) == 0
    assert events(capsys)[-1]["beat"] == "loss"


def test_a_lecture_instead_of_a_command_opens_the_window_on_it(monkeypatch):
    opened = []
    monkeypatch.setattr("backprop_studio.gui.app.main", lambda given: opened.append(given) or 0)
    assert main(["week1.toml"]) == 0
    assert opened == [["week1.toml"]]
