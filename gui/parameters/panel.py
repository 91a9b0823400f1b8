"""Right: language, colours and shape of the lesson, and the scene's parameters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.parameters.form import FieldRow, ParameterForm
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import Segments, label, line
from backprop_studio.render.messages.frame_format import FRAME_SHAPES

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message

EDGE = 24
"""So far from the edge of the page a field is brought."""

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
        self._told: Message | None = None
        self.heading = label("heading", wraps=True)
        self._area = self._scrolled()
        column((self._area, 1), self.message, on=self, gap=0)
        for name, choice in self.choices.items():
            choice.chosen.connect(partial(services.history.choose, name, CHOICES[name][0]))
        self.state.listen(self._show_choices, *CHOICES)
        self.state.listen(self._show_heading, "lecture", "part")
        self._is_held = False
        self.state.listen(self._renew_form, "scene", "catalogue")
        self.state.listen(self._show_message, "refusal")
        self.state.field_wanted.connect(self._bring)
        self.form.refused.connect(self._on_refused)
        self.retranslate()
        self._show_choices()

    def _scrolled(self) -> QScrollArea:
        boxes = [
            column(label("label", CHOICES[name][0]), choice, gap=4)
            for name, choice in self.choices.items()
        ]
        self._page = page = _Page()
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
        self._show_message()

    def _show_heading(self) -> None:
        """Say whose values these are: of a draft, or of a lesson of the lecture."""
        number = self.state.lecture.number(self.state.part)
        words = tr("Lesson {number} of the lecture").format(number=number)
        self.heading.setText(words if number else tr("Lesson"))

    def hold(self) -> None:
        """Make no form yet: it takes longer than all the rest."""
        self._is_held = True

    def release(self) -> None:
        """Make the form that was put off."""
        self._is_held = False
        self.form.rebuild()

    def _renew_form(self) -> None:
        if not self._is_held:
            self.form.renew()

    def _show_choices(self) -> None:
        for name, choice in self.choices.items():
            choice.show_choice(getattr(self.state, name))

    def _show_message(self) -> None:
        """Say here what is wrong if it is about no field."""
        refused = self.state.refused
        if refused is None:
            self._told = None
        self.message.show_text(refused.sentence if refused and not refused.fields else "")

    def _on_refused(self, path: str) -> None:
        """Bring a wrong field into sight, and give it the focus unless that is needed elsewhere."""
        if self.state.refusal != self._told:
            self._told = self.state.refusal
            self._bring(path, takes_focus=self._is_focus_free())

    def _is_focus_free(self) -> bool:
        """Whether nobody is typing, dragging, or going through a list."""
        focus = QApplication.focusWidget()
        refused = self.state.refused
        rows = [self.form.rows[path] for path in (refused.paths if refused else ())]
        if focus is None or any(it.isAncestorOf(focus) for it in rows):
            return focus is None
        is_busy = isinstance(focus, QLineEdit | QAbstractSpinBox | QAbstractItemView)
        return not is_busy and not QApplication.mouseButtons()

    def _bring(self, path: str, takes_focus: bool) -> None:
        """Bring a field or a choice into sight, once all are where they belong."""
        QTimer.singleShot(0, self, partial(self._bring_now, path, takes_focus))

    def _bring_now(self, path: str, takes_focus: bool) -> None:
        found = self.form.open_for(path) or self.choices.get(path)
        if found is None:
            return
        for layout in (self.form.layout(), self._page.layout()):  # the drawer has just opened
            if layout is not None:
                layout.activate()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._area.ensureWidgetVisible(found, 0, EDGE)
        if takes_focus and isinstance(found, FieldRow):
            found.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)


class _Page(QWidget):
    """What is scrolled: never lower than it likes, or its rows would be squeezed and jump."""

    def minimumSizeHint(self) -> QSize:
        """Return the height that all rows like to have."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


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
