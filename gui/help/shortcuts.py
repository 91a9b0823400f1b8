"""The list of all keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QMenu, QMenuBar, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.help.dialog import show_dialog, text
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtWidgets import QDialog

OTHERS = {
    N_("Scenes"): (
        (N_("Fold or unfold a chapter"), ("Left", "Right")),
        (N_("From the search to the first scene found"), ("Return", "Down")),
        (N_("Show all scenes again"), ("Esc",)),
    ),
    N_("Beats"): ((N_("Another beat"), ("Left", "Right", "Home", "End")),),
    N_("Render queue"): (
        (N_("Play, or open the video"), ("Return",)),
        (N_("Earlier, later"), ("Alt+Up", "Alt+Down")),
        (N_("Cancel, or take off the list"), ("Del",)),
    ),
    N_("Everywhere"): (
        (N_("Leave the full screen, or close a dialog"), ("Esc",)),
        (N_("To the next field, or to the one before"), ("Tab", "Shift+Tab")),
        (N_("Change a number by steps"), ("Up", "Down")),
    ),
}
"""Keys that no menu names: where they hold, what they do."""

ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


def show_shortcuts(parent: QWidget, menus: QMenuBar) -> QDialog:
    """List every action of the menus that has keys, and the keys of lists and dialogs."""
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    for title, rows in _sections(menus):
        heading = text("section", title)
        heading.setContentsMargins(0, 0 if grid.isEmpty() else 10, 0, 0)
        grid.addWidget(heading, grid.rowCount(), 0)
        for words, keys in rows:
            row = grid.rowCount()
            grid.addWidget(text("", words), row, 0)
            grid.addWidget(text("muted", keys), row, 1)
    return show_dialog(parent, tr("Keyboard shortcuts"), content, width=560)


def _sections(menus: QMenuBar) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for menu in menus.findChildren(QMenu):
        actions = [it for it in menu.actions() if it.shortcuts()]
        rows = [(plain(it.text().partition(":")[0]), _shown(it.shortcuts())) for it in actions]
        if rows:
            yield plain(menu.title()), rows
    for title, others in OTHERS.items():
        yield tr(title), [(tr(words), _shown(map(QKeySequence, keys))) for words, keys in others]


def _shown(sequences: Iterable[QKeySequence]) -> str:
    """Return keys as they are printed on them, with the system's words for the others."""
    native = QKeySequence.SequenceFormat.NativeText
    arrows = {QKeySequence(name).toString(native): arrow for name, arrow in ARROWS.items()}
    parts = (it.toString(native).split("+") for it in sequences)
    return ", ".join("+".join(arrows.get(part, part) for part in keys) for keys in parts)


def plain(words: str) -> str:
    """Return a menu's words without the mark of its letter, which Chinese has in brackets.

    Examples
    --------
    >>> plain("&Render"), plain("渲染(&R)"), plain("另存为(&S)…")
    ('Render', '渲染', '另存为…')
    """
    return re.sub(r"\(&\w\)|&", "", words)
