"""Preferences and places kept between sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from PySide6.QtCore import QSettings

from backprop_studio.core.base.i18n import LANGUAGES
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import FRAME_SHAPES, QUALITIES
from backprop_studio.render.messages.voices import is_voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.state import AppState

CHOICES = {
    "window_language": tuple(LANGUAGES),
    "lesson_language": tuple(LANGUAGES),
    "appearance": ("system", "light", "dark"),
    "quality": tuple(QUALITIES),
    "format": VIDEO_ENDINGS,
    "theme": get_args(Theme),
    "frame_shape": FRAME_SHAPES,
}
TEXTS = ("videos_folder", "name_template", "voice")
FLAGS = ("more_open", "old_videos_offered")

PREFERENCES = (*CHOICES, *TEXTS, *FLAGS)
"""Attributes of the state that are kept."""


def settings_store() -> QSettings:
    """Return where everything is kept that outlives a session."""
    return QSettings("backprop-studio", "backprop-studio")


def load_preferences(state: AppState) -> None:
    """Give the state what the user preferred last time; unknown words are ignored."""
    store = settings_store()
    for name in (*CHOICES, *TEXTS):
        value = store.value(f"preferences/{name}")
        is_known = isinstance(value, str) and value in CHOICES.get(name, (value,))
        if is_known and (name != "voice" or is_voice(value)):
            setattr(state, name, value)
    for name in FLAGS:
        setattr(state, name, store.value(f"preferences/{name}", getattr(state, name), bool))


def preferences_of(state: AppState) -> dict[str, Any]:
    """Return what :func:`load_preferences` gives back, by the names of the settings."""
    values = {name: getattr(state, name) for name in PREFERENCES}
    values["theme"], values["frame_shape"] = state.look_of_drafts
    return {f"preferences/{name}": value for name, value in values.items()}


def save_settings(values: Mapping[str, Any]) -> bool:
    """Write settings to the disk; return whether that could be done. Any thread may call it."""
    store = settings_store()
    for name, value in values.items():
        store.setValue(name, value)
    store.sync()
    return store.status() == QSettings.Status.NoError


def last_folder(kind: str) -> Path | None:
    """Return the folder in which the user last chose a file of a kind, if it is still there."""
    found = settings_store().value(f"folders/{kind}")
    return Path(found) if isinstance(found, str) and found and Path(found).is_dir() else None


def remember_folder(kind: str, folder: Path) -> None:
    """Let the next dialog for files of a kind begin in a folder."""
    settings_store().setValue(f"folders/{kind}", str(folder))
