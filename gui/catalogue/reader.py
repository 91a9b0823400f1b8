"""The list of scenes: read at once if nothing is known, else by a worker in the background."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from backprop_studio.gui.model.values import Engine
from backprop_studio.render.messages.events import Cancelled, Done, Event, Failed, Hello
from backprop_studio.render.messages.jobs import CatalogueJob
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.worker_link import WorkerLink


class CatalogueReader(QObject):
    """Lets a worker list the scenes.

    Parameters
    ----------
    state : AppState
        Gets the list.
    link : WorkerLink
        The worker for stills.

    Attributes
    ----------
    is_provisional : bool
        Whether the list is one that came with the program. Then another worker, which leaves the
        processor to everybody else, reads the scenes once the stage has its picture: stills need
        not wait for it, and a video plays meanwhile.
    """

    def __init__(self, state: AppState, link: WorkerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self._background: WorkerLink | None = None
        self._numbers = count(1)
        self._id = ""
        self.is_provisional = False
        link.event_arrived.connect(self._on_event)
        state.listen(self._on_preview, "preview")

    def read(self) -> None:
        """List the scenes, before anything else."""
        if self._state.engine is Engine.OFF:
            self._state.engine = Engine.STARTING
        self._state.catalogue_error = None
        self._ask(self._link)

    def close(self) -> None:
        """End the worker in the background; returns at once."""
        background, self._background = self._background, None
        if background is not None:
            background.close()
            background.deleteLater()

    def _ask(self, link: WorkerLink) -> None:
        self._id = f"catalogue-{next(self._numbers)}"
        link.submit(CatalogueJob(id=self._id))

    def _on_preview(self) -> None:
        preview = self._state.preview
        if not self.is_provisional or self._id or not preview.is_at_rest:
            return
        self._background = self._link.in_background()
        self._background.event_arrived.connect(self._on_event)
        self._ask(self._background)

    def _on_event(self, event: Event, _attachment: bytes) -> None:
        if isinstance(event, Hello) or not self._id or event.job_id != self._id:
            return
        if isinstance(event, Done):
            self.is_provisional = False
            rows = event.result.get("scenes", [])
            self._state.catalogue = tuple(CatalogueEntry.model_validate(row) for row in rows)
            self.close()
        elif isinstance(event, Failed):
            self._state.catalogue_error = event.message
            self.close()
        elif isinstance(event, Cancelled):
            self._id = ""  # the worker went away; the next picture brings another one
            self.close()
