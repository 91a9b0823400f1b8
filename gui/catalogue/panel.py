"""Left: the scenes, chapter by chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.catalogue.delegate import SceneDelegate
from backprop_studio.gui.catalogue.scene_list import SceneModel, SceneView
from backprop_studio.gui.catalogue.search import SearchField
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.lists import ROW_ROLE
from backprop_studio.gui.toolkit.widgets import button, label, worded

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection, QModelIndex

    from backprop_studio.gui.catalogue.thumbnails import Thumbnails

FOLDED = "layout/folded"
"""Where the settings have the chapters that are folded, one a line."""

SEARCH_FROM = 9
"""Below this number of scenes a search field is only clutter."""


class CataloguePanel(Panel):
    """Choose a scene."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        folded = str(settings_store().value(FOLDED, "")).split("\n")
        self._folded = set(filter(None, folded))
        heading = label("heading", N_("Scenes"))
        self.search = worded(SearchField(), N_("Search"), N_("Search the scenes"))
        self.model = SceneModel()
        self.view = worded(SceneView("scenes", self.model, SceneDelegate()), name=N_("Scenes"))
        self.note = label("muted", wraps=True)
        again = services.scenes.read
        self.retry = button(N_("Try again"), again, name=N_("Read the scenes again"))
        above = column(heading, self.search, self.note, self.retry, gap=8, edges=(20, 0, 14, 0))
        column(above, (self.view, 1), on=self, gap=8, edges=(0, 14, 0, 8))
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.view.clicked.connect(self._on_clicked)
        self.view.folding_asked.connect(self._on_folding)
        self.search.textChanged.connect(self.retranslate)
        self.search.hit_wanted.connect(self._go_to_hit)
        self.search.left.connect(self.view.setFocus)
        self.state.listen(self.retranslate, "catalogue", "catalogue_error")
        self.state.listen(self._on_scene, "scene", "part")
        self.retranslate()

    def show_thumbnails(self, thumbnails: Thumbnails) -> None:
        """Show these pictures beside the scenes' names."""
        self.model.show_pictures(thumbnails.of)
        thumbnails.changed.connect(self.model.renew)

    def go_to_search(self) -> None:
        """Go to the search field, to type over what is in it."""
        if self.search.isVisible():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()

    def retranslate(self) -> None:
        """Show the catalogue in the window's language."""
        entries = self.state.catalogue
        self.search.setVisible(len(entries or ()) >= SEARCH_FROM)
        self._show_rows()
        self.note.setText(self._note())
        self.note.setVisible(bool(self.note.text()))
        self.retry.setVisible(entries is None and bool(self.state.catalogue_error))

    def _note(self) -> str:
        entries = self.state.catalogue
        if entries is None:
            error = said(self.state.catalogue_error)
            failed = tr("The scenes cannot be read: {reason}").format(reason=error)
            return failed if error else tr("Reading the scenes…")
        if not entries:
            return tr("There is no scene yet.")
        if not self._search_text():
            return ""
        found = tr("{number} of {count} scenes; Esc shows all")
        nothing = tr("No scene has these words; Esc shows all")
        hits = len(self.model.hits)
        return found.format(number=hits, count=len(entries)) if hits else nothing

    def _search_text(self) -> str:
        return self.search.text().strip() if self.search.isVisibleTo(self) else ""

    def _show_rows(self) -> None:
        self.model.show_entries(self.state.catalogue or (), self._search_text(), self._folded)
        self._show_selection()

    def _on_scene(self) -> None:
        """Mark the scene, which may have been chosen elsewhere, in its chapter."""
        chapter = self.state.entry.chapter if self.state.entry else ""
        if chapter in self._folded:
            self._on_folding(chapter, True)
        self._show_selection()

    def _show_selection(self) -> None:
        """Show which scene is on the stage, unless it is there as a lesson of the lecture."""
        scene = "" if self.state.part else self.state.scene
        self.model.show_chosen(scene)
        row = self.model.row_of(scene) if scene else -1
        self.view.setCurrentIndex(self.model.index(row, 0))

    def _on_selected(self, selected: QItemSelection, _old: QItemSelection) -> None:
        for index in selected.indexes():
            row = self.model.row_at(index)
            if row.is_usable and (row.id != self.state.scene or self.state.part):
                self.state.select_scene(row.id)
                self.state.view = View.PREVIEW

    def _on_clicked(self, index: QModelIndex) -> None:
        """Fold a chapter, or show the live scene, also where it was the selected one before."""
        row = index.data(ROW_ROLE)
        if row.is_usable:
            self.state.view = View.PREVIEW
        elif row.entry is None:
            self._on_folding(row.chapter, bool(row.folded))

    def _on_folding(self, chapter: str, is_open: bool) -> None:
        """Open or close a chapter, and leave the rest where it is."""
        (self._folded.discard if is_open else self._folded.add)(chapter)
        settings_store().setValue(FOLDED, "\n".join(sorted(self._folded)))
        bar = self.view.verticalScrollBar()
        place = bar.value()
        self._show_rows()
        self.view.go_to_heading(chapter)
        self.view.doItemsLayout()
        bar.setValue(place)

    def _go_to_hit(self) -> None:
        """Choose the first scene that the search has found, and go on from there by keys."""
        if self.model.hits:
            self.state.select_scene(self.model.hits[0])
            self.state.view = View.PREVIEW
            self._show_selection()
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
