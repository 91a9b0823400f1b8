"""Preferences kept between sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QSettings

from backprop_studio.core.base.i18n import LANGUAGES
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import FRAME_SHAPES, QUALITIES

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState

PREFERENCES = {
    "window_language": tuple(LANGUAGES),
    "lesson_language": tuple(LANGUAGES),
    "appearance": ("system", "light", "dark"),
    "quality": tuple(QUALITIES),
    "format": VIDEO_ENDINGS,
    "theme": get_args(Theme),
    "frame_shape": FRAME_SHAPES,
}


def settings_store() -> QSettings:
    """Return where everything is kept that outlives a session."""
    return QSettings("backprop-studio", "backprop-studio")


def load_preferences(state: AppState) -> None:
    """Give the state what the user preferred last time; unknown words are ignored."""
    store = settings_store()
    for name, allowed in PREFERENCES.items():
        value = store.value(f"preferences/{name}")
        if isinstance(value, str) and value in allowed:
            setattr(state, name, value)


def save_preferences(state: AppState) -> None:
    """Keep what the user prefers."""
    store = settings_store()
    for name in PREFERENCES:
        store.setValue(f"preferences/{name}", getattr(state, name))
