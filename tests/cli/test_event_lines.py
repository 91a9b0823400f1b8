"""What scripts read: one JSON object per line, the last says how it ended."""

from __future__ import annotations

import json

import pytest

from backprop_studio.cli.event_lines import event_lines, shown_progress
from backprop_studio.core.base.errors import InputError, SceneError, WorkInterruptedError
from backprop_studio.render.messages.events import Progress


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_command_that_ends_well(capsys):
    with event_lines(True, "render", scene="反向") as events:
        with shown_progress("title", events) as show:
            show(Progress(job_id="j", phase="draw", fraction=0.5, frame=15, frames=30))
        events.tell("done", path='a "b"\n.mp4', value=float("nan"))
    assert lines(capsys) == [
        {"event": "started", "command": "render", "scene": "反向"},
        {"event": "progress", "phase": "draw", "fraction": 0.5, "frame": 15, "frames": 30,
         "eta_seconds": None},
        {"event": "done", "path": 'a "b"\n.mp4', "value": None},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (InputError("the width is odd"),
         {"event": "failed", "error": "input", "message": "The width is odd.", "exit_code": 2}),
        (SceneError("it fell"),
         {"event": "failed", "error": "scene", "message": "It fell.", "exit_code": 4}),
        (WorkInterruptedError("the work was cancelled"), {"event": "cancelled"}),
        (KeyboardInterrupt(), {"event": "cancelled"}),
        (SystemExit(), {"event": "cancelled"}),
        (RuntimeError("two\nlines"),
         {"event": "failed", "error": "internal", "exit_code": 1,
          "message": "An unexpected fault of ours: RuntimeError: two lines."}),
    ],
)  # fmt: skip
def test_a_command_that_does_not(capsys, error, last):
    with pytest.raises(type(error)), event_lines(True, "render"):
        raise error
    assert lines(capsys)[1:] == [last]


def test_people_are_told_otherwise(capsys):
    with event_lines(False, "render") as events:
        assert events is None
        with shown_progress("title", events) as show:
            show(Progress(job_id="j", phase="draw", fraction=0.5, frame=15, frames=30))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "50%, 15 of 30 frames" in captured.err
