"""A formula that becomes another one: what both have stays and moves, what is new grows in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple, Self

import cairo
import numpy as np

from backprop_studio.scenes.lesson.line_breaks import NEW_LINE, arrangements
from backprop_studio.scenes.paint.brush import Context, saved
from backprop_studio.scenes.paint.named_glyphs import (
    Glyph,
    Matrix,
    box_of,
    glyphs_of,
    names_of,
    rgba_in,
    without,
)
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.paint.typeset import Ink, is_watched, set_type
from backprop_studio.scenes.stage.terms import terms_of

LEGIBLE = 0.8
"""Of the full type size: a formula is broken before it is set smaller than this."""

GROWS_FROM = 0.6
"""Of its size: what is new begins so large."""

GOING, MOVING, COMING = (0.0, 0.3), (0.3, 0.65), (0.65, 1.0)
"""
When what is left out goes, what stays moves, and what is new comes: on its way nothing crosses what
is not there to stay.
"""

FEWEST = 2 / 3
"""Of the shorter formula: where fewer glyphs would stay, all go, and then the others come."""

DIGITS = "0123456789."
WITHIN = 0.2
"""Of an em: what is nearer to each other belongs to one number."""


class Spot(NamedTuple):
    """Where a number stands in the scene, its middle, and the em at which it is set."""

    x: float
    y: float
    em: float


class Formula(Painted):
    """A formula in a box, whose named parts can be hidden, and that changes term by term.

    Parameters
    ----------
    source : str
        Typst markup with its mathematics in dollars; parts are named by :func:`named`.
    box : (float, float)
        Width and height in Manim units.
    hidden : iterable of str
        Names of parts that are not there yet.

    Examples
    --------
    In a scene, once the first formula has been read::

        formula = Formula(f"$ y = w x = {named('w', '1')} dot 2 $", box, *self.look, hidden=["w"])
        self.move(formula.animate.reveal("w"))
        self.move(formula.animate.rewrite(f"$ y = w x = {named('w', '1')} dot 2 = 2 $"))
    """

    def __init__(
        self,
        source: str,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        hidden: Iterable[str] = (),
        size: float = SIZES.formula,
    ) -> None:
        super().__init__(*box)
        self.theme, self.language, self.size = theme, language, size
        self.source = self.before = source
        self.hidden = self.hidden_before = frozenset(hidden)
        self.bright = self.bright_before = frozenset[str]()
        self.turn = 1.0

    # What a scene says

    def rewrite(self, source: str, hidden: Iterable[str] = ()) -> Self:
        """Become another formula, of which some parts are not there yet."""
        self.source, self.hidden = source, frozenset(hidden)
        self.bright = frozenset()
        return self

    def reveal(self, *names: str) -> Self:
        """Show parts that were not there; without a name, all."""
        self.hidden = self.hidden - frozenset(names) if names else frozenset()
        return self

    def light(self, *names: str) -> Self:
        """Leave only some parts bright, those that are spoken of; without a name, all."""
        self.bright = frozenset(names)
        return self

    def spot(self, name: str) -> Spot:
        """Return where a part is, or will be, in the scene.

        Raises
        ------
        KeyError
            If there is no part of that name.
        """
        ink, em = self._set(self.source)
        left, top, right, bottom = box_of(ink, name)
        x, y = self.in_scene((left + right) / 2 * em, -(top + bottom) / 2 * em)
        return Spot(x, y, em * float(np.hypot(*self.axes_in_scene()[0])))

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self._set(self.source)[0].markup.count(NEW_LINE.strip()) + 1

    @property
    def written(self) -> tuple[float, float]:
        """How wide and how high the formula itself is, in the part's units."""
        ink, em = self._set(self.source)
        return ink.width * em, ink.height * em

    @property
    def ink(self) -> Ink:
        """The formula as it is set."""
        return self._set(self.source)[0]

    def em_of(self, source: str) -> float:
        """Return the size at which a formula would be set."""
        return self._set(source)[1]

    def texts(self) -> list[str]:
        """Return the markup."""
        return [self.source]

    # Between two formulas

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Stand between two formulas."""
        self.turn = alpha
        self.before, self.hidden_before = start.source, start.hidden
        self.source, self.hidden = end.source, end.hidden
        self.bright_before, self.bright = start.bright, end.bright
        if alpha >= 1:
            self.before, self.hidden_before = self.source, self.hidden
            self.bright_before = self.bright

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the formula, or what stands between two."""
        last = self.source, self.hidden, self.bright
        first = self.before, self.hidden_before, self.bright_before
        if first == last or self.turn <= 0 or self.turn >= 1:
            source, hidden, bright = first if self.turn <= 0 else last
            ink, em = self._set(source)
            with saved(ctx):
                ctx.scale(em, -em)
                owners = terms_of(ink) if hidden else ()
                without(ink, hidden, bright, self.theme.muted, owners).paint(ctx, opacity)
        elif not is_watched():  # what is on its way is not read
            self._paint_between(ctx, opacity)

    def _paint_between(self, ctx: Context, opacity: float) -> None:
        old, old_em = self._set(self.before)
        new, new_em = self._set(self.source)
        stays, goes, comes = _told_apart(old, self.hidden_before, new, self.hidden)
        rest = self.theme.muted
        early, t, late = (_within(self.turn, *it) for it in (GOING, MOVING, COMING))
        with saved(ctx):
            ctx.scale(1, -1)
            for glyph in goes:
                rgba = rgba_in(glyph, self.bright_before, rest)
                glyph.draw(ctx, _sized(glyph.matrix, old_em), rgba, opacity * (1 - early))
            for first, last in stays:
                colours = rgba_in(first, self.bright_before, rest), rgba_in(last, self.bright, rest)
                matrices = _sized(first.matrix, old_em), _sized(last.matrix, new_em)
                a, b, c, d, x, y = _between(*matrices, t)
                red, green, blue, alpha = _between(*colours, t)
                last.draw(ctx, (a, b, c, d, x, y), (red, green, blue, alpha), opacity)
            for glyph in comes:
                grown = GROWS_FROM + (1 - GROWS_FROM) * late
                rgba = rgba_in(glyph, self.bright, rest)
                glyph.draw(ctx, _grown(glyph, new_em, grown), rgba, opacity * late)

    def _set(self, source: str) -> tuple[Ink, float]:
        """Return a formula in the first way that is large enough, and its size."""
        return fitted(source, self.box, self.size, self.theme, self.language)


