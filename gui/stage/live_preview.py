"""Playback of the lesson in the window while the worker draws it.

The worker sends a picture as soon as it is drawn and stays a few seconds ahead of the one on the
stage (:class:`render.messages.jobs.PreviewJob`). The time runs by the clock, so a slow machine
skips frames rather than slowing the lesson down; where the next frame is not drawn yet the time
stands still and the state says so.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from backprop_studio.gui.model.values import UNREADABLE, Engine, Live, View
from backprop_studio.gui.stage.frame_buffer import FrameBuffer
from backprop_studio.render.messages import events
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import PreviewJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.worker_link import WorkerLink
    from backprop_studio.render.messages.frame_format import Quality
    from backprop_studio.render.messages.results import BeatMark

FPS = 30

AHEAD_SECONDS = 5
"""How far the worker may draw ahead of the stage."""

CUSHION_SECONDS = 0.5
"""What must be drawn before a playback goes on that had to wait."""

TOLD_EVERY_SECONDS = 0.25


class LivePreview(QObject):
    """Playback of a stream: asks for it, keeps it, and shows its frames in real time.

    Parameters
    ----------
    state : AppState
        Read for what to play; given whether it plays.
    link : WorkerLink
        The worker that draws stills; a newer still ends the stream.
    clock : callable
        Returns seconds that never go back.

    Attributes
    ----------
    image : QImage or None
        The frame on the stage.
    frame : int
        Its number.
    beats : tuple of BeatMark
        Of the lesson that plays.
    frames : int
        Of the whole lesson; 0 until it is planned.

    Signals
    -------
    moved
        Another frame is on the stage, or more are drawn.
    """

    moved = Signal()

    def __init__(
        self,
        state: AppState,
        link: WorkerLink,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self.clock = clock
        self._numbers = count(1)
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._job: PreviewJob | None = None
        self._buffer = FrameBuffer()
        self._is_complete = False
        self._began = self._told = 0
        self._shown = -1
        self._since = (0.0, 0)
        self.image: QImage | None = None
        self.frame = self.frames = 0
        self.beats: tuple[BeatMark, ...] = ()
        link.event_arrived.connect(self._on_event)
        state.listen(self.stop, "params", "lesson_language", "theme", "frame_shape")
        state.listen(self._give_up, "scene", "catalogue")
        state.listen(self._on_view, "view")

    @property
    def can_start(self) -> bool:
        """Whether the lesson can be played as it is now."""
        state = self._state
        is_usable = state.entry is not None and state.entry.error is None
        return is_usable and state.refusal is None

    @property
    def is_ticking(self) -> bool:
        """Whether the time runs."""
        return self._timer.isActive()

    @property
    def drawn(self) -> tuple[int, int]:
        """The frames that can be shown: from the first up to but without the second."""
        return self._buffer.first, self._buffer.end

    @property
    def beat(self) -> str | None:
        """Name of the beat that is on the stage."""
        started = [mark.name for mark in self.beats if round(mark.start * FPS) <= self.frame]
        return started[-1] if started else None

    def toggle(self) -> None:
        """Play, pause, or go on; at the end play again from where it began."""
        live = self._state.live
        if live is Live.OFF:
            self.start(self._state.beat)
        elif live is not Live.PAUSED:
            self.pause()
        elif self._shown < 0:
            self._state.live = Live.STARTING
        elif self._is_complete and self.frame >= self.frames - 1:
            self._play_again()
        else:
            self._play()

    def start(self, beat: str | None = None) -> None:
        """Play from the start of a beat, or of the lesson."""
        if not self.can_start:
            return
        # What is on the stage stays there until the first frame comes.
        self._let_go()
        state = self._state
        if state.engine is Engine.OFF:
            state.engine = Engine.STARTING
        quality: Quality = "m" if state.full_screen else "l"
        size = FrameFormat.of_quality(quality, shape=state.frame_shape)
        self._job = PreviewJob(
            id=f"preview-{next(self._numbers)}",
            picture=size.model_copy(update={"fps": FPS}),
            beat=beat,
            ahead=AHEAD_SECONDS * FPS,
            **state.lesson(),
        )
        state.live = Live.STARTING
        self._link.submit(self._job)

    def pause(self) -> None:
        """Stop the time, also where nothing has come yet."""
        self._timer.stop()
        if self._state.live.is_on:
            self._state.live = Live.PAUSED

    def step(self, frames: int) -> None:
        """Pause and go some frames on or back, as far as they are drawn."""
        self.pause()
        if self._buffer.has(self.frame + frames):
            self._go(self.frame + frames)

    def skip(self, seconds: float) -> None:
        """Go some seconds on or back."""
        self.seek(self.frame / FPS + seconds)

    def stop(self) -> None:
        """End the stream and forget it; the still is back, at the beat that was on the stage."""
        if self._state.live.is_on and self.beat is not None:
            self._state.beat = self.beat
        self._give_up()

    def seek(self, seconds: float) -> None:
        """Go to a time; where nothing is drawn, to the start of the beat that plays then."""
        frame = min(max(round(seconds * FPS), 0), max(self.frames - 1, 0))
        if self._buffer.has(frame):
            self._go(frame)
        elif self.beats:
            started = [mark for mark in self.beats if mark.start <= seconds]
            self.go_to((started or self.beats)[-1 if started else 0].name)

    def go_to(self, beat: str) -> None:
        """Go to the start of a beat, drawing anew from there if it is not there yet."""
        frame = next((round(b.start * FPS) for b in self.beats if b.name == beat), None)
        if frame is not None and self._buffer.has(frame):
            self._go(frame)
            if self._state.live is Live.PAUSED:
                self._play()
        else:
            self.start(beat)

    # What the worker says

    def _on_event(self, event: events.Event, attachment: bytes) -> None:
        if self._job is None or isinstance(event, events.Hello) or event.job_id != self._job.id:
            return
        match event:
            case events.Planned():
                self._on_planned(event)
            case events.Frame():
                self._on_frame(event, attachment)
            case events.Done():
                self._is_complete = True
                self._go_on_if_drawn()
            case events.Failed():
                self._on_failed(event)
            case events.Cancelled():
                # A newer still has replaced it, or the worker went away.
                self._give_up()

    def _on_planned(self, event: events.Planned) -> None:
        self.beats, self.frames = event.beats, event.frames
        self._began = self.frame = self._told = event.first
        self._buffer = FrameBuffer(event.first)
        self.moved.emit()

    def _on_frame(self, event: events.Frame, picture: bytes) -> None:
        self._buffer.append(event.number, event.repeat, picture, self.frame)
        if self._shown < 0:
            if self._show(event.number) and self._state.live is Live.STARTING:
                self._play()
        else:
            self._go_on_if_drawn()
            self.moved.emit()

    def _on_failed(self, event: events.Failed) -> None:
        self._give_up()
        state = self._state
        if event.error == "input":
            state.refusal = event.message
        else:
            state.preview = replace(state.preview, error=event.message, details=event.details)

    # The time

    def _play_again(self) -> None:
        if self._buffer.has(self._began):
            self._go(self._began)
            self._play()
        else:
            self.start(self._job.beat if self._job else None)

    def _play(self) -> None:
        self._since = (self.clock(), self.frame)
        self._timer.start(1000 // FPS)
        self._state.live = Live.PLAYING

    def tick(self) -> None:
        """Show the frame whose time it is."""
        began, frame = self._since
        wanted = frame + int((self.clock() - began) * FPS + 1e-6)
        is_shown = self._show(min(wanted, self._buffer.end - 1))
        if wanted < self._buffer.end or not is_shown:
            return
        self._timer.stop()
        self._state.live = Live.PAUSED if self._is_complete else Live.CATCHING_UP

    def _go_on_if_drawn(self) -> None:
        """Go on after a wait, with a cushion, so that the next wait is not a moment away."""
        if self._state.live is Live.CATCHING_UP:
            cushion = self._buffer.end - self.frame
            if self._is_complete or cushion > CUSHION_SECONDS * FPS:
                self._play()

    def _go(self, frame: int) -> None:
        is_shown = self._show(frame)
        self._since = (self.clock(), frame)
        if is_shown and self._state.live is Live.CATCHING_UP:
            self._play()

    def _show(self, frame: int) -> bool:
        """Put a frame on the stage; False if its picture cannot be read, which ends it all."""
        begin = self._buffer.begin_of(frame)
        if begin == self._shown and frame == self.frame:
            return True
        if begin != self._shown:
            image = QImage.fromData(self._buffer.data_of(frame))
            if image.isNull():
                self._on_unreadable()
                return False
            self._shown, self.image = begin, image
        self.frame = frame
        if frame >= self._told + TOLD_EVERY_SECONDS * FPS and self._job is not None:
            self._told = frame
            self._link.take(self._job.id, frame)
        self.moved.emit()
        return True

    def _on_unreadable(self) -> None:
        self._give_up()
        self._state.preview = replace(self._state.preview, error=UNREADABLE, details="")

    # The end

    def _on_view(self) -> None:
        if self._state.view is not View.PREVIEW:
            self.stop()

    def _give_up(self) -> None:
        """End the stream and clear the stage for the still."""
        if not self._state.live.is_on:
            return
        self._let_go()
        self.image = None
        self.frame = self.frames = 0
        self.beats = ()
        self._state.live = Live.OFF
        self.moved.emit()

    def _let_go(self) -> None:
        """End the stream and forget its pictures."""
        self._timer.stop()
        if self._job is not None:
            self._link.cancel(self._job.id)
        self._job = None
        self._buffer = FrameBuffer()
        self._is_complete = False
        self._shown = -1
