from __future__ import annotations

import errno
import io
import json
import math
import sys

import pytest

from backprop_studio.cli.console import (
    duration_text,
    print_error,
    progress_display,
    say,
    strict_json,
)
from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Progress


def test_duration_text():
    seconds = (-1, 0.4, 59.6, 61, 3599, 3600, 7325)
    texts = ["0 s", "0 s", "1 min 0 s", "1 min 1 s", "59 min 59 s", "1 h 0 min", "2 h 2 min"]
    assert [duration_text(it) for it in seconds] == texts


def test_an_error_is_one_line_on_stderr(capsys):
    print_error(Message.of("full", "the disk\nis full"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: The disk is full.\n"


def test_json_has_no_nan_and_keeps_every_digit():
    text = strict_json({"loss": math.nan, "values": [math.inf, 0.1 + 0.2], "名": (1,)})
    found = json.loads(text, parse_constant=pytest.fail)
    assert found == {"loss": None, "values": [None, 0.30000000000000004], "名": [1]}
    assert "名" in text


def progress(frame, phase="draw", eta=None):
    return Progress(
        job_id="j", phase=phase, fraction=frame / 1000, frame=frame, frames=1000, eta_seconds=eta
    )


def test_without_a_terminal_there_is_a_line_every_tenth(capsys):
    with progress_display("backprop") as show:
        show(progress(0, "plan"))
        for frame in range(0, 1000, 7):
            show(progress(frame, eta=12.0))
        show(progress(1000, "check"))
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert captured.out == ""
    assert len(lines) == 11
    assert lines[5] == "backprop:  50%, 504 of 1000 frames, 12 s left"
    assert lines[-1] == "backprop: 100%, 1000 of 1000 frames"


@pytest.mark.parametrize(("terminal", "lines"), [("dumb", 1), ("xterm", 0)])
def test_a_terminal_gets_a_bar_or_lines_if_it_can_only_write_on(
    capsys, monkeypatch, terminal, lines
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", terminal)
    with progress_display("backprop") as show:
        show(progress(500))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("backprop:  50%, 500 of 1000 frames\n") == lines


def letters(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n", write_through=True)


def test_a_stream_without_our_letters_gets_escapes(monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, letters("ascii"))
    say("反向.mp4")
    say(strict_json({"title": "é反"}, indent=None))
    print_error(Message.of("unknown", "{name} is unknown", name="反"))
    lines = sys.stdout.buffer.getvalue().decode("ascii").splitlines()
    assert lines[0] == r"\u53cd\u5411.mp4"
    assert json.loads(lines[1]) == {"title": "é反"}
    assert sys.stderr.buffer.getvalue() == b"error: \\u53cd is unknown.\n"


class Full(io.StringIO):
    def write(self, _text):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_progress_that_nobody_can_read_harms_nothing(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Full())
    with progress_display("backprop") as show:
        show(progress(500))
    print_error(Message.of("full", "the disk is full"))
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputError, match="Standard output could not be written: no space left"):
        say("a result")
    assert capsys.readouterr() == ("", "")
