"""Typesetting: Typst sets captions, code and formulas alike; the outlines are kept by content.

One engine for every text means one look, kerning, Chinese and mathematics in one line, and no
LaTeX, no Pango and no system font. A warm compiler takes one or two milliseconds, a text that was
set before takes none.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import cairo

from backprop_studio.scenes.paint.brush import Context
from backprop_studio.scenes.paint.compiler import compiled, faces_of, quoted
from backprop_studio.scenes.paint.glyphs import check_shapes
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import Rgb, Unchanging, hex_of

EM = 100.0
"""Typst is asked for this many points per em, so that its rounding stays invisible."""

PART = "#part("
"""How markup begins a part that has a name: ``#part("y")[$2$]``."""

ROW_GAP, CLOSE_ROW_GAP = 0.45, 0.28
"""Between the rows of a matrix, in ems, and between those of one with many."""

MANY_ROWS = 5

PLAIN_PART = "#let part(key, body) = body\n"
"""A name changes nothing of what is set."""

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_PATH_COMMAND = re.compile(r"([MLCZmlhvcq])([^MLCZmlhvcq]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_STEPS: dict[str, Callable[..., None]] = {
    "M": cairo.Context.move_to,
    **dict.fromkeys("LHV", cairo.Context.line_to),
    "C": cairo.Context.curve_to,
    "Z": cairo.Context.close_path,
}


@dataclass(frozen=True, eq=False)
class Run:
    """Outlines of one colour, filled or stroked with a width; ``EM`` points to the em."""

    path: Any
    rgba: tuple[float, float, float, float]
    stroke_width: float | None


@dataclass(frozen=True)
class Ink(Unchanging):
    """A typeset text, in em, its origin at the centre of its box, y down.

    Attributes
    ----------
    source : str
        What was set, which is also what makes two inks equal.
    width, height : float
        Of the box, in em.
    markup : str
        The caller's part of the source.
    extents : (float, float, float, float)
        Left, top, right and bottom of what is drawn, in em from the box's centre: a descender hangs
        below the box.
    """

    source: str
    width: float
    height: float
    extents: tuple[float, float, float, float] = field(compare=False)
    runs: tuple[Run, ...] = field(repr=False, compare=False, hash=False)
    markup: str = field(default="", compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Show only what identifies the ink to Manim's cache key."""
        return {"source": self.source}

    def paint(self, ctx: Context, opacity: float = 1.0) -> None:
        """Draw on a context whose unit is one em and whose y points down."""
        if not all(watcher(self, ctx, opacity) for watcher in _WATCHERS):
            return
        RASTERS.paint(ctx, self, self.extents, self.draw, opacity)

    def draw(self, ctx: Context) -> None:
        """Draw without a picture and unseen by watchers, as on the way from place to place."""
        ctx.translate(-self.width / 2, -self.height / 2)
        ctx.scale(1 / EM, 1 / EM)
        for run in self.runs:
            red, green, blue, alpha = run.rgba
            ctx.new_path()
            ctx.append_path(run.path)
            # Manim keeps RGBA where cairo keeps BGRA, so red and blue change places.
            ctx.set_source_rgba(blue, green, red, alpha)
            if run.stroke_width is None:
                ctx.fill()
            else:
                ctx.set_line_width(run.stroke_width)
                ctx.stroke()


Watcher = Callable[[Ink, Context, float], bool]
"""Hears of a text, of the context it is about to be painted on (its unit one em, its origin the
text's centre) and of its opacity; the text is left out if the answer is False."""

_WATCHERS: list[Watcher] = []


def is_watched() -> bool:
    """Whether anybody wants to hear of every text, so that none may come from a kept layer."""
    return bool(_WATCHERS)


@contextlib.contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Let a watcher, such as the picture lint, hear of every text that is painted."""
    _WATCHERS.append(watcher)
    try:
        yield
    finally:
        _WATCHERS.remove(watcher)


def escape(text: str) -> str:
    """Return a text as Typst markup that shows it letter by letter.

    Raises
    ------
    InputError
        If it has a character that no face has a shape for: better before a film than on it.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)  # a letter and its accent are one shape
        check_shapes(text)
    return "#" + quoted(text)


