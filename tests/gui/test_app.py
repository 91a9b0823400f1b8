"""Starting: what is loaded, what is said without a screen, what happens on an error of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.gui import app
from backprop_studio.gui.toolkit import faults

ROOT = Path(__file__).parents[2]


def run(code, **environment):
    own = {key: value for key, value in os.environ.items() if key not in SCREENS}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=own | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"} | environment,
        timeout=120,
        check=False,
    )


SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def test_the_window_s_process_loads_nothing_that_takes_long():
    # Beyond the import: the window is built, has read its catalogue and can open its queue.
    code = """
import json, sys
from backprop_studio.gui import app, session
import backprop_studio.render.queue.render_queue
window = session.Session(app.parse([])).window
from backprop_studio.render.catalogue import cached_catalogue
cached_catalogue()
print(json.dumps(sorted(sys.modules)))
"""
    done = run(code, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"backprop_studio.gui.window", "PySide6"} <= loaded
    assert not {"backprop_studio.scenes", "manim", "torch", "av", "numpy"} & loaded
    assert not {"backprop_studio.render.kit", "pysubs2", "pptx"} & loaded


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a screen")
def test_without_a_screen_it_says_so_in_one_sentence():
    done = run("import sys; from backprop_studio.gui.app import main; sys.exit(main([]))")
    assert done.returncode == 3
    assert done.stderr.startswith("No screen was found")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_a_missing_qt_library_is_named_with_its_package(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "PySide6", None)
    assert app.main([]) == 3
    message = capsys.readouterr().err
    assert "apt install" in message
    assert "libegl1" in message


def test_a_missing_xcb_library_is_found_before_qt_aborts(monkeypatch, capsys):
    import ctypes

    def refuse(_name):
        raise OSError("libxcb-cursor.so.0: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(sys, "platform", "linux")
    assert app.main([]) == 3
    assert "libxcb-cursor" in capsys.readouterr().err


def test_help_names_the_video(capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(["--help"])
    assert ended.value.code == 0
    assert "a lecture or a video to open" in capsys.readouterr().out


def test_an_error_of_ours_becomes_a_calm_dialog(qtbot, window, qapp, monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # brought back at the end
    faults.install_exception_hook()
    monkeypatch.setattr(
        faults, "show_details", lambda _parent, message, details: shown.append((message, details))
    )
    try:
        raise ZeroDivisionError("our fault")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(shown))
    message, details = shown[0]
    assert "Traceback" not in message
    assert "our fault" in details


def test_details_can_be_copied_and_the_dialog_stays(qtbot, qapp):
    box = faults.show_details(None, "It broke.", "line 3")
    qtbot.addWidget(box)
    texts = {button.text().replace("&", ""): button for button in box.buttons()}
    copy = texts["Copy details"]
    copy.click()
    assert qapp.clipboard().text().startswith("It broke.\n\nline 3")
    assert box.isVisible()
    box.close()


@pytest.mark.parametrize("size", ["big", "1440", "1440x", "-5x900"])
def test_a_wrong_size_is_refused(size, capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(["--size", size])
    assert ended.value.code == 2


def test_a_file_that_is_not_there_is_refused(capsys):
    assert app.main(["nowhere/lesson.mp4"]) == 2
    assert capsys.readouterr().err == "The file nowhere/lesson.mp4 does not exist.\n"
