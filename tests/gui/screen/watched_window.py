"""The real program with a pulse in its loop, told by lines what to do: the child of `studio.py`.

Each line of the input is an expression, or statements after ``!``; each line of the output answers
one. They run in the window's thread, between two of its events.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication

from backprop_studio.gui import app, session

QUICK = "--quick-videos"
"""For tests that look at the window and not at the videos."""

EVERY_MS = 5
NOTED = 0.05
"""Seconds between two beats that are worth a note, as the longest always are."""


class Pulse(QObject):
    """A timer in the window's loop that notes what kept it waiting."""

    def __init__(self):
        super().__init__()
        self.stalls = []
        self._last = self._busy = self._longest = self._queued = 0.0
        self._where = Counter()
        self._frames = []
        self._is_looking = False
        self._main = threading.get_ident()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._look, daemon=True).start()

    def take(self):
        """Return the stalls since the last call: when, seconds, seconds of processor, where."""
        stalls, self.stalls, self._longest = self.stalls, [], 0.0
        return stalls

    def timed(self, act):
        """Do something that ends the loop, and return it as a stall."""
        began, busy = time.monotonic(), time.thread_time()
        act()
        now = time.monotonic()
        return now, round(now - began, 3), round(time.thread_time() - busy, 3), act.__name__

    def _beat(self):
        now, busy = time.monotonic(), time.thread_time()
        if self._last and now - self._last > min(NOTED, self._longest):
            self._longest = now - self._last
            work = round(busy - self._busy, 3)
            where = "; ".join(f"{it} ({count})" for it, count in self._where.most_common(3))
            queued = _queued() - self._queued
            where = f"{1e3 * queued:.0f} ms queued for a processor; {where}"
            self.stalls.append((round(now, 2), round(now - self._last, 3), work, where))
        self._last, self._busy, self._where = now, busy, Counter()
        self._queued = _queued()
        if not self._is_looking:
            self._frames.clear()

    def _look(self):
        while True:
            time.sleep(NOTED / 10)
            if self._last and time.monotonic() - self._last > NOTED / 5:
                self._is_looking = True
                self._note()
                self._is_looking = False

    def _note(self):
        # What lives in a frame dies where the frame does: that must be in the window's thread.
        self._frames.append(sys._current_frames())
        frame = self._frames[-1].get(self._main)
        calls = []
        while frame is not None:
            if "backprop_studio" in frame.f_code.co_filename:
                calls.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
            frame = frame.f_back
        self._where[" > ".join(reversed(calls[:-3][:6]))] += 1


def _queued():
    """Return for how many seconds this thread has waited for a processor so far."""
    with open("/proc/thread-self/schedstat") as told:
        return int(told.read().split()[1]) / 1e9


class FirstPicture(QObject):
    """Notes when the stage has painted a picture."""

    def __init__(self, picture):
        super().__init__()
        self.at = None
        picture.installEventFilter(self)

    def eventFilter(self, picture, event):
        if event.type() == QEvent.Type.Paint and picture.image is not None:
            picture.removeEventFilter(self)
            QTimer.singleShot(0, self._note)  # when it is on the screen
        return False

    def _note(self):
        self.at = time.monotonic()


class Ear(QObject):
    """Does what the lines of the input say."""

    def __init__(self, names, answers):
        super().__init__()
        self._names = names
        self._answers = answers
        self._rest = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_input)

    def _on_input(self):
        data = os.read(0, 65536)
        if not data:  # whoever started it is gone
            self._notifier.setEnabled(False)
            QApplication.quit()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._answers.write(json.dumps(self._do(line.decode())) + "\n")
            self._answers.flush()

    def _do(self, line):
        try:
            if line.startswith("!"):
                exec(line[1:], self._names)
                return ["done", None]
            return ["done", eval(line, self._names)]
        except Exception:
            return ["failed", traceback.format_exc()]


def use_quick_videos():
    """Have grey videos drawn, at once."""
    from backprop_studio.gui.renders.link import QueueLink
    from backprop_studio.gui.renders.opening import open_queue
    from backprop_studio.render.workers.client import WorkerClient

    command = (sys.executable, str(Path(__file__).parents[1] / "quick_worker.py"))
    factory = partial(WorkerClient, command=command)
    session.QueueLink = lambda: QueueLink(partial(open_queue, factory=factory))


def main():
    """Run the program as its own main would."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the program prints is no answer
    if QUICK in sys.argv:
        sys.argv.remove(QUICK)
        use_quick_videos()
    run = session.Session.run

    def run_watched(self):
        names = {"session": self, "window": self.window, "state": self.state, "pulse": Pulse()}
        names |= {"app": QApplication.instance(), "memory": psutil.Process().memory_info}
        names["first_picture"] = FirstPicture(self.window.stage.page.picture)
        ear = Ear(names, answers)
        names["ear"] = ear
        return run(self)

    session.Session.run = run_watched
    with contextlib.suppress(BrokenPipeError):
        return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