@lru_cache(maxsize=4096)
def set_type(
    source: str,
    colour: Rgb,
    *,
    width: float | None = None,
    align: str = "center",
    weight: int = 400,
    code: bool = False,
    language: str = "en",
) -> Ink:
    """Set Typst markup.

    Parameters
    ----------
    source : str
        Typst markup; a user's text goes through :func:`escape` first.
    colour : Rgb
        Where the markup names none.
    width : float, optional
        Break lines at this many em.
    align : {"left", "center"}
        Of broken lines.
    weight : int
        100 to 900.
    code : bool
        Use the fixed-width face.
    language : {"en", "zh"}
        Decides where lines may break and which shapes characters take.

    Raises
    ------
    typst.TypstError
        If the markup is wrong: a fault of the part that wrote it.
    """
    page_width = "auto" if width is None else f"{width * EM}pt"
    document = (
        f"{PLAIN_PART if PART in source else ''}"
        f"#set page(width: {page_width}, height: auto, margin: 0pt, fill: none)\n"
        f"#set text(size: {EM}pt, font: {faces_of(source, language, code=code)}, weight: {weight}, "
        f'lang: "{language}", top-edge: "cap-height", bottom-edge: "baseline", '
        f'fill: rgb("{hex_of(colour)}"), hyphenate: false)\n'
        f"#set par(leading: 0.62em, justify: false)\n#set align({align})\n"
        f'#show math.equation: set text(weight: 450, top-edge: "bounds", bottom-edge: "bounds")\n'
        f'#set math.mat(delim: "[", row-gap: {_row_gap(source)}em, column-gap: 0.65em)\n{source}'
    )
    return replace(_read(document, compiled(document)), markup=source)


def _row_gap(source: str) -> float:
    """Return the space between the rows of matrices, in ems; many rows stand closer.

    Examples
    --------
    >>> _row_gap("$ mat(1 ; 2) $"), _row_gap("$ mat(1 ; 2 ; 3 ; 4 ; 5) $")
    (0.45, 0.28)
    """
    rows = max((it.count(" ; ") + 1 for it in source.split("mat(")[1:]), default=1)
    return ROW_GAP if rows < MANY_ROWS else CLOSE_ROW_GAP


def _read(source: str, svg: bytes) -> Ink:
    """Turn Typst's SVG (groups, glyph uses and paths, nothing else) into outlines."""
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox", "0 0 0 0").split())
    scratch = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    runs: list[Run] = []
    for element, outline in outlines_of(root, scratch):
        _add_run(element, outline, scratch, runs)
    extents = _extents(scratch, runs, width, height)
    return Ink(source, width / EM, height / EM, extents, tuple(runs))


def _extents(
    ctx: Context, runs: list[Run], width: float, height: float
) -> tuple[float, float, float, float]:
    """Return the box around what runs draw, in em from the centre of the text's own box."""
    boxes = []
    for run in runs:
        ctx.new_path()
        ctx.append_path(run.path)
        ctx.set_line_width(run.stroke_width or 0)
        boxes.append(ctx.path_extents() if run.stroke_width is None else ctx.stroke_extents())
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    left, top = (min(box[k] for box in boxes) for k in (0, 1))
    right, bottom = (max(box[k] for box in boxes) for k in (2, 3))
    return (
        (left - width / 2) / EM,
        (top - height / 2) / EM,
        (right - width / 2) / EM,
        (bottom - height / 2) / EM,
    )


