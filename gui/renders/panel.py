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
)

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import RenderPhase, RenderStatus, View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.renders.entries import open_entries
from backprop_studio.gui.renders.status_text import duration_text, numbers_text, running_text
from backprop_studio.gui.renders.words import (
    is_about_space,
    short_held_text,
    summary_text,
    title_of,
)
from backprop_studio.gui.toolkit.faults import report_text
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import (
    ElidedLabel,
    IconButton,
    WheelGuard,
    combo_box,
    label,
    name_button,
)
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import QUALITIES

PROGRESS_STEPS = 1000
NARROWEST_CHOICE = 96
"""So that a window of 1024 pixels has room for all buttons that can be there at once."""

FORMAT_WORDS = {
    ".mp4": N_("MP4 video"),
    ".webm": N_("WebM video"),
    ".mov": N_("MOV, see-through"),
    ".gif": N_("GIF picture"),
}


class RenderBarPanel(Panel):
    """Start a render, see it come, cancel it, learn how it ended."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._renders = services.renders
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
            box.setMinimumWidth(NARROWEST_CHOICE)
            words.setBuddy(box)
            for key in keys:
                box.addItem("", key)
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self.status = ElidedLabel("muted")
        self.numbers = label("muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_STEPS)
        self.progress.setTextVisible(False)
        self.details = QPushButton()
        self.copy = IconButton("copy", "")
        self.retry = QPushButton()
        self.show_video = QPushButton()
        self.resume = QPushButton()
        self.resume_anyway = QPushButton()
        self.queue = QPushButton()
        self.render_button = QPushButton()
        self.cancel_button = QPushButton()
        self.report = QPlainTextEdit(readOnly=True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        # Before the roles: the style sheet brings back the font that it found.
        self.render_button.setFont(strong(self.render_button.font(), 1.12))
        set_role(self.render_button, "primary")
        set_role(self.report, "details")
        self.report.setMaximumHeight(150)
        self.report.hide()
        self.details.setCheckable(True)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._icon)
        words.addWidget(self.status, 1)
        words.addWidget(self.numbers)
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
        for button in (self.details, self.copy, self.retry, self.show_video, self.resume):
            row.addWidget(button)
        for button in (self.resume_anyway, self.cancel_button, self.queue, self.render_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.addWidget(self.report)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.quality.activated.connect(self._on_quality)
        self.format.activated.connect(self._on_format)
        self.render_button.clicked.connect(self._renders.start)
        self.cancel_button.clicked.connect(self._renders.cancel)
        self.retry.clicked.connect(lambda: self._renders.retry(self.state.render.entry_id))
        self.resume.clicked.connect(lambda: self._renders.resume())
        self.resume_anyway.clicked.connect(lambda: self._renders.resume(whatever_space=True))
        self.copy.clicked.connect(self._on_copy)
        self.details.toggled.connect(self.report.setVisible)
        self.show_video.clicked.connect(self._on_show_video)
        for signal in (
            self.state.render_changed,
            self.state.queue_changed,
            self.state.queue_problem_changed,
            self.state.video_changed,
            self.state.quality_changed,
            self.state.format_changed,
            self.state.scene_changed,
            self.state.catalogue_changed,
            self.state.refusal_changed,
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
        self.resume.setText(tr("Resume"))
        self.resume_anyway.setText(tr("Resume anyway"))
        for button in (self.details, self.retry, self.show_video, self.resume, self.resume_anyway):
            button.setAccessibleName(button.text())
        name_button(self.copy, tr("Copy the report"))
        self.progress.setAccessibleName(tr("Progress of the render"))
        self.report.setAccessibleName(tr("Details"))
        self._show_state()

    def _show_state(self) -> None:
        status = self.state.render
        phase = status.phase
        self.quality.setCurrentIndex(self.quality.findData(self.state.quality))
        self.format.setCurrentIndex(self.format.findData(self.state.format))
        self.progress.setVisible(phase.is_active)
        self.progress.setValue(round(status.fraction * PROGRESS_STEPS))
        had_focus = [it for it in (self.cancel_button, self.resume) if it.hasFocus()]
        self.cancel_button.setVisible(phase.is_active)
        self.cancel_button.setEnabled(phase is RenderPhase.RUNNING)
        reason = self._renders.blocked_reason()
        is_held = self._renders.is_held and not phase.is_active
        self._show_render_button(reason)
        self._show_queue_button()
        self._show_failure(status, reason, is_held=is_held)
        is_shown = self.state.view is View.VIDEO and self.state.video == status.video
        self.show_video.setVisible(status.video is not None and not is_shown and not is_held)
        self.resume.setVisible(is_held)
        self.resume_anyway.setVisible(is_held and is_about_space(self.state.queue.reason))
        self._show_words(status, reason, is_held=is_held)
        if had_focus and not had_focus[0].isVisibleTo(self):
            self.render_button.setFocus()

    def _show_render_button(self, reason: str) -> None:
        waits = self._renders.would_wait
        text, words = tr("Render"), tr("Render the video")
        if waits:
            text, words = tr("Add to queue"), tr("Render the video when its turn comes")
        self.render_button.setText(text)
        self.render_button.setAccessibleName(words)
        self.render_button.setEnabled(self._renders.can_start)
        self.render_button.setToolTip(reason or f"{words}  (Ctrl+R)")
        self.render_button.setAccessibleDescription(reason)

    def _show_queue_button(self) -> None:
        """Say how many wait, and whether one has failed."""
        queue = self.state.queue
        waiting = sum(entry.state != "running" for entry in open_entries(queue))
        text = tr("{count} waiting").format(count=waiting) if waiting else tr("Queue")
        is_wrong = any(entry.state == "failed" for entry in queue.entries)
        name, tint = ("warning", "wrong") if is_wrong else ("queue", "text")
        self.queue.setText(f" {text}")  # the icon needs a little room
        self.queue.setIcon(theme().icon(name, tint))
        self.queue.setAccessibleName(tr("Render queue"))
        self.queue.setAccessibleDescription(summary_text(queue))
        self.queue.setToolTip(
            f"{tr('Render queue')}  (Ctrl+Shift+R)\n{summary_text(queue)}".strip()
        )

    def _show_failure(self, status: RenderStatus, reason: str, *, is_held: bool) -> None:
        has_failed = status.phase is RenderPhase.FAILED and not is_held
        self.details.setVisible(has_failed)
        self.copy.setVisible(has_failed)
        self.retry.setVisible(has_failed and bool(status.entry_id or not reason))
        report = report_text(status.message, status.details) if has_failed else ""
        self.report.setPlainText(report)
        if not has_failed:
            self.details.setChecked(False)

    def _show_words(self, status: RenderStatus, reason: str, *, is_held: bool) -> None:
        texts = {
            RenderPhase.IDLE: reason or self.state.notice or self.state.queue_problem,
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
        text = texts[status.phase]
        is_wrong = status.phase is RenderPhase.FAILED
        if is_held:
            is_wrong = is_about_space(self.state.queue.reason)
            name, tint = ("warning", "wrong") if is_wrong else ("pause", "muted")
            text = short_held_text(self.state.queue)
        self._icon.setVisible(bool(name))
        if name:
            self._icon.setPixmap(theme().icon(name, tint).pixmap(QSize(20, 20)))
        set_role(self.status, "wrong" if is_wrong else "muted")
        self.status.setText(text)
        self.numbers.setText(numbers_text(status))
        self.numbers.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _running_text(self, status: RenderStatus) -> str:
        """Return what is being done, with the latest notice or for which of several videos."""
        if self.state.notice:
            return f"{self.state.notice} {running_text(status, is_brief=True)}"
        if len(open_entries(self.state.queue)) > 1:
            title = title_of(self.state, status.scene)
            return f"{title} · {running_text(status, is_brief=True)}"
        return running_text(status)

    def _on_quality(self, row: int) -> None:
        self.state.quality = self.quality.itemData(row)

    def _on_format(self, row: int) -> None:
        self.state.format = self.format.itemData(row)

    def _on_show_video(self) -> None:
        self.state.video = self.state.render.video
        self.state.view = View.VIDEO

    def _on_copy(self) -> None:
        status = self.state.render
        QGuiApplication.clipboard().setText(report_text(status.message, status.details))
