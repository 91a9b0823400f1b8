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

import psutil
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication

from backprop_studio.gui import app, session

EVERY_MS = 5
NOTED = 0.05
"""Seconds between two beats that are worth a note, with where the thread was meanwhile."""


class Pulse(QObject):
    """A timer in the window's loop that notes what kept it waiting."""

    def __init__(self):
        super().__init__()
        self.stalls = []
        self._last = self._busy = 0.0
        self._where = ""
        self._seen = []
        self._main = threading.get_ident()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._look, daemon=True).start()

    def take(self):
        """Return the stalls since the last call: when, seconds, seconds of processor, where."""
        stalls, self.stalls = self.stalls, []
        return stalls

    def _beat(self):
        now, busy = time.monotonic(), time.thread_time()
        if self._last and now - self._last > NOTED:
            work = round(busy - self._busy, 3)
            self.stalls.append((round(now, 2), round(now - self._last, 3), work, self._where))
        self._last, self._busy, self._where = now, busy, ""
        self._seen.clear()

    def _look(self):
        while True:
            time.sleep(NOTED / 4)
            if self._last and time.monotonic() - self._last > NOTED * 0.7:
                frame = sys._current_frames().get(self._main)
                # What lives in a frame dies where the frame does: that must be in Qt's own thread.
                self._seen.append(frame)
                stack = traceback.extract_stack(frame)
                del frame
                ours = [
                    f"{it.name}:{it.lineno}" for it in stack if "backprop_studio" in it.filename
                ]
                self._where = " > ".join(ours[-6:])


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


def main():
    """Run the program as its own main would."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the program prints is no answer
    run = session.Session.run

    def run_watched(self):
        names = {"session": self, "window": self.window, "state": self.state, "pulse": Pulse()}
        names |= {"app": QApplication.instance(), "memory": psutil.Process().memory_info}
        ear = Ear(names, answers)
        names["ear"] = ear
        return run(self)

    session.Session.run = run_watched
    with contextlib.suppress(BrokenPipeError):
        return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
