"""The list of scenes: chapters, search, what cannot be used."""

from __future__ import annotations

from PySide6.QtCore import Qt

from backprop_studio.gui.model.values import View
from backprop_studio.render.messages.results import CatalogueEntry


def catalogue_rows(window):
    model = window.catalogue.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_scenes_stand_under_their_chapter_in_the_order_of_the_curriculum(
    window, state, qtmodeltester
):
    model = window.catalogue.model
    qtmodeltester.check(model)
    title = "Backpropagation: one training step"
    chapters = ["Networks", title, "Descent", "Gradient descent", "Cannot be used", "broken"]
    assert catalogue_rows(window) == chapters
    broken = model.index(5, 0)
    assert "NameError" in broken.data(Qt.ItemDataRole.ToolTipRole)
    assert not broken.flags() & Qt.ItemFlag.ItemIsSelectable
    state.catalogue = (
        CatalogueEntry(id="a", title="A", chapter="Second", place=(2, 1)),
        CatalogueEntry(id="d", title="D", chapter="First"),
        CatalogueEntry(id="b", title="B", chapter="First", place=(1, 2)),
        CatalogueEntry(id="c", title="C", chapter="First", place=(1, 1)),
    )
    assert catalogue_rows(window) == ["First", "C", "B", "D", "Second", "A"]


def test_choosing_a_row_changes_scene_form_title_and_stage(window, state):
    panel = window.catalogue
    state.view = View.VIDEO
    panel.view.setCurrentIndex(panel.model.index(3, 0))
    assert state.scene == "descent"
    assert state.view is View.PREVIEW
    assert window.windowTitle().startswith("Gradient descent")
    assert set(state.form.by_path) == {"pace", "learning_rate"}


def test_only_a_click_on_a_scene_takes_a_video_off_the_stage(window, state, entries, qtbot):
    state.view = View.VIDEO
    views = []
    state.listen(lambda: views.append(state.view), "view")
    state.window_language = "zh"
    state.scene = ""
    state.catalogue = (*entries, CatalogueEntry(id="later", title="Later"))
    assert state.scene == "backprop"
    assert views == []  # not for a moment: that would pause the player
    view = window.catalogue.view
    where = view.visualRect(window.catalogue.model.index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert state.view is View.PREVIEW


def test_search_appears_with_many_scenes_and_filters(empty_window, state, entries):
    many = [entries[1].model_copy(update={"id": f"s{n}", "title": f"Scene {n}"}) for n in range(9)]
    empty_window.show()
    empty_window.start(many)
    panel = empty_window.catalogue
    assert panel.search.isVisible()
    panel.search.setText("scene 7")
    assert catalogue_rows(empty_window) == ["Descent", "Scene 7"]
