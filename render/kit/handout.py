"""The handout: each beat's still on white ground, what is said in it, and room for notes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.kit.description import description, spoken
from backprop_studio.render.kit.item import Item
from backprop_studio.render.kit.video import ENDING as VIDEO_ENDING
from backprop_studio.render.lecture.file import in_language

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.kit.told import Filmed, Told

ENDING = ".handout.pdf"

_TEMPLATE = Path(__file__).with_name("handout.typ")


def _write(told: Told, folder: Path) -> Message | None:
    from backprop_studio.render.kit.pages import write_pages

    pictures = told.films[0].work
    lecture = in_language(told.lecture.header.title, told.language)
    lessons = [
        {
            "title": " ".join(film.title.split()),
            "subtitle": " ".join(lecture.split()) if lecture != film.title else "",
            "beats": _beats(told, film, begin),
        }
        for film, begin in told.begun()
    ]
    data = {"count": told.options.handout, "lessons": lessons}
    target = folder / f"{told.name}{ENDING}"
    return write_pages(
        _TEMPLATE, data, target, title=told.title, language=told.language, pictures=pictures
    )


def _beats(told: Told, film: Filmed, begin: float) -> list[dict[str, Any]]:
    """Return what is shown of a lesson's beats; its title's card has become a heading."""
    video = quote(f"{told.name}{VIDEO_ENDING}")
    found = []
    for shot, (beat, still) in zip(film.shots, film.printed(), strict=True):
        if shot.number == 1 and film.lesson.job.card is not None:
            continue
        picture = film.work / f"{film.lesson.name}.print" / f"{shot.name}.png"
        if not picture.exists():  # it was not for the other handout
            _write_picture(still, picture)
        at = begin + shot.first / film.result.fps
        found.append(
            {
                "caption": " ".join((beat.caption or film.title).split()),
                "script": spoken(beat, told.language),
                "formulas": [_formula(it) for it in beat.formulas],
                "description": description(beat, told.language) or beat.name,
                "time": f"{int(at) // 60}:{int(at) % 60:02}",
                "link": f"{video}#t={at:g}",
                "picture": f"/{picture.relative_to(film.work).as_posix()}",
                "share": film.result.width / film.result.height,
            }
        )
    return found


def _formula(markup: str) -> dict[str, str]:
    """Return mathematics, and how it is read to those who do not see it."""
    return {"typst": markup, "said": plain_text(f"${markup}$")}


def _write_picture(still: bytes, target: Path) -> None:
    """Write a still without colours that it does not have."""
    from PIL import Image

    target.parent.mkdir(exist_ok=True)
    picture = Image.open(io.BytesIO(still)).convert("RGB")
    grey = picture.convert("L")
    if grey.convert("RGB").tobytes() == picture.tobytes():
        picture = grey
    picture.save(target, "PNG")


HANDOUT = Item((ENDING,), _write, needs_print=True)
