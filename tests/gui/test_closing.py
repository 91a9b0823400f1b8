"""Closing the window: what is asked, and what ends."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QMessageBox

from backprop_studio.render.messages.events import Cancelled


class Question:
    """Stands in for the message box at closing."""

    def __init__(self, monkeypatch, role):
        self.asked = 0
        self._role = role
        self._answer = None
        monkeypatch.setattr(QMessageBox, "exec", self._exec)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _box: self._answer)
        add = QMessageBox.addButton

        def remember(box, *arguments):
            button = add(box, *arguments)
            if arguments[-1] == role:
                self._answer = button
            return button

        monkeypatch.setattr(QMessageBox, "addButton", remember)

    def _exec(self, *_arguments):
        self.asked += 1
        return 0


@pytest.fixture
def rendering(window, videos, renders):
    """A video is being drawn."""
    window.services.renders.start()
    videos.settle()


def test_closing_while_rendering_asks_and_ends_the_workers_when_agreed(
    qtbot, rendering, window, stills, videos, monkeypatch
):
    with monkeypatch.context() as patch:
        question = Question(patch, QMessageBox.ButtonRole.RejectRole)
        assert not window.close()
    assert question.asked == 1
    assert window.isVisible()
    assert not videos.client.is_closed
    assert videos.states() == ["running"]
    question = Question(monkeypatch, QMessageBox.ButtonRole.DestructiveRole)
    assert window.close()
    assert question.asked == 1
    qtbot.waitUntil(lambda: stills.client.is_closed)
    videos.close()
    assert videos.client.is_closed
    assert videos.states() == ["interrupted"]


def test_a_window_does_not_wait_for_a_worker_that_does_not_end(
    rendering, window, videos, monkeypatch
):
    may_end = threading.Event()
    close = videos.client.close
    monkeypatch.setattr(videos.client, "close", lambda: (may_end.wait(60), close()))
    window.may_close = True
    assert window.close()
    assert not videos.link.wait(0)
    may_end.set()
    videos.close()
    assert videos.states() == ["interrupted"]


@pytest.mark.parametrize("is_rendering", [True, False])
def test_who_logs_out_or_draws_nothing_is_asked_nothing(window, monkeypatch, request, is_rendering):
    if is_rendering:
        request.getfixturevalue("rendering")
        window.keep_all()
    question = Question(monkeypatch, QMessageBox.ButtonRole.RejectRole)
    assert window.close()
    assert question.asked == 0


def test_what_is_drawn_can_be_finished_first(qtbot, rendering, window, videos, monkeypatch):
    window.services.renders.start()  # and a second one behind it
    videos.settle()
    Question(monkeypatch, QMessageBox.ButtonRole.AcceptRole)
    assert not window.close()
    assert window.render_bar.status.text().endswith("quits when all is drawn")
    videos.finish()
    assert window.isVisible()
    assert videos.states() == ["done", "running"]
    videos.finish()
    qtbot.waitUntil(lambda: not window.isVisible())
    videos.close()
    assert videos.states() == ["done", "done"]


@pytest.mark.parametrize("answer", ["RejectRole", "AcceptRole"])
def test_who_goes_on_or_cancels_stays(qtbot, rendering, window, videos, monkeypatch, answer):
    with monkeypatch.context() as patch:
        Question(patch, QMessageBox.ButtonRole.AcceptRole)
        window.close()
    if answer == "RejectRole":  # he has thought better of it
        with monkeypatch.context() as patch:
            Question(patch, QMessageBox.ButtonRole.RejectRole)
            window.close()
        videos.finish()
    else:
        window.services.renders.cancel()
        videos.settle()
        videos.end(Cancelled)
        qtbot.waitUntil(lambda: not window.state.quits_when_done)
    assert window.isVisible()
    assert not window.state.quits_when_done
