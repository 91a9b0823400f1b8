"""The glyphs of a typeset formula one by one, and which of its named parts each belongs to.

A formula that changes into another keeps the glyphs that both have, and a number that flies into it
has to know where it lands. So its parts may have names, ``#part("y")[$2$]``, that change nothing of
what is set; where they are is found by setting it once more with a colour for each name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import cairo

from backprop_studio.scenes.paint.brush import Context
from backprop_studio.scenes.paint.compiler import compiled
from backprop_studio.scenes.paint.style import Rgb, Unchanging
from backprop_studio.scenes.paint.typeset import (
    EM,
    PART,
    PLAIN_PART,
    Ink,
    Run,
    outlines_of,
    rgba_of,
)

_NAME = re.compile(r'#part\("([^"]*)"\)')
_COLOUR = re.compile(r'#text\(fill: rgb\("#[0-9a-f]+"\)\)\[\$')

Matrix = tuple[float, float, float, float, float, float]
Rgba = tuple[float, float, float, float]


def named(name: str, markup: str) -> str:
    """Return mathematics as a named part of a formula.

    Examples
    --------
    >>> named("y", "2")
    '#part("y")[$2$]'
    """
    return f'{PART}"{name}")[${markup}$]'


@dataclass(frozen=True, eq=False)
class Glyph(Unchanging):
    """A glyph, or a line such as a fraction's.

    Attributes
    ----------
    shape : str
        The same for equal glyphs.
    outline : cairo path
        In the glyph's own units.
    matrix : tuple of six float
        From there to em, origin at the centre of the formula's box, y down.
    rgba : tuple of four float
        Its colour.
    stroke_width : float or None
        In its own units, if it is a stroke.
    name : str
        Of the part it belongs to; empty if that has none.
    box : (float, float, float, float)
        Left, top, right and bottom in em from the centre.
    """

    shape: str
    outline: Any
    matrix: Matrix
    rgba: Rgba
    stroke_width: float | None
    name: str
    box: tuple[float, float, float, float]

    def draw(self, ctx: Context, matrix: Matrix, rgba: Rgba, opacity: float) -> None:
        """Draw on a context in em at a place and in a colour of its own."""
        red, green, blue, alpha = rgba
        ctx.save()
        ctx.transform(cairo.Matrix(*matrix))
        ctx.new_path()
        ctx.append_path(self.outline)
        ctx.set_source_rgba(blue, green, red, alpha * opacity)
        if self.stroke_width is None:
            ctx.fill()
        else:
            ctx.set_line_width(self.stroke_width)
            ctx.stroke()
        ctx.restore()


@lru_cache(maxsize=512)
def glyphs_of(ink: Ink) -> tuple[Glyph, ...]:
    """Return the glyphs of a formula in the order in which they are set."""
    glyphs = _glyphs(ink, ink.source)
    names = list(dict.fromkeys(_NAME.findall(ink.source)))
    if not names:
        return glyphs
    marks = _glyphs(ink, _marked(ink.source, names))
    return tuple(
        replace(glyph, name=_name_of(mark.rgba, names))
        for glyph, mark in zip(glyphs, marks, strict=True)
    )


def _marked(document: str, names: list[str]) -> str:
    """Return a document whose named parts are told by their blue, and that has no other colour."""
    codes = ", ".join(f'"{name}": "#0001{k:02x}"' for k, name in enumerate(names, 1))
    rule = f"#let part(key, body) = text(fill: rgb(({codes}).at(key)), body)\n"
    return _COLOUR.sub("#[$", document.replace(PLAIN_PART, rule, 1))


def _name_of(rgba: Rgba, names: list[str]) -> str:
    red, green, blue = (round(255 * part) for part in rgba[:3])
    return names[blue - 1] if (red, green) == (0, 1) and 0 < blue <= len(names) else ""


def _glyphs(ink: Ink, document: str) -> tuple[Glyph, ...]:
    root = ElementTree.fromstring(compiled(document))
    ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    ctx.translate(-ink.width / 2, -ink.height / 2)
    ctx.scale(1 / EM, 1 / EM)
    return tuple(_glyph(element, outline, ctx) for element, outline in outlines_of(root, ctx))


def _glyph(element: ElementTree.Element, outline: Any, ctx: Context) -> Glyph:
    is_stroke = element.get("fill") == "none"
    rgba = rgba_of(element.get("stroke" if is_stroke else "fill", "#000000"))
    width = float(element.get("stroke-width", 1)) if is_stroke else None
    shape = next((it for key, it in element.items() if key.endswith("href")), "line")
    m = ctx.get_matrix()
    matrix = (m.xx, m.yx, m.xy, m.yy, m.x0, m.y0)
    ctx.new_path()
    ctx.append_path(outline)
    ctx.set_line_width(width or 0)
    own = ctx.fill_extents() if width is None else ctx.stroke_extents()
    corners = [m.transform_point(x, y) for x in own[::2] for y in own[1::2]]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    box = (min(xs), min(ys), max(xs), max(ys))
    return Glyph(shape, outline, matrix, rgba, width, "", box)


def box_of(ink: Ink, name: str) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a named part, in em from the formula's centre.

    Raises
    ------
    KeyError
        If the formula has no part of that name.
    """
    boxes = [it.box for it in glyphs_of(ink) if it.name == name]
    if not boxes:
        raise KeyError(name)
    lows, highs = (
        [min(box[k] for box in boxes) for k in (0, 1)],
        [max(box[k] for box in boxes) for k in (2, 3)],
    )
    return lows[0], lows[1], highs[0], highs[1]


