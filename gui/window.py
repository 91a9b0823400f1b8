"""The window: which panels there are and where, and what belongs to no single panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from backprop_studio.gui.beginning import Beginning
from backprop_studio.gui.catalogue.panel import CataloguePanel
from backprop_studio.gui.catalogue.reader import CatalogueReader
from backprop_studio.gui.catalogue.thumbnails import Thumbnails
from backprop_studio.gui.command_text import render_command
from backprop_studio.gui.keeping.layout import LayoutMemory
from backprop_studio.gui.keys import KeyGuard
from backprop_studio.gui.lecture.files import ENDING, LectureFiles
from backprop_studio.gui.lecture.lessons import Lessons
from backprop_studio.gui.lecture.panel import LecturePanel
from backprop_studio.gui.lecture.pictures import LessonPictures
from backprop_studio.gui.left_column import LeftColumn
from backprop_studio.gui.menus import Menus, WindowActions
from backprop_studio.gui.model.history import History
from backprop_studio.gui.model.values import Video
from backprop_studio.gui.model.words import tr, use_language
from backprop_studio.gui.panel import Services
from backprop_studio.gui.parameters.panel import ParametersPanel
from backprop_studio.gui.preferences import PreferencesDialog
from backprop_studio.gui.quitting import Quitting
from backprop_studio.gui.renders.controller import RenderController
from backprop_studio.gui.renders.dialog import QueueDialog
from backprop_studio.gui.renders.old_place import OldVideos, offer_to_move
from backprop_studio.gui.renders.panel import RenderBarPanel
from backprop_studio.gui.stage.chapters import read_chapters
from backprop_studio.gui.stage.live_preview import LivePreview
from backprop_studio.gui.stage.panel import StagePanel
from backprop_studio.gui.stage.player import Player
from backprop_studio.gui.stage.preview import PreviewController
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.focus import step_focus
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import ground_of, renew_words
from backprop_studio.gui.video_files import VideoFiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.link import QueueLink
    from backprop_studio.gui.worker_link import WorkerLink
    from backprop_studio.render.messages.results import CatalogueEntry

VIDEOS = "*.mp4 *.mov *.webm *.mkv"
FIRST_SIZE = QSize(1440, 900)
NARROWEST = {"left": 216, "centre": 420, "right": 250}
WIDEST = {"left": 252, "right": 306}
LEFT_SHARE, RIGHT_SHARE = 0.175, 0.215


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
    catalogue, lecture, stage, parameters, render_bar : Panel
        Its parts.
    queue_dialog : QueueDialog or None
        The list of videos, made when it is first shown.
    splitter : QSplitter
        Divides catalogue, stage and parameters.
    layout_memory : LayoutMemory
        Where it was, and its dialogs.
    may_close : bool
        Whether the window closes without a question.

    Signals
    -------
    leaving : the program may end now, what is to be kept is kept.
    """

    leaving = Signal()

    def __init__(self, state: AppState, stills: WorkerLink, videos: QueueLink) -> None:
        super().__init__()
        use_language(state.window_language)
        self.state = state
        self._stills = stills
        self._videos = videos
        self.may_close = False
        history = History(state)
        self.services = Services(
            state=state,
            history=history,
            # Before the stills: it ends with a change, and then the still is asked for.
            live=LivePreview(state, stills, self),
            previews=PreviewController(state, stills, self),
            scenes=CatalogueReader(state, stills, self),
            renders=RenderController(state, videos, self),
            player=Player(self),
            files=VideoFiles(state, self),
            lessons=Lessons(state, history, self),
            lectures=LectureFiles(state, history, self),
        )
        self.catalogue = CataloguePanel(self.services)
        self.lecture = LecturePanel(self.services)
        self.stage = StagePanel(self.services)
        self.parameters = ParametersPanel(self.services)
        self.render_bar = RenderBarPanel(self.services)
        self.queue_dialog: QueueDialog | None = None
        self.thumbnails = Thumbnails(state, stills, self)
        previews = self.services.previews
        self.pictures = LessonPictures(state, stills, self.thumbnails, previews, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.left = LeftColumn(self.catalogue, self.lecture)
        self._below = ground_of(self.render_bar, "bar")
        self._sides: list[QWidget] = []
        self._arrange()
        self.old_videos = OldVideos(state, videos, self)
        own = WindowActions(
            self.catalogue.go_to_search,
            self.show_queue,
            self.open_one,
            self.open_file,
            self.export_lecture,
            self.copy_command,
            self.reset_layout,
            self.show_preferences,
        )
        self.menus = Menus(self, self.services, self.stage, self.lecture, own)
        self._keys = KeyGuard(self)
        renders = self.services.renders
        self._beginning = Beginning(self.stage, self.thumbnails, stills, self.parameters, renders)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(lambda: setattr(state, "full_screen", False))
        self.setAcceptDrops(True)
        self.quitting = Quitting(self.services, self)
        self._connect()
        self.retranslate()
        self.layout_memory = LayoutMemory(self, {"splitter": self.splitter})
        if not self.layout_memory.restore():
            self.reset_layout()
        # The first key shall play the lesson, and not be typed into a field.
        self.stage.page.picture.setFocus()

    def _arrange(self) -> None:
        columns: dict[str, QWidget] = {"left": self.left, "centre": self.stage}
        for position, panel in {**columns, "right": self.parameters}.items():
            ground = ground_of(panel, "centre" if panel is self.stage else "side")
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
        state.listen(self._show_title, "scene", "catalogue", "lesson_language")
        state.listen(self._show_title, "lecture", "lecture_file", "is_lecture_changed")
        state.listen(self._on_catalogue, "catalogue")
        services = self.services
        for source in (services.files, services.lectures, services.renders, self.old_videos):
            source.failed.connect(lambda text: show_failure(self, text))
        offer_to_move(self.old_videos, state, self)
        self.catalogue.show_thumbnails(self.thumbnails)
        self.lecture.show_pictures(self.pictures)
        self.lecture.export_wanted.connect(self.export_lecture)
        self.stage.show_sketches(self.thumbnails.large, self.thumbnails.changed)
        self.render_bar.queue.clicked.connect(self.show_queue)

    def start(
        self, entries: Sequence[CatalogueEntry] | None, *, is_provisional: bool = False
    ) -> None:
        """Show the catalogue, or have it read, once the window is on the screen.

        The lecture comes back as it was left. The queue is looked at as well: something may have
        been left in it.

        Parameters
        ----------
        entries : sequence of CatalogueEntry or None
            What is known of the scenes.
        is_provisional : bool
            Whether the scenes may say something else by now, and are read when there is time.
        """
        self._beginning.hold()
        self.services.scenes.is_provisional = is_provisional
        self.services.lectures.restore()
        if entries is not None:
            self.state.catalogue = tuple(entries)
        else:
            self.services.scenes.read()

    def retranslate(self) -> None:
        """Renew all words."""
        renew_words(self)
        panels = (self.catalogue, self.lecture, self.stage, self.parameters, self.render_bar)
        for panel in panels:
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
            self.layout_memory.remember("queue", self.queue_dialog)
        self.queue_dialog.show()
        self.queue_dialog.raise_()
        self.queue_dialog.activateWindow()

    def _picture_of(self, scene: str) -> QImage | None:
        thumbnail = self.thumbnails.of(scene)
        return thumbnail.image if thumbnail else None

    def open_one(self) -> None:
        """Ask for a lecture to be arranged, or a video to be played."""
        kinds = (tr("Lectures and videos"), tr("Lecture"), tr("Video"))
        patterns = (f"*{ENDING} {VIDEOS}", f"*{ENDING}", VIDEOS)
        offered = (f"{kind} ({it})" for kind, it in zip(kinds, patterns, strict=True))
        path = self.services.lectures.ask_for_one(self, ";;".join(offered))
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open a lecture, or play a video."""
        if path.suffix.lower() != ENDING:
            self.play_file(path)
        elif self.services.lectures.may_leave(self):
            self.services.lectures.open(path)

    def export_lecture(self) -> None:
        """Ask what is to be made of the lecture, and put it into the queue."""
        if self.state.lecture.parts:
            # Only here: a window that exports nothing needs nothing of what makes lectures.
            from backprop_studio.gui.lecture.export import ExportDialog

            ExportDialog(self.services, self.pictures, self).open()

    def play_file(self, path: Path) -> None:
        """Show a video file, with the beats that it names."""
        known = self.services.renders.video_at(path)
        self.state.play(known or Video(path, read_chapters(path), name=path.name))

    def come_forward(self) -> None:
        """Be the window in front, also if it was made small."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_preferences(self) -> None:
        """Show what is chosen once and for all."""
        PreferencesDialog(self.state, self).open()

    def copy_command(self) -> None:
        """Put the command line that does the same on the clipboard."""
        QGuiApplication.clipboard().setText(render_command(self.state))
        self.state.notice = tr("The command is on the clipboard.")

    def reset_layout(self) -> None:
        """Give window and columns their first sizes."""
        room = QGuiApplication.primaryScreen().availableGeometry().adjusted(20, 30, -20, -30)
        self.resize(room.size().boundedTo(FIRST_SIZE))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the width: the stage gets what the sides can spare."""
        left = min(max(self.width() * LEFT_SHARE, NARROWEST["left"]), WIDEST["left"])
        right = min(max(self.width() * RIGHT_SHARE, NARROWEST["right"]), WIDEST["right"])
        self.splitter.setSizes([int(left), int(self.width() - left - right), int(right)])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once if something would be stopped or lost, then end both workers."""
        if not self.may_close:
            may_leave = self.services.lectures.may_leave(self)
            stays = not may_leave or (self.quitting.is_busy and not self.quitting.asks())
            if stays and not self.may_close:  # nobody waits for an answer once the session ends
                event.ignore()
                return
            self.may_close = True
        self.keep_all()
        self.services.live.stop()
        self.services.player.release()
        self.services.scenes.close()
        self._stills.close()
        self._videos.close()
        event.accept()

    def keep_all(self) -> None:
        """Keep what the user chose; from now on the window closes without a question."""
        if not self.may_close:
            self.services.lectures.settle()
        self.may_close = True
        self.leaving.emit()

    def _on_catalogue(self) -> None:
        """Turn to the first scene that works, so that something beautiful is there at once."""
        if self.services.lectures.turn_to_wanted():
            return
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
        state, entry = self.state, self.state.entry
        names = [tr(entry.title)] if entry else []
        if state.lecture.parts or state.lecture_file:
            names.append(self.services.lectures.name or tr("Untitled lecture"))
        own = "Backprop Studio"
        self.setWindowTitle(f"{' – '.join(names)}[*] – {own}" if names else f"{own}[*]")
        self.setWindowModified(state.is_lecture_changed)

    def _on_full_screen(self) -> None:
        is_full = self.state.full_screen
        self._below.setVisible(not is_full)
        self.menuBar().setVisible(not is_full)
        self.state.is_black = False
        self.stage.page.picture.setFocus()
        for side in self._sides:
            side.setVisible(not is_full)
        state = self.windowState()
        flag = Qt.WindowState.WindowFullScreen
        self.setWindowState(state | flag if is_full else state & ~flag)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Follow the Tab key as one reads; the focus of what goes away goes to the stage."""
        return step_focus(self, forward=forward, home=self.stage.page.picture)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a lecture or a video that is dragged onto the window."""
        if _dragged_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped, after whoever it comes from is let go."""
        path = _dragged_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.open_file(path))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the window system when it ends the full screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self.isFullScreen():
            self.state.full_screen = False


def _dragged_file(data: QMimeData) -> Path | None:
    """Return the first file that can be opened among what is dragged."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    endings = {ENDING, *VIDEOS.replace("*", "").split()}
    return next((path for path in paths if path.suffix.lower() in endings), None)
