"""Finished videos, kept under everything that makes their pictures.

A key holds the code that draws the scene, the versions of the libraries, the parameters with the
data files they name, and what the picture looks like; where the video goes and what it is called
there is no part of it. An entry is checked byte by byte when it is used, because a cache that hands
out a damaged file is worse than none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from pydantic import BaseModel, ValidationError

from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.code_key import drawing_key
from backprop_studio.render.files.data_paths import files_in, paths_in, with_paths
from backprop_studio.render.files.output import writing
from backprop_studio.render.files.staging import place, remove_files, staging
from backprop_studio.render.log import stack_of
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.voice.sources import voice_key

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import MaterialJob

_log = logging.getLogger(__name__)

LIMIT_BYTES = 2 * 1024**3
"""The entries used longest ago go when there is more."""

_STALE_SECONDS = 24 * 3600
"""An unfinished file in the cache that is older was left by a process that was killed."""

_NOT_THE_PICTURE = frozenset({"id", "output", "overwrite", "params", "pronunciations"})


def video_key(job: VideoJob | MaterialJob) -> str:
    """Return the name under which what a job makes is kept.

    Equal keys mean equal pictures: a job's own id, its output and whether that may be replaced
    have no part in it.
    """
    digest = hashlib.sha256(_code_key(job.scene).encode())
    look = job.model_dump(mode="json", exclude=set(_NOT_THE_PICTURE))
    # A file is the same wherever it lies; its name may be on the screen.
    given = json.dumps(
        [look, with_paths(job.params, lambda it: Path(it).name)], sort_keys=True, default=str
    )
    if isinstance(job, VideoJob):
        if job.voice != SILENT:
            digest.update(voice_key(job.voice, job.pronunciations).encode() + b"\0")
        digest.update(Path(job.output).suffix.lower().encode() + b"\0")
    digest.update(given.encode())
    for path in sorted(user_path(it) for it in paths_in(job.params)):
        digest.update(f"{path.name}\0".encode() + _content(path) + b"\0")
    return digest.hexdigest()


@cache
def _code_key(scene: str) -> str:
    """Return the key of what draws a scene; this process has imported it and draws with that."""
    return drawing_key(scene)


def _content(path: Path) -> bytes:
    """Return what stands for a file's content, or for that of all files in a folder."""
    try:
        if path.is_dir():
            return b"".join(file.name.encode() + _digest(file) for file in files_in(path))
        return _digest(path)
    except (OSError, ValueError):
        return b"unreadable"


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


class _Entry(BaseModel, frozen=True):
    sha256: str
    result: VideoResult | None = None
    """Of a video."""


MATERIAL = ".material"
"""The ending of what is kept of a lesson besides its video."""


class VideoCache:
    """Finished videos on the disk; a disk that refuses means that there are none.

    Parameters
    ----------
    folder : Path, optional
        Where they are; made when the first is kept.
    limit : int
        Bytes of all videos together.
    """

    def __init__(self, folder: Path | None = None, limit: int = LIMIT_BYTES) -> None:
        self._folder = folder or Path(platformdirs.user_cache_dir("backprop-studio"), "videos")
        self._limit = limit

    def fetch(self, job: VideoJob, target: Path) -> VideoResult | None:
        """Copy a job's video to a new file, if it is there and whole.

        Raises
        ------
        OSError
            If the new file cannot be written.
        """
        entry = self._fetch(job, target)
        if entry is None or entry.result is None:
            return None
        return entry.result.model_copy(update={"path": str(target)})

    def fetch_material(self, job: MaterialJob, target: Path) -> bool:
        """Copy what was kept of a lesson to a new file, if it is there and whole.

        Raises
        ------
        OSError
            If the new file cannot be written.
        """
        return self._fetch(job, target) is not None

    def _fetch(self, job: VideoJob | MaterialJob, target: Path) -> _Entry | None:
        kept, note = self._paths(video_key(job), target.suffix)
        try:
            entry = _Entry.model_validate_json(note.read_bytes())
            if not kept.is_file():
                return None
        except (OSError, ValidationError):
            return None
        _log.info("Cache hit: %s for job %s", kept.name, job.id)
        shutil.copyfile(kept, target)
        if _digest(target).hex() != entry.sha256:
            # Somebody has changed it, or the disk has: draw it again.
            _log.warning("Cache entry damaged: %s", kept.name)
            remove_files(target, kept, note)
            return None
        with suppress(OSError):
            os.utime(note)  # used just now
        return entry

    def deliver(self, job: VideoJob) -> VideoResult | None:
        """Put a job's video where the job wants it, if it is there and whole.

        Raises
        ------
        OutputError
            If it cannot be written there.
        """
        target = Path(job.output)
        if not self._paths(video_key(job), target.suffix)[1].is_file():
            return None
        with writing(target), staging(target, job.id) as staged:
            result = self.fetch(job, staged)
            if result is not None:
                place(staged, target, overwrite=job.overwrite)
                result = result.model_copy(update={"path": str(target)})
        return result

    def keep(
        self, job: VideoJob | MaterialJob, video: Path, result: VideoResult | None = None
    ) -> bool:
        """Keep a copy of a finished video or of what else there is of a lesson, if it is one file.

        Returns
        -------
        bool
            Whether it is kept.
        """
        if not video.is_file():
            return False
        kept, note = self._paths(video_key(job), video.suffix)
        staged = kept.with_name(f".{kept.name}.{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(video, staged)
            entry = _Entry(sha256=_digest(staged).hex(), result=result)
            os.replace(staged, kept)
            staged.write_text(entry.model_dump_json(), encoding="utf-8")
            os.replace(staged, note)
            _log.info("Cache entry made: %s of job %s", kept.name, job.id)
            self._trim()
        except OSError as error:
            _log.warning("Cache entry not made: %s", stack_of(error))
            remove_files(staged)
            return False
        return note.is_file()

    def _paths(self, key: str, ending: str) -> tuple[Path, Path]:
        return self._folder / f"{key}{ending.lower()}", self._folder / f"{key}.json"

    def _trim(self) -> None:
        """Remove what was used longest ago until the rest is within the limit."""
        for staged in self._folder.glob(".*.tmp"):
            if time.time() - staged.stat().st_mtime > _STALE_SECONDS:
                remove_files(staged)  # its owner was killed
        notes = [(note.stat().st_mtime_ns, note) for note in self._folder.glob("*.json")]
        total = 0
        for _, note in sorted(notes, reverse=True):
            files = [it for it in self._folder.glob(f"{note.stem}.*") if it != note]
            total += sum(it.stat().st_size for it in files)
            if total > self._limit:
                remove_files(*files, note)
