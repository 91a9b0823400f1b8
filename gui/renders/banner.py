"""Why the render queue stands still, and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton

from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.entries import open_entries
from backprop_studio.gui.renders.words import held_text, is_about_space
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import label

if TYPE_CHECKING:
    from backprop_studio.gui.panel import Services


class QueueBanner(QFrame):
    """One sentence with buttons; there only while something waits for the user's word."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._state = services.state
        self._renders = services.renders
        set_role(self, "banner")
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self.text = label(wraps=True)
        self.resume = QPushButton()
        self.resume_anyway = QPushButton()
        self.clear = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        for button in (self.resume, self.resume_anyway, self.clear):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.resume.clicked.connect(lambda: self._renders.resume())
        self.resume_anyway.clicked.connect(lambda: self._renders.resume(whatever_space=True))
        self.clear.clicked.connect(self._on_clear)
        theme().changed.connect(self.show_state)

    def retranslate(self) -> None:
        """Renew all words."""
        self.resume.setText(tr("Resume"))
        self.resume_anyway.setText(tr("Resume anyway"))
        self.resume_anyway.setToolTip(
            tr("How much space a video needs is a guess; the next one begins whatever is free.")
        )
        self.clear.setText(tr("Clear…"))
        self.clear.setAccessibleName(tr("Forget the videos that are still to be drawn"))
        self.clear.setToolTip(self.clear.accessibleName())
        self.show_state()

    def show_state(self) -> None:
        """Say why nothing begins, or be gone."""
        is_held = self._renders.is_held
        is_about = is_about_space(self._state.queue.reason)
        self.setVisible(is_held)
        self.resume_anyway.setVisible(is_about)
        name, tint = ("warning", "wrong") if is_about else ("pause", "muted")
        self._icon.setPixmap(theme().icon(name, tint).pixmap(QSize(20, 20)))
        self.text.setText(held_text(self._state.queue))

    def _on_clear(self) -> None:
        """Ask, because the choices of each video would have to be made again."""
        count = sum(it.state != "running" for it in open_entries(self._state.queue))
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Backprop Studio",
            tr("Forget the videos that are still to be drawn ({count})?").format(count=count),
            parent=self.window(),
        )
        box.setInformativeText(tr("Finished videos stay."))
        clear = box.addButton(tr("Forget them"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(tr("Keep them"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        clear.clicked.connect(self._renders.clear_open)
        box.open()
