"""The window: which panels there are and where, and what belongs to no single panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QSplitter, QWidget

from backprop_studio.gui.catalogue.panel import CataloguePanel
from backprop_studio.gui.catalogue.thumbnails import Thumbnails
from backprop_studio.gui.command_text import render_command
from backprop_studio.gui.keys import KeyGuard
from backprop_studio.gui.layout_memory import restore_layout, save_layout
from backprop_studio.gui.lecture_files import LectureFiles
from backprop_studio.gui.menus import Menus, WindowActions
from backprop_studio.gui.model.history import History
from backprop_studio.gui.model.settings import save_preferences
from backprop_studio.gui.model.values import Video, View
from backprop_studio.gui.model.words import tr, use_language
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.parameters.panel import ParametersPanel
from backprop_studio.gui.quitting import Quitting
from backprop_studio.gui.renders.controller import RenderController
from backprop_studio.gui.renders.dialog import QueueDialog
from backprop_studio.gui.renders.panel import RenderBarPanel
from backprop_studio.gui.stage.chapters import read_chapters
from backprop_studio.gui.stage.live_preview import LivePreview
from backprop_studio.gui.stage.panel import StagePanel
from backprop_studio.gui.stage.player import Player
from backprop_studio.gui.stage.preview import PreviewController
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import renew_words
from backprop_studio.gui.video_files import VideoFiles

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.link import QueueLink
    from backprop_studio.gui.worker_link import WorkerLink
    from backprop_studio.render.messages.results import CatalogueEntry

NARROWEST = {"left": 180, "centre": 420, "right": 250}
WIDEST = {"left": 236, "right": 306}
LEFT_SHARE, RIGHT_SHARE = 0.165, 0.215


class MainWindow(QMainWindow):
    """One window over one state.

    Parameters
    ----------
    state : AppState
        What is shown and changed.
    stills : WorkerLink
        The worker for the preview.
    videos : QueueLink
        The queue of videos, with a worker of its own.

    Attributes
    ----------
    catalogue, stage, parameters, render_bar : Panel
        Its parts.
    queue_dialog : QueueDialog or None
        The list of videos, made when it is first shown.
    splitter : QSplitter
        Divides catalogue, stage and parameters.
    may_close : bool
        Whether the window closes without a question.
    """

    def __init__(self, state: AppState, stills: WorkerLink, videos: QueueLink) -> None:
        super().__init__()
        use_language(state.window_language)
        self.state = state
        self._stills = stills
        self._videos = videos
        self.may_close = False
        self.services = Services(
            state=state,
            history=History(state),
            # Before the stills: it ends with a change, and then the still is asked for.
            live=LivePreview(state, stills, self),
            previews=PreviewController(state, stills, self),
            renders=RenderController(state, videos, self),
            player=Player(self),
            files=VideoFiles(state, self),
            lectures=LectureFiles(state, self),
        )
        self.catalogue = CataloguePanel(self.services)
        self.stage = StagePanel(self.services)
        self.parameters = ParametersPanel(self.services)
        self.render_bar = RenderBarPanel(self.services)
        self.queue_dialog: QueueDialog | None = None
        self.thumbnails = Thumbnails(state, stills, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._below = _ground_of(self.render_bar, "bar")
        self._sides: list[QWidget] = []
        self._arrange()
        own = WindowActions(self.show_queue, self.open_video, self.copy_command, self.reset_layout)
        self.menus = Menus(self, self.services, self.stage.video.bar, own)
        self._keys = KeyGuard(self)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(lambda: setattr(state, "full_screen", False))
        self.quitting = Quitting(self.services, self)
        self._connect()
        self.retranslate()
        if not restore_layout(self, self.splitter):
            self.reset_layout()

    def _arrange(self) -> None:
        columns = {"left": self.catalogue, "centre": self.stage, "right": self.parameters}
        for position, panel in columns.items():
            ground = _ground_of(panel, "centre" if panel is self.stage else "side")
            ground.setMinimumWidth(NARROWEST[position])
            if panel is not self.stage:
                self._sides.append(ground)
            self.splitter.addWidget(ground)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        page = QWidget()
        column((self.splitter, 1), self._below, on=page, gap=0)
        self.setCentralWidget(page)

    def _connect(self) -> None:
        state = self.state
        state.listen(self._on_language, "window_language")
        state.listen(lambda: theme().use(state.appearance), "appearance")
        state.listen(self._on_full_screen, "full_screen")
        state.listen(self._show_title, "scene")
        state.listen(self._on_catalogue, "catalogue")
        for source in (self.services.files, self.services.lectures, self.services.renders):
            source.failed.connect(lambda text: show_failure(self, text))
        self.catalogue.show_thumbnails(self.thumbnails)
        self.render_bar.queue.clicked.connect(self.show_queue)

    def start(self, entries: list[CatalogueEntry] | None) -> None:
        """Show the catalogue, or have it read, once the window is on the screen.

        The queue is looked at as well: something may have been left in it.
        """
        QTimer.singleShot(0, self.services.renders.open)
        if entries is not None:
            self.state.catalogue = tuple(entries)
        else:
            QTimer.singleShot(0, self.services.previews.read_catalogue)

    def retranslate(self) -> None:
        """Renew all words."""
        renew_words(self)
        for panel in (self.catalogue, self.stage, self.parameters, self.render_bar):
            panel.retranslate()
        if self.queue_dialog is not None:
            self.queue_dialog.retranslate()
        self.menus.retranslate()
        self._show_title()

    def show_queue(self) -> None:
        """Show the list of videos that are drawn and wait."""
        if self.queue_dialog is None:
            self.queue_dialog = QueueDialog(self.services, self)
            self.queue_dialog.show_pictures(self._picture_of, self.thumbnails.changed)
        self.queue_dialog.show()
        self.queue_dialog.raise_()
        self.queue_dialog.activateWindow()

    def _picture_of(self, scene: str) -> QImage | None:
        thumbnail = self.thumbnails.of(scene)
        return thumbnail.image if thumbnail else None

    def open_video(self) -> None:
        """Ask for a video file and play it."""
        kinds = tr("Videos (*.mp4 *.mov *.webm *.mkv)")
        name, _filter = QFileDialog.getOpenFileName(self, tr("Open video"), "", kinds)
        if name:
            self.play_file(Path(name))

    def play_file(self, path: Path) -> None:
        """Show a video file, with the beats that it names."""
        self.state.video = Video(path, read_chapters(path), name=path.name)
        self.state.view = View.VIDEO

    def copy_command(self) -> None:
        """Put the command line that does the same on the clipboard."""
        QGuiApplication.clipboard().setText(render_command(self.state))
        self.state.notice = tr("The command is on the clipboard.")

    def reset_layout(self) -> None:
        """Give window and columns their first sizes."""
        area = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(1440, area.width() - 40), min(900, area.height() - 60))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the width: the stage gets what the sides can spare."""
        left = min(max(self.width() * LEFT_SHARE, NARROWEST["left"]), WIDEST["left"])
        right = min(max(self.width() * RIGHT_SHARE, NARROWEST["right"]), WIDEST["right"])
        self.splitter.setSizes([int(left), int(self.width() - left - right), int(right)])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once if something would be stopped or lost, then end both workers."""
        if not self.may_close and self.quitting.is_busy and not self.quitting.asks():
            event.ignore()
            return
        self.keep_all()
        self.services.live.stop()
        self.services.player.release()
        self._stills.close()
        self._videos.close()
        event.accept()

    def keep_all(self) -> None:
        """Keep what the user chose; from now on the window closes without a question."""
        self.may_close = True
        if not self.state.full_screen:
            save_layout(self, self.splitter)
        save_preferences(self.state)

    def _on_catalogue(self) -> None:
        """Turn to the first scene that works, so that something beautiful is there at once."""
        usable = [entry.id for entry in self.state.catalogue or () if entry.error is None]
        if usable and self.state.scene not in usable:
            first = "backprop" if "backprop" in usable else usable[0]
            self.state.select_scene(first)
        else:
            self.services.previews.request()

    def _on_language(self) -> None:
        use_language(self.state.window_language)
        self.state.notice = ""
        self.retranslate()

    def _show_title(self) -> None:
        entry = self.state.entry
        name = tr(entry.title) if entry else ""
        self.setWindowTitle(f"{name} – Backprop Studio" if name else "Backprop Studio")

    def _on_full_screen(self) -> None:
        is_full = self.state.full_screen
        self._below.setVisible(not is_full)
        self.menuBar().setVisible(not is_full)
        for side in self._sides:
            side.setVisible(not is_full)
        state = self.windowState()
        flag = Qt.WindowState.WindowFullScreen
        self.setWindowState(state | flag if is_full else state & ~flag)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the window system when it ends the full screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self.isFullScreen():
            self.state.full_screen = False


def _ground_of(panel: Panel, name: str) -> QWidget:
    """Return a widget that holds a panel and has a colour of the style sheet."""
    result = QWidget()
    result.setObjectName(name)
    result.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column((panel, 1), on=result)
    return result
