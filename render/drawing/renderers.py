"""Two renderers for one scene: one that only counts, and one that films.

Both are Manim's own Cairo renderer with the file output taken out. Manim runs the same construct,
the same animations and the same camera, so a plan, a still and a video cannot disagree.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.color import color_to_int_rgba

from backprop_studio.render.drawing.passing import can_be_passed, pass_over
from backprop_studio.render.drawing.pieces import Enough, Piece, Play
from backprop_studio.scenes.paint.camera import PaintingCamera

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from manim import Mobject, Scene


class FrameSink(Protocol):
    """Where frames go: a file, or a stream."""

    @property
    def frames(self) -> int:
        """Frames so far."""

    def write(self, pixels: np.ndarray[Any, Any], repeat: int = 1) -> None:
        """Take a frame, which is shown several times if nothing moves."""

    def spare(self) -> np.ndarray[Any, Any] | None:
        """Return memory of a frame that is not needed any more, if there is some."""


def frame_count(scene: Scene, fps: float) -> int:
    """Return how many frames Manim writes for the play that was just compiled.

    The two formulas are those of ``CairoRenderer.freeze_current_frame`` and
    ``Scene.get_time_progression``, including their rounding.
    """
    if scene.is_current_animation_frozen_frame():
        return int(scene.duration / (1 / fps))
    return len(np.arange(0, scene.duration, 1 / fps))


def _has_updaters(scene: Scene) -> bool:
    if scene.updaters:
        return True
    stage = itertools.chain(scene.mobjects, scene.moving_mobjects)
    return any(part.updaters for mobject in stage for part in mobject.get_family())


class FilmCamera(PaintingCamera):
    """The camera of films; it fills its ground pixel by pixel instead of byte by byte.

    That takes 1 ms at 720p instead of 6.
    """

    def init_background(self) -> None:
        """Make the ground, which Manim does twice for a lesson that has its own colour."""
        if self.background_image is not None:
            super().init_background()
            return
        colour = color_to_int_rgba(self.background_color, self.background_opacity)
        (pixel,) = np.asarray(colour, dtype=np.uint8).view(np.uint32)
        shape = (self.pixel_height, self.pixel_width)
        ground: Any = np.full(shape, pixel, dtype=np.uint32).view(np.uint8).reshape(*shape, 4)
        self.background = ground


class _OnceRenderer(CairoRenderer):
    """Manim's renderer, drawing static mobjects once.

    In a hold nothing moves, and Manim takes "nothing" for "everything": it draws the whole stage a
    second time on top of its picture, which doubles every smooth edge.
    """

    def update_frame(
        self, scene: Scene, mobjects: Iterable[Mobject] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Draw mobjects above the picture of the static ones."""
        moving = None if mobjects is None else list(mobjects)
        if moving == [] and self.static_image is not None:
            self.camera.set_frame_to_background(self.static_image)
        else:
            super().update_frame(scene, moving, *args, **kwargs)


class PlanningRenderer(_OnceRenderer):
    """Walks through a scene without drawing, and draws at most one frame of it.

    A play is skipped to its end, unless it holds the wanted frame or something on stage has an
    updater: what an updater adds up depends on the steps, so these are then the film's own.

    Parameters
    ----------
    on_play : callable
        Called before each play; may raise to stop.
    wanted_frame : int, optional
        Number of the frame to draw, from 0.

    Attributes
    ----------
    frames : int
        Frames that a film of the plays so far would have.
    played : list of Play
        Those so far.
    picture : array or None
        The frame that was drawn, as RGBA.
    """

    camera: PaintingCamera

    def __init__(self, on_play: Callable[[], None], wanted_frame: int | None = None) -> None:
        super().__init__(camera_class=FilmCamera, skip_animations=True)
        self.frames = 0
        self.played: list[Play] = []
        self.picture: np.ndarray[Any, Any] | None = None
        self._on_play = on_play
        self._wanted = wanted_frame
        self._stepped = 0
        self._drawing = False

    @property
    def fps(self) -> float:
        """Frames per second."""
        return float(self.camera.frame_rate)

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Skip a play, or step through it if the wanted frame is in it."""
        self._on_play()
        self._stepped = 0
        scene.compile_animation_data(*args, **kwargs)
        if can_be_passed(scene) and not self.looks_into(frame_count(scene, self.fps)):
            pass_over(scene)
        else:
            self._play_compiled(scene)
        # Manim steps through a wait for a condition even when it skips.
        waits = scene.stop_condition is not None
        count = self._stepped if waits else frame_count(scene, self.fps)
        if scene.is_current_animation_frozen_frame() and self._holds_wanted(count):
            self._draw_wanted(scene)
        self.played.append(Play(count, is_still=scene.is_current_animation_frozen_frame()))
        self.frames += count
        # Manim adds the duration when it skips and whole frames when it films; scenes that ask for
        # the time must hear the same in both.
        self.time = self.frames / self.fps

    def _play_compiled(self, scene: Scene) -> None:
        """Do what Manim's renderer does with a play that it skips, once it is compiled."""
        self.skip_animations = self._original_skipping_status
        scene.begin_animations()
        self.save_static_frame_data(scene, scene.static_mobjects)
        if not scene.is_current_animation_frozen_frame():
            scene.play_internal()

    def _draw_wanted(self, scene: Scene) -> None:
        """Draw the wanted frame, in the middle of a play."""
        self.photograph(scene, playing=True)

    def looks_into(self, count: int) -> bool:
        """Return whether somebody looks at one of the frames of the play that begins."""
        return self._holds_wanted(count)

    def _holds_wanted(self, count: int) -> bool:
        return self._wanted is not None and 0 <= self._wanted - self.frames < count

    def save_static_frame_data(
        self, scene: Scene, static_mobjects: Iterable[Mobject]
    ) -> np.ndarray[Any, Any] | None:
        """Decide whether to step through the play, which is compiled by now."""
        if self._drawing:
            return super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None
        if not scene.is_current_animation_frozen_frame():
            wanted = self._holds_wanted(frame_count(scene, self.fps))
            self.skip_animations = not (wanted or _has_updaters(scene))
        return None

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Count a step, and draw it if it is the wanted one."""
        if not self.skip_animations and self.frames + self._stepped == self._wanted:
            self._draw_wanted(scene)
        self._stepped += 1
        self.time += 1 / self.fps

    def update_frame(
        self, scene: Scene, mobjects: Iterable[Mobject] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Draw only when a picture was asked for."""
        if self._drawing:
            super().update_frame(scene, mobjects, *args, **kwargs)

    def add_frame(self, frame: np.ndarray[Any, Any], num_frames: int = 1) -> None:
        """Write nothing."""

    def freeze_current_frame(self, duration: float) -> None:
        """Write nothing, and do not copy the picture for it as Manim does."""

    def photograph(self, scene: Scene, *, playing: bool = False) -> np.ndarray[Any, Any]:
        """Draw the scene as it stands into :attr:`picture`, and return that.

        Parameters
        ----------
        scene : Scene
            The scene.
        playing : bool
            Draw as in the middle of a play, static mobjects below moving ones.
        """
        self._drawing = True
        try:
            self.static_image = None
            if playing:
                self.save_static_frame_data(scene, scene.static_mobjects)
            self.update_frame(scene, scene.moving_mobjects if playing else None)
            self.picture = picture = self.get_frame()
            return picture
        finally:
            self._drawing = False
            self.static_image = None


