from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import backprop_studio.cli.commands
import backprop_studio.cli.options
from backprop_studio.cli.commands import main
from backprop_studio.core.base.errors import ERRORS_BY_KIND
from backprop_studio.render.messages.results import CatalogueEntry
from backprop_studio.render.workers.client import run_job
from backprop_studio.render.workers.parallel import render_video

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch, fake_command):
    """Work in an empty folder, with the fake worker in place of the real one."""
    folder = tmp_path / "O'Brien & 中文"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        backprop_studio.cli.commands, "run_job", functools.partial(run_job, command=fake_command)
    )
    monkeypatch.setattr(
        backprop_studio.cli.commands,
        "render_video",
        lambda job, _workers, show, **_: render_video(job, 1, show, command=fake_command),
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return folder


def act(name, **more):
    assignments = [f"act={name}", *(f"{key}={value}" for key, value in more.items())]
    return [part for text in assignments for part in ("--set", text)]


def refuse_to_work(*_args, **_kwargs):
    pytest.fail("a worker was started for input that is wrong")


@pytest.fixture
def no_worker(monkeypatch):
    monkeypatch.setattr(backprop_studio.cli.commands, "run_job", refuse_to_work)
    monkeypatch.setattr(backprop_studio.cli.commands, "render_video", refuse_to_work)


def fails(capsys, *arguments, code=2):
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


# Wrong input: exit code 2, one sentence, nothing written, nothing old lost


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["rendr", "backprop"], "'render'"),
        (["render", "backprob"], "did you mean 'backprop'?"),
        (["render", "../../etc/passwd"], "Unknown scene"),
        (["render", "_base"], "Unknown scene"),
        (["still", "backprob", "-o", "a.png"], "did you mean 'backprop'?"),
        (["numbers", "backprob"], "did you mean 'backprop'?"),
        (["render", "backprop", "--ovewrite"], "--overwrite"),
        (["render", "backprop", "-q", "x"], "'l', 'm', 'h', 'p', 'k'"),
        (["render", "backprop", "--fps", "0"], "--fps"),
        (["render", "backprop", "--fps", "121"], "--fps"),
        (["render", "backprop", "--fps", "nan"], "--fps"),
        (["render", "backprop", "--lang", "de"], "'en', 'zh'"),
        (["render", "backprop", "--theme", "drak"], "'dark', 'light'"),
        (["render", "backprop", "-o", "nowhere/a.mp4"], "does not exist"),
        (["render", "backprop", "-o", "/proc/a.mp4"], "is not writable"),
        (["render", "backprop", "-o", "a.mp5"], "did you mean .mp4?"),
        (["render", "backprop", "-o", "a.avi"], "or .webm or .mov or .gif or .png"),
        (["still", "backprop", "-o", "a.mp4"], "must end in .png"),
        (["still", "backprop"], "-o"),
        (["still", "backprop", "-o", "a.png", "--beat", "loss", "--at", "1"], "exclude each other"),
        (["still", "backprop", "-o", "a.png", "--at", "-1"], "--at"),
        (["still", "backprop", "-o", "a.png", "--at", "nan"], "--at"),
        (["still", "backprop", "-o", "a.png", "--at", "inf"], "at_seconds"),
        (["numbers", "backprop", "-o", "a.jsn"], "did you mean .json?"),
        (["render", "backprop", "--set", "learning_rate"], "KEY=VALUE"),
        (["render", "backprop", "--params", "nowhere.toml"], "nowhere.toml"),
        (["render", "backprop", "--set", "a." * 900 + "a=1"], "nested deeper than 30 levels"),
        (["numbers", "backprop", "--set", f"a={'[' * 31}{']' * 31}"], "deeper than 30 levels"),
        (["render"], "'scene'"),
    ],
)
def test_wrong_input_is_refused_before_any_work(capsys, workplace, arguments, part):
    assert part in fails(capsys, *arguments)
    assert os.listdir(workplace) == []


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


@pytest.mark.parametrize("kind", sorted(ERRORS_BY_KIND))
def test_every_kind_of_failure_has_its_exit_code_and_keeps_the_old_file(capsys, workplace, kind):
    old = workplace / "old.png"
    old.write_bytes(b"old")
    arguments = ("still", "backprop", "-o", "old.png", "--overwrite", *act("fail", error=kind))
    message = fails(capsys, *arguments, code=ERRORS_BY_KIND[kind].exit_code)
    assert message == "error: As asked.\n"
    assert old.read_bytes() == b"old"
    assert os.listdir(workplace) == ["old.png"]


def test_how_long_to_wait_can_be_said(capsys):
    arguments = ("numbers", "backprop", "--timeout", "1", *act("hang"))
    message = fails(capsys, *arguments, code=124)
    assert "no sign of life for 1 seconds" in message
    assert "--timeout" in fails(capsys, "numbers", "backprop", "--timeout", "0")


