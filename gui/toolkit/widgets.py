"""Small widgets and helpers that several panels use."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.focus import KEYBOARD_REASONS
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.layouts import row
from backprop_studio.gui.toolkit.theme import set_role, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

W = TypeVar("W", bound=QWidget)

STRONG_ROLES = {"heading": 1.12, "title": 1.1, "section": 1.0}
"""Labels that stand out, and how much larger than the rest they are."""

TEXT_MARGIN = 6
"""Of a spin box: the style sheet's padding does not reach its text."""


def worded(widget: W, text: str = "", name: str = "", tip: str = "", keys: str = "") -> W:
    """Give a widget words that follow the language, and return it.

    Parameters
    ----------
    widget : QWidget
        Who gets them.
    text, name, tip : str
        What it shows, what it is called, and what it says on hover; English keys, and empty for
        what changes on its own.
    keys : str
        Shown behind the tip.
    """
    widget.setProperty("words", [text, name, tip, keys])
    _show_words(widget)
    return widget


def renew_words(root: QWidget) -> None:
    """Say the words of a window's widgets in the present language."""
    for widget in root.findChildren(QWidget):
        if widget.property("words"):
            _show_words(widget)


def _show_words(widget: QWidget) -> None:
    text, name, tip, keys = widget.property("words")
    if text and isinstance(widget, QLineEdit):
        widget.setPlaceholderText(tr(text))
    elif text and isinstance(widget, QLabel | QAbstractButton):
        widget.setText(tr(text))
    if name:
        widget.setAccessibleName(tr(name))
    if tip:
        widget.setToolTip(f"{tr(tip)}  ({keys})" if keys else tr(tip))


def button(
    text: str, act: Callable[[], object] | None = None, *, name: str = "", tip: str = ""
) -> QPushButton:
    """Return a button with words and with what it does."""
    result = worded(QPushButton(), text, name or text, tip)
    if act is not None:
        result.clicked.connect(lambda: act())
    return result


def label(role: str = "", text: str = "", *, wraps: bool = False) -> QLabel:
    """Return a label with a role of the style sheet, empty if no text is said."""
    result = QLabel()
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wraps)
    # Before the role: the style sheet brings back the font that it found.
    if role in STRONG_ROLES:
        result.setFont(strong(result.font(), STRONG_ROLES[role]))
    if role:
        set_role(result, role)
    return worded(result, text)


def line() -> QFrame:
    """Return a hairline."""
    result = QFrame()
    set_role(result, "line")
    return result


def name_button(button: QAbstractButton, text: str, keys: str = "") -> None:
    """Give an icon button the same words as tool tip and as accessible name."""
    button.setAccessibleName(text)
    button.setToolTip(f"{text}  ({keys})" if keys else text)


def keep_place(widget: QWidget) -> None:
    """Let the neighbours of a widget stay where they are when it comes and goes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


class IconButton(QToolButton):
    """A button with one of our icons, which follows the appearance.

    Parameters
    ----------
    name : str
        Icon.
    role : str
        Role of the style sheet; empty for a framed button.
    tint : str
        Colour of the icon.
    words, keys : str
        What it is called, and which keys do the same; empty if that changes.
    """

    def __init__(
        self, name: str, role: str = "flat", tint: str = "text", words: str = "", keys: str = ""
    ) -> None:
        super().__init__()
        worded(self, "", words, words, keys)
        self._name = name
        self._tint = tint
        self._is_due = False
        if role:
            set_role(self, role)
        self.setIconSize(QSize(14, 14) if role == "tiny" else QSize(18, 18))
        # A tool button is no stop of the Tab key unless it is told so.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme().changed.connect(self._renew)
        self._renew()

    def enable(self, is_on: bool) -> None:
        """Enable or disable it: with the focus it stays, or the focus would jump to another."""
        self._is_due = not is_on and self.window().focusWidget() is self
        self.setEnabled(is_on or self._is_due)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Disable it if that is due."""
        super().focusOutEvent(event)
        if self._is_due:
            self.enable(False)

    def set_icon_name(self, name: str) -> None:
        """Show another icon."""
        if name != self._name:
            self._name = name
            self._renew()

    def _renew(self) -> None:
        self.setIcon(theme().icon(self._name, self._tint))


