"""Tests of voice programs: good ones, and those that hang, die, flood and talk rubbish."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from backprop_studio.core.base.errors import MissingComponentError, TimeLimitError
from backprop_studio.render.voice import programs
from backprop_studio.render.voice.programs import run_program


def python(code):
    return (sys.executable, "-c", code)


def test_a_program_gets_its_text_on_stdin_and_gives_its_sound_on_stdout():
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read() * 100_000)"
    assert run_program(python(code), "学习 x") == "学习 x\n".encode() * 100_000


def test_a_program_need_not_read_what_it_is_given():
    assert run_program(python("print('done', end='')"), "x" * 10_000_000) == b"done"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('no such voice', file=sys.stderr); sys.exit(3)", "code 3.*such voice"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
        ("import sys; sys.stderr.write('e' * 10**6); sys.exit(1)", r"code 1 \(e{200}\)"),
    ],
)
def test_a_program_that_dies_is_said_in_one_sentence(code, said):
    with pytest.raises(MissingComponentError, match=said) as caught:
        run_program(python(code), "x")
    assert "\n" not in str(caught.value)


HANGING = [
    "import time; time.sleep(600)",
    # It closes its pipe and lives on.
    "import os, time; os.close(1); time.sleep(600)",
    "import os, time; os.fork(); time.sleep(600)",
]


@pytest.mark.parametrize("code", HANGING)
def test_a_program_that_hangs_is_ended_with_all_it_has_started(code, monkeypatch):
    monkeypatch.setattr(programs, "_WAIT", 0.2)
    began = time.monotonic()
    with pytest.raises(TimeLimitError, match="within"):
        run_program(python(code), "x", seconds=1.5)
    assert time.monotonic() - began < 30


def test_a_program_that_nobody_waits_for_is_ended():
    given_up = threading.Event()
    given_up.set()
    began = time.monotonic()
    with pytest.raises(TimeLimitError):
        run_program(python(HANGING[0]), "x", 600, given_up)
    assert time.monotonic() - began < 30


def test_a_program_that_floods_is_ended(monkeypatch):
    monkeypatch.setattr(programs, "MOST_BYTES", 1_000_000)
    with pytest.raises(MissingComponentError, match="without end"):
        run_program(python("while True: print('x' * 10_000)"), "x")


def test_a_program_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingComponentError, match="nothing-here"):
        run_program((str(tmp_path / "nothing-here"),), "x")
