"""A screen of its own with a window manager, and the real program on it, worked from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CHILD = Path(__file__).with_name("watched_window.py")
PATIENCE = 120.0
CONDITION = (
    "[str(it) for it in (app.focusWidget(), app.activeWindow(), state.scene, state.live, "
    "state.view, state.refusal, state.preview.waiting, state.preview.error, state.engine)]"
)
"""What somebody wants to know who waited in vain."""


def _row(view, row, part="center()"):
    """Return where a row of a list is in its viewport, of which it may leave the edge."""
    rect = f"{view}.visualRect({view}.model().index({row}, 0))"
    return f"rect().topLeft() + {rect}.intersected({view}.viewport().rect()).{part}"


PROGRAMS = ("Xvfb", "openbox", "xdotool")


def missing():
    """Return the programs that such a test needs and that are not here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Screen:
    """An X server without a graphics card, as in a virtual machine, and a window manager on it."""

    def __init__(self, folder, size="1440x900"):
        number, written = os.pipe()
        server = [
            "Xvfb",
            "-displayfd",
            str(written),
            "-screen",
            "0",
            f"{size}x24",
            "-nolisten",
            "tcp",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._started = [subprocess.Popen(server, pass_fds=[written], **quiet)]
        os.close(written)
        with os.fdopen(number) as told:
            self.name = f":{told.readline().strip()}"
        ready = folder / "ready"
        home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        self.environment = {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        manager = ["openbox", "--sm-disable", "--startup", f"touch {ready}"]
        environment = self.environment | home
        self._started.append(subprocess.Popen(manager, env=environment, **quiet))
        deadline = time.monotonic() + PATIENCE
        while not ready.exists():
            assert time.monotonic() < deadline, "no window manager"
            time.sleep(0.02)

    def close(self):
        for process in reversed(self._started):
            process.terminate()
            process.wait(PATIENCE)


class Studio:
    """The real program in a process, with settings, videos and caches of its own.

    Parameters
    ----------
    environment : dict
        Says on which screen.
    home : Path
        The folder of its user.
    """

    def __init__(self, environment, home, *arguments):
        own = {"HOME": home, "QT_LOGGING_RULES": "*.debug=false"}
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            own[f"XDG_{name}_HOME"] = home / name.lower()
        own["XDG_VIDEOS_DIR"] = home / "videos"
        own["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        environment = environment | {name: str(value) for name, value in own.items()}
        environment["LIBGL_ALWAYS_SOFTWARE"] = "1"
        self._environment = environment
        command = [sys.executable, str(CHILD), "--language", "en", "--size", "1240x780", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._began = time.monotonic()
        self.clicks = 0
        self.process = subprocess.Popen(command, env=environment, cwd=home, **pipes)

    def ask(self, line):
        """Return the value of an expression in the program."""
        self._say(line)
        answer = self.process.stdout.readline()
        assert answer, f"the program ended: {self.process.wait(PATIENCE)}"
        end, value = json.loads(answer)
        assert end == "done", value
        return value

    def do(self, statements):
        """Run statements in the program."""
        self.ask(f"!{statements}")

    def wait(self, expression, patience=PATIENCE):
        """Wait until an expression is true."""
        deadline = time.monotonic() + patience
        while not self.ask(expression):
            if time.monotonic() > deadline:
                raise AssertionError(expression, self.ask(CONDITION))
            time.sleep(0.03)

    def wait_for_picture(self):
        """Wait until the window takes keys and its stage shows the lesson as it is."""
        self.wait("window.isActiveWindow()")
        self.wait_for_still()

    def wait_for_still(self):
        """Wait until the stage shows the lesson as it is."""
        self.wait("state.preview.image is not None and not state.preview.waiting")

    def key(self, *names):
        """Press keys, as a hand would."""
        self._xdotool("key", "--delay", "30", *names)

    def type(self, text):
        """Write a text, as a hand would."""
        self._xdotool("type", "--delay", "12", text)

    def click(self, widget, times=1, at="rect().center()"):
        """Click on a widget of the program."""
        self.move(widget, at)
        self.clicks += times
        self._xdotool("click", "--repeat", str(times), "--delay", "60", "1")

    def move(self, widget, at="rect().center()"):
        """Move the mouse over a widget of the program."""
        point = f"(lambda it: it.mapToGlobal(it.{at}).toTuple())({widget})"
        x, y = self.ask(point)
        self._xdotool("mousemove", str(x), str(y))

    def click_row(self, view, row):
        """Click on a row of a list."""
        self.click(f"{view}.viewport()", at=_row(view, row))

    def settle(self, expressions):
        """Wait until expressions are the same for a while."""
        deadline, seen = time.monotonic() + PATIENCE, []
        while len(seen) < 4 or any(it != seen[-1] for it in seen[-4:]):
            assert time.monotonic() < deadline, seen
            seen.append([self.ask(it) for it in expressions])
            time.sleep(0.1)

    def drag_row(self, view, row, above):
        """Drag a row of a list above another one, as slowly as a hand, when rows stand still."""
        rect = f"{view}.visualRect({view}.model().index({{}}, 0)).getRect()"
        self.settle([rect.format(it) for it in (above, row)])
        self.move(f"{view}.viewport()", _row(view, row))
        self.clicks += 1
        self._xdotool("mousedown", "1")
        for part in ("center()", "center() - QPoint(0, 12)"):
            self.move(f"{view}.viewport()", _row(view, row, part))
            time.sleep(0.1)
        for part in ("center()", "topLeft() + QPoint(60, 4)", "topLeft() + QPoint(60, 2)"):
            self.move(f"{view}.viewport()", _row(view, above, part))
            time.sleep(0.2)
        self._xdotool("mouseup", "1")

    def stalls(self):
        """Return what kept the loop waiting since the last call."""
        return self.ask("pulse.take()")

    def first_picture(self):
        """Return after how many seconds there was a picture on the stage."""
        self.wait("first_picture.at is not None")
        return self.ask("first_picture.at") - self._began

    def memory(self):
        """Return the megabytes that the window's process holds."""
        return self.ask("memory().rss") / 2**20

    def _xdotool(self, *words):
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=PATIENCE)

    def close(self):
        """Close the window as its user would, and return the exit code."""
        return self.watched_close()[0]

    def watched_close(self):
        """Close it, and return the exit code and how long it kept its loop waiting."""
        self.do("window.may_close = True")
        stall = self.ask("pulse.timed(window.close)")
        return self._gone(), stall

    def quit(self):
        """Leave by the keys for it, and return the exit code."""
        self.key("ctrl+q")
        return self._gone()

    def end(self):
        """Let nothing of it be left, whatever has happened."""
        if self.process.poll() is None:
            self.process.kill()
            self._gone()

    def _say(self, line):
        self.process.stdin.write(line.replace("\n", " ") + "\n")
        self.process.stdin.flush()

    def _gone(self):
        code = self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()
        return code
