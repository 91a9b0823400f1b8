"""Colours, spacing and style sheet of the window, light and dark.

Widgets name a role (``setProperty("role", "muted")``) and never a colour, so that the window
follows the system when it turns dark.
"""

from __future__ import annotations

from string import Template
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from backprop_studio.gui.toolkit.icons import ICON_FOLDER, icon

COLOURS = {
    # Backgrounds: behind everything, of a panel, of an input, of what the mouse is over; and around
    # the picture.
    "window": ("#15171c", "#f3f4f6"),
    "panel": ("#1b1e24", "#fbfbfc"),
    "field": ("#242831", "#ffffff"),
    "hover": ("#2b303a", "#eceef2"),
    "stage": ("#0f1115", "#e6e8ec"),
    # Between panels; around inputs.
    "line": ("#2a2e37", "#dfe2e7"),
    "edge": ("#5f6775", "#8b93a1"),
    # Reading text, secondary text, disabled text.
    "text": ("#e8eaee", "#1c2027"),
    "muted": ("#a3abb8", "#59616e"),
    "faint": ("#6d7583", "#979eaa"),
    # The one colour that means "chosen" and "do it", and the text on it.
    "accent": ("#7fb0ff", "#1f5fd0"),
    "accent_hover": ("#9bc1ff", "#174fb3"),
    "accent_soft": ("#263653", "#dfe9fb"),
    "on_accent": ("#0b1526", "#ffffff"),
    # Errors and success.
    "wrong": ("#ff8f87", "#b3261e"),
    "wrong_soft": ("#3d2527", "#fbe9e7"),
    "good": ("#7fd1a0", "#1b7f4b"),
}
"""Each role's colour in the dark and in the light appearance.

Text on its background has a contrast of at least 4.5, controls of 3.
"""

DARK = {role: dark for role, (dark, _light) in COLOURS.items()}
LIGHT = {role: light for role, (_dark, light) in COLOURS.items()}

STYLE_FILE = ICON_FOLDER.parent / "style.qss"


class Theme(QObject):
    """The appearance in use.

    Signals
    -------
    changed
        After the colours changed; whoever paints or holds tinted icons renews them.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = LIGHT
        self._sheet = Template(STYLE_FILE.read_text(encoding="utf-8"))
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)

    def use(self, appearance: str) -> None:
        """Take ``system``, ``light`` or ``dark``."""
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        scheme = schemes.get(appearance, Qt.ColorScheme.Unknown)
        QGuiApplication.styleHints().setColorScheme(scheme)
        self._apply(scheme)

    def icon(self, name: str, role: str = "text") -> QIcon:
        """Return an icon in one of the colours."""
        return icon(name, self.colours[role], self.colours["faint"])

    def colour(self, role: str) -> QColor:
        """Return one of the colours for painting."""
        return QColor(self.colours[role])

    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._apply(scheme)

    def _apply(self, scheme: Qt.ColorScheme) -> None:
        if scheme == Qt.ColorScheme.Unknown:
            scheme = QGuiApplication.styleHints().colorScheme()
        colours = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        app = cast("QApplication", QApplication.instance())
        if colours is self.colours and app.styleSheet():
            return
        self.colours = colours
        # In the place of another sheet Qt would style each widget five times over.
        app.setStyleSheet("")
        app.setPalette(_palette(colours))
        words = {**colours, "icons": ICON_FOLDER.as_posix()}
        app.setStyleSheet(self._sheet.substitute(words))
        self.changed.emit()


def _palette(colours: dict[str, str]) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, name in {
        role.Window: "panel",
        role.WindowText: "text",
        role.Base: "field",
        role.AlternateBase: "hover",
        role.Text: "text",
        role.Button: "field",
        role.ButtonText: "text",
        role.ToolTipBase: "field",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
    }.items():
        palette.setColor(which, QColor(colours[name]))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours["faint"]))
    return palette


_theme: Theme | None = None


def theme() -> Theme:
    """Return the process's theme, made when the application exists."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a role of the style sheet and repaint it so."""
    if (widget.property("role") or "") != role:
        widget.setProperty("role", role)
        # What was not on the screen yet is styled when it gets there.
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
