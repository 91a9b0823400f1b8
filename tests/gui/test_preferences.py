"""The preferences: each change acts at once and is seen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFileDialog

from backprop_studio.gui.model.video_names import DEFAULT_TEMPLATE
from backprop_studio.gui.preferences import PreferencesDialog
from backprop_studio.gui.renders.folder import usual_folder
from tests.gui.test_texts import nameless


@pytest.fixture
def dialog(window):
    window.menus.actions["&Preferences…"].trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    return dialog


def spec(state, path):
    return next(it for it in state.form.fields() if it.path == path)


def test_the_name_is_seen_while_it_is_made(dialog, state, qtbot):
    assert dialog.template.text() == DEFAULT_TEMPLATE
    assert dialog.example.text() == "Such as backprop-720p-en.mp4"
    state.set_param(spec(state, "learning_rate"), 0.5)
    state.quality, state.format, state.lesson_language = "h", ".webm", "zh"
    assert dialog.example.text() == "Such as backprop-learning_rate-0.5-1080p-zh.webm"
    dialog.template.clear()
    qtbot.keyClicks(dialog.template, "{title")
    assert dialog.example.property("role") != "wrong"
    qtbot.keyClicks(dialog.template, "x}")
    assert dialog.example.text() == "There is no field {titlex}."
    assert dialog.template.property("role") == "wrong"
    dialog.template.clear()
    qtbot.keyClicks(dialog.template, "w1 ")
    action = next(it for it in dialog.fields.menu().actions() if it.text() == "Title of the lesson")
    action.trigger()
    assert state.name_template == "w1 {title}"
    assert dialog.example.text().startswith("Such as w1 反向传播")
    dialog.usual_name.click()
    assert state.name_template == DEFAULT_TEMPLATE
    assert not dialog.usual_name.isEnabled()


def test_videos_go_where_they_are_sent(dialog, state, window, videos, tmp_path, monkeypatch):
    asked = []

    def ask(_parent, _title, start):
        asked.append(start)
        return str(tmp_path / "week 1")

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", ask)
    assert dialog.folder.text() == str(usual_folder())
    assert not dialog.usual.isEnabled()
    dialog.change.click()
    assert str(usual_folder()).startswith(asked[0])  # it need not be there yet
    assert dialog.folder.text() == state.videos_folder == str(tmp_path / "week 1")
    outputs = []
    for _number in range(2):
        window.services.renders.start()
        videos.settle()
        outputs.append(videos.finish().output)
    assert outputs == [
        str(tmp_path / "week 1" / f"backprop-720p-en{number}.mp4") for number in ("", "-2")
    ]
    dialog.usual.click()
    assert state.videos_folder == ""


def test_a_voice_is_chosen_with_its_folder_or_file(dialog, state, tmp_path, monkeypatch):
    answers = ["", str(tmp_path)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/voices/a.onnx", ""))

    def choose(kind):
        dialog.voice.setCurrentIndex(dialog.voice.findData(kind))
        dialog.voice.activated.emit(dialog.voice.currentIndex())

    choose("espeak")
    assert state.voice == "espeak"
    choose("recordings")  # and then does not choose a folder
    assert (state.voice, dialog.voice.currentData()) == ("espeak", "espeak")
    choose("recordings")
    assert (state.voice, dialog.voice_path.text()) == (f"recordings:{tmp_path}", str(tmp_path))
    choose("piper")
    assert state.voice == "piper:/voices/a.onnx"
    choose("none")
    assert (state.voice, dialog.voice_path.text()) == ("none", "")


def test_language_and_appearance_follow_the_menus_and_back(dialog, state):
    assert nameless(dialog) == []
    state.window_language = "zh"
    assert dialog.windowTitle() == "首选项"
    boxes = dialog._boxes
    assert boxes["window_language"].currentText() == "中文"
    boxes["appearance"].setCurrentIndex(2)
    boxes["appearance"].activated.emit(2)
    assert state.appearance == "dark"
    boxes["window_language"].activated.emit(0)
    assert dialog.windowTitle() == "Preferences"
