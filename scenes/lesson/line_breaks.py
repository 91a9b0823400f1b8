"""Where a formula may be broken when a narrow frame has no room for it in one line."""

from __future__ import annotations

import re

NEW_LINE = " \\ "
"""Typst's mark of a new line."""
_GAP = re.compile(r"\s+(?:wide|quad)\s+")
_MARK = re.compile(r"\s+(?:wide|quad)\s+|\s+(?==\s)")


def arrangements(source: str) -> list[str]:
    """Return ways to set a displayed formula, from one line to many.

    Parts stand one below the other first, then every step of a calculation does. What stands in
    brackets, a matrix or a coloured part, is never broken.

    Parameters
    ----------
    source : str
        Typst markup of one displayed formula, ``$ ... $``.

    Examples
    --------
    >>> [way.count(chr(92)) for way in arrangements("$ a = b = c wide d = 1 $")]
    [0, 1, 2]
    """
    if not (source.startswith("$ ") and source.endswith(" $")):
        return [source]
    parts = _split(source[2:-2], _GAP)
    steps = [line for part in parts for line in _steps(part)]
    ways = [source]
    for lines in (parts, steps):
        way = f"$ {NEW_LINE.join(lines)} $"
        if len(lines) > 1 and way not in ways:
            ways.append(way)
    return ways


def _steps(part: str) -> list[str]:
    """Break before every equals sign but the first, which names what is calculated."""
    pieces = _split(part, _MARK)
    return [" ".join(pieces[:2]), *pieces[2:]]


def _split(text: str, mark: re.Pattern[str]) -> list[str]:
    """Split at marks outside all brackets."""
    pieces, start, depth, place = [], 0, 0, 0
    while place < len(text):
        found = mark.match(text, place) if depth == 0 else None
        if found:
            pieces.append(text[start:place])
            start = place = max(found.end(), place + 1)
            continue
        depth += (text[place] in "([{") - (text[place] in ")]}")
        place += 1
    return [piece.strip() for piece in [*pieces, text[start:]] if piece.strip()]
