"""Which criteria of WCAG 2.2 for films a lecture meets, each with what was found of it.

https://www.w3.org/TR/WCAG22/: time-based media (1.2.1 to 1.2.5), contrast (1.4.3), flashes (2.3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.render.kit.description import seen_in, spoken
from backprop_studio.render.lecture.cues import cues_of
from backprop_studio.render.lint.flashes import MOST
from backprop_studio.render.messages.contrasts import LEAST_CONTRAST

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.messages.contrasts import Contrasts
    from backprop_studio.render.messages.jobs import KitItem
    from backprop_studio.render.messages.results import BeatMark

_NAMED = 3
"""Texts that a reason names."""


@dataclass(frozen=True)
class Criterion:
    """Whether a lecture meets a criterion, and why.

    Attributes
    ----------
    number, level : str
        As WCAG calls them.
    is_met : bool
    reason : Message
        What was found.
    """

    number: str
    level: str
    is_met: bool
    reason: Message


@dataclass(frozen=True)
class Found:
    """What was found of a lecture.

    Attributes
    ----------
    kit : collection of str
        The files that are asked for.
    is_spoken, has_captions : bool
        Whether its videos have sound, and what is said in the picture.
    beats : sequence of (Language, BeatMark)
        Of all lessons, but for the cards before them: those are headings of the transcript.
    contrasts : Contrasts
        Of all lessons.
    flashes, frames : int
        In the worst second of all films, and how many frames were looked at.
    """

    kit: Collection[KitItem]
    is_spoken: bool
    has_captions: bool
    beats: Sequence[tuple[Language, BeatMark]]
    contrasts: Contrasts
    flashes: int
    frames: int

    @property
    def untold(self) -> int:
        """How many beats show something of which the transcript has no word."""
        return sum(
            bool(seen_in(beat, language)) and not (beat.caption or spoken(beat, language))
            for language, beat in self.beats
        )

    @property
    def seen(self) -> int:
        """How many beats show something that is described."""
        return sum(bool(seen_in(beat, language)) for language, beat in self.beats)

    @property
    def sentences(self) -> list[str]:
        """What is said."""
        return [it.text for _, beat in self.beats for it in beat.sentences if it.text]


def criteria(found: Found) -> list[Criterion]:
    """Return what is met, in the order of the standard."""
    parts = (
        ("1.2.1", "A", _alternative),
        ("1.2.2", "A", _captions),
        ("1.2.3", "A", _description_or_alternative),
        ("1.2.4", "AA", _live),
        ("1.2.5", "AA", _description),
        ("1.4.3", "AA", _contrast),
        ("2.3.1", "A", _flashes),
    )
    return [Criterion(number, level, *judge(found)) for number, level, judge in parts]


_Judged = tuple[bool, Message]


def _said(is_met: bool, code: str, words: str, /, **fields: Any) -> _Judged:
    return is_met, Message.of(f"wcag.{code}", words, **fields)


def _alternative(found: Found) -> _Judged:
    """Judge what is seen only, or heard only: it has to be there in words as well."""
    if found.is_spoken and "gifs" not in found.kit:
        return _said(True, "both", N_("each film has picture and sound"))
    if found.is_spoken:
        return _in_words(found, N_("GIFs are silent"))
    return _in_words(found, N_("the videos are silent"))


def _in_words(found: Found, why: str) -> _Judged:
    given = {"why": Message.of("wcag.why", why), "count": len(found.beats)}
    if "transcript" not in found.kit:
        text = N_("{why}, and the kit has no transcript that says what they show")
        return _said(False, "no_transcript", text, **given)
    if found.untold:
        text = N_("{why}, and the transcript has no word of {untold} of {count} beats")
        return _said(False, "untold", text, untold=found.untold, **given)
    text = N_("{why}; the transcript says what is told and shown in each of {count} beats")
    return _said(True, "transcript", text, **given)


def _silent() -> _Judged:
    return _said(True, "silent", N_("nothing is heard, so 1.2.1 applies instead"))


def _captions(found: Found) -> _Judged:
    if not found.is_spoken:
        return _silent()
    sentences = found.sentences
    whole = [
        it
        for it in sentences
        if _letters("".join(c.text for c in cues_of(it, 0, 1))) == _letters(it)
    ]
    counts = {"found": len(whole), "count": len(sentences)}
    if {"subtitles", "player"} & set(found.kit):
        text = N_("the subtitles hold {found} of {count} sentences")
        return _said(len(whole) == len(sentences), "subtitles", text, **counts)
    if found.has_captions:
        text = N_("each of {count} sentences stands in the picture while it is said")
        return _said(True, "in_picture", text, **counts)
    text = N_("the kit has no subtitles, and captions are off")
    return _said(False, "no_subtitles", text)


def _letters(text: str) -> str:
    return "".join(text.split())


def _description_or_alternative(found: Found) -> _Judged:
    return _in_words(found, N_("the videos are spoken")) if found.is_spoken else _silent()


def _live(_found: Found) -> _Judged:
    return _said(True, "not_live", N_("nothing is live"))


def _description(found: Found) -> _Judged:
    if not found.is_spoken:
        return _silent()
    counts = {"seen": found.seen, "count": len(found.beats)}
    if "transcript" in found.kit:
        text = N_(
            "the track NAME.descriptions.vtt describes each of the {seen} beats that show more "
            "than is said, where a page gives it to its video"
        )
        return _said(True, "described", text, **counts)
    text = N_("{seen} of {count} beats show more than is said, and the kit has no descriptions")
    return _said(not found.seen, "not_described", text, **counts)


def _contrast(found: Found) -> _Judged:
    it = found.contrasts
    given: dict[str, Any] = {
        "ratio": "∞" if it.least is None else f"{it.least:.2f}",
        "least": LEAST_CONTRAST,
        "text": it.text,
        "moments": it.moments,
        "dimmed": "" if it.dimmed is None else f"{it.dimmed:.2f}",
    }
    if it.least is not None and it.least < LEAST_CONTRAST:
        text = N_("{text} has a contrast of {ratio}:1, below {least}:1, in {moments} moments")
        return _said(False, "faint", text, **given)
    if it.only_dimmed:
        text = N_("dimmed to {dimmed}:1 and not seen otherwise in {moments} moments: {texts}")
        given["texts"] = listed(it.only_dimmed[:_NAMED])
        return _said(False, "only_dimmed", text, **given)
    if it.dimmed is not None and it.dimmed < LEAST_CONTRAST:
        text = N_(
            "at least {ratio}:1 in {moments} moments, {least}:1 is asked for; what is dimmed to "
            "{dimmed}:1 while something else is spoken of was or is seen in full"
        )
        return _said(True, "dimmed", text, **given)
    text = N_("at least {ratio}:1 in {moments} moments, and {least}:1 is asked for")
    return _said(True, "contrast", text, **given)


def _flashes(found: Found) -> _Judged:
    text = N_("flashes in the worst second of {frames} frames: {flashes}, {most} are allowed")
    given = {"flashes": found.flashes, "frames": found.frames, "most": MOST}
    return _said(found.flashes <= MOST, "flashes", text, **given)