def fitted(
    source: str, box: tuple[float, float], size: float, theme: Theme, language: str
) -> tuple[Ink, float]:
    """Return a formula in the first way of breaking it that is large enough, or the largest.

    Returns
    -------
    Ink, float
        The em in Manim units.
    """
    best: tuple[Ink, float] | None = None
    for way in arrangements(source):
        ink = set_type(way, theme.text, language=language)
        em = min(size, box[0] / max(ink.width, 1e-9), box[1] / max(ink.height, 1e-9))
        if best is None or em > best[1]:
            best = ink, em
        if em >= LEGIBLE * size:
            break
    assert best is not None
    return best


@lru_cache(maxsize=64)
def _told_apart(
    old: Ink, old_hidden: frozenset[str], new: Ink, new_hidden: frozenset[str]
) -> tuple[tuple[tuple[Glyph, Glyph], ...], tuple[Glyph, ...], tuple[Glyph, ...]]:
    """Return pairs of glyphs that both formulas have, those only of the old, and of the new."""
    olds, news = (_tokens(_seen(*it)) for it in ((old, old_hidden), (new, new_hidden)))
    pairs: list[tuple[int, int]] = []
    # What has the same name belongs together, wherever it stands; then what follows each other.
    for name in names_of(new.markup):
        pairs += _aligned(olds, news, pairs, name)
    pairs += _aligned(olds, news, pairs, None)
    if len(pairs) < FEWEST * (min(len(olds), len(news)) - 1):
        pairs = []
    left, right = {a for a, _ in pairs}, {b for _, b in pairs}
    return (
        tuple(pair for a, b in pairs for pair in zip(olds[a], news[b], strict=True)),
        tuple(it for k, token in enumerate(olds) if k not in left for it in token),
        tuple(it for k, token in enumerate(news) if k not in right for it in token),
    )


