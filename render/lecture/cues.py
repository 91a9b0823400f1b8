"""Subtitles that can be read: few and short lines, broken where the sentence has a joint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from wcwidth import iter_graphemes

MOST_LINES = 2
MOST_LETTERS = {False: 42, True: 20}
"""Of a line; by whether it is Chinese. What a reader takes for a letter is one, of however many
signs it is made."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARKS = "，。；：？！、“”（）《》…"
_ALONE = re.compile(rf"[\u3400-\u9fff{_MARKS}]")
"""Begins a piece of a sentence that is a letter by itself."""

_CLOSING = tuple("，。；：？！、”）》…,.;:?!)]}")
_OPENING = tuple("“（《([{")
_STRONG, _WEAK = tuple(".;:?!。；：？！…"), tuple(",，、)）")
_SIGN = re.compile(r"[=+\-−×·*/<>≈≤≥→←]+")
_JOINTS = {
    *("and", "or", "but", "so", "that", "which", "who", "when", "where", "while", "because", "as"),
    *("if", "than", "then", "to", "of", "in", "on", "at", "by", "for", "from", "with", "into"),
    *("through", "after", "before", "until"),
}
"""Words before which a sentence can be broken."""

_PARTICLES = tuple("的了着时后地")
"""Behind which it can be, in Chinese."""

_PER_LINE = 30.0
"""What a line costs: few are better than even ones."""

_ODD = 3.0
"""What it costs to go on in the next subtitle where the sentence has no joint."""


@dataclass(frozen=True)
class Cue:
    """A subtitle: what stands on the screen at one time.

    Attributes
    ----------
    text : str
        Its lines.
    start, end : float
        Seconds.
    """

    text: str
    start: float
    end: float


def cues_of(text: str, start: float, end: float) -> list[Cue]:
    """Return a sentence as subtitles, each for as long as its share of the letters.

    Examples
    --------
    >>> [it.text for it in cues_of("Up it goes.", 0, 2)]
    ['Up it goes.']
    """
    lines = lines_of(text)
    groups = [lines[at : at + MOST_LINES] for at in range(0, len(lines), MOST_LINES)]
    letters = [sum(map(len, group)) for group in groups]
    cues, at = [], start
    for group, share in zip(groups, letters, strict=True):
        until = at + (end - start) * share / sum(letters)
        cues.append(Cue("\n".join(group), at, until))
        at = until
    return cues


def lines_of(text: str) -> list[str]:
    """Break a sentence into as few lines as it needs, at its joints and as even as they allow."""
    text = " ".join(text.split())
    most = MOST_LETTERS[bool(_CHINESE.search(text))]
    letters = _pieces(text, most)
    pieces = ["".join(it) for it in letters]
    # The best way to break before each piece: its price, lines so far, where the last one began.
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
    for end in range(1, len(pieces) + 1):
        found = []
        for begin in range(end - 1, -1, -1):
            size = sum(map(len, _without_blanks(letters[begin:end])))
            if size > most:
                break
            price, count, _ = best[begin]
            slack = (most - size) / most
            price += _PER_LINE + 4 * slack**2 + _price_of_break(pieces, end, count + 1)
            found.append((price, count + 1, begin))
        best.append(min(found))
    lines: list[str] = []
    end = len(pieces)
    while end:
        begin = best[end][2]
        lines.insert(0, "".join(chain(*_without_blanks(letters[begin:end]))))
        end = begin
    return [line for line in lines if line]


def _pieces(text: str, most: int) -> list[list[str]]:
    """Return words, blanks and what can be broken anywhere, each as its letters, ``most`` or less.

    A letter with its accents, a flag, a family with all its members are one each, by Unicode's
    rules for what a reader takes for one.
    """
    found: list[list[str]] = []
    for letter in iter_graphemes(text):
        same = found and letter.isspace() == found[-1][-1].isspace() and len(found[-1]) < most
        if same and not any(_ALONE.match(it) for it in (letter, found[-1][-1])):
            found[-1].append(letter)
        else:
            found.append([letter])
    return found


def _without_blanks(pieces: list[list[str]]) -> list[list[str]]:
    """Return pieces but for blanks at both ends."""
    first, last = 0, len(pieces)
    while first < last and pieces[first][0].isspace():
        first += 1
    while last > first and pieces[last - 1][0].isspace():
        last -= 1
    return pieces[first:last]


def _price_of_break(pieces: list[str], at: int, lines: int) -> float:
    """Return how much it disturbs to break there; more where the next subtitle begins."""
    if at == len(pieces):
        return 0.0
    before, after = "".join(pieces[:at]).rstrip(), "".join(pieces[at:]).lstrip()
    word = after.split(" ")[0]
    if after.startswith(_CLOSING) or before.endswith(_OPENING):
        return 100.0
    if not (pieces[at].isspace() or pieces[at - 1].isspace()) and not _CHINESE.search(
        before[-1:] + after[:1]
    ):
        return 50.0 if not before.endswith(_CLOSING) else 1.0
    if before.endswith(_STRONG):
        return 0.0
    if before.endswith(_WEAK):
        return 0.5
    if _SIGN.fullmatch(word) or _SIGN.fullmatch(before.split(" ")[-1]):
        return 20.0
    is_joint = word.lower().strip(".,;:") in _JOINTS or before.endswith(_PARTICLES)
    disturbs = 1.5 if is_joint else 4.0
    return disturbs * (_ODD if lines % MOST_LINES == 0 else 1.0)
