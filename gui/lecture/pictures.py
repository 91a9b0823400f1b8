"""Small pictures and lengths of the lecture's lessons, drawn while the stage is at rest.

The stage's own still is one for nothing: whoever adds a lesson sees its picture at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import platformdirs
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from backprop_studio.gui.worker_link import end_of
from backprop_studio.render.catalogue import catalogue_key
from backprop_studio.render.messages.events import Cancelled, Done, Event
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.catalogue.thumbnails import Thumbnails
    from backprop_studio.gui.model.lecture import Part
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.stage.preview import PreviewController
    from backprop_studio.gui.worker_link import WorkerLink

SIZES = {"16:9": (512, 288), "4:3": (384, 288), "9:16": (288, 512)}
"""Pixels that are drawn, because a lesson's lines want room."""

SMALL = 256
"""Pixels of what is kept, the longer side."""

KEPT = 400
"""Pictures on the disk."""

LENGTH = "seconds"


class Shown(NamedTuple):
    """What is known of a lesson that looks so."""

    image: QImage | None = None
    seconds: float | None = None
    refusal: Message | None = None


def pictures_folder() -> Path:
    """Return where pictures of lessons are kept; it need not exist."""
    return platformdirs.user_cache_path("backprop-studio") / "lessons"


class LessonPictures(QObject):
    """Has the preview worker draw one lesson after the other, ahead of the catalogue's pictures.

    Parameters
    ----------
    state : AppState
        Has the lecture, and the still on the stage.
    link : WorkerLink
        The worker that draws stills.
    turns : Thumbnails
        Says when the worker has nothing better to do.
    previews : PreviewController
        Says whether the stage shows what the state says.

    Signals
    -------
    changed
        There are other pictures or lengths.
    """

    changed = Signal()

    def __init__(
        self,
        state: AppState,
        link: WorkerLink,
        turns: Thumbnails,
        previews: PreviewController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews = previews
        self._program = ""
        self._state = state
        self._link = link
        self._turns = turns
        self._numbers = count(1)
        self._known: dict[str, Shown] = {}
        self._job: StillJob | None = None
        self._job_key = ""
        turns.ahead = self.ask_next
        link.event_arrived.connect(self._on_event)
        state.listen(self._on_preview, "preview")
        state.listen(turns.wait, "lecture", "params", "lesson_language", "catalogue")

    def of(self, part: Part) -> Shown:
        """Return what is known of a lesson."""
        key = self._key(part)
        if key not in self._known:
            kept = self._read(key)
            if kept is None:
                return Shown()
            self._known[key] = kept
        return self._known[key]

    def ask_next(self) -> bool:
        """Ask for a picture that is missing; return whether one is awaited."""
        if self._job is not None:
            return True
        state = self._state
        for part in state.lecture.parts:
            entry = state.entry_of(part.scene)
            if entry is None or entry.error or self.of(part) != Shown():
                continue
            theme, shape = state.lecture.look(part)
            self._job_key = self._key(part)
            self._job = StillJob(
                id=f"lesson-{next(self._numbers)}",
                scene=part.scene,
                params=state.params_of(part),
                language=state.job_language,
                theme=theme,
                picture=FrameFormat(width=SIZES[shape][0], height=SIZES[shape][1]),
            )
            self._link.submit(self._job)
            return True
        return False

    def _key(self, part: Part) -> str:
        """Return a name for all that a picture depends on."""
        state = self._state
        wish = part.scene, state.params_of(part), state.job_language, state.lecture.look(part)
        self._program = self._program or catalogue_key()
        text = json.dumps([self._program, *wish], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _on_preview(self) -> None:
        """Take the stage's still, if it is a lesson of the lecture as it is now."""
        preview, part = self._state.preview, self._state.lecture.part(self._state.part)
        if part is None or preview.image is None or not (preview.is_at_rest and preview.beats):
            return
        if self._previews.is_current:
            self._take(self._key(part), preview.image, preview.beats[-1].end)

    def _on_event(self, event: Event, attachment: bytes) -> None:
        end = end_of(self._job, event)
        if end is None:
            return
        self._job = None
        if isinstance(end, Cancelled):
            return  # a still has replaced it; the stage's next picture begins a new pause
        if isinstance(end, Done):
            self._take(self._job_key, QImage.fromData(attachment), end.result.get("duration"))
        else:
            refusal = end.message if end.error == "input" else None
            self._known[self._job_key] = Shown(seconds=0.0, refusal=refusal)
            self.changed.emit()
        self._turns.ask_next()

    def _take(self, key: str, image: QImage, seconds: float | None) -> None:
        if image.isNull() or key in self._known:
            return
        keeps, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small = image.scaled(SMALL, SMALL, keeps, smooth)
        self._known[key] = Shown(small, seconds)
        self._keep(key, small, seconds)
        self.changed.emit()

    def _read(self, key: str) -> Shown | None:
        image = QImage(str(pictures_folder() / f"{key}.png"))
        if image.isNull():
            return None
        length = image.text(LENGTH)
        return Shown(image, float(length) if length else None)

    def _keep(self, key: str, image: QImage, seconds: float | None) -> None:
        """Write a picture, and remove the oldest of very many; a disk that refuses is no fault."""
        image.setText(LENGTH, "" if seconds is None else str(seconds))
        folder = pictures_folder()
        staged = folder / f"{key}.{os.getpid()}.png"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if image.save(str(staged)):
                os.replace(staged, folder / f"{key}.png")
            kept = sorted(folder.iterdir(), key=lambda it: it.stat().st_mtime)
            for file in kept[:-KEPT]:
                file.unlink(missing_ok=True)
