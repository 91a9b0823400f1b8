"""The window as a whole: catalogue, language, keys, names, closing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)

from backprop_studio.gui.layout_memory import restore_layout, save_layout
from backprop_studio.gui.model import words
from backprop_studio.gui.model.settings import load_preferences, save_preferences
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import RenderPhase, RenderStatus, View

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

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


def test_beats_are_chosen_by_mouse_and_keys(
    qtbot: QtBot, window: MainWindow, state: AppState
) -> None:
    strip = window.stage.preview.strip
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.chip_rect(0).center().toPoint())
    assert state.beat == "network"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert state.beat == "forward"
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert state.beat == "backward"
    assert "Gradients flow back" in strip.accessibleDescription()


def texts_of(window: MainWindow) -> list[tuple[str, str]]:
    """Return every text that a user can see or hear, with where it stands."""
    found: list[tuple[str, str]] = [("title", window.windowTitle())]
    for widget in window.findChildren(QWidget):
        where = f"{type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QLabel | QAbstractButton):
            found.append((where, widget.text()))
        if isinstance(widget, QLineEdit):
            found.append((where, widget.placeholderText()))
        if isinstance(widget, QComboBox):
            found += [(where, widget.itemText(row)) for row in range(widget.count())]
        if isinstance(widget, QMenu):
            found.append((where, widget.title()))
        found += [
            (where, widget.toolTip()),
            (where, widget.accessibleName()),
            (where, widget.accessibleDescription()),
        ]
    found += [("action", action.text()) for action in window.findChildren(QAction)]
    found += [("row", text) for text in catalogue_rows(window)]
    return [(where, text) for where, text in found if text]


def wrapped(text: str) -> str:
    return f"⟦{text}⟧" if text else ""


UNTRANSLATED = {
    "English", "中文", "×", "broken", "Networks", "Descent", "Gradient descent", "Downhill.",
    "Values flow forward, gradients flow back.", "The network", "Values flow forward",
    "Gradients flow back", "00:00 / 00:00", "3 / 3",
}  # fmt: skip
"""Names of languages, texts of the test's own scenes, numbers, and what Qt names itself."""


def test_switching_the_language_reaches_every_text(
    window: MainWindow, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A language that wraps each text shows at once which ones never went through tr().
    monkeypatch.setattr(words, "translator", lambda name: lambda text: f"⟦{text}⟧" if text else "")
    window.parameters.form.more.setChecked(True)
    window.show_queue()
    state.window_language = "zh"
    left = {
        text
        for where, text in texts_of(window)
        if "⟦" not in text
        and text not in UNTRANSLATED
        and "qt_" not in where
        and not where.startswith("QToolButton qt_toolbar")
        and any(letter.isalpha() for letter in text)
    }
    assert left == set()


def test_every_text_of_the_window_has_a_chinese_translation(
    window: MainWindow, state: AppState
) -> None:
    english = {text for _where, text in texts_of(window)}
    chinese = words.translator("zh")
    state.window_language = "zh"
    translatable = {text for text in english if chinese(text) != text}
    assert len(translatable) > 40
    assert not translatable & {text for _where, text in texts_of(window)}


def test_the_language_can_be_switched_back(window: MainWindow, state: AppState) -> None:
    before = texts_of(window)
    state.window_language = "zh"
    state.window_language = "en"
    assert texts_of(window) == before


def test_window_and_lesson_have_languages_of_their_own(window: MainWindow, state: AppState) -> None:
    state.window_language = "zh"
    assert state.lesson_language == "en"


def test_every_widget_with_focus_has_a_name(window: MainWindow) -> None:
    window.parameters.form.more.setChecked(True)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and widget.isVisibleTo(window)
        and not widget.focusProxy()
    ]
    assert nameless == []


def test_icon_buttons_say_on_hover_what_they_are_called(window: MainWindow) -> None:
    from backprop_studio.gui.toolkit.widgets import IconButton

    for button in window.findChildren(IconButton):
        assert button.accessibleName()
        assert button.toolTip().startswith(button.accessibleName())


