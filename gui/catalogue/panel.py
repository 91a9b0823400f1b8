"""Left: the scenes, chapter by chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.catalogue.scene_list import SceneDelegate, SceneModel
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.lists import RowView
from backprop_studio.gui.toolkit.widgets import button, label, worded

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection, QModelIndex

    from backprop_studio.gui.catalogue.thumbnails import Thumbnails

SEARCH_FROM = 9
"""Below this number of scenes a search field is only clutter."""


class CataloguePanel(Panel):
    """Choose a scene."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        heading = label("heading", N_("Scenes"))
        self.search = worded(QLineEdit(), N_("Search"), N_("Search the scenes"))
        self.search.setClearButtonEnabled(True)
        self.model = SceneModel()
        self.view = worded(RowView("scenes", self.model, SceneDelegate()), name=N_("Scenes"))
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.view.clicked.connect(self._on_clicked)
        self.note = label("muted", wraps=True)
        again = services.previews.read_catalogue
        self.retry = button(N_("Try again"), again, name=N_("Read the scenes again"))
        above = (heading, self.search, self.note, self.retry)
        for widget in above:
            widget.setContentsMargins(20, 0, 14, 0)
        column(*above, (self.view, 1), on=self, gap=8, edges=(0, 14, 0, 8))
        self.search.textChanged.connect(self._show_rows)
        self.state.listen(self.retranslate, "catalogue", "catalogue_error")
        self.state.listen(self._show_selection, "scene", "part")
        self.retranslate()

    def show_thumbnails(self, thumbnails: Thumbnails) -> None:
        """Show these pictures beside the scenes' names."""
        self.model.show_pictures(thumbnails.of)
        thumbnails.changed.connect(self.model.renew_pictures)

    def retranslate(self) -> None:
        """Show the catalogue in the window's language."""
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
        """Show which scene is on the stage, unless it is there as a lesson of the lecture."""
        row = -1 if self.state.part else self.model.row_of(self.state.scene)
        self.view.setCurrentIndex(self.model.index(row, 0))

    def _on_selected(self, selected: QItemSelection, _old: QItemSelection) -> None:
        for index in selected.indexes():
            row = self.model.row_at(index)
            if row.is_usable and (row.id != self.state.scene or self.state.part):
                self.state.select_scene(row.id)
                self.state.view = View.PREVIEW

    def _on_clicked(self, index: QModelIndex) -> None:
        """Show the live scene, also where it was the selected one before."""
        if self.model.row_at(index).is_usable:
            self.state.view = View.PREVIEW
