"""Small pictures of the scenes: drawn when nothing else is, kept from one start to the next."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from backprop_studio.gui.toolkit.theme import DARK, theme
from backprop_studio.render.catalogue import catalogue_key, in_order, thumbnail_folder
from backprop_studio.render.messages.events import Cancelled, Done, Event, Failed, Hello
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.worker_link import WorkerLink
    from backprop_studio.render.messages.results import CatalogueEntry

PICTURE = FrameFormat(width=512, height=288)
"""Twice what the list shows, for screens with small pixels."""

PAUSE_MS = 400
"""How long the stage must have been at rest; longer than a still may be held back."""


class Look(NamedTuple):
    """What a thumbnail depends on besides its scene."""

    theme: str
    language: Language


class Thumbnail(NamedTuple):
    """The picture of a scene, or the room that is kept for it."""

    image: QImage | None


class ThumbnailFiles:
    """The pictures on the disk, all of one state of the program; a disk that refuses is no fault.

    Parameters
    ----------
    folder : Path
        Where they are; made when the first is kept.
    key : str
        Names the state of the program; pictures of other states are removed.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key

    def read(self, scene: str, look: Look) -> QImage | None:
        """Return a picture, or None if there is none that can be read."""
        try:
            image = QImage.fromData(self._path(scene, look).read_bytes())
        except OSError:
            return None
        return None if image.isNull() else image

    def keep(self, scene: str, look: Look, data: bytes) -> None:
        """Write a picture and remove what is out of date."""
        target = self._path(scene, look)
        staged = target.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(data)
            os.replace(staged, target)
            for file in self._folder.iterdir():
                if not file.name.startswith(self._key):
                    file.unlink(missing_ok=True)

    def _path(self, scene: str, look: Look) -> Path:
        return self._folder / f"{self._key}-{scene}-{look.theme}-{look.language}.png"


class Thumbnails(QObject):
    """Has the preview worker draw one scene after the other while it has nothing better to do.

    A newer still replaces older ones, so a thumbnail must never be asked for while the stage waits
    for its own; asked for afterwards, the stage's still replaces the thumbnail, which then waits
    for the next pause.

    Parameters
    ----------
    state : AppState
        Read for the scenes, the lesson's language, and whether the stage waits.
    link : WorkerLink
        The worker that draws stills.

    Attributes
    ----------
    ahead : callable
        Asks for a picture of somebody else first; returns whether one is awaited.

    Signals
    -------
    changed
        There are other pictures, or other scenes without one.
    """

    changed = Signal()

    def __init__(self, state: AppState, link: WorkerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self._numbers = count(1)
        self._files: ThumbnailFiles | None = None
        self._images: dict[str, QImage] = {}
        self._failed: set[str] = set()
        self._look = self._present_look()
        self._job: StillJob | None = None
        self.ahead: Callable[[], bool] = lambda: False
        # Reading waits until the window has asked for its first still.
        self._reading = QTimer(self, singleShot=True, interval=0)
        self._reading.timeout.connect(self._read)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.ask_next)
        link.event_arrived.connect(self._on_event)
        state.listen(self._on_catalogue, "catalogue")
        state.listen(self._on_look, "lesson_language")
        theme().changed.connect(self._on_look)
        state.listen(self.wait, "preview", "render", "live")

    def of(self, scene: str) -> Thumbnail | None:
        """Return what stands for a scene that can be used; None if it cannot be drawn."""
        return None if scene in self._failed else Thumbnail(self._images.get(scene))

    @property
    def is_complete(self) -> bool:
        """Whether every scene that can be drawn has its picture."""
        return not self.is_reading and self._next() is None

    @property
    def is_reading(self) -> bool:
        """Whether the pictures of an earlier start are still to be read."""
        return self._reading.isActive()

    @property
    def is_pausing(self) -> bool:
        """Whether the next picture is asked for after the pause."""
        return self._pause.isActive()

    def _present_look(self) -> Look:
        language = self._state.job_language
        return Look("dark" if theme().colours is DARK else "light", language)

    def _drawable(self) -> list[CatalogueEntry]:
        return [entry for entry in self._state.catalogue or () if entry.error is None]

    def _next(self) -> CatalogueEntry | None:
        done = self._images.keys() | self._failed
        return next((row for row in in_order(self._drawable()) if row.id not in done), None)

    def _on_catalogue(self) -> None:
        self._files = None
        self._start_over()

    def _on_look(self) -> None:
        if self._present_look() != self._look:
            self._start_over()

    def _start_over(self) -> None:
        self._look = self._present_look()
        self._images = {}
        self._failed = set()
        self.changed.emit()
        self._reading.start()

    def _read(self) -> None:
        """Take the pictures that an earlier start has left."""
        if self._files is None:
            self._files = ThumbnailFiles(thumbnail_folder(), catalogue_key())
        for entry in self._drawable():
            image = self._files.read(entry.id, self._look)
            if image is not None:
                self._images[entry.id] = image
        self.changed.emit()
        self.wait()

    def wait(self) -> None:
        """Begin the pause anew; there is none while somebody waits for something else."""
        if self._may_ask():
            self._pause.start()
        else:
            self._pause.stop()

    def _may_ask(self) -> bool:
        preview = self._state.preview
        is_at_rest = preview.image is not None and not preview.waiting and not preview.error
        is_busy = self._state.render.phase.is_active or self._state.live.is_on
        return is_at_rest and not is_busy and self._job is None

    def ask_next(self) -> None:
        """End the pause and ask for the next picture, if nobody waits for something else."""
        self._pause.stop()
        if self.is_reading or not self._may_ask() or self.ahead():
            return
        entry = self._next()
        if entry is None:
            return
        self._job = StillJob(
            id=f"thumbnail-{next(self._numbers)}",
            scene=entry.id,
            language=self._look.language,
            theme=self._look.theme,
            picture=PICTURE,
            beat=entry.thumbnail_beat,
        )
        self._link.submit(self._job)

    def _on_event(self, event: Event, attachment: bytes) -> None:
        job = self._job
        if job is None or isinstance(event, Hello) or event.job_id != job.id:
            return
        if isinstance(event, Cancelled):
            # A still has replaced it, or the worker is gone: the stage's next picture tells.
            self._job = None
        elif isinstance(event, Done | Failed):
            self._job = None
            self._take(job, attachment if isinstance(event, Done) else b"")
            self.ask_next()

    def _take(self, job: StillJob, data: bytes) -> None:
        look = Look(job.theme, job.language)
        image = QImage.fromData(data)
        if not image.isNull() and self._files is not None:
            self._files.keep(job.scene, look, data)
        if look != self._look:
            return
        if image.isNull():
            self._failed.add(job.scene)
        else:
            self._images[job.scene] = image
        self.changed.emit()