def _seen(ink: Ink, hidden: frozenset[str]) -> list[Glyph]:
    """Return the glyphs of a formula that are there."""
    glyphs, owners = glyphs_of(ink), terms_of(ink)
    return [it for it, owner in zip(glyphs, owners, strict=True) if owner not in hidden]


@lru_cache(maxsize=1)
def _digits() -> frozenset[str]:
    """Return the shapes of which numbers are made, in formulas and in what stands at their feet."""
    return frozenset(it.shape for it in glyphs_of(set_type(f"${DIGITS} x_({DIGITS})$", (1, 1, 1))))


def _tokens(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return glyphs one by one, but the digits of a number together: it stays whole or goes."""
    tokens: list[list[Glyph]] = []
    digits = _digits()
    for glyph in glyphs:
        before = tokens[-1][-1] if tokens else None
        if before is not None and {glyph.shape, before.shape} <= digits and _touch(before, glyph):
            tokens[-1].append(glyph)
        else:
            tokens.append([glyph])
    return tokens


def _touch(before: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph follows another one without a space, on the same line."""
    right, bottom, left, top = before.box[2], before.box[3], glyph.box[0], glyph.box[1]
    is_level = top < bottom + WITHIN and before.box[1] < glyph.box[3]
    return before.name == glyph.name and abs(left - right) < WITHIN and is_level


def _aligned(
    olds: list[list[Glyph]],
    news: list[list[Glyph]],
    taken: list[tuple[int, int]],
    name: str | None,
) -> list[tuple[int, int]]:
    """Return pairs of the same shapes in the same order, among tokens that are not taken yet."""
    left, right = {a for a, _ in taken}, {b for _, b in taken}
    first = [k for k, it in enumerate(olds) if k not in left and name in (None, it[0].name)]
    second = [k for k, it in enumerate(news) if k not in right and name in (None, it[0].name)]
    one, other = (
        [tuple(it.shape for it in tokens[k]) for k in chosen]
        for tokens, chosen in ((olds, first), (news, second))
    )
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [
        (first[block.a + k], second[block.b + k]) for block in blocks for k in range(block.size)
    ]


def kept_share(old: Ink, new: Ink) -> float:
    """Return which share of a formula's glyphs was there in the one before."""
    stays, _, comes = _told_apart(old, frozenset(), new, frozenset())
    return len(stays) / max(len(stays) + len(comes), 1)


def _within(share: float, start: float, end: float) -> float:
    return min(max((share - start) / (end - start), 0.0), 1.0)


def _between(start: Sequence[float], end: Sequence[float], share: float) -> Iterator[float]:
    return (a + (b - a) * share for a, b in zip(start, end, strict=True))


def _sized(matrix: Matrix, em: float) -> Matrix:
    a, b, c, d, x, y = matrix
    return a * em, b * em, c * em, d * em, x * em, y * em


def _grown(glyph: Glyph, em: float, share: float) -> Matrix:
    """Return a glyph's matrix when it has a share of its size, about its own middle."""
    left, top, right, bottom = glyph.box
    x, y = (left + right) / 2 * em, (top + bottom) / 2 * em
    own = cairo.Matrix(*_sized(glyph.matrix, em))
    about = cairo.Matrix(share, 0, 0, share, x * (1 - share), y * (1 - share))
    m = own * about
    return m.xx, m.yx, m.xy, m.yy, m.x0, m.y0
