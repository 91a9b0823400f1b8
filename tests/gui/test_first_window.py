"""A second start hands over to the window that is there, whatever happened to earlier ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from backprop_studio.gui import first_window
from backprop_studio.gui.first_window import FirstWindow

ROOT = Path(__file__).parents[2]

START = """
import sys
import tempfile
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from backprop_studio.gui.first_window import FirstWindow
app = QCoreApplication([])
first = FirstWindow(Path(sys.argv[1]))
is_second = first.hands_over(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
print("second" if is_second else "first", flush=True)
if not is_second:
    first.asked.connect(lambda file: print(file or "nothing", flush=True))
    app.exec()
"""


@pytest.fixture(
    autouse=True,
    params=[
        "",
        pytest.param("too long for a socket " * 6, marks=pytest.mark.slow),
    ],
    ids=["short", "long"],
)
def _own_place(request, monkeypatch):
    monkeypatch.delenv(first_window.TOKEN, raising=False)
    with tempfile.TemporaryDirectory(prefix="bs-") as short:
        place = Path(short) / request.param
        place.mkdir(exist_ok=True)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
        monkeypatch.setattr(tempfile, "tempdir", short)
        monkeypatch.setenv("TMPDIR", short)
        yield


@pytest.fixture
def launch(tmp_path):
    """Start the program."""
    started = []

    def launch(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(tmp_path), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        started.append(process)
        return process

    yield launch
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def start(launch):
    """Start the program and wait until it says whether it is the first."""

    def start(*arguments):
        process = launch(*arguments)
        return process, process.stdout.readline().strip()

    return start


def test_a_second_start_hands_its_file_over_also_after_a_kill(start):
    first, word = start()
    assert word == "first"
    for arguments, heard in ((), "nothing"), (("lesson.mp4",), str(ROOT / "lesson.mp4")):
        second, word = start(*arguments)
        assert word == "second"
        assert second.wait(60) == 0
        assert first.stdout.readline().strip() == heard
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    _next, word = start()
    assert word == "first"


@pytest.fixture
def first(qapp, tmp_path):
    first = FirstWindow(tmp_path)
    assert not first.hands_over(None)
    yield first
    first.close()


def test_the_window_comes_forward_with_the_file(qtbot, first, window, launch, monkeypatch):
    monkeypatch.setenv(first_window.TOKEN, "by-the-launcher")
    heard = []
    first.asked.connect(heard.append)
    first.asked.connect(window.come_forward)
    window.showMinimized()
    second = launch("/videos/视频.mp4")
    monkeypatch.delenv(first_window.TOKEN)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    assert second.stdout.readline() == "second\n"
    assert heard == ["/videos/视频.mp4"]
    assert os.environ[first_window.TOKEN] == "by-the-launcher"
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()


def test_a_window_that_hangs_is_not_waited_for_for_ever(first, tmp_path, monkeypatch):
    monkeypatch.setattr(first_window, "ANSWER_MS", 50)
    assert not FirstWindow(tmp_path).hands_over(None)  # nobody runs the first one's loop


@pytest.mark.parametrize("words", [b"\n", b"{}\n", b'{"file": 1}\n', b"x" * 100_000])
def test_nonsense_is_not_answered(qtbot, first, words):
    from PySide6.QtNetwork import QLocalSocket

    heard = []
    first.asked.connect(heard.append)
    caller = QLocalSocket()
    with qtbot.waitSignal(caller.disconnected, timeout=60_000):
        caller.connectToServer(first._server.fullServerName())
        caller.write(words)
    assert heard == []


def test_another_screen_or_another_s_data_is_another_window(tmp_path):
    def key(folder, **environment):
        return first_window._screen_key(folder, environment)

    keys = {
        key(tmp_path),
        key(tmp_path, DISPLAY=":0"),
        key(tmp_path, DISPLAY=":1"),
        key(tmp_path, WAYLAND_DISPLAY=":1"),
        key(tmp_path / "other", DISPLAY=":0"),
    }
    assert len(keys) == 5


def test_where_nothing_can_be_written_a_window_opens_all_the_same(qapp, tmp_path):
    (tmp_path / "file").touch()
    assert not FirstWindow(tmp_path / "file" / "folder").hands_over(None)
