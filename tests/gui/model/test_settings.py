"""Preferences from one session to the next."""

from __future__ import annotations

from backprop_studio.gui.model.settings import load_preferences, save_preferences
from backprop_studio.gui.model.state import AppState


def test_preferences_come_back_and_nonsense_does_not(state):
    state.quality, state.lesson_language, state.appearance = "h", "zh", "dark"
    state.theme, state.frame_shape = "print", "9:16"
    save_preferences(state)
    again = AppState()
    load_preferences(again)
    assert (again.quality, again.lesson_language, again.appearance) == ("h", "zh", "dark")
    assert (again.theme, again.frame_shape) == ("print", "9:16")
    state.quality = "nonsense"
    save_preferences(state)
    again = AppState()
    load_preferences(again)
    assert again.quality == "m"
