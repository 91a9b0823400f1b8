from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.messages import Message
from backprop_studio.render.doctor import CHECKS, Check, Finding, examine, probe


def found(code):
    """Try some code; return whether it works and what is said about it."""
    ready, detail = probe(code)()
    return ready, detail.words()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("print('noise'); print('1.2')", (True, "1.2")),
        ("import no_such", (False, "ModuleNotFoundError: No module named 'no_such'")),
        ("import os; os._exit(134)", (False, "it ended with code 134")),
        ("", (True, "works")),
    ],
)
def test_a_probe_tells_the_last_line_or_how_it_ended(code, outcome):
    assert found(code) == outcome


def test_a_file_of_the_same_name_in_the_working_folder_is_not_the_library(tmp_path, monkeypatch):
    (tmp_path / "typst.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    assert found("import typst; print('real')") == (True, "real")


def check(name, is_ready, detail, advice, **more):
    return Check(name, lambda: (is_ready, Message.plain(detail)), Message.plain(advice), **more)


def test_lines_say_what_to_do():
    needed = check("Manim", False, "no libcairo", "install it")
    optional = check("Screen", False, "none", "plug one in", needed=False)
    there = check("Disk", True, "9 GB free", "make room")
    lines = [finding.line() for finding in examine((needed, optional, there))]
    assert lines == [
        "Missing  Manim: no libcairo; install it",
        "Absent   Screen: none; plug one in",
        "OK       Disk: 9 GB free",
    ]


def test_a_deleted_working_folder_is_no_crash(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    os.rmdir(gone)
    check = next(check for check in CHECKS if check.name == "Disk")
    _, detail = check.look()
    monkeypatch.chdir(tmp_path)
    assert detail.code in {"doctor.free", "doctor.no_folder"}


def test_what_videos_need_is_marked_as_needed():
    needed = {check.name.split()[0] for check in CHECKS if check.needed}
    assert needed == {"Python", "torch", "Manim", "Typst", "H.264", "Chinese", "Qt", "Disk"}
    assert all(check.advice for check in CHECKS)


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":99"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_a_screen_is_found_by_its_variable(monkeypatch, variables):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    check = next(check for check in CHECKS if check.name == "Screen")
    ready, detail = check.look()
    assert ready == bool(variables)
    assert all(value in detail.words() for value in variables.values())
    assert detail.words() in Finding(check, ready, detail).line()
