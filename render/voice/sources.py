"""The voice that a choice stands for."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.messages.voices import voice_choice
from backprop_studio.render.voice.words.pronunciations import read_pronunciations, user_folder

if TYPE_CHECKING:
    from backprop_studio.render.voice.source import VoiceSource


def voice_key(text: str, folder: str | None = None) -> str:
    """Return what stands for everything that makes a voice's sound, but for the sentences.

    It is that of no other voice if this one is not there: who speaks with it hears why.
    """
    try:
        source = voice_source(text, *([Path(folder)] if folder else []))
        return source.fingerprint() if source else ""
    except (StudioError, OSError):
        return uuid.uuid4().hex


def voice_source(text: str, *folders: Path) -> VoiceSource | None:
    """Return the voice that is chosen; None if nobody speaks.

    Parameters
    ----------
    text : str
        The choice as it is written.
    *folders : Path
        Where pronunciations may be, beside the user's own.

    Raises
    ------
    StudioError
        If it is not there.
    """
    choice = voice_choice(text)
    if choice.kind == "none":
        return None
    # What reads sounds takes long to load, and a window that opens a queue speaks nothing.
    from backprop_studio.render.voice.programmed import Espeak, Piper
    from backprop_studio.render.voice.recordings import Recordings

    if choice.kind == "recordings":
        return Recordings(user_path(choice.path))
    pronunciations = read_pronunciations(user_folder(), *folders)
    if choice.kind == "piper":
        return Piper(user_path(choice.path), pronunciations)
    return Espeak(pronunciations)
