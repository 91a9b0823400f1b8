"""The transcript: a lecture to read, and what is to be seen in it for those who do not see it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.render.kit.description import description, seen_in, spoken
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.subtitles import timed_texts
from backprop_studio.render.lecture.transcript import transcript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.messages.results import BeatMark

_LANGUAGES = {"en": "en", "zh": "zh-Hans"}

_HEAD = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.6 sans-serif; \
color: #1a1a1a; background: #fff; }}
h1, h2, h3 {{ line-height: 1.25; }}
ul {{ color: #444; }}
</style>
</head>
<body>
<main>
"""


def _write(told: Told, folder: Path) -> None:
    lessons = [(film.title, film.beats) for film in told.films]
    write_text(folder / f"{told.name}.md", transcript(told.title, lessons, told.language))
    write_text(folder / f"{told.name}.transcript.html", page(told))
    write_text(folder / f"{told.name}.descriptions.vtt", descriptions(told))


def page(told: Told) -> str:
    """Return what is said and what is to be seen as a page, with a heading for each beat."""
    title = _line(told.title)
    lines = [f"<h1>{title}</h1>"]
    level = 2
    for film in told.films:
        if len(told.films) > 1 or film.title != told.title:
            lines.append(f"<h2>{_line(film.title)}</h2>")
            level = 3
        for beat in film.beats:
            lines += _beat(beat, told.language, level)
    head = _HEAD.format(language=_LANGUAGES[told.language], title=title)
    return head + "\n".join(lines) + "\n</main>\n</body>\n</html>\n"


def _beat(beat: BeatMark, language: Language, level: int) -> Iterator[str]:
    said = spoken(beat, language)
    heading = beat.caption or said
    if not heading:
        return
    yield f"<h{level}>{_line(heading)}</h{level}>"
    if said and said != heading:
        yield f"<p>{_line(said)}</p>"
    seen = seen_in(beat, language)
    if seen:
        yield f"<p>{_line(translator(language)(N_('To be seen:')))}</p>"
        items = "".join(f"<li>{_line(it)}</li>" for it in seen)
        yield f"<ul>{items}</ul>"


def _line(text: str) -> str:
    return escape(" ".join(text.split()))


def descriptions(told: Told) -> str:
    """Return what comes onto the picture in each beat, as a track of WebVTT."""
    rows = (
        (" ".join(description(beat, told.language).split()), begin + beat.start, begin + beat.end)
        for beat, begin in told.marks
        if seen_in(beat, told.language) and beat.end > beat.start
    )
    return timed_texts(rows, "vtt")


TRANSCRIPT = Item((".md", ".transcript.html", ".descriptions.vtt"), _write)
