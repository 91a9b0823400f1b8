"""A lecture to read: what is said, and what is to be seen meanwhile, as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.messages.results import BeatMark

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~$])")
_BEGINS_LIST = re.compile(r"^([0-9]*)([-+.)])(?=[ -]|$)")
"""What makes a list or a rule of a line that begins with it."""


def transcript(
    title: str, lessons: Sequence[tuple[str, Sequence[BeatMark]]], language: Language
) -> str:
    """Return what is said in lessons, and a description of what is to be seen.

    Parameters
    ----------
    title : str
        Of the whole; that of an only lesson is not said twice.
    lessons : sequence of (str, sequence of BeatMark)
        Each lesson's title and its beats.
    """
    lines = [f"# {_line(title)}"]
    for name, beats in lessons:
        if len(lessons) > 1 or name != title:
            lines += ["", f"## {_line(name)}"]
        for beat in beats:
            lines += _beat(beat, language)
    return "\n".join(lines) + "\n"


def _beat(beat: BeatMark, language: Language) -> Iterator[str]:
    translate = translator(language)
    said = [it.text for it in beat.sentences if it.text]
    heading = beat.caption or " ".join(said)
    if not heading:
        return
    yield from ("", f"### {_line(heading)}")
    if said and said != [beat.caption]:
        yield from ("", _line(("" if language == "zh" else " ").join(said)))
    if beat.seen or beat.numbers:
        yield from ("", f"*{translate(N_('To be seen:'))}*", "")
        yield from (f"- {_line(it)}" for it in beat.seen)
        if beat.numbers:
            text = translate(N_("numbers: {numbers}"))
            numbers = translate(N_(", ")).join(dict.fromkeys(beat.numbers))
            yield f"- {_line(text.format(numbers=numbers))}"


def _line(text: str) -> str:
    """Return a text as one line in which nothing is a mark."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _BEGINS_LIST.sub(r"\1\\\2", plain)
