"""How long words and formulas stand: the time that it takes to read them calmly.

Rates are those of a spoken lecture. Nothing else is to be read meanwhile, so that the time of a
sentence and of the formula beside it add up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

SECONDS_PER_WORD = 60 / 150
SECONDS_PER_CHARACTER = 60 / 240
"""Of Chinese."""

SECONDS_PER_NUMBER = 0.4
"""Of one on a formula that was not seen before."""

SECONDS_PER_LINE = 1.0
SHORTEST = 2.0
"""Seconds; neither a sentence nor a formula stands for less."""

BREATH = 0.3
"""Seconds between a sentence that a voice has spoken and the next one."""

THINKING = 3.0
"""Seconds of a picture that stands still after a question."""

ENDING = 3.0
"""Seconds that the last picture stands longer."""

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+(?:[.,'’·-][^\W_]+)*")

ReadingKind: TypeAlias = Literal["sentence", "formula"]


def sentence_seconds(text: str) -> float:
    """Return how long a sentence takes to say, or to read calmly.

    Examples
    --------
    >>> sentence_seconds("Forward: the weight makes a prediction, that makes a loss.")
    4.0
    >>> sentence_seconds("前向传播：权重给出预测，预测给出损失。")
    4.0
    >>> sentence_seconds("")
    0.0
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    characters = sum("\u3400" <= word <= "\u9fff" for word in words)
    spoken = characters * SECONDS_PER_CHARACTER + (len(words) - characters) * SECONDS_PER_WORD
    return float(max(spoken, SHORTEST))


def formula_seconds(numbers: int, lines: int) -> float:
    """Return how long a formula takes to read once it is complete.

    Parameters
    ----------
    numbers : int
        Those on it that the viewer has not seen before.
    lines : int
        How many lines it has.

    Examples
    --------
    >>> formula_seconds(12, 1), formula_seconds(0, 1)
    (5.8, 2.0)
    """
    return round(max(numbers * SECONDS_PER_NUMBER + lines * SECONDS_PER_LINE, SHORTEST), 9)


@dataclass(frozen=True)
class Asked:
    """What a sentence asks the viewer, who guesses while the picture stands still.

    Attributes
    ----------
    until : float
        Seconds from the lesson's beginning at which the picture goes on.
    choices : tuple of str
        What can be answered, in the lesson's language; none are there where the answer is open.
    right : int or None
        Which of them the numbers bear out, from 0.
    """

    until: float
    choices: tuple[str, ...] = ()
    right: int | None = None


@dataclass
class Reading:
    """A text that the viewer reads, with the time it needs and the time it gets.

    Attributes
    ----------
    beat : str
        The one in which it stands.
    kind : {"sentence", "formula"}
        What it is.
    text : str
        The sentence, or the formula's markup.
    start : float
        Seconds from the lesson's beginning at which it can be read.
    needed : float
        Seconds that it takes at the lesson's pace.
    end : float
        When it goes, or another text wants to be read.
    asked : Asked or None
        If it is a question that waits for the viewer's guess.
    """

    beat: str
    kind: ReadingKind
    text: str
    start: float
    needed: float
    end: float = float("inf")
    asked: Asked | None = None

    @property
    def available(self) -> float:
        """Seconds that it gets."""
        return self.end - self.start


@dataclass
class ReadingClock:
    """What a viewer reads, one text after the other.

    Attributes
    ----------
    pace : float
        Divides all times but those of a voice.
    spoken : mapping of str to float
        For how many seconds a voice speaks a sentence, as far as there is a voice.
    readings : list of Reading
        Texts shown so far, in the order in which they are read.
    """

    pace: float
    spoken: Mapping[str, float] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    _due: float = 0.0

    def say(self, now: float, beat: str, text: str) -> Reading:
        """Begin a sentence; it is said once what came before has been read."""
        if text in self.spoken:
            seconds = (self.spoken[text] + BREATH) * self.pace
        else:
            seconds = sentence_seconds(text)
        return self.read(now, beat, "sentence", text, seconds)

    def read(self, now: float, beat: str, kind: ReadingKind, text: str, seconds: float) -> Reading:
        """Begin a text; it is read once those before it have been."""
        start = max(now, self._due)
        needed = seconds / self.pace
        reading = Reading(beat, kind, text, start, needed)
        self.readings.append(reading)
        self._due = start + needed
        return reading

    def sentences(self, beat: str) -> list[Reading]:
        """Return what is said in a beat, one sentence after the other."""
        return [it for it in self.readings if it.kind == "sentence" and it.beat == beat]

    def left(self, now: float) -> float:
        """Return how many seconds are missing until everything has been read."""
        return max(self._due - now, 0.0)

    def close(self, now: float) -> None:
        """End what is open: what stood there goes."""
        following = float("inf")
        for reading in reversed(self.readings):
            if reading.end < float("inf"):
                break
            reading.end = min(now, following)
            following = reading.start
