"""Pages as PDF, set by Typst: a template of ours, and all texts as data that nothing reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language

_STANDARD: Literal["ua-1"] = "ua-1"
"""What a PDF must be so that it can be read to those who do not see it."""

_REGIONS = {"en": "US", "zh": "CN"}


def write_pages(
    template: Path,
    data: Mapping[str, Any],
    target: Path,
    *,
    title: str,
    language: Language,
    pictures: Path | None = None,
) -> Message | None:
    """Set pages and write them to a file; equal pages are equal files.

    Parameters
    ----------
    template : Path
        Typst; it finds ``data`` and what is the same for all pages in ``sys.inputs``.
    data : mapping
        What JSON can say. Nothing of it is markup but what the template takes for it.
    title : str
        Of the document.
    pictures : Path, optional
        The folder whose files the data names; else no file can be read.

    Returns
    -------
    Message or None
        Which characters stand there as boxes, because no face has a shape for them.

    Raises
    ------
    StudioError
        If Typst cannot set them.
    """
    import typst

    from backprop_studio.scenes.paint.compiler import (
        CODE_FONT,
        FONT,
        LATIN_FONT,
        house_folders,
        house_fonts,
    )

    head = {
        "title": " ".join(title.split()),
        "language": language,
        "region": _REGIONS[language],
        "fonts": {"latin": LATIN_FONT, "chinese": FONT, "code": CODE_FONT},
    }
    root, given = str(pictures or template), json.dumps({**head, **data}, ensure_ascii=False)

    def compiled(fonts: Any, standards: list[Literal["ua-1"]]) -> Any:
        return typst.Compiler(root=root, font_paths=fonts).compile(
            input=template.read_bytes(),
            format="pdf",
            sys_inputs={"data": given},
            pdf_standards=standards,  # type: ignore[arg-type]  # one of them is one of all
            timestamp=0,
        )

    boxes = None
    try:
        try:
            pdf = compiled(house_fonts(), [_STANDARD])
        except typst.TypstError:
            # The standard forbids a letter of which no face has a shape, such as a picture that
            # somebody says: this system may have one, and else a box stands there.
            fonts = typst.Fonts(font_paths=house_folders())
            try:
                pdf = compiled(fonts, [_STANDARD])
            except typst.TypstError:
                pdf = compiled(fonts, [])
                boxes = _boxes(given, fonts)
    except typst.TypstError as error:
        text = N_("the pages could not be set: {reason}")
        raise StudioError("pages.unset", text, reason=error.message) from error
    assert isinstance(pdf, bytes)
    target.write_bytes(pdf)
    return boxes


def _boxes(given: str, fonts: Any) -> Message | None:
    """Return which characters of what was given have no shape in any of these faces."""
    import typst

    from backprop_studio.scenes.paint.compiler import quoted
    from backprop_studio.scenes.paint.glyphs import named, undrawn

    def is_set(sign: str) -> bool:
        page = f'#set document(title: "a")\n#{quoted(sign)}'.encode()
        try:
            typst.compile(page, format="pdf", font_paths=fonts, pdf_standards=[_STANDARD])
        except typst.TypstError:
            return False
        return True

    if not (found := [named(sign) for sign in undrawn(given) if not is_set(sign)]):
        return None  # it is for another reason that they are no pages to be read aloud
    text = N_("no font here has a shape for {characters}; a box stands in its place")
    return Message.of("pages.boxes", text, characters=listed(found))
