"""Why the render queue stands still, and the ways on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.entries import open_entries
from backprop_studio.gui.renders.words import held_text, is_about_space
from backprop_studio.gui.toolkit.faults import question
from backprop_studio.gui.toolkit.layouts import row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import button, label

if TYPE_CHECKING:
    from backprop_studio.gui.panel import Services

ANYWAY = N_("How much space a video needs is a guess; the next one begins whatever is free.")
FORGET = N_("Forget the videos that are still to be drawn")


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
        resume = self._renders.resume
        self.resume = button(N_("Resume"), resume)
        anyway = partial(resume, whatever_space=True)
        self.resume_anyway = button(N_("Resume anyway"), anyway, tip=ANYWAY)
        self.clear = button(N_("Clear…"), self._on_clear, name=FORGET, tip=FORGET)
        buttons = (self.resume, self.resume_anyway, self.clear)
        for it in buttons:
            it.setAutoDefault(False)
        row(self._icon, (self.text, 1), *buttons, on=self, gap=10, edges=(14, 10, 10, 10))
        theme().changed.connect(self.show_state)

    def show_state(self) -> None:
        """Say why nothing begins, or be gone."""
        is_held = self._renders.is_held
        is_about = is_about_space(self._state.queue.reason)
        self.setVisible(is_held)
        self.resume_anyway.setVisible(is_about)
        name, tint = ("warning", "wrong") if is_about else ("pause", "muted")
        self._icon.setPixmap(theme().icon(name, tint).pixmap(20, 20))
        self.text.setText(held_text(self._state.queue))

    def _on_clear(self) -> None:
        """Ask, because the choices of each video would have to be made again."""
        count = sum(it.state != "running" for it in open_entries(self._state.queue))
        text = tr("Forget the videos that are still to be drawn ({count})?").format(count=count)
        more = tr("Finished videos stay.")
        box, clear = question(self.window(), text, more, tr("Forget them"), tr("Keep them"))
        clear.clicked.connect(self._renders.clear_open)
        box.open()
