"""The list of scenes: chapters, search, what cannot be used."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.gui.catalogue.panel import CataloguePanel
from backprop_studio.gui.catalogue.scene_list import CHOSEN_ROLE
from backprop_studio.gui.model.values import View
from backprop_studio.render.messages.results import CatalogueEntry

LEFT = Qt.MouseButton.LeftButton


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
    assert set(state.form.by_path) == {*LessonParams.model_fields, "learning_rate"}


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


@pytest.fixture
def many(empty_window, qtbot, entries):
    """A window with nine scenes in a chapter and one in another, which has the first of all."""
    named = {f"s{n}": f"Scene {n}" for n in range(9)}
    scenes = [entries[1].model_copy(update={"id": id, "title": it}) for id, it in named.items()]
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.start([entries[0], *scenes])
    return empty_window


def test_a_search_leads_to_what_it_finds_and_says_that_it_is_on(many, state, qtbot):
    panel = many.catalogue
    many.menus.actions["&Find a scene"].trigger()
    assert many.focusWidget() is panel.search
    qtbot.keyClicks(panel.search, "scene 7")
    assert catalogue_rows(many) == ["Descent", "Scene 7"]
    assert panel.note.text() == "1 of 10 scenes; Esc shows all"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down):
        state.select_scene("backprop")
        panel.search.setFocus()
        qtbot.keyClick(panel.search, key)
        assert state.scene == "s7"
        assert many.focusWidget() is panel.view
    panel.search.setText("no such thing")
    assert catalogue_rows(many) == []
    assert panel.note.text() == "No scene has these words; Esc shows all"
    panel.search.setFocus()
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert state.scene == "s7"
    state.full_screen = False
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert (panel.search.text(), panel.note.isVisible()) == ("", False)
    assert len(catalogue_rows(many)) == 12
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert many.focusWidget() is panel.view
    # The button that clears it is inside of it.
    button = panel.search.findChild(QToolButton)
    panel.search.setText("x")
    assert panel.search.rect().adjusted(0, 0, -4, 0).contains(button.geometry())


def test_chapters_fold_by_mouse_and_keys_and_open_for_what_is_chosen(many, state, qtbot):
    panel = many.catalogue
    view, model = panel.view, panel.model
    heading = model.index(2, 0)
    assert heading.data() == "Descent"
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(heading).center())
    assert catalogue_rows(many) == ["Networks", "Backpropagation: one training step", "Descent"]
    heading = model.index(2, 0)
    assert heading.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "9 scenes, folded"
    assert state.scene == "backprop"
    assert model.index(1, 0).data(CHOSEN_ROLE)
    # Whoever comes by the Tab key works the list with its own keys.
    panel.search.setFocus()
    qtbot.keyClick(panel.search, Qt.Key.Key_Tab)
    view.setCurrentIndex(model.index(2, 0))
    for key, count in ((Qt.Key.Key_Right, 12), (Qt.Key.Key_Left, 3), (Qt.Key.Key_Space, 12)):
        qtbot.keyClick(view, key)
        assert len(catalogue_rows(many)) == count
        assert view.currentIndex().data() == "Descent"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert state.scene == "s0"
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().data() == "Descent"
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert len(catalogue_rows(many)) == 3
    another = CataloguePanel(many.services)  # as in the next window
    qtbot.addWidget(another)
    assert another.model.rowCount() == 3
    panel.search.setText("scene 8")
    assert catalogue_rows(many) == ["Descent", "Scene 8"]
    panel.search.clear()
    assert len(catalogue_rows(many)) == 3
    state.select_scene("s5")
    assert view.currentIndex().data() == "Scene 5"