def test_no_key_is_given_twice(window: MainWindow) -> None:
    keys = [
        action.shortcut().toString()
        for action in window.menus.actions.values()
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mnemonics_of_a_menu_differ(window: MainWindow, state: AppState, language: str) -> None:
    state.window_language = language
    for menu in [window.menuBar(), *window.menuBar().findChildren(QMenu)]:
        letters = [
            action.text().split("&", 1)[1][0].lower()
            for action in menu.actions()
            if "&" in action.text()
        ]
        assert len(letters) == len(set(letters)), [action.text() for action in menu.actions()]


def test_a_render_by_keys_alone(qtbot: QtBot, window: MainWindow, videos: Any) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    videos.settle()
    assert len(videos.videos) == 1


def test_undo_in_the_menu_names_the_field(window: MainWindow, state: AppState) -> None:
    rate = next(spec for spec in state.form.fields() if spec.path == "learning_rate")
    undo = window.menus.actions["&Undo"]
    assert not undo.isEnabled()
    window.services.history.edit(rate, 0.5)
    assert undo.text() == "&Undo: Learning rate"
    undo.trigger()
    assert state.given_params() == {}


def test_full_screen_shows_the_stage_alone_and_escape_leaves(
    qtbot: QtBot, window: MainWindow, state: AppState
) -> None:
    state.view = View.VIDEO
    window.menus.actions["&Full screen"].trigger()
    assert state.full_screen
    assert not window.catalogue.isVisible()
    assert not window.render_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not state.full_screen
    assert window.catalogue.isVisible()


@pytest.mark.parametrize(
    ("name", "key", "is_kept"),
    [
        ("list", Qt.Key.Key_Space, True),
        ("quality", Qt.Key.Key_Home, True),
        ("render", Qt.Key.Key_Space, True),
        ("render", Qt.Key.Key_Left, False),
        ("time", Qt.Key.Key_Left, False),
        ("time", Qt.Key.Key_Space, False),
    ],
)
def test_the_focused_widget_keeps_the_keys_it_acts_on(
    window: MainWindow, name: str, key: Qt.Key, is_kept: bool
) -> None:
    widgets: dict[str, QWidget] = {
        "list": window.catalogue.view,
        "quality": window.render_bar.quality,
        "render": window.render_bar.render_button,
        "time": window.stage.video.bar.time_line,
    }
    QApplication.instance().focusChanged.emit(None, widgets[name])
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widgets[name], event)
    assert event.isAccepted() is is_kept


class Question:
    """Stands in for the message box at closing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, role: QMessageBox.ButtonRole) -> None:
        self.asked = 0
        self._role = role
        self._answer: Any = None
        monkeypatch.setattr(QMessageBox, "exec", self._exec)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _box: self._answer)
        add = QMessageBox.addButton

        def remember(box: QMessageBox, *arguments: Any) -> Any:
            button = add(box, *arguments)
            if arguments[-1] == role:
                self._answer = button
            return button

        monkeypatch.setattr(QMessageBox, "addButton", remember)

    def _exec(self, *_arguments: Any) -> int:
        self.asked += 1
        return 0


@pytest.fixture
def rendering(window: MainWindow, videos: Any, renders: Path) -> None:
    """A video is being drawn."""
    window.services.renders.start()
    videos.settle()


def test_closing_while_rendering_asks_and_may_be_refused(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    assert not window.close()
    assert question.asked == 1
    assert window.isVisible()
    assert not videos.client.is_closed
    assert videos.states() == ["running"]


def test_closing_while_rendering_ends_the_workers_when_agreed(
    rendering: None, window: MainWindow, stills: Any, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.DestructiveRole)
    assert window.close()
    assert question.asked == 1
    assert stills.client.is_closed
    videos.close()
    assert videos.client.is_closed
    assert videos.states() == ["interrupted"]


def test_a_window_does_not_wait_for_a_worker_that_does_not_end(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    close = videos.client.close
    monkeypatch.setattr(videos.client, "close", lambda: (may_end.wait(60), close()))
    window.may_close = True
    assert window.close()
    assert not videos.link.wait(0)
    may_end.set()
    videos.close()
    assert videos.states() == ["interrupted"]


def test_who_logs_out_is_asked_nothing(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    window.keep_all()
    assert window.close()
    assert question.asked == 0


def test_closing_an_idle_window_asks_nothing(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    assert window.close()
    assert question.asked == 0


def test_preferences_come_back_and_nonsense_does_not(state: AppState) -> None:
    state.quality, state.lesson_language, state.appearance = "h", "zh", "dark"
    state.theme, state.frame_shape = "print", "9:16"
    save_preferences(state)
    again = AppState()
    load_preferences(again)
    assert (again.quality, again.lesson_language, again.appearance) == ("h", "zh", "dark")
    assert (again.theme, again.frame_shape) == ("print", "9:16")
    state.quality = "nonsense"
    save_preferences(state)
    again = AppState()
    load_preferences(again)
    assert again.quality == "m"


def test_a_layout_comes_back_onto_a_screen_that_exists(window: MainWindow) -> None:
    window.move(20_000, 20_000)
    save_layout(window, window.splitter)
    assert restore_layout(window, window.splitter)
    area = window.screen().availableGeometry()
    assert area.intersects(window.geometry())


def test_appearance_is_followed_live(window: MainWindow, state: AppState, qapp: Any) -> None:
    from backprop_studio.gui.toolkit.theme import DARK, theme

    state.appearance = "dark"
    assert theme().colours is DARK
    assert qapp.palette().window().color().name() == DARK.panel


def test_the_shortcut_list_names_every_key(window: MainWindow, qtbot: QtBot) -> None:
    from backprop_studio.gui.help import show_shortcuts

    dialog = show_shortcuts(window, window.menus.actions)
    qtbot.addWidget(dialog)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    for action in window.menus.actions.values():
        if not action.shortcut().isEmpty():
            assert action.text().replace("&", "") in shown
    dialog.close()


def test_about_names_versions(window: MainWindow, qtbot: QtBot) -> None:
    from backprop_studio.gui.help import show_about

    box = show_about(window)
    assert "Qt " in box.informativeText()
    box.close()


def test_idle_state_is_calm(window: MainWindow, state: AppState) -> None:
    assert state.render == RenderStatus(RenderPhase.IDLE)
    assert window.render_bar.status.text() == ""
