"""The walk through a lesson to the moments that are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_studio.render.drawing.renderers import PlanningRenderer, frame_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from manim import Mobject, Scene


@dataclass(frozen=True)
class Play:
    """One play of a lesson.

    Attributes
    ----------
    beat : str
        The open beat.
    start, count : int
        Its first frame in the film, and how many it has.
    still : bool
        Nothing moves.
    """

    beat: str
    start: int
    count: int
    still: bool


class WalkingRenderer(PlanningRenderer):
    """Walks through a scene without drawing, and stops at some of its frames.

    A play is not stepped through frame by frame, but only from one wanted frame to the next; where
    an updater is on stage it is, as in a plan.

    Parameters
    ----------
    on_play : callable
        Called before each play; may raise to stop.
    beat : callable
        Returns the name of the open beat.
    wanted : iterable of int
        Frames to stop at.
    on_moment : callable, optional
        Called there with the scene, the frame's number, and whether nothing moves.
    on_played : callable, optional
        Called after each play with the scene and the play.

    Attributes
    ----------
    plays : list of Play
        Those so far.
    """

    def __init__(
        self,
        on_play: Callable[[], None],
        beat: Callable[[], str],
        wanted: Iterable[int] = (),
        on_moment: Callable[[Scene, int, bool], object] = lambda *_: None,
        on_played: Callable[[Scene, Play], object] = lambda *_: None,
    ) -> None:
        super().__init__(on_play)
        self.plays: list[Play] = []
        self._beat = beat
        self._wanted_frames = sorted(wanted)
        self._on_moment, self._on_played = on_moment, on_played
        self._step = 0
        self._busy = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Skip a play, but for the frames that are wanted of it."""
        start, self._step = self.frames, 0
        super().play(scene, *args, **kwargs)
        still = scene.is_current_animation_frozen_frame()
        self.plays.append(Play(self._beat(), start, self.frames - start, still))
        self._on_played(scene, self.plays[-1])
        if still and (found := self._wanted_in(start, self.frames - start)):
            self._stop_at(scene, found[0], still=True)

    def looks_into(self, count: int) -> bool:
        """Return whether a wanted frame is among those of the play that begins."""
        return bool(self._wanted_in(self.frames, count))

    def save_static_frame_data(
        self, scene: Scene, static_mobjects: Iterable[Mobject]
    ) -> np.ndarray[Any, Any] | None:
        """Go through the wanted frames of a play that is about to be skipped."""
        image = super().save_static_frame_data(scene, static_mobjects)
        steps = not self.skip_animations or scene.stop_condition is not None
        if not self._busy and not steps and not scene.is_current_animation_frozen_frame():
            for frame in self._wanted_in(self.frames, frame_count(scene, self.fps)):
                scene.update_to_time((frame - self.frames) / self.fps)
                self._stop_at(scene, frame, still=False)
        return image

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Stop at a wanted frame of a play that is stepped through."""
        steps = not self.skip_animations or scene.stop_condition is not None
        if steps and (found := self._wanted_in(self.frames + self._step, 1)):
            self._stop_at(scene, found[0], still=False)
        self._step += 1
        super().render(scene, time, moving_mobjects)

    def _wanted_in(self, start: int, count: int) -> list[int]:
        return [frame for frame in self._wanted_frames if start <= frame < start + count]

    def _stop_at(self, scene: Scene, frame: int, *, still: bool) -> None:
        self._busy = True
        try:
            self._on_moment(scene, frame, still)
        finally:
            self._busy = False


def chosen_frames(plays: Sequence[Play], most: int) -> set[int]:
    """Return the frames between the ends of beats that are to be looked at.

    The middle of each play and the beginning of each still moment come first, then the quarters of
    the longest plays; where there are too many, they are taken evenly.

    Parameters
    ----------
    plays : sequence of Play
        All of a lesson.
    most : int
        Frames of one beat.

    Examples
    --------
    >>> plays = [Play("loss", 0, 20, False), Play("loss", 20, 60, True), Play("loss", 80, 8, False)]
    >>> sorted(chosen_frames(plays, 4))
    [5, 10, 20, 84]
    >>> sorted(chosen_frames(plays, 2))
    [10, 84]
    """
    frames: set[int] = set()
    for beat in dict.fromkeys(play.beat for play in plays):
        frames |= _of_beat([play for play in plays if play.beat == beat and play.count], most)
    return frames


def _of_beat(plays: Sequence[Play], most: int) -> set[int]:
    if not plays:
        return set()
    # A still moment at a beat's end is the beat's end itself.
    shown = plays[:-1] if plays[-1].still else plays
    first = [play.start + (0 if play.still else play.count // 2) for play in shown]
    if len(first) >= most:
        return {first[k] for k in np.linspace(0, len(first) - 1, most).round().astype(int)}
    moving = sorted((play for play in shown if not play.still), key=lambda play: -play.count)
    more = [play.start + play.count * part // 4 for part in (1, 3) for play in moving]
    return set(first) | set([frame for frame in more if frame not in first][: most - len(first)])
