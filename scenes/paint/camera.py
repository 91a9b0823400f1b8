"""Manim's camera, faster: painted parts draw themselves, and static mobjects are drawn once.

Manim draws what lies below the first moving mobject once per play, and everything above it in every
frame, moving or not. This camera looks at what it is given: neighbours in the drawing order that
are as they were when last drawn become one picture, which is stamped until one of them changes.
Nobody has to say what moves, so updaters and hand-written animations are safe.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

import cairo
import numpy as np
from manim import Mobject, MovingCamera, VMobject

from backprop_studio.scenes.paint.brush import Box, Context, rectangle, saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.raster import Raster, cropped, stamp
from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.typeset import is_watched

MOST_LAYERS = 12
"""Pictures of static mobjects that are kept, each at most as large as the frame."""

MOST_SEEN = 4000
"""Mobjects whose looks are remembered; a scene that has more on stage remembers those."""

WORTH_A_LAYER = 60
"""Points that a run of stock mobjects needs: stamping a picture costs about as much."""

NEAR = 1e-6
"""Manim units by which a view may be off and still be the whole stage."""

Pixels = np.ndarray[Any, Any]


class _Item(NamedTuple):
    """A mobject to draw, its looks, and whether it looked so when it was last drawn."""

    mobject: Mobject
    looks: Hashable
    is_static: bool


class _Memory:
    """What a camera knows of earlier frames.

    With slots instead of a dictionary it is invisible to Manim's cache key, which writes down all
    that a camera holds.
    """

    __slots__ = ("blank", "context", "layers", "matrix", "seen")

    def __init__(self) -> None:
        # The mobject is held as well, so that its id is not given to another one.
        self.seen: dict[int, tuple[Mobject, Hashable]] = {}
        self.layers: OrderedDict[tuple[int, ...], tuple[Hashable, list[Raster]]] = OrderedDict()
        self.context: tuple[Hashable, Pixels, Context] | None = None
        self.matrix: tuple[Hashable, cairo.Matrix] | None = None
        self.blank: Pixels | None = None


class PaintingCamera(MovingCamera):
    """Draws painted parts and stock mobjects alike, and pans and zooms with its ``frame``.

    Attributes
    ----------
    home : (float, float) or None
        Size of the whole stage in Manim units; where it is known, pinned parts stay in their places
        on the frame.
    room : Box or None
        Of the frame, in the same units: where a zoomed picture may be seen.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._memory = _Memory()
        self.home: tuple[float, float] | None = None
        self.room: Box | None = None
        super().__init__(**kwargs)

    def hand_over(self, spare: Pixels | None = None) -> Pixels:
        """Give the frame away and go on in other memory, which saves a copy.

        Parameters
        ----------
        spare : (height, width, 4) uint8 array, optional
            An earlier frame that nobody needs any more.
        """
        frame: Pixels = self.pixel_array
        self.pixel_array = np.empty_like(frame) if spare is None else spare
        return frame

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects onto the frame, static neighbours as one picture."""
        shown = self.get_mobjects_to_display(mobjects, **kwargs)
        items = self._look_at(shown)
        for is_static, group in itertools.groupby(items, lambda item: item.is_static):
            run = list(group)
            if is_static and _is_worth_a_layer(run):
                self._stamp_run(run)
            else:
                self._draw([item.mobject for item in run], self.pixel_array)

    def look(self, mobjects: Iterable[Mobject]) -> None:
        """Go on as if mobjects had been drawn, for the frames that somebody else draws."""
        self._look_at(self.get_mobjects_to_display(mobjects))

    def display_vectorized(self, vmobject: VMobject, ctx: Context) -> PaintingCamera:
        """Draw one mobject."""
        if isinstance(vmobject, Painted):
            ctx.new_path()  # Manim leaves behind what it has looked at, such as the camera's frame
            if self._is_away():
                self._paint_away(vmobject, ctx)
            else:
                vmobject.paint_on(ctx)
            return self
        super().display_vectorized(vmobject, ctx)
        return self

    def _is_away(self) -> bool:
        """Whether the camera sees anything else than the whole stage."""
        return self.home is not None and (
            abs(self.frame.width - self.home[0]) > NEAR
            or bool(np.abs(self.frame.get_center()[:2]).max() > NEAR)
        )

    def _paint_away(self, part: Painted, ctx: Context) -> None:
        """Draw a pinned part where it stands on the frame, another one in the picture's room."""
        home, width, height = self.home, self.pixel_width, self.pixel_height
        assert home is not None
        stage = cairo.Matrix(width / home[0], 0, 0, -height / home[1], width / 2, height / 2)
        with saved(ctx):
            matrix = ctx.get_matrix()
            ctx.set_matrix(stage)
            if not part.is_pinned:
                if self.room is not None:
                    rectangle(ctx, self.room)
                    ctx.clip()
                ctx.set_matrix(matrix)
            part.paint_on(ctx)

    def apply_fill(self, ctx: Context, vmobject: VMobject) -> PaintingCamera:
        """Fill a path, if the fill can be seen."""
        if self.get_fill_rgbas(vmobject)[:, 3].any():
            super().apply_fill(ctx, vmobject)
        return self

    def apply_stroke(
        self, ctx: Context, vmobject: VMobject, background: bool = False
    ) -> PaintingCamera:
        """Stroke a path, if the stroke can be seen."""
        if self.get_stroke_rgbas(vmobject, background)[:, 3].any():
            super().apply_stroke(ctx, vmobject, background)
        return self

    def get_cairo_context(self, pixel_array: Pixels) -> Context:
        """Return a context in Manim units; the last one is kept until frame or memory change."""
        view, known = self._view(), self._memory.context
        if known is not None and known[0] == view and known[1] is pixel_array:
            return known[2]
        context = self._new_context(view, pixel_array)
        self._memory.context = (view, pixel_array, context)
        return context

    def _new_context(self, view: Hashable, pixels: Pixels) -> Context:
        """Return a context as Manim makes it; its matrix is worked out once for each view."""
        known = self._memory.matrix
        if known is None or known[0] != view:
            context = super().get_cairo_context(pixels)
            self._memory.matrix = (view, context.get_matrix())
            return context
        height, width = pixels.shape[:2]
        surface = cairo.ImageSurface.create_for_data(
            pixels.data, cairo.FORMAT_ARGB32, width, height
        )
        context = cairo.Context(surface)
        context.set_matrix(known[1])
        return context

    def _view(self) -> Hashable:
        """Return what decides where on the picture a point of the scene lies."""
        return self.frame.points.tobytes(), self.pixel_width, self.pixel_height

    def _look_at(self, shown: list[Mobject]) -> list[_Item]:
        seen, view = self._memory.seen, self._view()
        if len(seen) > MOST_SEEN:
            seen.clear()
        items = []
        for mobject in shown:
            looks = signature(mobject)
            before = seen.get(id(mobject))
            now = None if looks is None else (view, looks)
            items.append(_Item(mobject, now, now is not None and before == (mobject, now)))
            seen[id(mobject)] = (mobject, now)
        return items

    def _draw(self, mobjects: list[Mobject], pixels: Pixels) -> None:
        for kind, group in itertools.groupby(mobjects, self.type_or_raise):
            self.display_funcs[kind](list(group), pixels)

    def _stamp_run(self, run: list[_Item]) -> None:
        """Stamp the picture of a run; make it if there is none that looks like it."""
        layers = self._memory.layers
        key = tuple(id(item.mobject) for item in run)
        looks = tuple(item.looks for item in run)
        known = layers.get(key)
        if known is None or known[0] != looks:
            known = layers[key] = (looks, self._picture([item.mobject for item in run]))
        layers.move_to_end(key)
        while len(layers) > MOST_LAYERS:
            layers.popitem(last=False)
        ctx = self.get_cairo_context(self.pixel_array)
        for raster in known[1]:
            stamp(ctx, raster)

    def _picture(self, mobjects: list[Mobject]) -> list[Raster]:
        """Draw mobjects on nothing, in memory that is blank again afterwards."""
        pixels, self._memory.blank = self._memory.blank, None
        if pixels is None or pixels.shape != self.pixel_array.shape:
            pixels = np.zeros_like(self.pixel_array)
        self._draw(mobjects, pixels)
        strips = cropped(pixels)
        for strip in strips:
            height, width = strip.surface.get_height(), strip.surface.get_width()
            pixels[strip.y : strip.y + height, strip.x : strip.x + width] = 0
        self._memory.blank = pixels
        return strips


def _is_worth_a_layer(run: list[_Item]) -> bool:
    """Whether drawing a run costs more than stamping its picture, which no text watcher sees."""
    if is_watched():
        return False
    if any(isinstance(item.mobject, Painted) for item in run):
        return True
    return sum(len(item.mobject.points) for item in run) >= WORTH_A_LAYER
