"""The lecturer's own voice: recordings in a folder, found by their names.

A file is called after the sentence it holds, as ``backprop.loss.2.wav``, or after the beat, as
``backprop.loss.wav``; its ending may be that of any kind of sound. Before the ending may stand the
language, as in ``backprop.loss.2.zh.wav``. A recording of a whole beat is cut where the lecturer
pauses.
"""

from __future__ import annotations

import itertools
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import os_reason
from backprop_studio.render.voice.sound import (
    RATE,
    NoSoundError,
    Samples,
    TooLongError,
    pauses,
    read_sound,
    trimmed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.voice.source import Saying

ENDINGS = (
    *(".wav", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".flac", ".aif", ".aiff", ".wma"),
    *(".webm", ".mp4", ".mka", ".mov", ".caf"),
)
MOST_SECONDS = 120.0
"""Of a sentence; a beat may have as much for each of its own."""

MOST_FILES = 10_000


class Recordings:
    """The recordings of one folder.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    InputError
        If there is no such folder, or no recording in it.
    """

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cut: dict[Path, list[Samples]] = {}
        self._lock = Lock()
        if not self._files:
            text = N_("there are no recordings in {folder}; name them as {example}")
            example = "backprop.loss.2.wav"
            raise InputError("voice.no_recordings", text, folder=folder, example=example)

    @cached_property
    def _files(self) -> dict[str, Path]:
        """Recordings by their names without ending, in small letters."""
        try:
            inside = sorted(itertools.islice(self._folder.iterdir(), MOST_FILES))
        except OSError as error:
            text = N_("the folder of recordings {folder} cannot be read: {reason}")
            raise InputError(
                "voice.no_folder", text, folder=self._folder, reason=os_reason(error)
            ) from error
        return {it.stem.lower(): it for it in inside if it.suffix.lower() in ENDINGS}

    def speak(self, saying: Saying, language: Language) -> Samples | None:
        """Return the recording of a sentence, or its part of the beat's."""
        own = self._named(saying.name, language)
        if own is not None:
            return self._read(own, MOST_SECONDS)
        beat = self._named(f"{saying.scene}.{saying.beat}", language)
        if beat is None:
            return None
        with self._lock:
            if beat not in self._cut:
                whole = self._read(beat, MOST_SECONDS * saying.count)
                self._cut[beat] = sentences_in(whole, saying.count)
            return self._cut[beat][saying.number - 1]

    def stop(self) -> None:
        """Nothing is being spoken that would have to be ended."""

    def fingerprint(self) -> str:
        """Return what stands for all recordings."""
        found = []
        for file in self._files.values():
            state = file.stat()
            found.append(f"{file.name}\0{state.st_size}\0{state.st_mtime_ns}")
        return "\0".join(found)

    def _named(self, name: str, language: Language) -> Path | None:
        names = (f"{name}.{language}".lower(), name.lower())
        return next((self._files[it] for it in names if it in self._files), None)

    @staticmethod
    def _read(file: Path, most: float) -> Samples:
        try:
            samples = trimmed(read_sound(file, most))
        except TooLongError as error:
            text = N_("the recording {file} lasts longer than {allowed} seconds; record less of it")
            raise InputError("voice.long", text, file=file, allowed=f"{most:g}") from error
        except NoSoundError as error:
            text = N_("the recording {file} cannot be read as sound; record it again")
            raise InputError("voice.unreadable", text, file=file) from error
        except OSError as error:
            text = N_("the recording {file} cannot be opened: {reason}")
            raise InputError("voice.unopened", text, file=file, reason=os_reason(error)) from error
        if not samples.size:
            text = N_("nothing can be heard in the recording {file}; record it again")
            raise InputError("voice.nothing_heard", text, file=file)
        return samples


def sentences_in(samples: Samples, count: int) -> list[Samples]:
    """Cut the recording of a beat into its sentences: at the longest pauses, as many as it needs.

    Where the lecturer has paused too rarely, the rest is cut in equal parts.
    """
    longest = sorted(pauses(samples), key=lambda it: it[0] - it[1])[: count - 1]
    cuts = [(a + b) // 2 for a, b in longest]
    while len(cuts) < count - 1:
        edges = [0, *sorted(cuts), samples.size]
        first, last = max(itertools.pairwise(edges), key=lambda it: it[1] - it[0])
        cuts.append((first + last) // 2)
    parts = np.split(samples, sorted(cuts))
    # Where it was cut within a word there is no silence, and nothing may click.
    return [trimmed(part) if part.size > RATE // 50 else part for part in parts]
