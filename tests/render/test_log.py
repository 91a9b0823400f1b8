"""The log: one file of several processes, bounded, without a user's data."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.log import (
    JobLog,
    is_logging,
    log_file,
    stack_of,
    start_log,
    start_worker_log,
    take_log_line,
)
from backprop_studio.render.messages.events import Cancelled, Done, Failed
from backprop_studio.render.messages.jobs import StillJob, VideoJob

log = logging.getLogger("backprop_studio.test")


@pytest.fixture(autouse=True)
def own_log(tmp_path, monkeypatch):
    """Put the log into a folder of the test's own, and end it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("BACKPROP_STUDIO_VERBOSE", raising=False)
    ours = logging.getLogger("backprop_studio")
    before = list(ours.handlers), ours.level
    ours.handlers.clear()
    yield
    for handler in ours.handlers:
        handler.close()
    ours.handlers[:], ours.level = before
    ours.propagate = True


def lines():
    return log_file().read_text(encoding="utf-8").splitlines()


def test_it_lies_beside_the_settings_or_where_it_is_wanted(tmp_path):
    assert not is_logging()
    start_log("test", file=tmp_path / "own.log")
    log.info("here")
    assert log_file() == tmp_path / "own.log"
    assert lines()[-1].endswith("backprop_studio.test: here")
    start_log("again")
    assert is_logging()
    assert log_file().parent == tmp_path / "backprop-studio"
    (first,) = lines()
    for part in ("Started: again;", f"Python {sys.version.split()[0]}", "torch 2", " INFO "):
        assert part in first


def test_a_file_that_cannot_be_written_is_refused_and_the_usual_one_is_not_missed(tmp_path):
    with pytest.raises(OutputError, match=r"The log .*/b.log cannot be written: no such file"):
        start_log("test", file=tmp_path / "a" / "b.log")
    (tmp_path / "backprop-studio").touch()
    start_log("test")
    log.info("nowhere")
    assert is_logging()


def test_verbose_writes_more_and_to_stderr_too(capsys):
    start_log("test")
    log.debug("a trifle")
    assert len(lines()) == 1
    assert capsys.readouterr().err == ""
    start_log("test", verbose=True)
    log.debug("a trifle")
    assert lines()[-1].endswith("a trifle")
    assert capsys.readouterr().err.splitlines()[-1].endswith("a trifle")


def test_one_record_is_one_line_without_words_of_users(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    start_log("test")
    try:
        {}["my secret"]
    except KeyError:
        log.exception("in %s/a\nb.csv", Path.home())
    last = lines()[-1]
    assert "in ~/a; b.csv; KeyError at render/test_log.py:" in last
    assert "my secret" not in last
    assert "my secret" in caplog.text  # other handlers are told what an error says


def test_where_an_error_comes_from():
    try:
        try:
            raise OSError("secret")
        except OSError as error:
            raise InputError("file.bad", "{file}", file="a") from error
    except InputError as error:
        found = stack_of(error)
    first, second = found.split(" because of ")
    assert first.startswith("InputError (file.bad) at render/test_log.py:")
    assert second.startswith("OSError at render/test_log.py:")


def test_a_workers_record_is_a_line_that_its_reader_logs(capsys):
    start_worker_log()
    log.info("100 %% of %s", "it")
    line = capsys.readouterr().err.rstrip("\n")
    logging.getLogger("backprop_studio").handlers.clear()
    logging.getLogger("backprop_studio").setLevel(logging.NOTSET)
    assert take_log_line(line)  # a reader without a log lets it go
    assert capsys.readouterr().err == ""
    start_log("test")
    assert take_log_line(line)
    assert " INFO " in lines()[-1]
    assert lines()[-1].endswith("backprop_studio.test: 100 % of it")


@pytest.mark.parametrize("line", ["Traceback", "\x1elog", "\x1elog {", "\x1elog [1]"])
def test_other_lines_are_nothing_to_log(line):
    assert not take_log_line(line)


def test_jobs_are_noted_with_their_ends_and_durations(caplog):
    caplog.set_level(logging.INFO)
    jobs = JobLog(log)
    jobs.begun(VideoJob(id="v", scene="backprop", output="/a/b.mp4", params={"pace": 0.123}))
    jobs.begun(StillJob(id="s", scene="tensors"))
    jobs.ended(Done(job_id="v"))
    jobs.ended(Failed(job_id="s", error="scene", message=Message.plain("0.123")))
    jobs.ended(Cancelled(job_id="w"))
    assert caplog.messages[0] == "Begun: video v backprop /a/b.mp4"
    assert caplog.messages[2].startswith("Done after 0.")
    assert caplog.messages[2].endswith(" s: video v backprop /a/b.mp4")
    assert caplog.messages[3].startswith("Failed (scene) after")
    assert caplog.messages[4] == "Cancelled after 0.00 s: w, not begun"
    assert not any("0.123" in message for message in caplog.messages)


WRITER = """
import logging, sys
from backprop_studio.render import log
log._MOST_BYTES = 20_000
log.start_log("writer")
for k in range(100):
    logging.getLogger("backprop_studio.test").info("%s %d %s", sys.argv[1], k, "x" * 100)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open is not renamed there")
def test_several_processes_write_one_file_and_the_one_before(tmp_path):
    """Together they write 60 kB: what is kept is full but for a line, and no line is torn."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(name)]) for name in range(3)]
    assert [it.wait() for it in writers] == [0] * 3
    folder = tmp_path / "backprop-studio"
    current, older = folder / "backprop-studio.log", folder / "backprop-studio.log.1"
    assert sorted(folder.iterdir()) == [current, older]
    assert 19_000 < older.stat().st_size <= 20_500
    for line in (current.read_text() + older.read_text()).splitlines():
        assert line.startswith("20")
        assert line.endswith("x" * 100) or "Started: writer" in line
