"""The compiler that sets every text, and the faces it takes for it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
import typst

FONT = "Noto Sans CJK SC"
LATIN_FONT = "Backprop Studio Sans"
"""Of Latin, Greek, Cyrillic and what stands between words; ``tools/face.py`` makes it."""

CODE_FONT = "DejaVu Sans Mono"

_CHINESE = re.compile("[\u2e80-\u303e\u3400-\u9fff\uff00-\uffee]")


def quoted(text: str) -> str:
    """Return a text as a string of Typst's."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def faces_of(source: str, language: str, *, code: bool = False) -> str:
    """Return the faces of a text, of which the first that has a shape for a character draws it."""
    # Chinese has quotation marks, dashes and dots of its own, as wide as a character.
    is_chinese = language == "zh" and _CHINESE.search(source)
    own = ', covers: "latin-in-cjk"' if is_chinese else ""
    faces = [f"(name: {quoted(LATIN_FONT)}{own})", quoted(FONT)]
    return f"({', '.join([quoted(CODE_FONT), *faces] if code else faces)})"


def compiled(document: str) -> bytes:
    """Return a whole Typst document as SVG, set with the house's fonts."""
    svg: bytes = _compiler().compile(input=document.encode(), format="svg")
    return svg


def house_folders() -> list[str]:
    """Return the folders of the faces that come with the installation."""
    return [str(Path(__file__).parent / "faces"), str(Path(manimgx_fonts_cjk.__file__).parent)]


@cache
def house_fonts() -> Any:
    """Return these faces, and no other."""
    return typst.Fonts(include_system_fonts=False, font_paths=house_folders())


@cache
def _compiler() -> Any:
    """Return the warm compiler; its root is no folder at all, so that no text reads a file."""
    return typst.Compiler(root=__file__, font_paths=house_fonts())
