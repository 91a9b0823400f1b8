"""The picture of a tape: as wide as a frame, and as high as its graph needs."""

from __future__ import annotations

import io
import math
from itertools import product
from typing import TYPE_CHECKING

import cairo
import numpy as np

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.messages import sentence
from backprop_studio.core.tape.words import remark
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SHORT_SIDE, SIZES, THEMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.graphs.layout import BESIDE
from backprop_studio.scenes.parts.graphs.tape_view import TapeView

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import TapeJob
    from backprop_studio.scenes.paint.brush import Context

WIDTH = SHORT_SIDE * 16 / 9 - 2 * SIZES.margin
"""Of the graph, in Manim units."""

WIDTHS = (1.0, 1.4, 2.0, 2.8)
"""In frames, tried in turn."""

HIGHEST = 400.0
PIXELS = 96
"""Of a Manim unit: twice as many as a notebook shows it with, for fine screens."""


class TapePicture:
    """A tape drawn at once, with all its values and gradients.

    Attributes
    ----------
    view : TapeView
    size : (float, float)
        In Manim units, margins included.

    Raises
    ------
    InputError
        If the graph cannot be read even where it may be as high as it likes.
    """

    def __init__(self, job: TapeJob) -> None:
        self._theme, self._language = THEMES[job.theme], job.language
        self.view = _view(job).whole()
        said = remark(job.tape)
        self._note = escape(sentence(said, translator(job.language))) if said else ""
        self._left, self._bottom, right, self._top = _extent(self.view)
        words = width_of(self._note, SIZES.label, self._theme, self._language)
        below = 2 * SIZES.label if said else 0.0
        margins = 2 * SIZES.margin
        self._below = below
        self.size = (
            max(right - self._left, words) + margins,
            self._top - self._bottom + below + margins,
        )
        self._middle = (self._left + right) / 2

    def paint(self, ctx: Context) -> None:
        """Draw on a context in Manim units, y down, whose origin is the upper left corner."""
        ctx.set_source_rgb(*self._theme.background)
        ctx.paint()
        ctx.scale(1, -1)
        ctx.translate(self.size[0] / 2 - self._middle, -self._top - SIZES.margin)
        self.view.paint_on(ctx)
        self.view.write(
            ctx,
            self._note,
            (self._middle, self._bottom - self._below + SIZES.label / 2),
            self._theme.text,
            1.0,
            size=SIZES.label,
        )

    def png(self) -> bytes:
        """Return the picture as PNG."""
        pixels = [math.ceil(length * PIXELS) for length in self.size]
        surface = cairo.ImageSurface(cairo.FORMAT_RGB24, *pixels)
        ctx = cairo.Context(surface)
        ctx.scale(PIXELS, PIXELS)
        self.paint(ctx)
        stream = io.BytesIO()
        surface.write_to_png(stream)
        return stream.getvalue()


def _view(job: TapeJob) -> TapeView:
    """Return the narrowest view in which all is written, else the narrowest of all."""
    look = THEMES[job.theme], job.language
    found: TapeView | None = None
    for width, saved in product(WIDTHS, (True, False)):
        box = (WIDTH * width, HIGHEST)
        try:
            view = TapeView(job.tape, "", box, *look, saved=saved, is_downward=True)
        except ParameterError as error:
            reason = error
            continue
        if not view.place.is_dense and view.place.wording == "full":
            return view
        found = found or view
    if found is None:
        raise InputError(reason.message) from reason
    return found


def _extent(view: TapeView) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of all that is drawn."""
    place = view.place
    half = place.sizes / 2
    points = [place.centres - half, place.centres + half, *place.curves]
    for x, y, width in place.labels:
        rise = place.em
        points.append(np.array([[x, y - rise], [x + width + 2 * BESIDE * rise, y + rise]]))
    every = np.concatenate(points)
    (left, bottom), (right, top) = every.min(axis=0), every.max(axis=0)
    return float(left), float(bottom), float(right), float(top)
