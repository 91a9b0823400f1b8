"""The plan of a lesson: its frames, beats and plays, known before a frame is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.catalogue import name_hint
from backprop_studio.render.drawing.pieces import Piece, Play, pieces

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Share
    from backprop_studio.render.messages.results import BeatMark


@dataclass(frozen=True)
class Plan:
    """The plan of one lesson at one frame rate.

    Attributes
    ----------
    scene : str
        Id of its scene.
    fps : float
        Frames per second.
    frames : int
        Number of frames of the film.
    beats : tuple of BeatMark
        When each beat plays.
    plays : tuple of Play
        Where it can be cut.
    is_whole : bool
        False if the lesson was left before its end; then it is only of the beats so far.
    """

    scene: str
    fps: float
    frames: int
    beats: tuple[BeatMark, ...]
    plays: tuple[Play, ...] = ()
    is_whole: bool = True

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.fps

    def frame_at(self, seconds: float) -> int:
        """Return the number of the frame that a player shows at a time.

        Raises
        ------
        InputError
            If the lesson is over by then.
        """
        frame = int(seconds * self.fps + 1e-6)
        if frame > self.frames:
            text = N_(
                "{seconds} seconds is after the end of the scene '{scene}', which lasts "
                "{duration} seconds"
            )
            at, end = f"{seconds:g}", f"{self.duration:.2f}"
            raise InputError("still.after_end", text, seconds=at, scene=self.scene, duration=end)
        return min(frame, self.frames - 1)  # the very end shows the last frame

    def beat(self, name: str) -> BeatMark:
        """Return the beat of a name.

        Raises
        ------
        InputError
            If there is none.
        """
        for mark in self.beats:
            if mark.name == name:
                return mark
        text = N_("the scene '{scene}' has no beat '{beat}'; {hint}")
        hint = name_hint(name, [mark.name for mark in self.beats])
        raise InputError("beat.unknown", text, scene=self.scene, beat=name, hint=hint)

    def first_frame(self, beat: str) -> int:
        """Return the number of the first frame of a beat."""
        return round(self.beat(beat).start * self.fps)

    def last_frame(self, beat: str) -> int:
        """Return the number of the last frame of a beat."""
        return round(self.beat(beat).end * self.fps) - 1

    def beat_at(self, frame: int) -> str:
        """Return the name of the beat that a frame is in; empty before the first."""
        names = [mark.name for mark in self.beats if round(mark.start * self.fps) <= frame]
        return names[-1] if names else ""

    def piece(self, share: Share | None) -> Piece:
        """Return the frames that are asked for; none if there are not so many pieces."""
        if share is None:
            return Piece(0, self.frames)
        found = pieces(self.plays, share.count)
        return found[share.number] if share.number < len(found) else Piece(0, 0)

    def cuts(self, piece: Piece) -> list[int]:
        """Return the frames of a piece with which beats begin, counted from its own first."""
        starts = (round(mark.start * self.fps) for mark in self.beats)
        return [it - piece.first for it in starts if piece.first <= it < piece.last]

    def check_not_empty(self) -> None:
        """Check that there is something to be shown.

        Raises
        ------
        SceneError
            If there is not.
        """
        if not self.frames:
            text = N_("the scene '{scene}' has no animation to show")
            raise SceneError("scene.empty", text, scene=self.scene)

    @staticmethod
    def check_played(played: int, piece: Piece) -> None:
        """Check that as many frames were played as were planned.

        Raises
        ------
        SceneError
            If there were more or fewer.
        """
        if played != piece.frames:
            text = N_(
                "the scene played {played} frames instead of the planned {planned}; it must "
                "not depend on chance or on the clock"
            )
            raise SceneError("scene.not_as_planned", text, played=played, planned=piece.frames)
