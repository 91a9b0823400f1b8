"""The target of a video, whatever kind of file it is."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.render.files.film import Film
from backprop_studio.render.files.gif import GifFilm
from backprop_studio.render.files.output import verify_video, writing
from backprop_studio.render.files.sequence import place_sequence
from backprop_studio.render.files.sequence_film import SequenceFilm, verify_sequence
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.formats import GIF, format_of, is_sequence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from backprop_studio.render.files.frame_queue import FrameQueue
    from backprop_studio.render.messages.jobs import VideoJob
    from backprop_studio.render.messages.results import BeatMark


class VideoTarget:
    """The output of one job, which is staged beside its path until it is finished and verified.

    Parameters
    ----------
    job : VideoJob
        The job; a file that may not be replaced must not be there.

    Raises
    ------
    InputError
        If a video cannot be written there.

    Attributes
    ----------
    path : Path
        The finished file, or the pattern of numbered pictures.
    is_transparent : bool
        Whether what a lesson does not paint is seen through.
    """

    def __init__(self, job: VideoJob) -> None:
        self.path = Path(job.output)
        check_video_target(self.path, job.picture, overwrite=job.overwrite)
        self.is_transparent = format_of(self.path).is_transparent
        self._job = job

    @contextmanager
    def staged(self) -> Iterator[StagedVideo]:
        """Give what it is written to; what was not delivered afterwards is removed.

        Raises
        ------
        OutputError
            If the disk or the permissions do not allow it.
        """
        made = staging(self.path, self._job.id, is_folder=is_sequence(self.path))
        with writing(self.path), made as staged:
            yield StagedVideo(self._job, staged)


class StagedVideo:
    """The staged file or folder of a video."""

    def __init__(self, job: VideoJob, staged: Path) -> None:
        self._job = job
        self._path = Path(job.output)
        self._staged = staged

    @contextmanager
    def film(
        self,
        scratch: Path,
        title: str,
        beats: Sequence[BeatMark],
        threads: int = 0,
        tags: Mapping[str, str] | None = None,
        cuts: Collection[int] = (),
    ) -> Iterator[FrameQueue]:
        """Give what frames are written to; it is given up if they cannot all be written.

        Parameters
        ----------
        scratch : Path
            A folder for what is only needed meanwhile.
        threads : int
            How many the encoder has; as many as it likes if 0.
        tags : mapping
            What a file that holds texts says of itself beside its title.
        cuts : collection of int
            Frames at which the video can be cut without encoding it again.

        Raises
        ------
        OSError
            If nothing can be written there.
        """
        film: FrameQueue
        if is_sequence(self._path):
            film = SequenceFilm(self._staged, self._job.picture)
        elif format_of(self._path) is GIF:
            film = GifFilm(self._staged, self._job.picture, scratch)
        else:
            film = Film(self._staged, self._job.picture, title, beats, threads, tags, cuts)
        try:
            yield film
        except BaseException:
            film.abort()
            raise

    def deliver(self, frames: int) -> None:
        """Verify that what was written is what was planned, and move it to its path.

        Raises
        ------
        StudioError
            If it is not.
        OutputError
            If something has appeared there in the meantime.
        OSError
            If the disk or the permissions do not allow it.
        """
        if is_sequence(self._path):
            verify_sequence(self._staged, self._job.picture, frames)
            place_sequence(self._staged, self._path, overwrite=self._job.overwrite)
        else:
            verify_video(self._staged, self._job.picture, frames)
            place(self._staged, self._path, overwrite=self._job.overwrite)
