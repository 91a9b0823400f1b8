"""What scripts read: one JSON object per line, the last says how it ended."""

from __future__ import annotations

import json

import pytest

from backprop_studio.cli.event_lines import event_lines, shown_progress
from backprop_studio.core.base.errors import InputError, SceneError, WorkInterruptedError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Progress

HALF = {"phase": "draw", "fraction": 0.5, "frame": 15, "frames": 30}
FAULT = "An unexpected fault of ours: RuntimeError: two lines."


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_command_that_ends_well(capsys):
    with event_lines(True, "render", scene="反向") as events:
        with shown_progress("title", events) as show:
            show(Progress(job_id="j", **HALF))
        events.write("done", path='a "b"\n.mp4', value=float("nan"))
    assert lines(capsys) == [
        {"event": "started", "command": "render", "scene": "反向"},
        {"event": "progress", **HALF, "eta_seconds": None},
        {"event": "done", "path": 'a "b"\n.mp4', "value": None},
    ]


@pytest.mark.parametrize(
    ("error", "kind", "code", "message"),
    [
        (InputError("odd", "the {what} is odd", what="width"), "input", 2, "The width is odd."),
        (SceneError("fall", "it fell"), "scene", 4, "It fell."),
        (RuntimeError("two\nlines"), "internal", 1, FAULT),
    ],
)
def test_a_command_that_fails(capsys, error, kind, code, message):
    with pytest.raises(type(error)), event_lines(True, "render"):
        raise error
    (last,) = lines(capsys)[1:]
    assert (last["event"], last["error"], last["exit_code"]) == ("failed", kind, code)
    assert last["message"] == message


def test_a_script_reads_what_it_is_about(capsys):
    kept = Message.of("kept", "{n} files", n=3)
    with pytest.raises(InputError), event_lines(True, "render"):
        raise InputError("file.odd", "{file}: {kept}", file="a.mp4", kept=kept)
    last = lines(capsys)[-1]
    assert last["code"] == "file.odd"
    assert last["fields"] == {"file": "a.mp4", "kept": kept.model_dump()}


@pytest.mark.parametrize(
    "error", [WorkInterruptedError("ended", "it ended"), KeyboardInterrupt(), SystemExit()]
)
def test_a_command_that_is_ended(capsys, error):
    with pytest.raises(type(error)), event_lines(True, "render"):
        raise error
    assert lines(capsys)[1:] == [{"event": "cancelled"}]
