"""What belongs to a named part of a formula: the operator before it, and the brackets around it.

While a number is not there yet, neither is its term: ``= (`` and ``)`` around nothing would be read
as a formula of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from backprop_studio.scenes.paint.named_glyphs import Glyph, glyphs_of
from backprop_studio.scenes.paint.typeset import Ink, set_type

RELATIONS = "= <- -> approx"
OPERATORS = "dot - + times"

APART = 0.8
"""In em: what stands farther from each other is of two formulas."""

TALL = 1.3
"""In em: a bracket around several lines; a second one is of another part."""

PIECES = 4
"""Glyphs of which a high bracket is put together, at most: its ends and what repeats between."""

JOINT = 0.1
"""In em: pieces that are nearer to each other are one bracket."""

TERM = "~"
"""Behind a part's name: what belongs to it, without itself."""


def whole(names: Iterable[str]) -> frozenset[str]:
    """Return names of parts, and of what belongs to them.

    Examples
    --------
    >>> sorted(whole(["w"]))
    ['w', 'w~']
    """
    return frozenset(it for name in names for it in (name, f"{name}{TERM}"))


@lru_cache(maxsize=512)
def terms_of(ink: Ink) -> tuple[str, ...]:
    """Return for each glyph of a formula the part that it belongs to; empty if it is of none.

    A glyph of the part itself has its name, one that belongs to it the name and ``~``.
    """
    glyphs = glyphs_of(ink)
    found = [it.name for it in glyphs]
    if not any(found):
        return tuple(found)
    relations, operators = _shapes(RELATIONS), _shapes(OPERATORS)
    start = 0
    while start < len(glyphs):
        end = start
        while end < len(glyphs) and glyphs[end].name == glyphs[start].name:
            end += 1
        if not glyphs[start].name:
            run, after = range(start, end), end < len(glyphs)
            signs = [k for k in run if glyphs[k].shape in relations]
            signs = signs[-1:] or [k for k in run if glyphs[k].shape in operators][:1]
            if after:
                first = signs[0] if signs else end
                _name(found, glyphs, range(end - 1, first - 1, -1), end)
            if start:
                first = next((k for k in run if glyphs[k].shape in relations | operators), end)
                _name(found, glyphs, range(start, first), start - 1)
        start = end
    return tuple(found)


def _name(found: list[str], glyphs: tuple[Glyph, ...], run: range, part: int) -> None:
    """Give glyphs, away from a part, to it: as far as they stand close and are one term."""
    last, tall = part, 0
    for k in run:
        _, top, _, bottom = glyphs[k].box
        tall += bottom - top > TALL
        is_other = glyphs[k].shape == "line" or tall > 1 or _is_piece(glyphs, k)
        if found[k] or is_other or _gap(glyphs[last], glyphs[k]) > APART:
            return
        found[k], last = f"{glyphs[part].name}{TERM}", k


def _is_piece(glyphs: tuple[Glyph, ...], k: int) -> bool:
    """Whether a glyph is a piece of a bracket that is put together: it is around several lines."""
    left, top, right, bottom = glyphs[k].box
    for it in glyphs[max(k - PIECES, 0) : k + PIECES]:
        aligned = min(abs(it.box[0] - left), abs(it.box[2] - right)) < JOINT
        joined = min(it.box[3], bottom) - max(it.box[1], top) > -JOINT
        if it is not glyphs[k] and it.shape != "line" and aligned and joined:
            return True
    return False


def _gap(first: Glyph, second: Glyph) -> float:
    left, right = sorted((first, second), key=lambda it: it.box[0])
    return right.box[0] - left.box[2]


@lru_cache(maxsize=4)
def _shapes(signs: str) -> frozenset[str]:
    ink = set_type(f"$ {' '.join(f'{sign} x' for sign in signs.split())} $", (0.0, 0.0, 0.0))
    letter = glyphs_of(set_type("$ x $", (0.0, 0.0, 0.0)))[0].shape
    return frozenset(it.shape for it in glyphs_of(ink)) - {letter}
