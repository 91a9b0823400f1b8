"""Voices that are programs: espeak-ng, and piper with a file of a voice.

Both are under the GPL. They are started as programs, and nothing of theirs is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, MissingComponentError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.voice.kept import KeptSentences
from backprop_studio.render.voice.programs import failed, run_program
from backprop_studio.render.voice.sound import (
    RATE,
    NoSoundError,
    RawSound,
    Samples,
    samples_of,
    trimmed,
    wave_of,
)
from backprop_studio.render.voice.words.speech import spoken_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.voice.source import Saying
    from backprop_studio.render.voice.words.pronunciations import Pronunciations

PIPER_VARIABLE = "BACKPROP_STUDIO_PIPER"
"""Environment variable with the path of piper, where another program has its name."""

_ESPEAK_VOICES: Mapping[Language, str] = {"en": "en-us", "zh": "cmn-latn-pinyin"}
"""Plain ``cmn`` of version 1.51, which Debian 12 has, spells Chinese letter by letter."""

_WORDS_PER_MINUTE = "150"
_SHORTEST_SECONDS = 0.05
_MOST_CONFIG_BYTES = 1_000_000


class ProgrammedVoice(ABC):
    """A voice that a program speaks, sentence by sentence.

    Parameters
    ----------
    program : str
        Path of the program.
    own : mapping
        The user's pronunciations.
    kept : KeptSentences, optional
        Those spoken before; by default the user's own.
    """

    at_once = min(os.cpu_count() or 1, 4)

    def __init__(
        self, program: str, own: Pronunciations, kept: KeptSentences | None = None
    ) -> None:
        self._program = program
        self._own = own
        self._kept = kept or KeptSentences()
        self._given_up = Event()

    def speak(self, saying: Saying, language: Language) -> Samples | None:
        """Speak a sentence, if it was not spoken before."""
        words = spoken_words(saying.text, language, self._own.get(language, {}))
        return self.speak_words(words, language) if words else None

    def speak_words(self, words: str, language: Language) -> Samples:
        """Speak what is nothing but words.

        Raises
        ------
        MissingComponentError
            If the program does not speak.
        TimeLimitError
            If it takes too long.
        """
        key = hashlib.sha256("\0".join((self.identity(language), words)).encode()).hexdigest()
        raw = self._kept.fetch(key)
        if raw is not None:
            return trimmed(samples_of(raw))
        try:
            raw = self.run(words, language)
            samples = trimmed(samples_of(raw))
        except NoSoundError as error:
            raise self._mute() from error
        if samples.size < _SHORTEST_SECONDS * RATE:
            raise self._mute()
        self._kept.keep(key, raw)
        return samples

    def stop(self) -> None:
        """End what is being spoken."""
        self._given_up.set()

    def fingerprint(self) -> str:
        """Return what stands for the program, its voices and the user's pronunciations."""
        own = json.dumps(self._own, sort_keys=True)
        return "\0".join([self.identity("en"), self.identity("zh"), own])

    @abstractmethod
    def identity(self, language: Language) -> str:
        """Return what makes its sound, beside the words."""

    @abstractmethod
    def run(self, words: str, language: Language) -> RawSound:
        """Have the program speak.

        Raises
        ------
        NoSoundError
            If what it has written is no sound.
        """

    def _run(self, command: Sequence[str], words: str) -> bytes:
        return run_program(command, words, given_up=self._given_up)

    def _mute(self) -> MissingComponentError:
        reason = Message.of("voice.silent", N_("nothing can be heard of what it has written"))
        return failed(Path(self._program).name, reason)


class Espeak(ProgrammedVoice):
    """The draft voice: clear, quick and mechanical, in both languages."""

    def __init__(self, own: Pronunciations, kept: KeptSentences | None = None) -> None:
        super().__init__(_found("espeak-ng", ("espeak-ng",), ESPEAK_ADVICE), own, kept)

    def identity(self, language: Language) -> str:
        """Return what makes its sound, beside the words."""
        look = ("espeak", _stamp(self._program), _ESPEAK_VOICES[language], _WORDS_PER_MINUTE)
        return "\0".join(look)

    def run(self, words: str, language: Language) -> RawSound:
        """Have the program speak."""
        voice = _ESPEAK_VOICES[language]
        options = ("-v", voice, "-s", _WORDS_PER_MINUTE, "--stdin", "--stdout")
        return wave_of(self._run((self._program, *options), words))


class Piper(ProgrammedVoice):
    """A natural voice, from a file that the user names.

    Parameters
    ----------
    file : Path
        The voice, ``*.onnx``, with its description ``*.onnx.json`` beside it.
    """

    def __init__(self, file: Path, own: Pronunciations, kept: KeptSentences | None = None) -> None:
        self._file = file
        self._rate, self._speaks = _described(file)
        given = os.environ.get(PIPER_VARIABLE)
        names = (given,) if given else ("piper", "piper-tts")
        super().__init__(_found("piper", names, PIPER_ADVICE), own, kept)

    def identity(self, language: Language) -> str:
        """Return what makes its sound, beside the words."""
        return "\0".join(("piper", _stamp(self._program), self._file.name, _stamp(self._file)))

    def run(self, words: str, language: Language) -> RawSound:
        """Have the program speak."""
        if self._speaks and self._speaks != language:
            text = N_(
                "the voice {file} speaks '{found}' and the lesson is in '{language}'; name a voice "
                "of this language"
            )
            fields = {"file": self._file, "found": self._speaks, "language": language}
            raise InputError("voice.other_language", text, **fields)
        command = (self._program, "--model", str(self._file), "--output_raw")
        data = self._run(command, words)
        return RawSound(self._rate, data[: len(data) // 2 * 2])


ESPEAK_ADVICE = Message.of(
    "voice.get_espeak", N_("install espeak-ng (Debian: apt install espeak-ng)")
)
PIPER_ADVICE = Message.of(
    "voice.get_piper",
    N_("install it (pip install piper-tts), or name the program in {variable}"),
    variable=PIPER_VARIABLE,
)


def program_named(*names: str) -> str | None:
    """Return the path of the first of some programs that is there."""
    return next((found for name in names if (found := shutil.which(name))), None)


def _found(name: str, names: tuple[str, ...], advice: Message) -> str:
    found = program_named(*names)
    if found is None:
        text = N_("the voice program {program} is not there; {advice}")
        raise MissingComponentError("voice.missing", text, program=name, advice=advice)
    return found


def _stamp(file: str | Path) -> str:
    """Return what stands for a file's content, without reading all of it."""
    try:
        state = os.stat(file)
    except OSError:
        return ""
    return f"{state.st_size}-{state.st_mtime_ns}"


def _described(file: Path) -> tuple[int, str]:
    """Return the rate of a voice and its language, as its description says."""
    description = file.with_name(f"{file.name}.json")
    if not file.is_file():
        text = N_("the voice {file} is not there; name a file that ends in .onnx")
        raise InputError("voice.no_file", text, file=file)
    try:
        with description.open("rb") as source:
            said = json.loads(source.read(_MOST_CONFIG_BYTES))
        rate = int(said["audio"]["sample_rate"])
        names = (said.get("language") or {}).get("code"), (said.get("espeak") or {}).get("voice")
        speaks = str(next((name for name in names if name), ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        text = N_("the voice {file} needs its description {description} beside it")
        raise InputError(
            "voice.no_description", text, file=file, description=description
        ) from error
    short = speaks.replace("_", "-").partition("-")[0].lower()
    return rate, {"cmn": "zh"}.get(short, short)