def test_a_crash_of_the_worker_is_our_fault(capsys):
    message = fails(capsys, "numbers", "backprop", *act("crash"), code=1)
    assert message == "error: The render process stopped unexpectedly (signal 9).\n"


def test_a_fault_of_ours_is_one_sentence_too(capsys, monkeypatch):
    def broken():
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(backprop_studio.cli.commands, "cached_catalogue", broken)
    message = fails(capsys, "scenes", code=1)
    assert "RuntimeError: two lines; BACKPROP_STUDIO_DEBUG=1 shows where." in message


def test_debug_shows_the_traceback(capsys, monkeypatch):
    monkeypatch.setenv("BACKPROP_STUDIO_DEBUG", "1")
    assert main(["numbers", "backprop", *act("crash")]) == 1
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert "late output" in error


def test_an_interrupt_is_130(capsys, monkeypatch):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(backprop_studio.cli.commands, "run_job", interrupted)
    assert fails(capsys, "numbers", "backprop", code=130) == "error: Interrupted.\n"


# What works


def test_render_says_what_it_made(capsys, workplace):
    assert main(["render", "backprop", *act("video")]) == 0
    captured = capsys.readouterr()
    assert captured.out == "backprop.mp4: 3.0 s, 1280x720, 30 frames per second\n"
    assert (workplace / "backprop.mp4").read_bytes() == b"a video"


def test_quality_and_frame_rate_reach_the_job(capsys):
    arguments = ["-q", "h", "--fps", "24", "-o", "b.mp4", *act("video")]
    assert main(["render", "backprop", *arguments]) == 0
    assert "1920x1080, 24 frames" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["still", "render"])
def test_a_still_is_written(capsys, workplace, command):
    assert main([command, "backprop", "-o", "a.png", *act("picture")]) == 0
    assert capsys.readouterr().out == "a.png: loss, 1.50 s\n"
    assert (workplace / "a.png").read_bytes() == b"png"
    assert os.listdir(workplace) == ["a.png"]


def test_numbers_are_the_only_thing_on_stdout(capsys):
    assert main(["numbers", "backprop", "--verify", *act("sheet")]) == 0
    captured = capsys.readouterr()
    sheet = json.loads(captured.out)
    assert captured.err == ""
    assert sheet["job"]["verify"] is True
    assert sheet["loss"] is None