@lru_cache(maxsize=512)
def without(
    ink: Ink,
    hidden: frozenset[str],
    bright: frozenset[str] = frozenset(),
    rest: Rgb = (0.0, 0.0, 0.0),
    owners: tuple[str, ...] = (),
) -> Ink:
    """Return a formula some of whose named parts are not there yet; the others are in place.

    Parameters
    ----------
    bright : frozenset of str
        Parts that are spoken of, if it is not all.
    rest : Rgb
        Colour of the others then.
    owners : tuple of str, optional
        With which name each glyph is hidden, if it is not that of its part.
    """
    if not hidden and not bright:
        return ink
    glyphs = glyphs_of(ink)
    owners = owners or tuple(it.name for it in glyphs)
    seen = [it for it, owner in zip(glyphs, owners, strict=True) if owner not in hidden]
    lows = [min((it.box[k] for it in seen), default=0.0) for k in (0, 1)]
    highs = [max((it.box[k] for it in seen), default=0.0) for k in (2, 3)]
    runs = [_run(ink, it, rgba_in(it, bright, rest)) for it in seen]
    return replace(
        ink,
        source=f"// {sorted(hidden)} {sorted(bright)} {rest if bright else ()}\n{ink.source}",
        extents=(lows[0], lows[1], highs[0], highs[1]),
        runs=tuple(runs),
    )


def rgba_in(glyph: Glyph, bright: frozenset[str], rest: Rgb) -> Rgba:
    """Return a glyph's colour in a formula some of whose parts are spoken of."""
    return glyph.rgba if not bright or glyph.name in bright else (*rest, glyph.rgba[3])


def _run(ink: Ink, glyph: Glyph, rgba: Rgba) -> Run:
    ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    ctx.scale(EM, EM)
    ctx.translate(ink.width / 2, ink.height / 2)
    ctx.transform(cairo.Matrix(*glyph.matrix))
    ctx.append_path(glyph.outline)
    ctx.identity_matrix()
    return Run(ctx.copy_path(), rgba, glyph.stroke_width)


def markup_of(source: str, name: str) -> str:
    """Return the markup of a named part.

    Examples
    --------
    >>> markup_of(f"$ y = {named('y', '2')} $", "y")
    '2'
    """
    start = source.index(opening := f'{PART}"{name}")[$') + len(opening)
    depth, end = 1, start
    while depth:
        end = min(k for k in (source.find("[$", end), source.find("$]", end)) if k >= 0) + 2
        depth += 1 if source[end - 2 : end] == "[$" else -1
    return source[start : end - 2]


def names_of(markup: str) -> Collection[str]:
    """Return the names of the parts of some markup."""
    return dict.fromkeys(_NAME.findall(markup))
