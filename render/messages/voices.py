"""Which voice a lesson is spoken by, as it is written on the command line and in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import either
from backprop_studio.core.base.user_paths import user_path

VoiceKind: TypeAlias = Literal["none", "recordings", "piper", "espeak"]

SILENT = "none"
"""The choice that nobody speaks."""

FORMS = (SILENT, "recordings:FOLDER", "piper:FILE", "espeak")
"""How each is written."""

VOICES_WITH_PATH = ("recordings", "piper")
"""Kinds that name a folder or a file."""


@dataclass(frozen=True)
class VoiceChoice:
    """Who speaks.

    Attributes
    ----------
    kind : {"none", "recordings", "piper", "espeak"}
    path : str
        The folder of recordings, or piper's file of a voice.
    """

    kind: VoiceKind
    path: str = ""

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.kind}:{self.path}" if self.path else self.kind


def voice_choice(text: str) -> VoiceChoice:
    """Return the choice that is written.

    Raises
    ------
    ParameterError
        If it is none.

    Examples
    --------
    >>> voice_choice("espeak"), str(voice_choice("recordings:takes/week 1"))
    (VoiceChoice(kind='espeak', path=''), 'recordings:takes/week 1')
    """
    kind, _, path = text.strip().partition(":")
    if kind not in get_args(VoiceKind) or (kind in VOICES_WITH_PATH) != bool(path.strip()):
        wrong = N_("expected {allowed}")
        raise ParameterError("voice.unknown", wrong, allowed=either(FORMS))
    return VoiceChoice(kind, path)  # type: ignore[arg-type]


def is_voice(text: str) -> bool:
    """Whether a text is a choice."""
    try:
        voice_choice(text)
    except ParameterError:
        return False
    return True


def _checked(text: str) -> str:
    return str(voice_choice(text))


Voice: TypeAlias = Annotated[str, AfterValidator(_checked)]
"""A field that holds a choice as it is written."""


def with_own_path(text: str, absolute: Any = user_path) -> str:
    """Return a choice whose path means the same in every folder.

    Parameters
    ----------
    absolute : callable
        From a path as it was written to the one that is meant.
    """
    choice = voice_choice(text)
    return str(VoiceChoice(choice.kind, str(absolute(choice.path)))) if choice.path else text
