"""Preview streams: each picture of a lesson is sent when it is drawn; nobody waits for a file.

A picture goes as a JPEG, which is smaller than its pixels by a factor of twenty: making and reading
one takes less time than carrying the pixels through the pipe, and a window can keep a whole lesson.
The client reads at its own leisure because the stream never runs far ahead of the frame that the
client says it has got to. It waits here, in the worker, where waiting costs nothing, and not by
filling the pipe, where a cancel could not be answered and the client's memory would pay for it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from PIL import Image

from backprop_studio.render.drawing.pieces import Piece
from backprop_studio.render.messages.events import Event, Frame, Planned, Waiting

if TYPE_CHECKING:
    import numpy as np

    from backprop_studio.render.drawing.plan import Plan
    from backprop_studio.render.drawing.progress import Watch
    from backprop_studio.render.messages.jobs import PreviewJob

Send: TypeAlias = Callable[[Event, bytes], None]
"""Sends an event and its attachment."""

WaitUntilTaken: TypeAlias = Callable[[int, float], bool]
"""Waits until the client has got to a frame or has cancelled, for at most so many seconds; whether
it happened."""

JPEG = {"quality": 90, "subsampling": "4:4:4"}
"""Full colours: at half of them thin coloured lines are off by a hundred levels, here by forty."""

SIGN_OF_LIFE_SECONDS = 10.0
"""How often a stream that waits says so; a worker that says nothing is taken for hung."""


class PreviewStream:
    """Takes the frames of a lesson and sends them.

    Parameters
    ----------
    job : PreviewJob
        What was asked for.
    plan : Plan
        What the lesson will be; sent at once.
    watch : Watch
        Tells whether the job is cancelled.
    send : callable
        Sends an event and its attachment.
    wait : callable
        Waits for the client.

    Attributes
    ----------
    frames : int
        How many it was given.
    piece : Piece
        The frames that it is to be given, from where the job's beat begins.

    Raises
    ------
    InputError
        If there is no such beat.
    """

    def __init__(
        self, job: PreviewJob, plan: Plan, watch: Watch, send: Send, wait: WaitUntilTaken
    ) -> None:
        self.frames = 0
        self._job = job
        first = 0 if job.beat is None else plan.first_frame(job.beat)
        self.piece = Piece(first, plan.frames)
        self._send = send
        self._wait_until_taken = wait
        self._free: np.ndarray[Any, Any] | None = None
        self._watch = watch
        planned = Planned(
            job_id=job.id, beats=plan.beats, first=first, frames=plan.frames, duration=plan.duration
        )
        send(planned, b"")

    def write(self, pixels: np.ndarray[Any, Any], repeat: int = 1) -> None:
        """Send a frame as soon as the client is near enough.

        Parameters
        ----------
        pixels : array
            Height by width by RGBA; it belongs to the stream from now on.
        repeat : int
            How often the frame is shown.

        Raises
        ------
        RenderCancelled
            If the job is cancelled meanwhile.
        """
        if repeat:
            number = self.piece.first + self.frames
            picture = _jpeg(pixels)
            self._wait_for(number)
            frame = Frame(
                job_id=self._job.id,
                number=number,
                seconds=number / self._job.picture.fps,
                repeat=repeat,
                attachment=len(picture),
            )
            self._send(frame, picture)
            self.frames += repeat
        self._free = pixels

    def spare(self) -> np.ndarray[Any, Any] | None:
        """Return the memory of the last frame, which is sent by now."""
        free, self._free = self._free, None
        return free

    def _wait_for(self, number: int) -> None:
        """Wait until a frame may be sent."""
        taken = number - self._job.ahead + 1
        if taken <= self.piece.first or self._wait_until_taken(taken, 0.0):
            self._watch.check()
            return
        self._send(Waiting(job_id=self._job.id), b"")
        while not self._wait_until_taken(taken, SIGN_OF_LIFE_SECONDS):
            self._send(Waiting(job_id=self._job.id), b"")
        self._watch.check()


def _jpeg(pixels: np.ndarray[Any, Any]) -> bytes:
    """Return a frame as JPEG."""
    height, width, _ = pixels.shape
    stream = io.BytesIO()
    # "RGBX" leaves the fourth byte out while it reads: no copy in between.
    Image.frombuffer("RGB", (width, height), pixels, "raw", "RGBX", 0, 1).save(
        stream, "JPEG", **JPEG
    )
    return stream.getvalue()
