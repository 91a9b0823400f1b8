"""Right: language, colours and shape of the lesson, and the scene's parameters."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.parameters.form import ParameterForm
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import Segments, label, line
from backprop_studio.render.messages.frame_format import FRAME_SHAPES

THEME_NAMES = {"dark": N_("Dark"), "light": N_("Light"), "print": N_("Print")}
"""What a lesson's themes are called; the one for print is black on white."""


CHOICES = {
    "lesson_language": (N_("Language of the lesson"), LANGUAGE_NAMES),
    "theme": (N_("Colours"), THEME_NAMES),
    "frame_shape": (N_("Shape of the picture"), {shape: shape for shape in FRAME_SHAPES}),
}
"""What is chosen for every lesson: an attribute of the state, its title, and its values' names."""


class ParametersPanel(Panel):
    """Edit the parameters of the selected scene.

    Attributes
    ----------
    choices : dict of str to Segments
        By the attribute of the state.
    heading : QLabel
        Says which lesson it is.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.choices = {name: Segments(list(keys)) for name, (_title, keys) in CHOICES.items()}
        self.form = ParameterForm(self.state, services.history)
        self.message = _MessageLine()
        self.heading = label("heading", wraps=True)
        self._area = self._scrolled()
        column((self._area, 1), self.message, on=self, gap=0)
        for name, choice in self.choices.items():
            choice.chosen.connect(lambda key, name=name: self._on_chosen(name, key))
        self.state.listen(self._show_choices, *CHOICES)
        self.state.listen(self._show_heading, "lecture", "part")
        self.state.listen(self.form.renew, "scene", "catalogue")
        self.state.listen(self._on_refusal, "refusal")
        self.retranslate()
        self._show_choices()

    def _scrolled(self) -> QScrollArea:
        boxes = [
            column(label("label", CHOICES[name][0]), choice, gap=4)
            for name, choice in self.choices.items()
        ]
        page = QWidget()
        choices = column(*boxes, gap=12)
        edges = (18, 14, 18, 18)
        parts = (self.heading, choices, line(), self.form, (None, 1))
        column(*parts, on=page, gap=12, edges=edges)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        return area

    def retranslate(self) -> None:
        """Renew all words."""
        for name, (title, names) in CHOICES.items():
            texts = {key: tr(text) for key, text in names.items()}
            self.choices[name].set_texts(texts, tr(title))
        self.form.retranslate()
        self._show_heading()
        self._on_refusal()

    def _show_heading(self) -> None:
        """Say whose values these are: of a draft, or of a lesson of the lecture."""
        number = self.state.lecture.number(self.state.part)
        words = tr("Lesson {number} of the lecture").format(number=number)
        self.heading.setText(words if number else tr("Lesson"))

    def _on_chosen(self, name: str, key: str) -> None:
        self.services.history.choose(name, CHOICES[name][0], key)

    def _show_choices(self) -> None:
        for name, choice in self.choices.items():
            choice.show_choice(getattr(self.state, name))

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
        row(self._icon, (self.text, 1), on=self, edges=(18, 10, 18, 12))
        set_role(self, "message")
        theme().changed.connect(self._renew)
        self._renew()

    def show_text(self, text: str) -> None:
        """Show a sentence; without one the line is not there."""
        self.text.setText(text)
        self.setVisible(bool(text))

    def _renew(self) -> None:
        self._icon.setPixmap(theme().icon("warning", "wrong").pixmap(18, 18))
