"""The real program on a screen without a graphics card: its loop never waits, its keys arrive.

What is measured is the processor time between two beats of the loop: a loaded machine makes a turn
longer, but not more work. `make bench BENCH=window` measures the time itself, on a quiet machine.
"""

from __future__ import annotations

import shutil
import subprocess
import time

import av
import numpy as np
import pytest

from tests.gui.screen.studio import PATIENCE, Studio

pytestmark = [
    pytest.mark.soak,  # short forms: tests/gui/test_keys.py, tests/gui/stage/test_playback.py
    pytest.mark.timeout(900),
]

MOST_WORK = 0.25
"""Seconds of the processor in one turn of the loop, in use."""

MOST_AT_START = 1.0
FROZEN = 10.0
"""No load of a machine makes one turn as long as this; frames that pile up do."""

SECONDS, FPS = 6, 30


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A video of 720p in which everything moves."""
    path = tmp_path_factory.mktemp("film") / "moving.mp4"
    noise = np.random.default_rng(1).integers(0, 255, (720, 2560, 3), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS, {"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(SECONDS * FPS):
            left = 7 * number % 1280
            picture = np.ascontiguousarray(noise[:, left : left + 1280])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


def check(stalls, most=MOST_WORK):
    hardest = max(stalls, key=lambda it: it[2], default=None)
    assert hardest is None or hardest[2] <= most, hardest
    longest = max(stalls, key=lambda it: it[1], default=None)
    assert longest is None or longest[1] <= FROZEN, longest


def play(studio, film):
    studio.do(f"from pathlib import Path; window.play_file(Path({str(film)!r}))")


def wait_a_while(studio, seconds):
    """Let the program run; what it does meanwhile is what is measured."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        studio.ask("1")
        time.sleep(0.1)


def test_the_loop_never_waits_while_a_lecturer_works(studio, film):
    studio.wait_for_picture()
    check(studio.stalls(), MOST_AT_START)

    play(studio, film)
    studio.do("window.services.player.set_looping(True)")
    studio.wait("window.services.player.position > 1000")
    before = studio.memory()
    wait_a_while(studio, 30)
    studio.key("space")
    studio.wait("not window.services.player.is_playing")
    check(studio.stalls())
    assert studio.memory() < before + 60

    for scene in ("classification", "backprop", "loss_surface", "backprop", "learning_rate") * 3:
        studio.do(f"state.select_scene('{scene}')")
        wait_a_while(studio, 0.3)
    studio.wait_for_picture()
    for language in ("zh", "en"):
        studio.do(f"state.window_language = '{language}'")
        wait_a_while(studio, 0.5)
    check(studio.stalls())

    studio.do("state.select_scene('derivative'); state.quality = 'l'")
    studio.wait_for_picture()
    studio.click("window.render_bar.render_button")
    studio.wait("state.render.phase.value in {'done', 'failed'}", 3 * PATIENCE)
    assert studio.ask("state.render.phase.value") == "done"
    check(studio.stalls())
    assert studio.close() == 0


def test_twenty_videos_leave_nothing_behind(studio, film):
    studio.wait_for_picture()
    memory = []
    for _ in range(20):
        studio.do("state.video = None")
        play(studio, film)
        studio.wait("window.services.player.position > 600")
        memory.append(studio.memory())
    assert max(memory[10:]) < max(memory[:5]) + 30, memory
    check(studio.stalls(), MOST_AT_START)
    assert studio.close() == 0


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
        studio.wait_for_picture()
        assert studio.ask("app.platformName()") == "wayland"
        studio.do("window.services.live.toggle()")
        studio.wait("state.live.value == 'playing'")
        studio.do("state.full_screen = True")
        studio.wait("window.isFullScreen()")
        check(studio.stalls(), MOST_AT_START)
        assert studio.close() == 0
    finally:
        weston.terminate()
        weston.wait(PATIENCE)
