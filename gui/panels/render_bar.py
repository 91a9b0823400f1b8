"""Bottom: how good the video shall be, the render in progress, and the one big button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.faults import report_text
from gui.fonts import strong
from gui.model import RenderPhase, RenderStatus, View
from gui.panels.base import Desk, Panel
from gui.rendering import PHASE_WORDS
from gui.theme import set_role, theme
from gui.widgets import ElidedLabel, IconButton, WheelGuard, combo_box, label, name_button
from gui.words import N_, tr
from render.formats import VIDEO_ENDINGS
from render.jobs import QUALITIES

__all__ = ["RenderBarPanel", "duration_text"]

PROGRESS_STEPS = 1000
FORMAT_WORDS = {
    ".mp4": N_("MP4 video"),
    ".webm": N_("WebM video"),
    ".mov": N_("MOV, see-through"),
    ".gif": N_("GIF picture"),
}


def duration_text(seconds: float) -> str:
    """Return a length of time in words."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return tr("{seconds} s").format(seconds=whole)
    return tr("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)


class RenderBarPanel(Panel):
    """Start a render, see it come, cancel it, learn how it ended."""

    place = "bottom"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._renders = desk.renders
        self._quality_label = label("label")
        self.quality = combo_box()
        self._guard = WheelGuard(self)
        self._format_label = label("label")
        self.format = combo_box()
        for words, box, keys in (
            (self._quality_label, self.quality, tuple(QUALITIES)),
            (self._format_label, self.format, VIDEO_ENDINGS),
        ):
            self._guard.protect(box)
            words.setBuddy(box)
            for key in keys:
                box.addItem("", key)
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self._status = ElidedLabel("muted")
        self._numbers = label("muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_STEPS)
        self.progress.setTextVisible(False)
        self.details = QPushButton()
        self.copy = IconButton("copy", "")
        self.retry = QPushButton()
        self.show_video = QPushButton()
        self.render_button = QPushButton()
        self.cancel_button = QPushButton()
        self._report = QPlainTextEdit(readOnly=True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        # Before the roles: the style sheet brings back the font that it found.
        for big in (self.render_button, self.cancel_button):
            big.setFont(strong(big.font(), 1.12))
        set_role(self.render_button, "primary")
        set_role(self.cancel_button, "cancel")
        set_role(self._report, "details")
        self._report.setMaximumHeight(150)
        self._report.hide()
        self.details.setCheckable(True)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._icon)
        words.addWidget(self._status, 1)
        words.addWidget(self._numbers)
        middle = QVBoxLayout()
        middle.setSpacing(7)
        middle.addStretch(1)
        middle.addLayout(words)
        middle.addWidget(self.progress)
        middle.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._quality_label)
        row.addWidget(self.quality)
        row.addSpacing(6)
        row.addWidget(self._format_label)
        row.addWidget(self.format)
        row.addSpacing(14)
        row.addLayout(middle, 1)
        row.addSpacing(8)
        buttons: tuple[QWidget, ...] = (self.details, self.copy, self.retry, self.show_video)
        for button in buttons:
            row.addWidget(button)
        row.addWidget(self.cancel_button)
        row.addWidget(self.render_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.addWidget(self._report)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.quality.activated.connect(self._on_quality)
        self.format.activated.connect(self._on_format)
        self.render_button.clicked.connect(self._renders.start)
        self.cancel_button.clicked.connect(self._renders.cancel)
        self.retry.clicked.connect(self._renders.start)
        self.copy.clicked.connect(self._on_copy)
        self.details.toggled.connect(self._report.setVisible)
        self.show_video.clicked.connect(self._on_show_video)
        for signal in (
            self.state.render_changed,
            self.state.quality_changed,
            self.state.format_changed,
            self.state.scene_changed,
            self.state.catalogue_changed,
            self.state.field_errors_changed,
            self.state.form_message_changed,
            self.state.notice_changed,
            self.state.view_changed,
        ):
            signal.connect(self._show_state)
        theme().changed.connect(self._show_state)

    def retranslate(self) -> None:
        """Renew all words."""
        self._quality_label.setText(tr("Quality"))
        self.quality.setAccessibleName(tr("Quality"))
        for row, (key, (_width, height, fps)) in enumerate(QUALITIES.items()):
            name = "4K" if key == "k" else f"{height}p"
            text = tr("{name} · {fps} frames/s").format(name=name, fps=fps)
            self.quality.setItemText(row, text)
        self._format_label.setText(tr("Format"))
        self.format.setAccessibleName(tr("Format"))
        for row, ending in enumerate(VIDEO_ENDINGS):
            self.format.setItemText(row, tr(FORMAT_WORDS[ending]))
        self.cancel_button.setText(tr("Cancel"))
        self.cancel_button.setAccessibleName(tr("Cancel the render"))
        self.details.setText(tr("Details"))
        self.retry.setText(tr("Try again"))
        self.show_video.setText(tr("Show video"))
        for button in (self.details, self.retry, self.show_video):
            button.setAccessibleName(button.text())
        name_button(self.copy, tr("Copy the report"))
        self.render_button.setText(tr("Render"))
        self.render_button.setAccessibleName(tr("Render the video"))
        self.progress.setAccessibleName(tr("Progress of the render"))
        self._report.setAccessibleName(tr("Details"))
        self._show_state()

    def _show_state(self) -> None:
        status = self.state.render
        phase = status.phase
        self.quality.setCurrentIndex(self.quality.findData(self.state.quality))
        self.format.setCurrentIndex(self.format.findData(self.state.format))
        self.progress.setVisible(phase.is_active)
        self.progress.setValue(round(status.fraction * PROGRESS_STEPS))
        had_focus = self.render_button.hasFocus() or self.cancel_button.hasFocus()
        self.render_button.setVisible(not phase.is_active)
        self.cancel_button.setVisible(phase.is_active)
        self.cancel_button.setEnabled(phase is RenderPhase.RUNNING)
        if had_focus:
            # One button takes the place of the other, for the keyboard too.
            (self.cancel_button if phase.is_active else self.render_button).setFocus()
        reason = self._renders.blocked_reason()
        self.render_button.setEnabled(self._renders.can_start)
        self.render_button.setToolTip(reason or tr("Render the video (Ctrl+R)"))
        self.render_button.setAccessibleDescription(reason)
        self._show_failure(status, reason)
        can_show = self.state.video is not None and self.state.view is not View.VIDEO
        self.show_video.setVisible(phase is RenderPhase.DONE and can_show)
        self._show_words(status, reason)

    def _show_failure(self, status: RenderStatus, reason: str) -> None:
        has_failed = status.phase is RenderPhase.FAILED
        self.details.setVisible(has_failed)
        self.copy.setVisible(has_failed)
        self.retry.setVisible(has_failed and not reason)
        self._report.setPlainText(_report_of(status))
        if not has_failed:
            self.details.setChecked(False)

    def _show_words(self, status: RenderStatus, reason: str) -> None:
        texts = {
            RenderPhase.IDLE: reason or self.state.notice,
            RenderPhase.RUNNING: self._running_text(status),
            RenderPhase.CANCELLING: tr("Cancelling…"),
            RenderPhase.DONE: self.state.notice
            or tr("The video is ready, rendered in {time}.").format(
                time=duration_text(status.elapsed_seconds)
            ),
            RenderPhase.FAILED: status.message,
            RenderPhase.CANCELLED: tr("Cancelled. Nothing was written."),
        }
        marks = {RenderPhase.DONE: ("check", "good"), RenderPhase.FAILED: ("warning", "wrong")}
        name, tint = marks.get(status.phase, ("", ""))
        self._icon.setVisible(bool(name))
        if name:
            self._icon.setPixmap(theme().icon(name, tint).pixmap(QSize(20, 20)))
        set_role(self._status, "wrong" if status.phase is RenderPhase.FAILED else "muted")
        self._status.setText(texts[status.phase])
        self._numbers.setText(_numbers_text(status))
        self._numbers.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _running_text(self, status: RenderStatus) -> str:
        words = tr(PHASE_WORDS.get(status.step, PHASE_WORDS["start"]))
        if status.step != "draw" or not status.frames:
            return words
        return tr("{step} · frame {frame} of {frames}").format(
            step=words, frame=status.frame, frames=status.frames
        )

    def _on_quality(self, row: int) -> None:
        self.state.quality = self.quality.itemData(row)

    def _on_format(self, row: int) -> None:
        self.state.format = self.format.itemData(row)

    def _on_show_video(self) -> None:
        self.state.view = View.VIDEO

    def _on_copy(self) -> None:
        status = self.state.render
        QGuiApplication.clipboard().setText(report_text(status.message, status.details))


def _report_of(status: RenderStatus) -> str:
    return f"{status.message}\n\n{status.details}".strip()


def _numbers_text(status: RenderStatus) -> str:
    if status.phase is not RenderPhase.RUNNING:
        return ""
    percent = f"{int(status.fraction * 100)} %"
    if status.eta_seconds is None or status.step != "draw":
        return percent if status.fraction else ""
    left = tr("about {time} left").format(time=duration_text(status.eta_seconds))
    return f"{percent} · {left}"
