"""A live preview whose clock and timer a test moves by hand."""

from __future__ import annotations

from PySide6.QtGui import QColor

from backprop_studio.render.messages.events import Done, Frame, Planned
from tests.gui.conftest import BEATS, png

FPS = 30


COLOURS = ("red", "green", "blue")
"""Of the beats, each of which lasts a second."""


class Player:
    """A window's live preview whose clock and timer a test moves by hand."""

    def __init__(self, window, stills):
        self.live = window.services.live
        self.state = window.state
        self.stills = stills
        self.now = 100.0
        self.live.clock = lambda: self.now

    @property
    def job(self):
        job = self.stills.previews[-1]
        return job

    def plan(self, first=0):
        plan = {"beats": BEATS, "first": first, "frames": 90, "duration": 3.0}
        self.stills.say(Planned(job_id=self.job.id, **plan))

    def draw(self, first, end, repeat=1):
        """Let frames arrive, in the colours of their beats."""
        for number in range(first, end, repeat):
            picture = png(COLOURS[number // FPS], "JPEG")
            about = {"number": number, "seconds": number / FPS, "repeat": repeat}
            frame = Frame(job_id=self.job.id, attachment=len(picture), **about)
            self.stills.say(frame, picture)

    def finish(self):
        self.stills.say(Done(job_id=self.job.id, result={"frames": 90}))

    def play(self, drawn=90):
        """Begin and let the first frames arrive."""
        self.live.toggle()
        self.plan()
        self.draw(0, drawn)

    def pass_time(self, seconds):
        self.now += seconds
        self.live.tick()

    @property
    def colour(self):
        """Name of the nearest of the beats' colours."""
        assert self.live.image is not None
        seen = self.live.image.pixelColor(5, 5)
        return max(COLOURS, key=lambda name: _likeness(seen, QColor(name)))


def _likeness(one, other):
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)
    return -sum(abs(a - b) for a, b in pairs)
