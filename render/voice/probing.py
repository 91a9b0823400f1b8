"""Whether the voice programs of this machine speak: a word in each language."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.render.voice.kept import KeptSentences
from backprop_studio.render.voice.programmed import PIPER_VARIABLE, Espeak, program_named
from backprop_studio.render.voice.programs import run_program

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language

_WORDS: dict[Language, str] = {"en": "gradient", "zh": "梯度"}
_SECONDS = 15.0
_ABSENT = Message.of("doctor.no_voice", N_("it is not there"))


def look_for_espeak() -> tuple[bool, Message]:
    """Return whether espeak-ng speaks, and what it speaks or why it does not."""
    if program_named("espeak-ng") is None:
        return False, _ABSENT
    try:
        with tempfile.TemporaryDirectory() as folder:  # not what it said another time
            voice = Espeak({}, KeptSentences(Path(folder)))
            for language, word in _WORDS.items():
                voice.speak_words(word, language)
    except StudioError as error:
        return False, error.message
    text = N_("speaks {languages}; use it with --voice espeak")
    names = listed(LANGUAGE_NAMES[it] for it in _WORDS)
    return True, Message.of("doctor.espeak", text, languages=names)


def look_for_piper() -> tuple[bool, Message]:
    """Return whether piper is there, which speaks only with a voice that the user names."""
    given = os.environ.get(PIPER_VARIABLE)
    program = program_named(*([given] if given else ["piper", "piper-tts"]))
    if program is None:
        return False, _ABSENT
    try:
        is_ours = b"--model" in run_program((program, "--help"), "", _SECONDS)
    except StudioError as error:
        return False, error.message
    if not is_ours:
        text = N_("{program} is another program of this name")
        return False, Message.of("doctor.other_piper", text, program=program)
    text = N_("{program}; use it with --voice piper:FILE and a voice that you have")
    return True, Message.of("doctor.piper", text, program=program)
