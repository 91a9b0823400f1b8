"""What is to be seen in a beat, in words: for those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_, translator

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.messages.results import BeatMark


def seen_in(beat: BeatMark, language: Language) -> list[str]:
    """Return what comes onto the picture in a beat: texts, formulas, lines of code, numbers."""
    tr = translator(language)
    found = list(beat.seen)
    if beat.numbers:
        numbers = tr(N_(", ")).join(dict.fromkeys(beat.numbers))
        found.append(tr(N_("numbers: {numbers}")).format(numbers=numbers))
    return found


def description(beat: BeatMark, language: Language) -> str:
    """Return all of it as one text, which begins with the caption."""
    tr = translator(language)
    return tr(N_("; ")).join(it for it in (beat.caption, *seen_in(beat, language)) if it)


def spoken(beat: BeatMark, language: Language) -> str:
    """Return what is said in a beat, as one text."""
    return ("" if language == "zh" else " ").join(it.text for it in beat.sentences if it.text)