def test_numbers_into_a_file(capsys, workplace):
    assert main(["numbers", "backprop", "-o", "a.json", *act("sheet")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((workplace / "a.json").read_text())["job"]["scene"] == "backprop"


def test_assignments_lie_over_the_file(capsys, workplace):
    (workplace / "p.toml").write_text("learning_rate = 0.5\n[network]\nactivation = 'relu'\n")
    arguments = ["--params", "p.toml", "--set", "network.sizes=[2,3]", *act("sheet")]
    arguments += ["--set", "network.activation=sigmoid"]
    assert main(["numbers", "backprop", *arguments]) == 0
    params = json.loads(capsys.readouterr().out)["job"]["params"]
    assert params == {
        "learning_rate": 0.5,
        "network": {"activation": "sigmoid", "sizes": [2, 3]},
        "act": "sheet",
    }


@pytest.fixture
def two_scenes(monkeypatch):
    entries = [
        CatalogueEntry(
            id="backprop",
            title="Backpropagation",
            parameters={"type": "object"},
            beats=("input", "loss"),
        ),
        CatalogueEntry(id="x", error="scenes/x.py, line 1: SyntaxError: invalid syntax"),
    ]
    for module in (backprop_studio.cli.commands, backprop_studio.cli.options):
        monkeypatch.setattr(module, "cached_catalogue", lambda: entries)


@pytest.mark.usefixtures("two_scenes")
def test_scenes_as_lines(capsys):
    assert main(["scenes"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "backprop  Backpropagation",
        "x         scenes/x.py, line 1: SyntaxError: invalid syntax",
    ]


@pytest.mark.usefixtures("two_scenes")
def test_scenes_as_json(capsys):
    assert main(["scenes", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["parameters"] == {"type": "object"}
    assert second["error"]


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert main(["render", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--output", "--quality", "--set", "--params", "--lang", "--theme"):
        assert option in out


# What it loads


def test_the_command_line_loads_neither_manim_nor_torch_nor_qt():
    code = (
        "import sys; from backprop_studio.cli.commands import main; main(['--help']);"
        "print([m for m in ('manim', 'torch', 'PySide6', 'av', 'scenes') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_early_is_no_error():
    command = f"{sys.executable} -m backprop_studio.cli.commands --help | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def shell(command):
    """Run a line as users do: streams keep what they cannot write, unless Python is told not to."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


VERSION = f"{sys.executable} -m backprop_studio.cli.commands --version"
MISTAKE = f"{sys.executable} -m backprop_studio.cli.commands render backprob"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
@pytest.mark.parametrize("arguments", ["--version", "--help", "scenes --json"])
def test_a_result_that_cannot_be_written_is_a_fault_of_the_disk(arguments):
    code, _, told = shell(
        f"{sys.executable} -m backprop_studio.cli.commands {arguments} > /dev/full"
    )
    assert code == 5
    assert told == "error: Standard output could not be written: no space left on device.\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
def test_an_error_that_cannot_be_told_keeps_its_code():
    assert shell(f"{MISTAKE} 2> /dev/full") == (2, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("command", "code"), [(f"{VERSION} <&- >&- 2>&-", 0), (f"{MISTAKE} <&- >&- 2>&-", 2)]
)
def test_nobody_needs_to_listen(command, code):
    assert shell(command) == (code, "", "")


def test_a_script_that_stops_reading_gets_its_video(workplace, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr("sys.stdout", os.fdopen(writer, "w"))
    assert main(["render", "backprop", "--json", *act("video")]) == 0
    assert (workplace / "backprop.mp4").read_bytes() == b"a video"


# Where it is run


def test_in_a_folder_that_is_gone(capsys, workplace, tmp_path):
    workplace.rmdir()
    target = tmp_path / "a.mp4"
    assert main(["render", "backprop", "-o", str(target), *act("video")]) == 0
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


def test_an_interrupt_while_it_is_loading_is_no_traceback():
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from backprop_studio.cli.start import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_what_starts_it_is_the_command_line():
    code = (
        "import sys; from backprop_studio.cli.start import main; "
        "sys.argv[1:] = ['--version']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


# Scripts and shells


def events(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_script_reads_what_happens(capsys, workplace):
    assert main(["render", "backprop", "--json", *act("video")]) == 0
    told = events(capsys)
    assert [it["event"] for it in (told[0], told[-1])] == ["started", "done"]
    assert {it["event"] for it in told[1:-1]} <= {"progress"}
    assert told[-1]["path"] == str(workplace / "backprop.mp4")
    assert (told[-1]["frames"], told[-1]["kept"]) == (90, False)
    assert main(["render", "backprop", "--json", "--overwrite", *act("video")]) == 0
    assert events(capsys)[-1]["kept"] is True
    assert main(["render", "backprop", "--json", "-o", "a.png", *act("picture")]) == 0
    assert events(capsys)[-1]["beat"] == "loss"


def test_a_script_reads_why_it_failed(capsys):
    assert main(["render", "backprop", "--json", "-o", "a.mp5"]) == 2
    captured = capsys.readouterr()
    last = json.loads(captured.out.splitlines()[-1])
    assert (last["event"], last["error"], last["exit_code"]) == ("failed", "input", 2)
    assert captured.err == f"error: {last['message']}\n"


@pytest.mark.usefixtures("two_scenes")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("re", ["render"]),
        ("render b", ["backprop"]),
        ("render x", []),  # it is broken
        ("numbers b", ["backprop"]),
        ("still backprop --beat l", ["loss"]),
        ("still backprop --theme d", ["dark"]),
        ("lecture a.toml --json --over", ["--overwrite"]),
    ],
)
def test_the_shell_completes(capsys, monkeypatch, words, offered):
    assert completed(capsys, monkeypatch, words) == offered


def completed(capsys, monkeypatch, words):
    line = f"backprop-studio {words}"
    monkeypatch.setattr("sys.argv", ["backprop-studio"])
    monkeypatch.setenv("_BACKPROP_STUDIO_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    main()
    return capsys.readouterr().out.split()


def test_the_shell_completes_scenes_before_anybody_has_listed_them(capsys, monkeypatch):
    assert completed(capsys, monkeypatch, "render backp") == ["backprop"]


@pytest.mark.usefixtures("two_scenes")
@pytest.mark.parametrize("shell_name", ["zsh", "fish", "bash"])
def test_every_shell_is_told_how_to_complete(capsys, monkeypatch, shell_name):
    monkeypatch.setattr("sys.argv", ["backprop-studio"])
    for step in ("source", "complete"):
        monkeypatch.setenv("_BACKPROP_STUDIO_COMPLETE", f"{step}_{shell_name}")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "backprop-studio render b")
        monkeypatch.setenv("COMP_WORDS", "backprop-studio render b")
        monkeypatch.setenv("COMP_CWORD", "2")
        assert main() == 0
        assert "backprop" in capsys.readouterr().out
