"""Centre: the live preview of the lesson, and the finished video, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.stage.preview_page import PreviewPage
from backprop_studio.gui.stage.video_page import VideoPage
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.layouts import BARE, column, row
from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QImage, QResizeEvent

    from backprop_studio.gui.model.values import LessonSettings
    from backprop_studio.gui.stage.page import Page


ROOM_FOR_WORDS = 560
"""From this width on all buttons of a video have room for their words."""


class StagePanel(Panel):
    """Preview or video, chosen above the picture."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.switch = ui.Segments([View.PREVIEW.value, View.VIDEO.value])
        self._title = ui.ElidedLabel("muted")
        self._title.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.pages = QStackedWidget()
        self.preview = PreviewPage(services)
        self.video = VideoPage(services)
        self.pages.addWidget(self.preview)
        self.pages.addWidget(self.video)
        files = services.files
        save_as = N_("Save video as")
        self._save = ui.button(
            N_("Save as…"), lambda: files.save_as(self.window()), name=save_as, tip=save_as
        )
        use = N_("Use these settings")
        self.use = ui.button(
            use, self._on_use, tip=N_("Give the lesson the settings of this video")
        )
        folder = ui.IconButton("folder", words=N_("Show in folder"))
        external = ui.IconButton("external", words=N_("Open in system player"))
        self._video_buttons = (self.use, self._save, folder, external)
        self._head = QWidget()
        row(self.switch, 6, (self._title, 1), *self._video_buttons, on=self._head, gap=8)
        self._layout = column(self._head, (self.pages, 1), on=self, gap=12)
        self.switch.chosen.connect(self._on_view_chosen)
        folder.clicked.connect(lambda: files.show_in_folder())
        external.clicked.connect(files.open_externally)
        self.state.listen(self._show_view, "view", "video", "scene", "catalogue", "full_screen")
        self.state.listen(self._show_view, "queue")
        services.player.recognised.connect(self._show_view)
        theme().changed.connect(self._make_room)
        self.retranslate()

    def show_sketches(
        self, sketch_of: Callable[[str], QImage | None], changed: SignalInstance
    ) -> None:
        """Show a picture that a scene has already until its still is there."""
        self.preview.sketch_of = sketch_of
        changed.connect(self.preview.show_picture)

    def retranslate(self) -> None:
        """Renew all words."""
        words = {View.PREVIEW.value: tr("Preview"), View.VIDEO.value: tr("Video")}
        self.switch.set_texts(words, tr("Shown on the stage"))
        self.preview.retranslate()
        self.video.retranslate()
        self._make_room()
        self._show_view()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a narrow stage has no room for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Give the words of the other buttons the room of those that a picture can say."""
        is_narrow = self.width() < ROOM_FOR_WORDS
        self._save.setText("" if is_narrow else tr("Save as…"))
        self._save.setIcon(theme().icon("save") if is_narrow else QIcon())

    @property
    def page(self) -> Page:
        """The page that is seen."""
        return self.video if self.state.view is View.VIDEO else self.preview

    def _settings(self) -> LessonSettings | None:
        """Return what the video was made with, if anybody knows and it can be shown.

        The queue knows more than the file, which names no folder.
        """
        video = self.state.video
        if video is None:
            return None
        known, player = self.services.renders.video_at(video.path), self.services.player
        settings = video.settings or (known.settings if known else None)
        if settings is None and player.path == video.path:
            settings = player.settings
        return settings if settings and self.state.has_scene(settings.scene) else None

    def _on_use(self) -> None:
        if (settings := self._settings()) is not None:
            self.services.history.use(settings)

    def _on_view_chosen(self, key: str) -> None:
        self.state.view = View(key)

    def _show_view(self) -> None:
        is_video = self.state.view is View.VIDEO
        has_video = self.state.video is not None
        self.switch.show_choice(self.state.view.value)
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.pages.isAncestorOf(focused)
        self.pages.setCurrentWidget(self.page)
        if had_focus:
            self.page.picture.setFocus()
        for it in self._video_buttons:
            it.setVisible(is_video and has_video)
        self.use.setVisible(is_video and self._settings() is not None)
        entry = self.state.entry
        if is_video:
            self._title.setText(self.state.video.name if self.state.video else "")
        else:
            self._title.setText(tr(entry.summary) if entry else "")
        is_full = self.state.full_screen
        self._head.setVisible(not is_full)
        self._layout.setContentsMargins(*(BARE if is_full else (18, 14, 18, 12)))
