"""Small pictures of the scenes: those that came with the program or were kept, and new ones.

They are read on a thread, and drawn when the preview worker has nothing better to do.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from backprop_studio.gui.catalogue.shipped import (
    PICTURE,
    Look,
    shipped_catalogue,
    shipped_picture,
    source_of,
)
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.gui.worker_link import end_of
from backprop_studio.render.catalogue import catalogue_key, in_order, thumbnail_folder
from backprop_studio.render.code_key import has_known_imports
from backprop_studio.render.messages.events import Cancelled, Done, Event
from backprop_studio.render.messages.jobs import StillJob

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.worker_link import WorkerLink
    from backprop_studio.render.messages.results import CatalogueEntry

PAUSE_MS = 400
"""How long the stage must have been at rest; longer than a still may be held back."""

NEWS_MS = 50

SMALL_WIDTH = 240
"""Of the pictures in the list, which is twice what it shows, for screens with small pixels."""


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

    def read(self, scene: str, look: Look) -> bytes:
        """Return a picture's file, or nothing if there is none."""
        try:
            return self._path(scene, look).read_bytes()
        except OSError:
            return b""

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
        Read for the scenes, the lesson's colours and language, and whether the stage waits.
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
        self._old: set[str] = set()
        self._failed: set[str] = set()
        self._large: tuple[str, Look, QImage] | None = None
        self._look = self._present_look()
        self._job: StillJob | None = None
        self.ahead: Callable[[], bool] = lambda: False
        self._way = Crossing(self)
        self._reading = 0
        self._held: list[threading.Thread] | None = None
        self._is_read = True
        # Of many pictures that are read the window is told together.
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self.changed)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.ask_next)
        link.event_arrived.connect(self._on_event)
        state.listen(self._on_catalogue, "catalogue")
        state.listen(self._on_look, "lesson_language", "theme")
        state.listen(self.wait, "preview", "render", "live")

    def of(self, scene: str) -> Thumbnail | None:
        """Return what stands for a scene that can be used; None if it cannot be drawn."""
        return None if scene in self._failed else Thumbnail(self._images.get(scene))

    def large(self, scene: str) -> QImage | None:
        """Return the picture of a scene as large as there is one, for the stage."""
        if self._large is None or self._large[:2] != (scene, self._look):
            kept = self._files.read(scene, self._look) if self._files else b""
            data = kept or shipped_picture(scene, self._look)
            self._large = (scene, self._look, QImage.fromData(data))
        image = self._large[2]
        return None if image.isNull() else image

    @property
    def is_complete(self) -> bool:
        """Whether every scene that can be drawn has its picture."""
        return not self.is_reading and self._next() is None

    @property
    def is_reading(self) -> bool:
        """Whether pictures are still to come from the disk."""
        return not self._is_read

    @property
    def is_pausing(self) -> bool:
        """Whether the next picture is asked for after the pause."""
        return self._pause.isActive()

    def _present_look(self) -> Look:
        return Look(self._state.theme, self._state.job_language)

    def _drawable(self) -> list[CatalogueEntry]:
        return [entry for entry in self._state.catalogue or () if entry.error is None]

    def _next(self) -> CatalogueEntry | None:
        done = (self._images.keys() - self._old) | self._failed
        return next((row for row in in_order(self._drawable()) if row.id not in done), None)

    def _on_catalogue(self) -> None:
        self._files = None
        self._start_over()

    def _on_look(self) -> None:
        if self._present_look() != self._look:
            self._start_over()

    def _start_over(self) -> None:
        self._look = self._present_look()
        self._images, self._old, self._failed = {}, set(), set()
        self._large = None
        self.changed.emit()
        self._read(is_first=True)

    # Pictures that are there, which are read on a thread

    def _read(self, *, is_first: bool) -> None:
        """Take what has come along, and then what an earlier start has left.

        To find that one needs the key of the code, which takes a second when it is made for the
        first time on a machine: then it waits until the stage has its picture.
        """
        self._reading += 1
        self._is_read = False
        number, look = self._reading, self._look
        scenes = [entry.id for entry in in_order(self._drawable())]
        files = self._files
        finds_files = files is None and (not is_first or has_known_imports())

        def deliver(scene: str, data: bytes, *, is_old: bool = False) -> None:
            image = _small(data)
            if image is not None:
                self._way.cross(lambda: self._on_read(number, scene, image, is_old=is_old))

        def read() -> None:
            sources = shipped_catalogue().sources if is_first else {}
            for scene in scenes if is_first else ():
                is_old = sources.get(scene) != source_of(scene)
                deliver(scene, shipped_picture(scene, look), is_old=is_old)
            found = files
            if finds_files:
                found = ThumbnailFiles(thumbnail_folder(), catalogue_key())
            for scene in scenes if found else ():
                deliver(scene, found.read(scene, look) if found else b"")
            self._way.cross(lambda: self._on_all_read(number, found))

        reader = threading.Thread(target=read, name="thumbnails", daemon=True)
        if self._held is None:
            reader.start()
        else:
            self._held.append(reader)

    def hold(self) -> None:
        """Read nothing yet: it would take the processor from the window."""
        self._held = []

    def release(self) -> None:
        """Begin to read what was put off."""
        held, self._held = self._held or [], None
        for reader in held:
            reader.start()

    def _on_read(self, number: int, scene: str, image: QImage, *, is_old: bool) -> None:
        if number == self._reading:
            self._images[scene] = image
            (self._old.add if is_old else self._old.discard)(scene)
            if not self._news.isActive():
                self._news.start()

    def _on_all_read(self, number: int, files: ThumbnailFiles | None) -> None:
        if number == self._reading:
            self._files = files
            self._is_read = True
            if self._news.isActive():
                self._news.stop()
                self.changed.emit()
            self.wait()

    # Pictures that the worker draws

    def wait(self) -> None:
        """Begin the pause anew; there is none while somebody waits for something else."""
        if not self._may_ask():
            self._pause.stop()
        elif self._files is None and not self.is_reading:
            self._read(is_first=False)
        else:
            self._pause.start()

    def _may_ask(self) -> bool:
        preview = self._state.preview
        is_busy = self._state.render.phase.is_active or self._state.live.is_on
        return preview.is_at_rest and not is_busy and self._job is None

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
            language=self._state.job_language,
            theme=self._look.theme,
            picture=PICTURE,
            beat=entry.thumbnail_beat,
            beats="without",
        )
        self._link.submit(self._job)

    def _on_event(self, event: Event, attachment: bytes) -> None:
        job, end = self._job, end_of(self._job, event)
        if job is None or end is None:
            return
        self._job = None
        # A still has replaced what is cancelled, or the worker is gone: the next picture tells.
        if not isinstance(end, Cancelled):
            self._take(job, attachment if isinstance(end, Done) else b"")
            self.ask_next()

    def _take(self, job: StillJob, data: bytes) -> None:
        look = Look(job.theme, job.language)
        image = _small(data)
        if image is not None and self._files is not None:
            self._files.keep(job.scene, look, data)
        if look != self._look:
            return
        if image is None:
            self._failed.add(job.scene)
        else:
            self._images[job.scene] = image
            self._old.discard(job.scene)
        self.changed.emit()


def _small(data: bytes) -> QImage | None:
    """Return a picture as large as the list needs it; None if it cannot be read."""
    image = QImage.fromData(data)
    smooth = Qt.TransformationMode.SmoothTransformation
    return None if image.isNull() else image.scaledToWidth(SMALL_WIDTH, smooth)
