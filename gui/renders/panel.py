"""Bottom: how good the video shall be, the render in progress, and the one big button."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QProgressBar, QPushButton

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import RenderPhase, RenderStatus, View
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.renders import words as queue_words
from backprop_studio.gui.renders.entries import open_entries
from backprop_studio.gui.renders.notices import NoticeEnd
from backprop_studio.gui.renders.status_text import numbers_text, running_text
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.faults import report_text
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import QUALITIES

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

PROGRESS_STEPS = 1000
NARROWEST_CHOICE = 96
"""So that a window of 1024 pixels has room for all buttons that can be there at once."""

ROOM_FOR_WORDS = 1150
"""From this width on the bar has room for a name before each choice."""

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
        self._renders = renders = services.renders
        self._guard = ui.WheelGuard(self)
        NoticeEnd(services, self)
        self.quality = self._choice(N_("Quality"), "quality", tuple(QUALITIES))
        self.format = self._choice(N_("Format"), "format", VIDEO_ENDINGS)
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self.status = ui.ElidedLabel("muted")
        self.failure = ui.label("wrong", wraps=True)
        self.failure.hide()
        self.numbers = ui.label("muted")
        self.numbers.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.progress = ui.worded(QProgressBar(), name=N_("Progress of the render"))
        self.progress.setRange(0, PROGRESS_STEPS)
        self.progress.setTextVisible(False)
        self.details = ui.button(N_("Details"))
        self.copy = ui.IconButton("copy", "", words=N_("Copy the report"))
        self.retry = ui.button(N_("Try again"), lambda: renders.retry(self.state.render.entry_id))
        self.play = ui.button(N_("Play"), self._on_play, tip=N_("Play the finished video"))
        folder = N_("Show the finished video in its folder")
        self.folder = ui.button(N_("Folder"), self._on_folder, name=folder, tip=folder)
        self.resume = ui.button(N_("Resume"), renders.resume)
        anyway = partial(renders.resume, whatever_space=True)
        self.resume_anyway = ui.button(N_("Resume anyway"), anyway)
        self.queue = QPushButton()
        self.render_button = QPushButton()
        self.cancel_button = ui.button(N_("Cancel"), renders.cancel, name=N_("Cancel the render"))
        self.report = ui.worded(QPlainTextEdit(readOnly=True), name=N_("Details"))
        self._build()
        self._connect()
        self.retranslate()

    def _choice(self, title: str, name: str, keys: tuple[str, ...]) -> QComboBox:
        """Return a box in which an attribute of the state is chosen."""
        box = ui.worded(ui.combo_box(), name=title)
        self._guard.protect(box)
        box.setMinimumWidth(NARROWEST_CHOICE)
        for key in keys:
            box.addItem("", key)
        box.activated.connect(lambda at: setattr(self.state, name, box.itemData(at)))
        return box

    def _build(self) -> None:
        # Before the roles: the style sheet brings back the font that it found.
        self.render_button.setFont(strong(self.render_button.font(), 1.12))
        set_role(self.render_button, "primary")
        set_role(self.report, "details")
        self.report.setMaximumHeight(150)
        self.report.hide()
        self.details.setCheckable(True)
        quality, format_ = ui.label("label", N_("Quality")), ui.label("label", N_("Format"))
        quality.setBuddy(self.quality)
        format_.setBuddy(self.format)
        self._labels = (quality, format_)
        words = row(self._icon, (self.status, 1), self.numbers, gap=8)
        middle = column((None, 1), words, self.progress, (None, 1), gap=7)
        choices = (quality, self.quality, 6, format_, self.format, 14)
        ends = (self.details, self.copy, self.retry, self.play, self.folder)
        ways = (self.resume, self.resume_anyway, self.cancel_button, self.queue)
        bar = row(*choices, (middle, 1), 8, *ends, *ways, self.render_button, gap=10)
        column(self.report, self.failure, bar, on=self, edges=(18, 12, 18, 12))

    def _connect(self) -> None:
        self.render_button.clicked.connect(self._renders.start)
        self.copy.clicked.connect(self._on_copy)
        self.details.toggled.connect(self.report.setVisible)
        videos = ("render", "queue", "queue_problem", "video", "view", "notice", "quits_when_done")
        lesson = ("quality", "format", "scene", "catalogue", "refusal")
        self.state.listen(self._show_state, *videos, *lesson)
        theme().changed.connect(self._show_state)
        theme().changed.connect(self._make_room)

    def retranslate(self) -> None:
        """Renew all words."""
        for at, key in enumerate(QUALITIES):
            self.quality.setItemText(at, queue_words.quality_text(key))
        for at, ending in enumerate(VIDEO_ENDINGS):
            self.format.setItemText(at, tr(FORMAT_WORDS[ending]))
        self._show_state()

        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a narrow window has no room for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Give the sentence the room of what is known without words where there is little."""
        is_narrow = self.width() < ROOM_FOR_WORDS
        for it in self._labels:
            it.setVisible(not is_narrow)
        self.folder.setText("" if is_narrow else tr("Folder"))
        self.folder.setIcon(theme().icon("folder") if is_narrow else QIcon())
        self._place_failure()

    def _place_failure(self) -> None:
        """Give the sentence of a failure a line of its own where buttons leave it no room."""
        has_failed = self.state.render.phase is RenderPhase.FAILED and not self.state.notice
        is_above = has_failed and not self._renders.is_held and self.width() < ROOM_FOR_WORDS
        self.failure.setText(self.status.text() if is_above else "")
        self.failure.setVisible(is_above)
        self.status.setVisible(not is_above)

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
        self._show_ready(status, is_held=is_held)
        self.resume.setVisible(is_held)
        needs_space = queue_words.is_about_space(self.state.queue.reason)
        self.resume_anyway.setVisible(is_held and needs_space)
        self._show_words(status, reason, is_held=is_held)
        self._place_failure()
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
        self.queue.setAccessibleDescription(queue_words.summary_text(queue))
        hint = f"{tr('Render queue')}  (Ctrl+Shift+R)\n{queue_words.summary_text(queue)}"
        self.queue.setToolTip(hint.strip())

    def _show_failure(self, status: RenderStatus, reason: str, *, is_held: bool) -> None:
        has_failed = status.phase is RenderPhase.FAILED and not is_held
        self.details.setVisible(has_failed)
        self.copy.setVisible(has_failed)
        self.retry.setVisible(has_failed and bool(status.entry_id or not reason))
        report = report_text(said(status.message), status.details) if has_failed else ""
        self.report.setPlainText(report)
        if not has_failed:
            self.details.setChecked(False)

    def _show_ready(self, status: RenderStatus, *, is_held: bool) -> None:
        """Offer what is ready; beside the next video only as long as it is announced."""
        is_told = bool(self.state.notice) or not status.phase.is_active
        is_there = status.video is not None and is_told and not is_held
        is_shown = self.state.view is View.VIDEO and self.state.video == status.video
        self.play.setVisible(is_there and not is_shown)
        self.folder.setVisible(is_there)

    def _show_words(self, status: RenderStatus, reason: str, *, is_held: bool) -> None:
        """Say what is most urgent; a notice is, because it is soon gone."""
        notice, phase = self.state.notice, status.phase
        name, tint, text = "", "", self._text_of(status)
        if notice and phase is not RenderPhase.CANCELLING:
            text = notice
        elif is_held:
            is_about_space = queue_words.is_about_space(self.state.queue.reason)
            name, tint = ("warning", "wrong") if is_about_space else ("pause", "muted")
            text = queue_words.short_held_text(self.state.queue)
        elif phase is RenderPhase.FAILED:
            name, tint = "warning", "wrong"
        elif reason and not phase.is_active:
            text = reason
        elif phase is RenderPhase.DONE:
            name, tint = "check", "good"
        self._icon.setVisible(bool(name))
        if name:
            self._icon.setPixmap(theme().icon(name, tint).pixmap(20, 20))
        set_role(self.status, "wrong" if tint == "wrong" else "muted")
        self.status.set_lines(1 if phase.is_active else 2)
        self.status.setText(text)
        # Beside a notice they would seem to be about it.
        self.numbers.setText("" if notice else numbers_text(status))

    def _text_of(self, status: RenderStatus) -> str:
        """Return how the video stands that is being drawn or was drawn last."""
        match status.phase:
            case RenderPhase.RUNNING:
                return self._running_text(status)
            case RenderPhase.CANCELLING:
                return tr("Cancelling…")
            case RenderPhase.DONE:
                return queue_words.ready_text(self.state, status)
            case RenderPhase.FAILED:
                return said(status.message)
            case RenderPhase.CANCELLED:
                return tr("Cancelled. Nothing was written.")
        return queue_words.problem_text(self.state.queue_problem)

    def _running_text(self, status: RenderStatus) -> str:
        """Return what is being done, for which of several videos, and what comes after them."""
        is_one = len(open_entries(self.state.queue)) == 1
        title = queue_words.title_of(self.state, status.scene)
        end = tr("quits when all is drawn") if self.state.quits_when_done else ""
        parts = ("" if is_one else title, running_text(status, is_brief=not is_one), end)
        return " · ".join(filter(None, parts))

    def _on_play(self) -> None:
        self.state.video = self.state.render.video
        self.state.view = View.VIDEO

    def _on_folder(self) -> None:
        video = self.state.render.video
        if video is not None:
            self.services.files.show_in_folder(video.path)

    def _on_copy(self) -> None:
        status = self.state.render
        QGuiApplication.clipboard().setText(report_text(said(status.message), status.details))
