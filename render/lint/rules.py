"""The rules: each looks at one moment and names what is wrong with it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.lint.glyphs import missing_characters
from backprop_studio.render.lint.legibility import is_covered, overlap_depth, worst_contrast
from backprop_studio.render.messages.contrasts import LEAST_CONTRAST
from backprop_studio.scenes.paint.style import DIMMED
from backprop_studio.scenes.paint.typeset import Ink, escape, set_type
from backprop_studio.scenes.relations.judging import relations
from backprop_studio.scenes.relations.reading import read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from backprop_studio.render.lint.finding import Kind
    from backprop_studio.render.lint.look import Look
    from backprop_studio.render.lint.texts import Box, SeenText

VISIBLE = 0.1
"""Opacity below which a text is as good as gone."""

READABLE = 0.6
"""Opacity from which a text is read even while it fades."""

SMALLEST_EM = 18.0
"""Pixels of a picture whose shorter side has 720; a text may be less by what rounding costs."""

ROUNDING = 0.05

TOUCH = 2.0
"""Pixels (of 720) by which the boxes of two texts may overlap."""

EDGE = 1.0
"""Pixels by which a text may stand over the edge of the frame."""

MOST_LINES = 2

ROUNDED_OPACITY = 1e-3

ROUNDED_LEVELS = 2
"""Grey levels by which a pixel differs when the same thing is drawn once more."""


@dataclass(frozen=True)
class Fault:
    """What is wrong at one moment.

    Attributes
    ----------
    kind : str
        Which rule.
    subject : str
        What it is wrong with; one subject is reported once in a beat.
    message : Message
        What the report says.
    box : Box or None
        Where, in pixels of the frame.
    """

    kind: Kind
    subject: str
    message: Message
    box: Box | None


def _fault(kind: Kind, text: SeenText, code: str, words: str, **measures: Any) -> Fault:
    """Return what is wrong with a text."""
    return Fault(kind, text.name, Message.of(code, words, text=text.name, **measures), text.box)


def faults_of(look: Look, said: Collection[str]) -> list[Fault]:
    """Return what is wrong at a moment, but for what only a comparison of beats can tell.

    Parameters
    ----------
    look : Look
        The moment.
    said : collection of str
        What the open beat says.
    """
    visible = visible_texts(look)
    found = [
        *_outside(look, visible),
        *_overlapping(look, visible),
        *_faint(look, visible),
        *_without_shape(visible),
        *_untrue(visible),
    ]
    if look.still:  # what grows into place is small on its way
        found += [*_small(look, visible), *_long(visible, said)]
    return found


def visible_texts(look: Look) -> list[SeenText]:
    """Return the texts that a viewer sees at a moment."""
    return [
        text
        for text in look.texts
        if text.alpha >= VISIBLE and not is_covered(text, look.picture, look.ground)
    ]


def _outside(look: Look, texts: list[SeenText]) -> Iterator[Fault]:
    width, height = look.size
    astray: list[Box] = []
    for text in texts:
        left, top, right, bottom = text.box
        over = max(-left, -top, right - width, bottom - height)
        gone = right <= 0 or bottom <= 0 or left >= width or top >= height
        # A camera that looks at a part of the stage leaves texts out, but should cut none in two.
        if over > EDGE and not (look.zoomed and gone):
            astray.append(text.box)
            words = N_("{text} is {pixels} px outside the frame")
            yield _fault("outside", text, "lint.text_outside", words, pixels=round(over))
    for name, box in look.strays:
        # A part whose own text has been named need not be named again.
        if not any(_common(box, inner) == inner for inner in astray):
            what = Message.of("lint.part_outside", N_("{part} draws outside the frame"), part=name)
            yield Fault("outside", name, what, box)


def _overlapping(look: Look, texts: list[SeenText]) -> Iterator[Fault]:
    least = TOUCH * min(look.size) / 720
    readable = [text for text in texts if text.alpha >= READABLE]
    for first, second in itertools.combinations(readable, 2):
        if not _meet(first.box, second.box):
            continue
        same = first.ink == second.ink and np.allclose(first.corners, second.corners, atol=0.5)
        depth = overlap_depth(first, second)
        if depth > least and not same:
            words = N_("{first} and {second} overlap by {pixels} px")
            names = {"first": first.name, "second": second.name}
            what = Message.of("lint.overlap", words, **names, pixels=round(depth))
            box = _common(first.box, second.box)
            yield Fault("overlap", f"{first.name} {second.name}", what, box)


def _meet(first: Box, second: Box) -> bool:
    left, top, right, bottom = _common(first, second)
    return left < right and top < bottom


def _common(first: Box, second: Box) -> Box:
    return (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )


def _faint(look: Look, texts: list[SeenText]) -> Iterator[Fault]:
    for text in texts:
        if is_dimmed(text) or (not look.still and text.alpha < READABLE):
            continue
        ratio = worst_contrast(text, look.ground, faded=look.still)
        if ratio < LEAST_CONTRAST:
            words = N_("{text} has a contrast of {ratio}:1, below {least}:1")
            measures = {"ratio": f"{ratio:.2f}", "least": LEAST_CONTRAST}
            yield _fault("contrast", text, "lint.contrast", words, **measures)


def is_dimmed(text: SeenText) -> bool:
    """Whether a text is dimmed on purpose, as something else is spoken of."""
    return abs(text.opacity - DIMMED) < ROUNDED_OPACITY


def _small(look: Look, texts: list[SeenText]) -> Iterator[Fault]:
    for text in texts:
        em = text.em * 720 / min(look.size)
        if em < SMALLEST_EM - ROUNDING:
            words = N_("{text} has an em of {em} px, below {least} px at 720p")
            measures = {"em": f"{em:.1f}", "least": f"{SMALLEST_EM:g}"}
            yield _fault("small", text, "lint.small", words, **measures)


def _without_shape(texts: list[SeenText]) -> Iterator[Fault]:
    for text in texts:
        for sign in missing_characters(text.ink):
            words = N_("{text}: no font has a shape for {character}")
            character = sign or Message.of("lint.character", N_("a character"))
            what = Message.of("lint.glyph", words, text=text.name, character=character)
            yield Fault("glyph", f"{text.name} {sign}", what, text.box)


def _untrue(texts: list[SeenText]) -> Iterator[Fault]:
    for text in texts:
        for relation in relations(text.ink.markup):
            if not relation.holds():
                words = N_("{text}: the printed numbers give {found}, and not {expected}")
                found, expected = (f"{it:.10g}" for it in relation.worst())
                measures = {"found": found, "expected": expected}
                yield _fault("relation", text, "lint.relation", words, **measures)
        for number in read(text.ink.markup).ungrouped:
            words = N_("{text}: {number} needs brackets where it stands")
            yield _fault("relation", text, "lint.brackets", words, number=number)


def _long(texts: list[SeenText], said: Collection[str]) -> Iterator[Fault]:
    sentences = set(map(escape, said))
    for text in texts:
        if text.ink.markup in sentences and (lines := _lines(text.ink)) > MOST_LINES:
            words = N_("{text} takes {lines} lines, above {most}")
            yield _fault("caption", text, "lint.lines", words, lines=lines, most=MOST_LINES)


def _lines(ink: Ink) -> int:
    """Return how many lines a text has, from its height."""
    one, two = _line_heights()
    return 1 + round((ink.height - one) / (two - one))


@cache
def _line_heights() -> tuple[float, float]:
    """Return the heights of texts of one line and of two, in em."""
    one, two = (set_type(escape(text), (1.0, 1.0, 1.0)).height for text in ("H", "H\nH"))
    return one, two


def is_unchanged(before: Look, after: Look, captions: set[str]) -> bool:
    """Whether a beat has left the picture as it was, but for its caption.

    Parameters
    ----------
    before, after : Look
        The ends of two beats.
    captions : set of str
        Theirs.
    """
    one, other = before.picture, after.picture
    same = before.whole_pixels == after.whole_pixels
    rows, columns = np.nonzero(~same)
    change = np.abs(one[rows, columns].astype(np.int16) - other[rows, columns])
    same[rows, columns] = change.max(axis=1, initial=0) <= ROUNDED_LEVELS
    markups = set(map(escape, captions))
    for text in (*before.texts, *after.texts):
        if text.ink.markup in markups:
            left, top, right, bottom = text.box
            same[
                max(0, int(top) - 2) : max(0, int(bottom) + 3),
                max(0, int(left) - 2) : max(0, int(right) + 3),
            ] = True
    return bool(same.all())
