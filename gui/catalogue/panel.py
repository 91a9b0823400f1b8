"""Left: the scenes, chapter by chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
)

from backprop_studio.gui.catalogue.scene_list import SceneDelegate, SceneModel
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from backprop_studio.gui.catalogue.thumbnails import Thumbnails

SEARCH_FROM = 9
"""Below this number of scenes a search field is only clutter."""


class _SceneView(QListView):
    """A list whose rows wrap anew when its width changes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class CataloguePanel(Panel):
    """Choose a scene."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._heading = label("heading")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.model = SceneModel()
        self.view = self._make_view()
        self.note = label("muted", wraps=True)
        self.retry = QPushButton()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 8)
        layout.setSpacing(8)
        for widget in (self._heading, self.search, self.note, self.retry):
            layout.addWidget(widget)
            widget.setContentsMargins(20, 0, 14, 0)
        layout.addWidget(self.view, 1)
        self.search.textChanged.connect(self._show_rows)
        self.retry.clicked.connect(services.previews.read_catalogue)
        self.state.catalogue_changed.connect(self._on_catalogue)
        self.state.catalogue_error_changed.connect(self._on_catalogue)
        self.state.scene_changed.connect(self._show_selection)
        theme().changed.connect(self.view.viewport().update)
        self.retranslate()

    def _make_view(self) -> QListView:
        view = _SceneView()
        view.setObjectName("scenes")
        view.setModel(self.model)
        view.setItemDelegate(SceneDelegate(view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.selectionModel().selectionChanged.connect(self._on_selected)
        return view

    def show_thumbnails(self, thumbnails: Thumbnails) -> None:
        """Show these pictures beside the scenes' names."""
        self.model.show_pictures(thumbnails.of)
        thumbnails.changed.connect(self.model.renew_pictures)

    def retranslate(self) -> None:
        """Renew all words."""
        self._heading.setText(tr("Scenes"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search the scenes"))
        self.view.setAccessibleName(tr("Scenes"))
        self.retry.setText(tr("Try again"))
        self.retry.setAccessibleName(tr("Read the scenes again"))
        self._on_catalogue()

    def _on_catalogue(self) -> None:
        entries = self.state.catalogue
        error = self.state.catalogue_error if entries is None else ""
        if error:
            self.note.setText(tr("The scenes cannot be read: {reason}").format(reason=error))
        elif entries is None:
            self.note.setText(tr("Reading the scenes…"))
        else:
            self.note.setText(tr("There is no scene yet.") if not entries else "")
        self.note.setVisible(bool(self.note.text()))
        self.retry.setVisible(bool(error))
        self.search.setVisible(len(entries or ()) >= SEARCH_FROM)
        self._show_rows()

    def _show_rows(self) -> None:
        search = self.search.text() if self.search.isVisibleTo(self) else ""
        self.model.show_entries(self.state.catalogue or (), search)
        self._show_selection()

    def _show_selection(self) -> None:
        row = self.model.row_of(self.state.scene)
        self.view.setCurrentIndex(self.model.index(row, 0))

    def _on_selected(self, selected: QItemSelection, _old: QItemSelection) -> None:
        for index in selected.indexes():
            row = self.model.row_at(index)
            if row is not None and row.entry is not None and row.is_usable:
                self.state.select_scene(row.entry.id)
