"""Where a formula may be broken when a narrow frame has no room for it in one line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from backprop_studio.scenes.paint.typeset import set_type

NEW_LINE = " \\ "
"""Typst's mark of a new line."""
_ROW = re.compile(r"\s+\\\s+")
_GAP = re.compile(r"\s+(?:wide|quad)\s+")
_STEP = re.compile(r"\s+(?=(?:=|approx)\s)")
_TERM = re.compile(r"\s+(?=\+\s)")

_BETWEEN = " wide ", 2.0
"""Parts of one line, and how far apart that sets them in em."""


def arrangements(source: str) -> Iterator[str]:
    """Yield ways to set a displayed formula, from one line to many.

    Parts come into as few lines as there have to be, as even as they can be made, then each has a
    line of its own; then the widest line is broken before its last step, again and again, until
    every step of a calculation has a line, and then before its last term. What stands in brackets,
    a matrix or a coloured part, is never broken.

    Parameters
    ----------
    source : str
        Typst markup of one displayed formula, ``$ ... $``.

    Examples
    --------
    >>> [way.count(chr(92)) for way in arrangements("$ a = b = c wide d = 1 wide e = 2 $")]
    [0, 1, 2, 3]
    """
    yield source
    if not (source.startswith("$ ") and source.endswith(" $")):
        return
    rows = [_split(row, _GAP) for row in _split(source[2:-2], _ROW)]
    seen = {len(rows)}
    for lines in itertools.chain(_packed(rows), _broken([part for row in rows for part in row])):
        if len(lines) not in seen:
            seen.add(len(lines))
            yield f"$ {NEW_LINE.join(lines)} $"


def _packed(rows: list[list[str]]) -> Iterator[list[str]]:
    """Yield lines that hold the parts of each row, from few long ones to many short ones."""
    word, gap = _BETWEEN
    taken = {part: _width(part) + gap for row in rows for part in row}
    runs = [row[i:j] for row in rows for i in range(len(row)) for j in range(i + 1, len(row) + 1)]
    found: dict[int, list[str]] = {}
    for most in sorted({sum(map(taken.__getitem__, run)) for run in runs}, reverse=True):
        if most < max(taken.values()):
            break
        lines: list[list[str]] = []
        for row in rows:
            lines.append([])
            for part in row:
                if lines[-1] and sum(taken[it] for it in (*lines[-1], part)) > most:
                    lines.append([])
                lines[-1].append(part)
        found[len(lines)] = [word.join(line) for line in lines]  # the narrower is the more even
    for count in sorted(found):
        yield found[count]


def _broken(lines: list[str]) -> Iterator[list[str]]:
    """Yield lines, and then more and more of them broken, the widest first."""
    yield lines
    for apart in (_steps, lambda line: _split(line, _TERM)):
        steps = [apart(line) for line in lines]
        while wide := [k for k, it in enumerate(steps) if len(it) > 1]:
            k = max(wide, key=lambda it: _width(" ".join(steps[it])))
            *first, last = steps[k]
            steps[k : k + 1] = [first, [last]]
            lines = [" ".join(it) for it in steps]
            yield lines


def _width(part: str) -> float:
    return set_type(f"$ {part} $", (0.0, 0.0, 0.0)).width


def _steps(part: str) -> list[str]:
    """Break before every equals sign but the first, which names what is calculated."""
    pieces = _split(part, _STEP)
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
