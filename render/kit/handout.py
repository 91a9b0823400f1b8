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
    from backprop_studio.render.kit.told import Filmed, Told

ENDING = ".handout.pdf"

_TEMPLATE = Path(__file__).with_name("handout.typ")


def _write(told: Told, folder: Path) -> None:
    from backprop_studio.render.kit.pages import write_pages

    pictures = told.films[0].work / f"{told.name}.handout"
    pictures.mkdir(parents=True, exist_ok=True)
    lecture = in_language(told.lecture.header.title, told.language)
    lessons = [
        {
            "title": " ".join(film.title.split()),
            "subtitle": " ".join(lecture.split()) if lecture != film.title else "",
            "beats": _beats(told, film, begin, pictures, number),
        }
        for number, (film, begin) in enumerate(told.begun(), start=1)
    ]
    data = {"count": told.options.handout, "lessons": lessons}
    target = folder / f"{told.name}{ENDING}"
    write_pages(
        _TEMPLATE, data, target, title=told.title, language=told.language, pictures=pictures
    )


def _beats(
    told: Told, film: Filmed, begin: float, pictures: Path, lesson: int
) -> list[dict[str, Any]]:
    """Return what is shown of a lesson's beats; its title's card has become a heading."""
    video = quote(f"{told.name}{VIDEO_ENDING}")
    found = []
    for shot, still in zip(film.shots, film.printed_stills(), strict=True):
        if shot.number == 1 and film.lesson.job.card is not None:
            continue
        name = f"{lesson:03}-{shot.name}.png"
        share = _write_picture(still, pictures / name)
        at = begin + shot.first / film.result.fps
        found.append(
            {
                "caption": " ".join((shot.beat.caption or film.title).split()),
                "script": spoken(shot.beat, told.language),
                "formulas": [_formula(it) for it in shot.beat.formulas],
                "description": description(shot.beat, told.language) or shot.beat.name,
                "time": f"{int(at) // 60}:{int(at) % 60:02}",
                "link": f"{video}#t={at:g}",
                "picture": f"/{name}",
                "share": share,
            }
        )
    return found


def _formula(markup: str) -> dict[str, str]:
    """Return mathematics, and how it is read to those who do not see it."""
    return {"typst": markup, "said": plain_text(f"${markup}$")}


def _write_picture(still: bytes, target: Path) -> float:
    """Write a still as small as it can be, and return how much wider than high it is."""
    from PIL import Image

    picture = Image.open(io.BytesIO(still)).convert("RGB")
    grey = picture.convert("L")
    if grey.convert("RGB").tobytes() == picture.tobytes():
        picture = grey
    picture.save(target, "PNG", optimize=True)
    return picture.width / picture.height


HANDOUT = Item((ENDING,), _write, needs_print=True)
