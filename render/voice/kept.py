"""Sentences that a program has spoken, kept by content: one changed sentence is spoken anew.

A file holds the digest of what follows, the rate, and the samples. A disk that refuses means that
nothing is kept.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

import platformdirs

from backprop_studio.render.files.staging import remove_files
from backprop_studio.render.log import stack_of
from backprop_studio.render.voice.sound import RawSound

_log = logging.getLogger(__name__)

LIMIT_BYTES = 512 * 1024**2
"""About three hours of speech; sentences used longest ago go when there is more."""

_ENDING = ".voice"
_DIGEST = 32
_RATE = 4


class KeptSentences:
    """Spoken sentences on the disk.

    Parameters
    ----------
    folder : Path, optional
        Where they are; made when the first is kept.
    limit : int
        Bytes of all together.
    """

    def __init__(self, folder: Path | None = None, limit: int = LIMIT_BYTES) -> None:
        self._folder = folder or Path(platformdirs.user_cache_dir("backprop-studio"), "voice")
        self._limit = limit

    def fetch(self, key: str) -> RawSound | None:
        """Return a sentence's sound, if it is there and whole."""
        file = self._file(key)
        try:
            data = file.read_bytes()
        except OSError:
            return None
        body = data[_DIGEST:]
        if len(body) <= _RATE or hashlib.sha256(body).digest() != data[:_DIGEST]:
            _log.warning("Kept sentence damaged: %s", file.name)
            remove_files(file)
            return None
        with suppress(OSError):
            os.utime(file)  # used just now
        return RawSound(int.from_bytes(body[:_RATE], "little"), body[_RATE:])

    def keep(self, key: str, sound: RawSound) -> None:
        """Keep a sentence's sound."""
        body = sound.rate.to_bytes(_RATE, "little") + sound.data
        file = self._file(key)
        staged = file.with_name(f".{key}.{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(hashlib.sha256(body).digest() + body)
            os.replace(staged, file)
            self._trim()
        except OSError as error:
            _log.warning("Sentence not kept: %s", stack_of(error))
            remove_files(staged)

    def _file(self, key: str) -> Path:
        return self._folder / (key + _ENDING)

    def _trim(self) -> None:
        """Remove what was used longest ago until the rest is within the limit."""
        found = []
        for file in self._folder.glob(f"*{_ENDING}"):
            with suppress(OSError):  # another process has removed it
                found.append((file.stat().st_mtime_ns, file.stat().st_size, file))
        total = 0
        for _, size, file in sorted(found, reverse=True):
            total += size
            if total > self._limit:
                remove_files(file)
