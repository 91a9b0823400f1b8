"""The texts of a picture as they lie on its pixels: boxes, sizes, masks."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.typeset import EM, Ink

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the frame; outside it they are negative or too large."""

_COLOUR = re.compile(r'#(?:text\(fill: rgb\(|part\()"[^"]*"\)+\[\$((?:(?!#text|#part).)*?)\$\]')
"""Of a coloured or named part, those inside of it first."""

MOST_LETTERS = 60
"""How much of a text a message quotes."""


@dataclass(frozen=True)
class SeenText:
    """A text that was painted.

    Attributes
    ----------
    ink : Ink
        What.
    matrix : tuple of six float
        The matrix (xx, yx, xy, yy, x0, y0) from em, origin at the text's centre, to pixels of the
        frame.
    opacity : float
        From 0 to 1, without that of its own colours.
    """

    ink: Ink
    matrix: tuple[float, float, float, float, float, float]
    opacity: float

    @cached_property
    def em(self) -> float:
        """Em in pixels; of a text that is squeezed, the smaller of its two."""
        xx, yx, xy, yy, _, _ = self.matrix
        return float(min(np.hypot(xx, yx), np.hypot(xy, yy)))

    @cached_property
    def corners(self) -> np.ndarray[Any, Any]:
        """Corners (4, 2) of the tight box, in order around it; oblique if the text is."""
        left, top, right, bottom = self.ink.extents
        around = ((left, top), (right, top), (right, bottom), (left, bottom))
        matrix = cairo.Matrix(*self.matrix)
        return np.array([matrix.transform_point(x, y) for x, y in around])

    @cached_property
    def box(self) -> Box:
        """The upright box around it."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def alpha(self) -> float:
        """Opacity together with that of its strongest colour; 0 where it has no ink."""
        return self.opacity * max((run.rgba[3] for run in self.ink.runs), default=0.0)

    @property
    def name(self) -> str:
        """The text as a message quotes it."""
        return readable(self.ink.markup)

    def trace(self, ctx: cairo.Context[Any], run: Any) -> None:
        """Trace one colour's outlines on a context in pixels of the frame, ready to be filled.

        Outlines that are strokes want to be stroked; the context has their width then.
        """
        ctx.save()
        ctx.transform(cairo.Matrix(*self.matrix))
        ctx.translate(-self.ink.width / 2, -self.ink.height / 2)
        ctx.scale(1 / EM, 1 / EM)
        ctx.new_path()
        ctx.append_path(run.path)
        ctx.restore()
        ctx.set_line_width((run.stroke_width or 0.0) * self.em / EM)


class TextWatch:
    """Hears of every text that is painted, and may hide them all.

    Parameters
    ----------
    hide : bool
        Leave every text out.
    shift : (int, int)
        Pixels that the frame stands to the right of and below the picture's corner.
    """

    def __init__(self, *, hide: bool, shift: tuple[int, int]) -> None:
        self._hide = hide
        self._shift = shift
        self._seen: dict[SeenText, None] = {}

    @property
    def seen(self) -> list[SeenText]:
        """The texts, in the order in which they were painted."""
        return list(self._seen)

    def __call__(self, ink: Ink, ctx: cairo.Context[Any], opacity: float) -> bool:
        """Note a text; answer whether it is to be painted."""
        m, (x, y) = ctx.get_matrix(), self._shift
        # A dictionary, because Manim may draw the same thing twice in one picture.
        self._seen[SeenText(ink, (m.xx, m.yx, m.xy, m.yy, m.x0 - x, m.y0 - y), opacity)] = None
        return not self._hide


def readable(markup: str) -> str:
    r"""Return Typst markup as a message quotes it.

    Examples
    --------
    >>> readable('#"One \\"sample\\" goes in."')
    '"One "sample" goes in."'
    >>> readable('$z = #text(fill: rgb("#f7b3e2"))[$a_1$] dot 2$')
    '"$z = a_1 dot 2$"'
    """
    text = markup
    if markup.startswith('#"'):
        with suppress(ValueError):  # several strings, or more than a string
            text = json.loads(markup[1:])
    while (plain := _COLOUR.sub(r"\1", text)) != text:
        text = plain
    text = " ".join(text.split())
    return f'"{text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"}"'
