from __future__ import annotations

import os

import pytest

from backprop_studio.render.doctor import CHECKS, Check, Finding, _probe, examine


def test_a_probe_that_works_tells_what_it_printed():
    assert _probe("print('noise'); print('1.2')")() == (True, "1.2")


def test_a_probe_that_fails_tells_the_last_line():
    ready, detail = _probe("import no_such_module_anywhere")()
    assert not ready
    assert detail == "ModuleNotFoundError: No module named 'no_such_module_anywhere'"


def test_a_probe_that_dies_is_a_failure_not_a_crash():
    ready, detail = _probe("import os; os._exit(134)")()
    assert (ready, detail) == (False, "it ended with code 134")


def test_a_file_of_the_same_name_in_the_working_folder_is_not_the_library(tmp_path, monkeypatch):
    (tmp_path / "typst.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    assert _probe("import typst; print('real')")() == (True, "real")


def test_lines_say_what_to_do():
    needed = Check("Manim", lambda: (False, "no libcairo"), "install it")
    optional = Check("Screen", lambda: (False, "none"), "plug one in", needed=False)
    there = Check("Disk", lambda: (True, "9 GB free"), "make room")
    lines = [finding.line for finding in examine((needed, optional, there))]
    assert lines == [
        "Missing  Manim: no libcairo; install it",
        "Absent   Screen: none; plug one in",
        "Ready    Disk: 9 GB free",
    ]


def test_a_deleted_working_folder_is_no_crash(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    os.rmdir(gone)
    check = next(check for check in CHECKS if check.name == "Disk")
    _, detail = check.look()
    monkeypatch.chdir(tmp_path)
    assert "GB free" in detail or "cannot be read" in detail


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
    assert all(value in detail for value in variables.values())
    assert isinstance(Finding(check, ready, detail).line, str)
