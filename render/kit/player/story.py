"""What the page knows of a lecture: its lessons step by step, as plain values."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import translator
from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.kit.description import seen_in, spoken
from backprop_studio.render.kit.player.words import WORDS
from backprop_studio.render.lecture.cues import cues_of
from backprop_studio.render.lecture.file import in_language
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Filmed, Shot, Told

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


@dataclass(frozen=True)
class Medium:
    """A picture or a film of the page.

    Attributes
    ----------
    name : str
        Of its file, where it has one of its own.
    kind : str
        As browsers call it.
    content : bytes or Path
        A film stays on the disk: a long lecture's would fill the memory.
    """

    name: str
    kind: str
    content: bytes | Path


@dataclass
class Story:
    """A lecture's values, and the media that they count.

    Attributes
    ----------
    values : dict
        What the page's program reads; a medium is its number.
    media : list of Medium
        Pictures first, so that there is something to see before the films have come.
    """

    values: dict[str, Any] = field(default_factory=dict)
    media: list[Medium] = field(default_factory=list)

    def add(self, medium: Medium) -> int:
        """Add a medium and return its number."""
        self.media.append(medium)
        return len(self.media) - 1


def story_of(told: Told) -> Story:
    """Return what is told as the page's program takes it.

    Raises
    ------
    StudioError
        If the pictures of the beats could not be made.
    """
    story, tr = Story(), translator(told.language)
    lessons = [_lesson(story, told, film) for film in told.films]
    for film, lesson in zip(told.films, lessons, strict=True):
        lesson["film"] = story.add(Medium(film.video.name, "video/mp4", film.video))
    job = told.films[0].lesson.job
    story.values = {
        "title": told.title,
        "lecture": in_language(told.lecture.header.title, told.language),
        "language": LANGUAGE_TAGS[told.language],
        "spoken": job.voice != SILENT,
        "captioned": told.lecture.header.captions != "off",
        "words": {key: tr(text) for key, text in WORDS.items()},
        "lessons": lessons,
        "media": [{"kind": it.kind} for it in story.media],
    }
    return story


def _lesson(story: Story, told: Told, film: Filmed) -> dict[str, Any]:
    """Return a lesson; what its title's card shows belongs to the first step."""
    card = film.lesson.job.card
    notes = told.lecture.parts[card.number - 1].notes if card else ""
    stills = film.stills()
    lesson: dict[str, Any] = {
        "id": film.lesson.name,
        "title": film.title,
        "notes": notes,
        "fps": film.result.fps,
        "width": film.result.width,
        "height": film.result.height,
        "ground": _ground(stills[0]),
        "card": None,
        "steps": [],
    }
    begin = 0
    for shot, still in zip(film.shots, stills, strict=True):
        picture = story.add(_picture(film, shot, still))
        if card is not None and shot.number == 1 and len(film.shots) > 1:
            lesson["card"] = picture
            continue
        lesson["steps"].append(_step(told, film, shot, picture, begin))
        begin = shot.last
    return lesson


def _step(told: Told, film: Filmed, shot: Shot, picture: int, begin: int) -> dict[str, Any]:
    beat, language = shot.beat, told.language
    said = [it for it in beat.sentences if it.text]
    rows = (
        (it["name"], _printed(it["text"]), "" if it["value"] is None else repr(it["value"]))
        for it in film.sheet["shown"]
        if it["beat"] == beat.name
    )
    return {
        "id": beat.name,
        "title": beat.caption or film.title,
        "first": begin,
        "last": shot.last,
        "still": picture,
        "script": spoken(beat, language),
        "seen": seen_in(beat.model_copy(update={"numbers": ()}), language),
        "numbers": list(dict.fromkeys(rows)),
        "cues": [
            [cue.start, cue.end, cue.text]
            for it in said
            for cue in cues_of(it.text, it.start, it.end)
        ],
        "questions": [
            {"text": it.text, "at": it.end, **it.asks.model_dump(mode="json")}
            for it in said
            if it.asks
        ],
    }


def _printed(text: str) -> str:
    """Return a number as it is seen, without the marks it is set with."""
    return plain_text(f"${text}$") if "(" in text or " " in text else text


def _picture(film: Filmed, shot: Shot, still: bytes) -> Medium:
    """Return a beat's picture, without loss: on flat colours that is as small as with one."""
    from PIL import Image

    picture = film.work / f"{film.lesson.name}.pages" / f"{shot.name}.webp"
    if not picture.exists():  # the same for each page, of which there are three
        picture.parent.mkdir(parents=True, exist_ok=True)
        drawn = Image.open(io.BytesIO(still)).convert("RGB")
        drawn.save(picture, "WEBP", lossless=True, method=2)
    return Medium(f"{film.lesson.name}.{shot.name}.webp", "image/webp", picture)


def _ground(still: bytes) -> str:
    """Return the colour of a picture's corner, which goes on around it."""
    from PIL import Image

    red, green, blue = Image.open(io.BytesIO(still)).convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"
