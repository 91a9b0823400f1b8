"""What a lesson is in a cell: HTML, a picture, and a line of text."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.notebook.display.page import in_attribute

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language
    from backprop_studio.notebook.display.page import Played

_PLAYER = N_("Player of the lesson {title}")
_ABOUT = N_("Lesson: {title}")
_LONG = N_("{steps} steps, {minutes}:{seconds:02} minutes")
_WAITS = N_("The player stands here once it is made.")
_UNTRUSTED = N_("This notebook shows the picture only. Trust it to play the lesson here.")

_BARS = "9.5rem"
"""Height of what the player has above and below its picture; without it a text stands there."""


@dataclass(frozen=True)
class Poster:
    """The picture that stands for a lesson.

    Attributes
    ----------
    png : bytes
    title : str
    language : {"en", "zh"}
    """

    png: bytes
    title: str
    language: Language


def poster_bundle(poster: Poster) -> dict[str, Any]:
    """Return what is shown while the player is made."""
    tr = translator(poster.language)
    lines = [tr(_ABOUT).format(title=poster.title), tr(_WAITS)]
    return _bundle(poster, lines, "")


def player_bundle(poster: Poster, played: Played, *, source: str = "") -> dict[str, Any]:
    """Return what is shown when the player is made.

    It has no script of its own beside the frame's, so that a notebook that is not trusted, which
    takes the frame out, shows the picture and the text that are behind it.

    Parameters
    ----------
    source : str
        Address of the page, if it is a file beside the notebook.
    """
    tr = translator(poster.language)
    name = escape(tr(_PLAYER).format(title=poster.title), quote=True)
    page = f'src="{escape(source, quote=True)}"' if source else None
    page = page or f'srcdoc="{in_attribute(played.page)}"'
    # The frame's own shape is that of a stranger's page: nothing in it reaches the notebook.
    frame = (
        f'<iframe title="{name}" sandbox="allow-scripts allow-popups" '
        'allow="autoplay; fullscreen" '
        'style="position:absolute;left:0;top:0;width:100%;height:100%;border:0" '
        f"{page}></iframe>"
    )
    minutes, seconds = divmod(round(played.seconds), 60)
    long = tr(_LONG).format(steps=played.steps, minutes=minutes, seconds=seconds)
    lines = [f"{tr(_ABOUT).format(title=poster.title)} ({long})", tr(_UNTRUSTED)]
    return _bundle(poster, lines, frame)


def _bundle(poster: Poster, lines: list[str], frame: str) -> dict[str, Any]:
    webp = b64encode(_webp(poster.png)).decode()
    alt = escape(lines[0], quote=True)
    text = "<br>".join(map(escape, lines))
    html = (
        '<div style="position:relative;max-width:854px;min-width:20rem">'
        f'<img src="data:image/webp;base64,{webp}" alt="{alt}" '
        'style="display:block;width:100%;height:auto">'
        f'<div style="min-height:{_BARS};padding:.5rem 0">{text}</div>'
        f"{frame}</div>"
    )
    return {
        "text/html": html,
        "image/png": b64encode(poster.png).decode(),
        "text/plain": lines[0],
    }


def _webp(png: bytes) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(stream, "WEBP", quality=85, method=4)
    return stream.getvalue()
