"""The page: what stands in it, put together from its files, its words and a lecture's values."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from backprop_studio.render.kit.player.story import Medium, Story

PROGRAM = (
    *("dom", "lecture", "media", "film", "show", "telling", "stage", "subtitles", "question"),
    *("bar", "details", "overview", "presenter", "keys", "main"),
)
"""The page's program, part by part: each uses only those before it."""

COURSE = "course"
"""The part that speaks to a learning platform."""

_PIECE = 3 << 18
"""Bytes of a film in one piece: the page decodes it in a few milliseconds."""

_PLACE = re.compile(r"<!-- (words|word|put): ([\w ]+?) -->")


def page_text(story: Story, *, sources: Iterable[str] = (), for_course: bool = False) -> str:
    """Return the page up to its end, at which its media can follow.

    Parameters
    ----------
    sources : iterable of str
        Addresses of the media, if they are files of their own.
    for_course : bool
        Whether it tells a learning platform how far the viewer is.
    """
    values = story.values
    sources = list(sources)
    if sources:
        media = [it | {"source": s} for it, s in zip(values["media"], sources, strict=True)]
        values = values | {"media": media}
    parts = [*PROGRAM[:-1], *([COURSE] if for_course else []), PROGRAM[-1]]
    program = "\n".join(_asset(f"{it}.js") for it in parts)
    put = {
        "language": values["language"],
        "title": escape(" ".join(values["title"].split())),
        "style": _asset("style.css") + _asset("panels.css"),
        "icons": _asset("icons.svg"),
        "story": json_in_page(values),
        "program": f'(() => {{\n"use strict";\n{program}\n}})();',
    }
    return _filled(_asset("page.html"), put, values["words"])


def media_text(media: Iterable[Medium]) -> Iterator[str]:
    """Yield the media as they stand in the page, piece by piece."""
    for number, medium in enumerate(media):
        for piece in _pieces(medium.content):
            text = b64encode(piece).decode()
            yield f'<script type="text/plain" data-medium="{number}">{text}</script>\n'
        yield f'<script type="text/plain" data-medium="{number}" data-whole></script>\n'


END = "</body>\n</html>\n"


def json_in_page(values: Any) -> str:
    r"""Return values as JSON that cannot end the script element in which it stands.

    Examples
    --------
    >>> json_in_page("</script><!-- é")
    '"\\u003c/script>\\u003c!-- é"'
    """
    return json.dumps(values, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        for at in range(0, len(content), _PIECE):
            yield content[at : at + _PIECE]
        return
    with content.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _filled(text: str, put: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Put everything into its place, in one pass: what is put in is not looked through."""

    def found(place: re.Match[str]) -> str:
        return put[place[2]] if place[1] == "put" else escape(words[place[2]])

    return _PLACE.sub(found, text)


def _asset(name: str) -> str:
    folder: Traversable = files(__package__) / "assets"
    return (folder / name).read_text(encoding="utf-8")
