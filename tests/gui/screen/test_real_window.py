"""The real program on a screen without a graphics card: its loop never waits, its keys arrive.

What is measured is the processor time between two beats of the loop: a loaded machine makes a turn
longer, but not more work. `make bench BENCH=window` measures the time itself, on a quiet machine.
"""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from tests.gui.screen.lecturer import day, moving_film, play
from tests.gui.screen.studio import PATIENCE, Studio
from tests.gui.screen.watched_window import QUICK

pytestmark = pytest.mark.timeout(900)

MOST_WORK = 0.25
"""Seconds of the processor in one turn of the loop."""

FROZEN = 10.0
"""No load of a machine makes one turn as long as this; frames that pile up do."""


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return moving_film(tmp_path_factory.mktemp("film") / "moving.mp4", 3)


def check(stalls):
    hardest = max(stalls, key=lambda it: it[2], default=None)
    assert hardest is None or hardest[2] <= MOST_WORK, hardest
    longest = max(stalls, key=lambda it: it[1], default=None)
    assert longest is None or longest[1] <= FROZEN, longest


SHORT = {"look": 2, "playback": 1.5, "changes": 4, "live": 0.5}


@pytest.mark.parametrize(
    ("arguments", "lengths"),
    [
        ([QUICK], SHORT),
        pytest.param([], {}, marks=pytest.mark.soak),
    ],
)
def test_the_loop_never_waits_while_a_lecturer_works(studio, film, lengths):
    for _act, stalls in day(studio, film, **lengths):
        check(stalls)


@pytest.mark.soak
def test_twenty_videos_leave_nothing_behind(studio, film):
    studio.wait_for_picture()
    memory = []
    for _ in range(20):
        play(studio, film)
        memory.append(studio.memory())
    assert max(memory[-5:]) < max(memory[5:10]) + 20, memory
    check(studio.stalls())
    assert studio.close() == 0


@pytest.mark.soak
def test_keys_and_mouse_of_a_real_screen(studio):
    stage = "window.stage.preview"
    studio.wait_for_picture()
    studio.key("space")
    studio.wait("state.live.value == 'playing'")
    for key in ("F5", "F11", "f"):
        is_full = studio.ask("state.full_screen")
        studio.key(key)
        studio.wait(f"window.isFullScreen() is state.full_screen is not {is_full}")
    assert studio.ask("window.isFullScreen()")
    studio.key("b")
    studio.wait("state.is_black and state.live.value == 'paused'")
    studio.key("Next")
    studio.wait("not state.is_black and window.services.live.beat is not None")
    studio.move(f"{stage}.picture")
    studio.move(f"{stage}.picture", "rect().topLeft()")
    studio.wait(f"{stage}.controls.isVisible()")
    studio.wait(f"not {stage}.controls.isVisible()")
    studio.key("Escape")
    studio.wait("not window.isFullScreen()")
    studio.click(f"{stage}.picture", times=2)
    studio.wait("window.isFullScreen()")
    studio.click(f"{stage}.picture", times=2)
    studio.wait("not window.isFullScreen()")
    studio.do("window.services.live.stop()")
    studio.click(f"{stage}.live_bar.play")
    studio.click(f"{stage}.live_bar.play")
    studio.wait("state.live.value == 'paused'")
    studio.key("Right")
    assert studio.ask("state.lesson_language") == "en"
    assert studio.close() == 0


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("weston") is None, reason="weston is not installed")
def test_the_window_works_on_wayland(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    environment = {"XDG_RUNTIME_DIR": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    options = ["--backend=headless-backend.so", "--socket=studio", "--idle-time=0"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    weston = subprocess.Popen(["weston", *options], env=environment, **quiet)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "studio").exists():
            assert time.monotonic() < deadline, "no compositor"
            time.sleep(0.02)
        screen = {"WAYLAND_DISPLAY": "studio", "QT_QPA_PLATFORM": "wayland"}
        studio = Studio(environment | screen, tmp_path)
        studio.wait_for_still()  # this compositor has no keyboard, and so no active window
        assert studio.ask("app.platformName()") == "wayland"
        studio.do("window.services.live.toggle()")
        studio.wait("state.live.value == 'playing'")
        studio.do("state.full_screen = True")
        studio.wait("window.isFullScreen()")
        check(studio.stalls())
        assert studio.close() == 0
    finally:
        weston.terminate()
        weston.wait(PATIENCE)
