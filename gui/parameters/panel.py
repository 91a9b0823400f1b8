"""Right: what the lesson is told in, and the scene's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from backprop_studio.gui.model.words import LANGUAGE_NAMES, LANGUAGES, N_, tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.parameters.form import ParameterForm
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import Segments, label, line
from backprop_studio.render.messages.frame_format import FRAME_SHAPES

if TYPE_CHECKING:
    from backprop_studio.render.messages.frame_format import FrameShape

__all__ = ["ParametersPanel"]

THEME_NAMES = {"dark": N_("Dark"), "light": N_("Light"), "print": N_("Print")}
"""What a lesson's themes are called; the one for print is black on white."""


class ParametersPanel(Panel):
    """Edit the parameters of the selected scene."""

    place = "right"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._heading = label("heading")
        self._language_label = label("label")
        self._language = Segments(LANGUAGES)
        self._theme_label = label("label")
        self._theme = Segments(tuple(THEME_NAMES))
        self._shape_label = label("label")
        self._shape = Segments(FRAME_SHAPES)
        self._form = ParameterForm(self.state, services.history)
        self._message = _MessageLine()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scrolled(), 1)
        layout.addWidget(self._message)
        self._language.chosen.connect(self._on_language_chosen)
        self._theme.chosen.connect(self._on_theme_chosen)
        self._shape.chosen.connect(self._on_shape_chosen)
        self.state.lesson_language_changed.connect(self._show_choices)
        self.state.theme_changed.connect(self._show_choices)
        self.state.frame_shape_changed.connect(self._show_choices)
        self.state.scene_changed.connect(self._form.rebuild)
        self.state.catalogue_changed.connect(self._form.rebuild)
        self.state.form_message_changed.connect(self._on_message)
        self.retranslate()
        self._show_choices()
        self._on_message()

    def _scrolled(self) -> QScrollArea:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 14, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(self._heading)
        for title, choice in (
            (self._language_label, self._language),
            (self._theme_label, self._theme),
            (self._shape_label, self._shape),
        ):
            box = QVBoxLayout()
            box.setSpacing(4)
            box.addWidget(title)
            box.addWidget(choice)
            layout.addLayout(box)
        layout.addWidget(line())
        layout.addWidget(self._form)
        layout.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        return area

    def retranslate(self) -> None:
        """Renew all words."""
        self._heading.setText(tr("Lesson"))
        self._language_label.setText(tr("Language of the lesson"))
        self._language.set_texts(LANGUAGE_NAMES, tr("Language of the lesson"))
        self._theme_label.setText(tr("Colours"))
        themes = {key: tr(name) for key, name in THEME_NAMES.items()}
        self._theme.set_texts(themes, tr("Colours"))
        self._shape_label.setText(tr("Shape of the picture"))
        self._shape.set_texts({key: key for key in FRAME_SHAPES}, tr("Shape of the picture"))
        self._form.retranslate()

    def _show_choices(self) -> None:
        self._language.show_choice(self.state.lesson_language)
        self._theme.show_choice(self.state.theme)
        self._shape.show_choice(self.state.frame_shape)

    def _on_language_chosen(self, key: str) -> None:
        self.state.lesson_language = key

    def _on_theme_chosen(self, key: str) -> None:
        self.state.theme = key

    def _on_shape_chosen(self, key: str) -> None:
        self.state.frame_shape = cast("FrameShape", key)

    def _on_message(self) -> None:
        self._message.show_text(self.state.form_message)


class _MessageLine(QWidget):
    """What the render engine finds wrong with the parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = QLabel()
        self._text = label("wrong", wraps=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 10, 18, 12)
        layout.addWidget(self._icon, 0)
        layout.addWidget(self._text, 1)
        set_role(self, "message")
        theme().changed.connect(self._renew)
        self._renew()

    def show_text(self, text: str) -> None:
        """Show a sentence; without one the line is not there."""
        self._text.setText(text)
        self.setVisible(bool(text))

    def _renew(self) -> None:
        self._icon.setPixmap(theme().icon("warning", "wrong").pixmap(18, 18))
