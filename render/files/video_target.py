"""Where a video goes and how it gets there, whatever kind of file it is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from backprop_studio.render.files.film import Film
from backprop_studio.render.files.gif import GifFilm
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.files.sequence import place_sequence
from backprop_studio.render.files.sequence_film import SequenceFilm, verify_sequence
from backprop_studio.render.files.staging import place, staging, staging_path
from backprop_studio.render.messages.formats import GIF, format_of, is_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.render.files.frame_queue import FrameQueue
    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.messages.results import BeatMark

__all__ = ["VideoTarget"]


class VideoTarget:
    """The output of one job, which is staged beside its place until it is finished and proven.

    Parameters
    ----------
    path : Path
        The finished file, or the pattern of numbered pictures.
    job_id : str
        The job.
    """

    def __init__(self, path: Path, job_id: str) -> None:
        self.path = path
        self._job_id = job_id
        self._staged = staging_path(path, job_id)
        self._is_sequence = is_sequence(path)

    @contextmanager
    def staged(self) -> Iterator[None]:
        """Make the place where it is staged; what is not in its own place then is removed.

        Raises
        ------
        OSError
            If nothing can be made there.
        """
        with staging(self.path, self._job_id, is_folder=self._is_sequence):
            yield

    @property
    def is_transparent(self) -> bool:
        """Whether what a lesson does not paint is seen through."""
        return format_of(self.path).is_transparent

    def open(
        self,
        picture: FrameFormat,
        scratch: Path,
        title: str,
        beats: Sequence[BeatMark],
        threads: int = 0,
    ) -> FrameQueue:
        """Begin to write; an encoder that can be told how many threads it has is told.

        Raises
        ------
        OSError
            If nothing can be written there.
        """
        if self._is_sequence:
            return SequenceFilm(self._staged, picture)
        if format_of(self.path) is GIF:
            return GifFilm(self._staged, picture, scratch)
        return Film(self._staged, picture, title, beats, threads)

    def verify(self, picture: FrameFormat, frames: int) -> None:
        """Prove that what was written is what was planned.

        Raises
        ------
        StudioError
            If anything differs.
        """
        check = verify_sequence if self._is_sequence else verify_video
        check(self._staged, picture, frames)

    def place(self, *, overwrite: bool) -> None:
        """Put what was written where it belongs.

        Raises
        ------
        OutputError
            If something has appeared there in the meantime.
        OSError
            If the disk or the permissions do not allow it.
        """
        if self._is_sequence:
            place_sequence(self._staged, self.path, overwrite=overwrite)
        else:
            place(self._staged, self.path, overwrite=overwrite)