def outlines_of(
    root: ElementTree.Element, ctx: Context
) -> Iterator[tuple[ElementTree.Element, Any]]:
    """Yield what draws, with its outline; the context has its place as long as it is looked at."""
    glyphs = {
        symbol.get("id", ""): symbol[0].get("d", "")
        for symbol in root.iter(f"{_SVG}symbol")
        if len(symbol)
    }
    for child in root:
        yield from _walk(child, ctx, glyphs)


def _walk(
    element: ElementTree.Element, ctx: Context, glyphs: dict[str, str]
) -> Iterator[tuple[ElementTree.Element, Any]]:
    if element.tag == f"{_SVG}defs":
        return
    ctx.save()
    ctx.transform(_matrix(element.get("transform", "")))
    if element.tag == f"{_SVG}use":
        ctx.translate(float(element.get("x", 0)), float(element.get("y", 0)))
        yield element, _outline(glyphs.get(element.get(_LINK, "#")[1:], ""))
    elif element.tag == f"{_SVG}path":
        yield element, _outline(element.get("d", ""))
    for child in element:
        yield from _walk(child, ctx, glyphs)
    ctx.restore()


@lru_cache(maxsize=4096)
def _outline(data: str) -> Any:
    """Trace a path once; the same glyph comes back in nearly every text."""
    ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    # Cairo keeps 8 bits behind the point; at 100 points to the em that is far below a pixel.
    _trace(ctx, data)
    return ctx.copy_path()


def _add_run(element: ElementTree.Element, outline: Any, ctx: Context, runs: list[Run]) -> None:
    stroked = element.get("fill") == "none"
    rgba = rgba_of(element.get("stroke" if stroked else "fill", "#000000"))
    ctx.new_path()
    ctx.append_path(outline)
    stroke_width = float(element.get("stroke-width", 1)) if stroked else None
    matrix = ctx.get_matrix()
    ctx.identity_matrix()
    last = runs[-1] if runs else None
    if last is not None and not stroked and last.stroke_width is None and last.rgba == rgba:
        # Neighbouring glyphs of one colour become one path: fewer, longer fills.
        ctx.append_path(last.path)
        runs.pop()
    runs.append(Run(ctx.copy_path(), rgba, stroke_width))
    ctx.set_matrix(matrix)


def _matrix(text: str) -> cairo.Matrix:
    numbers = [float(number) for number in _NUMBER.findall(text)]
    if text.startswith("matrix"):
        return cairo.Matrix(*numbers)
    if text.startswith("translate"):
        return cairo.Matrix(x0=numbers[0], y0=numbers[1] if len(numbers) > 1 else 0.0)
    if text.startswith("scale"):
        return cairo.Matrix(xx=numbers[0], yy=numbers[-1])
    return cairo.Matrix()


def rgba_of(code: str) -> tuple[float, float, float, float]:
    """Return the colour of ``#rrggbb`` or ``#rrggbbaa``."""
    parts = [int(code[k : k + 2], 16) / 255 for k in range(1, len(code), 2)]
    red, green, blue = parts[:3]
    return red, green, blue, parts[3] if len(parts) > 3 else 1.0


def _trace(ctx: Context, data: str) -> None:
    """Draw the data of an SVG path as Typst writes it: each command with its own numbers."""
    for command, text in _PATH_COMMAND.findall(data):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if command in "hv":
            numbers.insert(int(command == "h"), 0.0)
        x, y = ctx.get_current_point()
        if command.islower():
            numbers = [number + (x, y)[k % 2] for k, number in enumerate(numbers)]
        if command == "q":  # cairo has cubic curves only
            (x1, y1), (x2, y2) = numbers[:2], numbers[2:]
            first = x + 2 / 3 * (x1 - x), y + 2 / 3 * (y1 - y)
            ctx.curve_to(*first, x2 + 2 / 3 * (x1 - x2), y2 + 2 / 3 * (y1 - y2), x2, y2)
        else:
            _STEPS[command.upper()](ctx, *numbers)
