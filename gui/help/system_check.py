"""The system check: a line for everything that the program needs, filled as it is found out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QLabel, QProgressBar, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.help.dialog import show_dialog, text
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import label
from backprop_studio.render.doctor import CHECKS, Check, Finding, examine

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

LOOKS = {
    "OK": ("check", "good"),
    "Missing": ("close", "wrong"),
    "Absent": ("warning", "muted"),
}
"""Icon and colour of each state; the word stands beside them."""

HEADINGS = (N_("State"), N_("What"), N_("Found"), N_("What to do"))
TOP = Qt.AlignmentFlag.AlignTop


def show_system_check(parent: QWidget) -> QDialog:
    """Say what works on this machine; the checks run on a thread, because they take seconds."""
    table = _Table(CHECKS)
    head = QWidget()
    column(table.summary, table.progress, on=head, gap=8)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = box.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(table.text()))
    way = Crossing(table)

    def tell(number: int, finding: Finding) -> None:
        way.cross(lambda: table.show_finding(number, finding))

    def check() -> None:
        examine(CHECKS, tell)

    threading.Thread(target=check, name="system-check", daemon=True).start()
    return show_dialog(parent, tr("System check"), table, head, width=880, box=box)


class _Table(QWidget):
    """A row for each check: its state, what it is, what was found, and what to do about it."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        super().__init__()
        self._findings: dict[int, Finding] = {}
        self._rows: list[tuple[QLabel, ...]] = []
        self.summary = text("title", "")
        self.progress = QProgressBar(maximum=len(checks), textVisible=False)
        self.progress.setAccessibleName(tr("System check"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(3, 1)
        grid.setColumnStretch(4, 1)
        for at, words in enumerate(HEADINGS):
            grid.addWidget(text("label", tr(words)), 0, at + 1)
        for number, check in enumerate(checks, start=1):
            cells = (
                QLabel(),
                text("muted", tr("Checking…")),
                text("", tr(check.name)),
                label("muted", wraps=True),
                label(wraps=True),
            )
            self._rows.append(cells)
            for at, cell in enumerate(cells):
                grid.addWidget(cell, number, at, TOP)
        grid.setRowStretch(len(checks) + 1, 1)
        self._show_summary()

    def show_finding(self, number: int, finding: Finding) -> None:
        """Fill one row."""
        self._findings[number] = finding
        mark, state, _name, detail, advice = self._rows[number]
        icon, role = LOOKS[finding.state]
        mark.setPixmap(theme().icon(icon, role).pixmap(16, 16))
        set_role(state, role)
        state.setText(tr(finding.state))
        detail.setText(finding.detail.words(tr))
        advice.setText("" if finding.ready else finding.check.advice.words(tr))
        self._show_summary()

    def _show_summary(self) -> None:
        done, count = len(self._findings), len(self._rows)
        missing = [it for it in self._findings.values() if it.state == "Missing"]
        if done < count:
            words = tr("Checking… {done} of {count}").format(done=done, count=count)
        elif missing:
            words = tr("{count} missing: what to do stands beside it.")
            words = words.format(count=len(missing))
        else:
            words = tr("Everything that videos need is there.")
        self.summary.setText(words)
        self.progress.setValue(done)
        self.progress.setVisible(done < count)

    def text(self) -> str:
        """Return what has been found, a line for each."""
        return "\n".join(it.line(tr) for _number, it in sorted(self._findings.items()))
