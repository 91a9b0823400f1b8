"""Texts that a viewer cannot read in the time that they stand, and sentences too long to say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, one_line
from backprop_studio.scenes.lesson.writer import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backprop_studio.render.lint.finding import Kind
    from backprop_studio.scenes.lesson.reading import Reading

MOST_WORDS = 25
MOST_CHARACTERS = 40
"""Of a sentence in Chinese."""

MOST_QUOTED = 60
"""Characters of a text that are enough to find it."""

ONE_FRAME = 1 / 15
"""Seconds by which the time of a text may miss: plays are whole frames."""

_CHARACTER = re.compile(r"[\u3400-\u9fff]")


def reading_faults(readings: Iterable[Reading]) -> Iterator[tuple[Reading, Kind, Message]]:
    """Yield each text at fault with the kind of the fault and what it is."""
    for reading in readings:
        if reading.available + ONE_FRAME < reading.needed:
            text = N_("'{text}' stands for {available} s and takes {needed} s to read")
            times = {name: f"{getattr(reading, name):.1f}" for name in ("available", "needed")}
            words = _start_of(reading.text)
            yield reading, "hurried", Message.of("lint.hurried", text, text=words, **times)
        if reading.kind == "sentence" and is_long(reading.text):
            text = N_("'{text}' is too long for one sentence")
            yield reading, "long", Message.of("lint.long", text, text=_start_of(reading.text))


def is_long(sentence: str) -> bool:
    """Whether a sentence has more words than a listener follows.

    Examples
    --------
    >>> is_long("word " * 25), is_long("word " * 26), is_long("字" * 41)
    (False, True, True)
    """
    return len(_CHARACTER.findall(sentence)) > MOST_CHARACTERS or len(sentence.split()) > MOST_WORDS


def _start_of(text: str) -> str:
    return cut(one_line(text), MOST_QUOTED)
