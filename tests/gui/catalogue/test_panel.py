"""The list of scenes: chapters, search, what cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.window import MainWindow


def catalogue_rows(window: MainWindow) -> list[str]:
    model = window.catalogue.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_scenes_stand_under_their_chapter_and_broken_ones_at_the_end(window: MainWindow) -> None:
    assert catalogue_rows(window) == [
        "Networks",
        "Backpropagation: one training step",
        "Descent",
        "Gradient descent",
        "Cannot be used",
        "broken",
    ]


def test_a_broken_scene_says_why_and_cannot_be_selected(window: MainWindow) -> None:
    model = window.catalogue.model
    index = model.index(5, 0)
    assert "NameError" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert not index.flags() & Qt.ItemFlag.ItemIsSelectable


def test_the_catalogue_model_is_sound(window: MainWindow, qtmodeltester: Any) -> None:
    qtmodeltester.check(window.catalogue.model)


def test_choosing_a_row_changes_scene_form_and_title(window: MainWindow, state: AppState) -> None:
    panel: Any = window.catalogue
    panel.view.setCurrentIndex(panel.model.index(3, 0))
    assert state.scene == "descent"
    assert window.windowTitle().startswith("Gradient descent")
    assert set(window.parameters.form.rows) == {"pace", "learning_rate"}


def test_search_appears_with_many_scenes_and_filters(
    empty_window: MainWindow, state: AppState, entries: Any
) -> None:
    many = [entries[1].model_copy(update={"id": f"s{n}", "title": f"Scene {n}"}) for n in range(9)]
    empty_window.show()
    empty_window.start(many)
    panel: Any = empty_window.catalogue
    assert panel.search.isVisible()
    panel.search.setText("scene 7")
    assert catalogue_rows(empty_window) == ["Descent", "Scene 7"]
