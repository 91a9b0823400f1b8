"""Words: in both languages everywhere, and a name for whoever listens to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QMenu, QWidget

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model import words
from backprop_studio.gui.model.values import Preview, RenderPhase, RenderStatus, View
from backprop_studio.gui.toolkit.widgets import IconButton


def texts_of(window):
    """Return every text that a user can see or hear, with where it stands."""
    found = [("title", window.windowTitle())]
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
        heard = (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        found += [(where, text) for text in heard]
    found += [("action", action.text()) for action in window.findChildren(QAction)]
    model = window.catalogue.model
    found += [("row", model.index(row, 0).data()) for row in range(model.rowCount())]
    return [(where, text) for where, text in found if text]


UNTRANSLATED = set(
    """English|中文|×|broken|Networks|Descent|Gradient descent|Downhill.|The network|
Values flow forward, gradients flow back.|Values flow forward|Gradients flow back|
00:00 / 00:00|3 / 3""".replace("\n", "").split("|")
)
"""Names of languages, texts of the test's own scenes, numbers, and what Qt names itself."""


def test_switching_the_language_reaches_every_text(window, state, monkeypatch):
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


def test_every_text_has_a_chinese_translation_and_the_english_ones_come_back(window, state):
    before = texts_of(window)
    english = {text for _where, text in before}
    chinese = words.translator("zh")
    state.window_language = "zh"
    assert state.lesson_language == "en"
    translatable = {text for text in english if chinese(text) != text}
    assert len(translatable) > 40
    assert not translatable & {text for _where, text in texts_of(window)}
    state.window_language = "en"
    assert texts_of(window) == before


WRONG = Message.of("words", "it broke")


def fail(state, player):
    """Let everything go wrong that says so for as long as nobody mends it."""
    state.render = RenderStatus(RenderPhase.FAILED, message=WRONG)
    state.preview = Preview(error=WRONG)
    state.queue_problem = WRONG
    player.failed.emit(WRONG)


@pytest.mark.parametrize("view", list(View))
def test_what_went_wrong_is_said_in_the_language_of_now(window, state, monkeypatch, view):
    before = len([it for _where, it in texts_of(window) if "roke" in it])
    window.show_queue()
    state.view = view
    fail(state, window.services.player)
    shown = [it for _where, it in texts_of(window) if "It broke" in it]
    assert len(shown) >= before + 3
    monkeypatch.setattr(words, "translator", lambda _name: lambda text: f"⟦{text}⟧" if text else "")
    state.window_language = "zh"
    told = [it for _where, it in texts_of(window) if "t broke" in it]
    assert len(told) == len(shown)
    assert all("⟦it broke⟧" in it.lower() for it in told), told


def nameless(window):
    """Return the widgets that take the focus and that a screen reader could not name."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and widget.isVisibleTo(window)
        and not widget.focusProxy()
    ]


def test_widgets_have_names_and_icon_buttons_say_theirs_on_hover(window):
    window.parameters.form.more.setChecked(True)
    assert nameless(window) == []
    for button in window.findChildren(IconButton):
        assert button.accessibleName()
        assert button.toolTip().startswith(button.accessibleName())
