"""Preferences from one session to the next."""

from __future__ import annotations

from backprop_studio.gui.model.settings import load_preferences, preferences_of, save_settings
from backprop_studio.gui.model.state import AppState


def test_preferences_come_back_and_nonsense_does_not(state):
    state.quality, state.lesson_language, state.appearance = "h", "zh", "dark"
    state.theme, state.frame_shape = "print", "9:16"
    state.videos_folder, state.name_template = "/videos/week 1, 第一周", "{title}; {date}"
    state.more_open = True
    assert save_settings(preferences_of(state))
    again = AppState()
    load_preferences(again)
    assert (again.quality, again.lesson_language, again.appearance) == ("h", "zh", "dark")
    assert (again.theme, again.frame_shape) == ("print", "9:16")
    assert again.videos_folder == "/videos/week 1, 第一周"
    assert again.name_template == "{title}; {date}"
    assert again.more_open is True
    assert again.old_videos_offered is False
    state.quality, state.voice = "nonsense", "nobody:there"
    assert save_settings(preferences_of(state))
    again = AppState()
    load_preferences(again)
    assert (again.quality, again.voice) == ("m", "none")
    state.voice = "piper:/voices/a.onnx"
    assert save_settings(preferences_of(state))
    load_preferences(again)
    assert again.voice == "piper:/voices/a.onnx"
