"""The base of panels, and the services that each is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from backprop_studio.gui.catalogue.reader import CatalogueReader
    from backprop_studio.gui.lecture.files import LectureFiles
    from backprop_studio.gui.lecture.lessons import Lessons
    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.controller import RenderController
    from backprop_studio.gui.stage.live_preview import LivePreview
    from backprop_studio.gui.stage.player import Player
    from backprop_studio.gui.stage.preview import PreviewController
    from backprop_studio.gui.video_files import VideoFiles


@dataclass(frozen=True)
class Services:
    """The things panels work with.

    Attributes
    ----------
    state : AppState
        What is true.
    history : History
        Edits parameters and the lecture, so that every edit can be undone.
    previews, renders : PreviewController, RenderController
        Who asks the workers.
    scenes : CatalogueReader
        Who has the scenes listed.
    live : LivePreview
        Plays the lesson while it is drawn.
    player : Player
        Plays the finished video.
    files : VideoFiles
        Saves and shows it elsewhere.
    lessons : Lessons
        Arranges the lecture.
    lectures : LectureFiles
        Opens, saves and keeps it.
    """

    state: AppState
    history: History
    previews: PreviewController
    scenes: CatalogueReader
    renders: RenderController
    live: LivePreview
    player: Player
    files: VideoFiles
    lessons: Lessons
    lectures: LectureFiles


class Panel(QWidget):
    """A part of the window."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.state = services.state

    def retranslate(self) -> None:
        """Renew all words in the window's language."""
        raise NotImplementedError