class FilmingRenderer(PlanningRenderer):
    """Draws every frame of a piece of the scene and hands it over; walks through the rest.

    Parameters
    ----------
    film : FrameSink
        Receives the frames.
    on_frame : callable
        Called with the number of frames so far before each play and after each frame; may raise to
        stop.
    piece : Piece, optional
        Which frames are filmed; by default all.
    plays : sequence of Play
        Of the whole scene; without them a piece has to begin with a play.

    Raises
    ------
    Enough
        When a frame would be drawn that is behind the piece.
    """

    def __init__(
        self,
        film: FrameSink,
        on_frame: Callable[[int], None],
        piece: Piece | None = None,
        plays: Sequence[Play] = (),
    ) -> None:
        self._begin = 0 if piece is None else _start_of_play(plays, piece.first)
        super().__init__(lambda: None, self._begin - 1)
        self._film = film
        self._on_frame = on_frame
        self._piece = piece
        self._films = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw a play, or walk through it if it is before the piece."""
        self._on_frame(self._film.frames)
        if self._piece is not None and self.frames >= self._piece.last:
            raise Enough
        self._films = self._drawing = self.frames >= self._begin
        # What Manim returns to at the beginning of each play.
        self._original_skipping_status = not self._films
        if not self._films:
            super().play(scene, *args, **kwargs)
            return
        super(PlanningRenderer, self).play(scene, *args, **kwargs)
        # Manim sums up a frame's length again and again; the plan divides once, and so do we.
        self.time = self.frames / self.camera.frame_rate

    def _draw_wanted(self, scene: Scene) -> None:
        """Take note of how the last frame before the first play looks that is drawn.

        Static mobjects come from the raster cache from their second frame on, and that rounds once.
        So a piece has the frames of the whole video to the last bit.
        """
        self.camera.look([*scene.static_mobjects, *scene.moving_mobjects])

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Draw a step, or count it."""
        if not self._films:
            super().render(scene, time, moving_mobjects)
            return
        frame, piece = self.frames, self._piece
        if piece is not None and frame >= piece.last:
            raise Enough
        if piece is None or frame >= piece.first:
            super(PlanningRenderer, self).render(scene, time, moving_mobjects)
            return
        if frame == piece.first - 1:
            self.camera.look(scene.moving_mobjects)
        self._pass(1)

    def freeze_current_frame(self, duration: float) -> None:
        """Hand a still moment over, or as much of it as is in the piece."""
        if not self._films:
            return
        count = int(duration / (1 / self.camera.frame_rate))
        before, within = 0, count
        if self._piece is not None:
            before = min(max(self._piece.first - self.frames, 0), count)
            within = max(min(self._piece.last - self.frames, count) - before, 0)
        self._pass(before)
        if within or self._piece is None:
            self.add_frame(self.get_frame(), within)
        self._pass(count - before - within)

    def _pass(self, frames: int) -> None:
        """Go on by frames that nobody wants."""
        self.frames += frames
        self.time += frames / self.camera.frame_rate

    def get_frame(self) -> np.ndarray[Any, Any]:
        """Return the frame itself; the camera goes on in other memory."""
        return self.camera.hand_over(self._film.spare())

    def add_frame(self, frame: np.ndarray[Any, Any], num_frames: int = 1) -> None:
        """Hand a frame to the film."""
        self._pass(num_frames)
        self._film.write(frame, num_frames)
        self._on_frame(self._film.frames)


def _start_of_play(plays: Sequence[Play], frame: int) -> int:
    """Return the first frame of the play that a frame is in; the frame itself in no known play."""
    start = 0
    for play in plays:
        if start + play.frames > frame:
            return start
        start += play.frames
    return frame
