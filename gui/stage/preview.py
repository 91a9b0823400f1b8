"""The still on the stage, which follows the state: asked for, awaited, dropped if out of date."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from backprop_studio.gui.model.values import UNREADABLE, Engine, Preview
from backprop_studio.gui.stage.throttle import Throttle
from backprop_studio.render.messages.events import Cancelled, Done, Event, Failed, Hello, Pictured
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob
from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.worker_link import WorkerLink

THROTTLE_MS = 150
SLOW_MS = 200
"""A wait longer than this is shown."""


class PreviewController(QObject):
    """Controller of the still: listens to the state and lets the preview worker draw.

    Parameters
    ----------
    state : AppState
        Read for what to draw; given what came of it.
    link : WorkerLink
        The worker that draws them.
    """

    def __init__(self, state: AppState, link: WorkerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self._numbers = count(1)
        self._still_id = ""
        self._asked_values: dict[str, Any] = {}
        self._is_owed = False
        self._wanted: tuple[object, ...] = ()
        self._without_usual: set[str] = set()
        self._throttle = Throttle(self._ask, THROTTLE_MS, self)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(self._on_slow)
        link.event_arrived.connect(self._on_event)
        state.listen(self._on_scene_changed, "scene")
        state.listen(self._follow, "params", "lesson_language", "theme")
        state.listen(self._on_moment, "beat", "picture_size")
        state.listen(self._on_live, "live")

    @property
    def is_settled(self) -> bool:
        """Whether nothing is held back that has been asked for."""
        return self._throttle.is_idle and not self._is_owed

    @property
    def is_current(self) -> bool:
        """Whether the still on the stage is of the lesson as it is now."""
        return not self._state.preview.waiting and self._wanted == self._present_wish()

    def request(self) -> None:
        """Ask for a fresh still; what is on the stage counts as out of date from now on."""
        self._wanted = ()
        self._follow()

    def _follow(self) -> None:
        """Ask for a still if what is on the stage, or on its way to it, is another one."""
        state = self._state
        if state.entry is None or state.entry.error:
            return
        self._throttle.request()

    def _on_moment(self) -> None:
        """Ask for another moment or size, which waits while the lesson plays on the stage."""
        if self._state.live.is_on:
            self._is_owed = True
        else:
            self._follow()

    def _on_live(self) -> None:
        # Later, because what ended it may be a change that asks for a still itself.
        if self._is_owed and not self._state.live.is_on:
            QTimer.singleShot(0, self, self._on_owed)

    def _on_owed(self) -> None:
        if self._is_owed:
            self._on_moment()

    def _present_wish(self) -> tuple[object, ...]:
        """Return all that a still depends on."""
        return self._state.lesson(), self._state.beat, self._state.picture_size

    def _on_scene_changed(self) -> None:
        if self._wanted == self._present_wish():
            return  # A draft that has become a lesson of the lecture looks as it did.
        # Another lesson's picture under this lesson's name would be a lie.
        self._state.preview = Preview()
        self._still_id = ""
        self._slow.stop()
        self._follow()

    def _ask(self) -> None:
        state = self._state
        if state.entry is None:
            return
        self._is_owed = False
        if self._wanted == self._present_wish():
            return
        self._wanted = self._present_wish()
        self._mark_starting()
        width, height = state.picture_size
        self._still_id = f"still-{next(self._numbers)}"
        beats = () if state.preview.measuring else state.preview.beats
        awaited = replace(state.preview, waiting=True, measuring=False, beats=beats)
        state.preview = replace(awaited, error=None, details="")
        if not self._slow.isActive():
            self._slow.start()
        self._asked_values = state.values()
        picture = FrameFormat(width=width, height=height)
        beat, about = state.beat or self._usual_beat(), state.lesson()
        job = StillJob(id=self._still_id, picture=picture, beat=beat, beats="after", **about)
        self._link.submit(job)

    def _usual_beat(self) -> str | None:
        """Return the beat of the scene's thumbnail, so that what was clicked is what comes.

        Once a value is changed it is the last picture, where all of them have had their effect.
        """
        entry = self._state.entry
        if entry is None or entry.id in self._without_usual or self._state.given_params():
            return None
        return entry.thumbnail_beat

    def _do_without_beat(self) -> None:
        """Ask for the last picture: with these parameters the lesson has not got that beat."""
        if self._state.beat is None:
            self._without_usual.add(self._state.scene)
            self.request()
        self._state.beat = None

    def _mark_starting(self) -> None:
        if self._state.engine is Engine.OFF:
            self._state.engine = Engine.STARTING

    def _on_slow(self) -> None:
        if self._state.preview.waiting:
            self._state.preview = replace(self._state.preview, slow=True)

    def _on_event(self, event: Event, attachment: bytes) -> None:
        self._state.engine = Engine.READY
        if not isinstance(event, Hello) and event.job_id == self._still_id:
            self._on_still_event(event, attachment)

    def _on_still_event(self, event: Event, attachment: bytes) -> None:
        if isinstance(event, Pictured | Done):
            self._take(event, attachment)
        elif isinstance(event, Failed) and event.message.code == "beat.unknown":
            self._do_without_beat()
        elif isinstance(event, Failed) and event.error == "input":
            self._state.refusal = event.message
            self._finish()
        elif isinstance(event, Failed):
            self._finish(error=event.message, details=event.details)
        elif isinstance(event, Cancelled):
            # Replaced stills end so, but this one is the newest: the worker went away.
            self._finish()

    def _take(self, event: Pictured | Done, attachment: bytes) -> None:
        """Show the picture, and the beats once they are known."""
        before = self._state.preview
        image = before.image if before.measuring else QImage.fromData(attachment)
        if image is None or image.isNull():
            self._finish(error=UNREADABLE)
            return
        if not before.measuring:
            self._state.refusal = None
            self._state.resolved = event.result.get("resolved", {})
            self._state.valid_values[self._state.lesson_key] = self._asked_values
            self._slow.stop()
        rows, beats = event.result.get("beats"), before.beats
        if rows is not None:
            beats = tuple(BeatMark.model_validate(row) for row in rows)
        is_open = rows is None
        self._state.preview = Preview(image, event.result.get("beat"), beats, measuring=is_open)

    def _finish(self, error: Message | None = None, details: str = "") -> None:
        """End the wait without another picture."""
        self._wanted = ()
        self._slow.stop()
        before = self._state.preview
        beats = () if before.measuring else before.beats
        calm = replace(before, waiting=False, measuring=False, slow=False, beats=beats)
        self._state.preview = replace(calm, error=error, details=details)
