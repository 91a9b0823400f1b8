"""A live preview whose clock and timer a test moves by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from backprop_studio.render.messages.events import Done, Frame, Planned
from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from backprop_studio.gui.window import MainWindow
    from backprop_studio.render.messages.jobs import PreviewJob


FPS = 30


COLOURS = ("red", "green", "blue")
"""Of the beats, each of which lasts a second."""


BEATS = tuple(
    BeatMark(name=name, caption=f"The {name}", start=float(k), end=k + 1.0)
    for k, name in enumerate(("network", "forward", "backward"))
)


def picture_of(colour: str) -> bytes:
    """Return a JPEG in one colour."""
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 100)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Player:
    """A window's live preview whose clock and timer a test moves by hand."""

    def __init__(self, window: MainWindow, stills: Any) -> None:
        self.live = window.services.live
        self.state = window.state
        self.stills = stills
        self.now = 100.0
        self.live.clock = lambda: self.now

    @property
    def job(self) -> PreviewJob:
        job: PreviewJob = self.stills.previews[-1]
        return job

    def plan(self, first: int = 0) -> None:
        self.stills.say(
            Planned(job_id=self.job.id, beats=BEATS, first=first, frames=90, duration=3.0)
        )

    def draw(self, first: int, end: int, repeat: int = 1) -> None:
        """Let frames arrive, in the colours of their beats."""
        for number in range(first, end, repeat):
            picture = picture_of(COLOURS[number // FPS])
            frame = Frame(
                job_id=self.job.id,
                number=number,
                seconds=number / FPS,
                repeat=repeat,
                attachment=len(picture),
            )
            self.stills.say(frame, picture)

    def finish(self) -> None:
        self.stills.say(Done(job_id=self.job.id, result={"frames": 90}))

    def play(self, drawn: int = 90) -> None:
        """Begin and let the first frames arrive."""
        self.live.toggle()
        self.plan()
        self.draw(0, drawn)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.live.tick()

    @property
    def colour(self) -> str:
        """Name of the nearest of the beats' colours."""
        assert self.live.image is not None
        seen = self.live.image.pixelColor(5, 5)
        return max(COLOURS, key=lambda name: _likeness(seen, QColor(name)))


def _likeness(one: QColor, other: QColor) -> int:
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)
    return -sum(abs(a - b) for a, b in pairs)
