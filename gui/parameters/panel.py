"""Right: language, colours and shape of the lesson, and the scene's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, LANGUAGES, N_
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.parameters.form import ParameterForm
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import Segments, label, line
from backprop_studio.render.messages.frame_format import FRAME_SHAPES

if TYPE_CHECKING:
    from backprop_studio.render.messages.frame_format import FrameShape

THEME_NAMES = {"dark": N_("Dark"), "light": N_("Light"), "print": N_("Print")}
"""What a lesson's themes are called; the one for print is black on white."""


class ParametersPanel(Panel):
    """Edit the parameters of the selected scene."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._heading = label("heading")
        self._language_label = label("label")
        self.language = Segments(LANGUAGES)
        self._theme_label = label("label")
        self.theme = Segments(tuple(THEME_NAMES))
        self._shape_label = label("label")
        self.shape = Segments(FRAME_SHAPES)
        self.form = ParameterForm(self.state, services.history)
        self.message = _MessageLine()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._area = self._scrolled()
        layout.addWidget(self._area, 1)
        layout.addWidget(self.message)
        self.language.chosen.connect(self._on_language_chosen)
        self.theme.chosen.connect(self._on_theme_chosen)
        self.shape.chosen.connect(self._on_shape_chosen)
        self.state.lesson_language_changed.connect(self._show_choices)
        self.state.theme_changed.connect(self._show_choices)
        self.state.frame_shape_changed.connect(self._show_choices)
        self.state.scene_changed.connect(self.form.rebuild)
        self.state.catalogue_changed.connect(self.form.rebuild)
        self.state.refusal_changed.connect(self._on_refusal)
        self.retranslate()
        self._show_choices()

    def _scrolled(self) -> QScrollArea:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 14, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(self._heading)
        for title, choice in (
            (self._language_label, self.language),
            (self._theme_label, self.theme),
            (self._shape_label, self.shape),
        ):
            box = QVBoxLayout()
            box.setSpacing(4)
            box.addWidget(title)
            box.addWidget(choice)
            layout.addLayout(box)
        layout.addWidget(line())
        layout.addWidget(self.form)
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
        self.language.set_texts(LANGUAGE_NAMES, tr("Language of the lesson"))
        self._theme_label.setText(tr("Colours"))
        themes = {key: tr(name) for key, name in THEME_NAMES.items()}
        self.theme.set_texts(themes, tr("Colours"))
        self._shape_label.setText(tr("Shape of the picture"))
        self.shape.set_texts({key: key for key in FRAME_SHAPES}, tr("Shape of the picture"))
        self.form.retranslate()
        self._on_refusal()

    def _show_choices(self) -> None:
        self.language.show_choice(self.state.lesson_language)
        self.theme.show_choice(self.state.theme)
        self.shape.show_choice(self.state.frame_shape)

    def _on_language_chosen(self, key: str) -> None:
        self.state.lesson_language = key

    def _on_theme_chosen(self, key: str) -> None:
        self.state.theme = key

    def _on_shape_chosen(self, key: str) -> None:
        self.state.frame_shape = cast("FrameShape", key)

    def _on_refusal(self) -> None:
        """Say it here if there is no field in sight that says it."""
        row = self.form.rows.get(self.state.refused_field)
        is_there = row is not None and self._is_in_sight(row)
        self.message.show_text("" if is_there else said(self.state.refusal))

    def _is_in_sight(self, row: QWidget) -> bool:
        viewport = self._area.viewport()
        top = row.mapTo(viewport, QPoint(0, 0)).y() if row.isVisible() else -1
        return 0 <= top <= viewport.height() - row.height()


class _MessageLine(QWidget):
    """What the render engine finds wrong with the parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = QLabel()
        self.text = label("wrong", wraps=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 10, 18, 12)
        layout.addWidget(self._icon, 0)
        layout.addWidget(self.text, 1)
        set_role(self, "message")
        theme().changed.connect(self._renew)
        self._renew()

    def show_text(self, text: str) -> None:
        """Show a sentence; without one the line is not there."""
        self.text.setText(text)
        self.setVisible(bool(text))

    def _renew(self) -> None:
        self._icon.setPixmap(theme().icon("warning", "wrong").pixmap(18, 18))
