"""The order in which a window loads what it is made of: what is looked at first comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from backprop_studio.gui.toolkit.first_paint import FirstPaint
from backprop_studio.gui.worker_link import load_client

if TYPE_CHECKING:
    from backprop_studio.gui.catalogue.thumbnails import Thumbnails
    from backprop_studio.gui.parameters.panel import ParametersPanel
    from backprop_studio.gui.renders.controller import RenderController
    from backprop_studio.gui.stage.panel import StagePanel
    from backprop_studio.gui.worker_link import WorkerLink

QUEUE_AFTER_MS = 300


class Beginning(QObject):
    """Holds back what takes long, and has it done piece by piece once the window is painted."""

    def __init__(
        self,
        stage: StagePanel,
        thumbnails: Thumbnails,
        stills: WorkerLink,
        parameters: ParametersPanel,
        renders: RenderController,
    ) -> None:
        super().__init__(stage)
        self._thumbnails, self._stills = thumbnails, stills
        self._parameters, self._renders = parameters, renders
        self._first_paint = FirstPaint(stage)

    def hold(self) -> None:
        """Put off what would keep the window from being seen."""
        for slow in (self._thumbnails, self._stills, self._parameters):
            slow.hold()
        for act in (load_client, self._stills.release, self._parameters.release, self._prepare):
            self._first_paint.then(act)

    def _prepare(self) -> None:
        """Load what somebody may want later, one after the other, once the form is there.

        It is done on threads, and each of them takes as much of Python's time as the window itself.
        """
        form = self._parameters.form
        if form.is_building:
            form.built.connect(self._prepare, Qt.ConnectionType.SingleShotConnection)
            return
        self._thumbnails.release()
        QTimer.singleShot(QUEUE_AFTER_MS, self, self._renders.open)