class _ComboBox(QComboBox):
    """A combo box whose list is styled when it is first seen: that takes as long as the box."""

    _is_styled = False

    def showPopup(self) -> None:
        """Open the list."""
        if not self._is_styled:
            self._is_styled = True
            # The style sheet's rules for rows reach a list only with a delegate that asks for them.
            self.setItemDelegate(QStyledItemDelegate(self))
        super().showPopup()


def combo_box() -> QComboBox:
    """Return a combo box whose rows look like the rest."""
    return _ComboBox()


class ElidedLabel(QLabel):
    """Text that is cut with dots where there is no room, whole in the tool tip."""

    def __init__(self, role: str = "text") -> None:
        super().__init__()
        set_role(self, role)
        self._shown = ""
        self._lines = 1
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_lines(self, lines: int) -> None:
        """Break the text into at most so many lines."""
        self._lines = lines
        self._fit()

    def setText(self, text: str) -> None:
        """Show a text, cut if need be."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cut text."""
        painter = QPainter(self)
        role = str(self.property("role") or "text")
        painter.setPen(theme().colour(role))
        wrap = WRAP if self._lines > 1 else 0
        painter.drawText(self.contentsRect(), int(self.alignment()) | wrap, self._shown)
        painter.end()

    def _fit(self) -> None:
        width, font = self.contentsRect().width(), self.font()
        if self._lines > 1:
            self._shown = cut(font, self.text(), width, self._lines)
            self.setMinimumHeight(wrapped_height(font, self.text(), width, self._lines))
        else:
            metrics = self.fontMetrics()
            self._shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
            self.setMinimumHeight(0)
        self.setToolTip(self.text() if self._shown != self.text() else "")


class Segments(QWidget):
    """A row of choices of which one is on.

    Signals
    -------
    chosen : str
        The user chose the option with this key.
    """

    chosen = Signal(str)

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key in keys:
            button = QPushButton()
            button.setCheckable(True)
            set_role(button, "segment")
            self._group.addButton(button)
            self._buttons[key] = button
            button.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
        row(*((it, 1) for it in self._buttons.values()), on=self, gap=0, edges=(1, 1, 1, 1))

    def set_texts(self, texts: dict[str, str], name: str) -> None:
        """Show these words; ``name`` says what is being chosen."""
        self.setAccessibleName(name)
        for key, text in texts.items():
            self._buttons[key].setText(text)
            self._buttons[key].setAccessibleName(f"{name}: {text}")

    def show_choice(self, key: str) -> None:
        """Switch one option on."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        """Return one option."""
        return self._buttons[key]


class WheelGuard(QObject):
    """Keeps the wheel from changing a field: it scrolls the page below.

    A choice never turns: its list opens under the mouse, which is over the field afterwards. A
    number does with Ctrl, or when the focus came to it by the keyboard.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._by_keyboard: QObject | None = None
        self._is_resending = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass a turn of the wheel on, unless it is meant for the field."""
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn:
            self._by_keyboard = watched if event.reason() in KEYBOARD_REASONS else None
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget):
            is_number = not isinstance(watched, QComboBox)
            has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if is_number and has_ctrl and not self._is_resending:
                self._resend(watched, event)
                return True
            if not (is_number and (self._is_resending or self._has_keyboard(watched))):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _has_keyboard(self, watched: QWidget) -> bool:
        return watched.hasFocus() and self._by_keyboard is watched

    def _resend(self, watched: QWidget, event: QWheelEvent) -> None:
        """Turn by one step: with Ctrl, Qt would turn by ten."""
        plain = QWheelEvent(
            event.position(),
            event.globalPosition(),
            event.pixelDelta(),
            event.angleDelta(),
            event.buttons(),
            Qt.KeyboardModifier.NoModifier,
            event.phase(),
            event.inverted(),
        )
        self._is_resending = True
        QApplication.sendEvent(watched, plain)
        self._is_resending = False

    def protect(self, widget: QWidget) -> None:
        """Guard one widget."""
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)


def ground_of(panel: QWidget, name: str) -> QWidget:
    """Return a widget that holds a panel and has a colour of the style sheet."""
    result = QWidget()
    result.setObjectName(name)
    result.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row((panel, 1), on=result)
    return result
