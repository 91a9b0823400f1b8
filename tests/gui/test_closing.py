"""Closing the window: what is asked, and what ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import (
    QMessageBox,
)

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.gui.window import MainWindow


class Question:
    """Stands in for the message box at closing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, role: QMessageBox.ButtonRole) -> None:
        self.asked = 0
        self._role = role
        self._answer: Any = None
        monkeypatch.setattr(QMessageBox, "exec", self._exec)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _box: self._answer)
        add = QMessageBox.addButton

        def remember(box: QMessageBox, *arguments: Any) -> Any:
            button = add(box, *arguments)
            if arguments[-1] == role:
                self._answer = button
            return button

        monkeypatch.setattr(QMessageBox, "addButton", remember)

    def _exec(self, *_arguments: Any) -> int:
        self.asked += 1
        return 0


@pytest.fixture
def rendering(window: MainWindow, videos: Any, renders: Path) -> None:
    """A video is being drawn."""
    window.services.renders.start()
    videos.settle()


def test_closing_while_rendering_asks_and_may_be_refused(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    assert not window.close()
    assert question.asked == 1
    assert window.isVisible()
    assert not videos.client.is_closed
    assert videos.states() == ["running"]


def test_closing_while_rendering_ends_the_workers_when_agreed(
    rendering: None, window: MainWindow, stills: Any, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.DestructiveRole)
    assert window.close()
    assert question.asked == 1
    assert stills.client.is_closed
    videos.close()
    assert videos.client.is_closed
    assert videos.states() == ["interrupted"]


def test_a_window_does_not_wait_for_a_worker_that_does_not_end(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    close = videos.client.close
    monkeypatch.setattr(videos.client, "close", lambda: (may_end.wait(60), close()))
    window.may_close = True
    assert window.close()
    assert not videos.link.wait(0)
    may_end.set()
    videos.close()
    assert videos.states() == ["interrupted"]


def test_who_logs_out_is_asked_nothing(
    rendering: None, window: MainWindow, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    window.keep_all()
    assert window.close()
    assert question.asked == 0


def test_closing_an_idle_window_asks_nothing(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    assert window.close()
    assert question.asked == 0
