"""Colours, spacing and style sheet of the window, light and dark.

Widgets name a role (``setProperty("role", "muted")``) and never a colour, so that the window
follows the system when it turns dark.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from backprop_studio.gui.toolkit.icons import ICON_FOLDER, icon


@dataclass(frozen=True)
class Colours:
    """One appearance. Text on its background has a contrast of at least 4.5, controls of 3.

    Attributes
    ----------
    window, panel, field, hover : str
        Backgrounds: behind everything, of a panel, of an input, of what the mouse is over.
    stage : str
        Around the picture.
    line, edge : str
        Between panels; around inputs.
    text, muted, faint : str
        Reading text, secondary text, disabled text.
    accent, accent_hover, accent_soft, on_accent : str
        The one colour that means "chosen" and "do it", and the text on it.
    wrong, wrong_soft, good : str
        Errors and success.
    """

    window: str
    panel: str
    field: str
    hover: str
    stage: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    wrong: str
    wrong_soft: str
    good: str


DARK = Colours(
    window="#15171c",
    panel="#1b1e24",
    field="#242831",
    hover="#2b303a",
    stage="#0f1115",
    line="#2a2e37",
    edge="#5f6775",
    text="#e8eaee",
    muted="#a3abb8",
    faint="#6d7583",
    accent="#7fb0ff",
    accent_hover="#9bc1ff",
    accent_soft="#263653",
    on_accent="#0b1526",
    wrong="#ff8f87",
    wrong_soft="#3d2527",
    good="#7fd1a0",
)

LIGHT = Colours(
    window="#f3f4f6",
    panel="#fbfbfc",
    field="#ffffff",
    hover="#eceef2",
    stage="#e6e8ec",
    line="#dfe2e7",
    edge="#8b93a1",
    text="#1c2027",
    muted="#59616e",
    faint="#979eaa",
    accent="#1f5fd0",
    accent_hover="#174fb3",
    accent_soft="#dfe9fb",
    on_accent="#ffffff",
    wrong="#b3261e",
    wrong_soft="#fbe9e7",
    good="#1b7f4b",
)

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
        return icon(name, getattr(self.colours, role), self.colours.faint)

    def colour(self, role: str) -> QColor:
        """Return one of the colours for painting."""
        return QColor(getattr(self.colours, role))

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
        app.setPalette(_palette(colours))
        words = {**asdict(colours), "icons": ICON_FOLDER.as_posix()}
        app.setStyleSheet(self._sheet.substitute(words))
        self.changed.emit()


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, name in {
        role.Window: colours.panel,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.hover,
        role.Text: colours.text,
        role.Button: colours.field,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.field,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
    }.items():
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.faint))
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
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
