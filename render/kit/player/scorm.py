"""A course package for learning platforms: SCORM 1.2 with the player as its one object."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as Tree

from backprop_studio.render.kit.item import Item
from backprop_studio.render.kit.player.page import END, page_text
from backprop_studio.render.kit.player.story import story_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backprop_studio.render.kit.told import Told

ENDING = ".scorm.zip"
PAGE, MANIFEST, MEDIA = "index.html", "imsmanifest.xml", "media"

_IMS = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMAS = f"{_IMS} imscp_rootv1p1p2.xsd {_ADL} adlcp_rootv1p2.xsd"

_LONGEST_TITLE = 200
"""Letters that the specification lets a title have."""

_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time of each file in a package, so that equal lectures are equal packages."""


def _write(told: Told, folder: Path) -> None:
    story = story_of(told)
    names = [f"{MEDIA}/{it.name}" for it in story.media]
    page = page_text(story, sources=map(quote, names), for_course=True) + END
    with zipfile.ZipFile(folder / f"{told.name}{ENDING}", "w") as package:
        # The manifest has to be at the root, and platforms look for it first.
        _put(package, MANIFEST, manifest(told.title, told.name, [PAGE, *names]), packed=True)
        _put(package, PAGE, page.encode(), packed=True)
        for name, medium in zip(names, story.media, strict=True):
            _put(package, name, medium.content)


def _put(
    package: zipfile.ZipFile, name: str, content: bytes | Path, *, packed: bool = False
) -> None:
    about = zipfile.ZipInfo(name, _WHEN)
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    if isinstance(content, bytes):
        package.writestr(about, content, kind)
        return
    about.file_size = content.stat().st_size
    with content.open("rb") as source, package.open(about, "w") as target:
        while piece := source.read(1 << 20):
            target.write(piece)


def manifest(title: str, name: str, names: Sequence[str]) -> bytes:
    """Return the manifest of a package.

    Parameters
    ----------
    title : str
        Of the course.
    name : str
        What it is made of, from which its identifiers come.
    names : sequence of str
        Its files, the first of which is what the platform opens.
    """
    Tree.register_namespace("", _IMS)
    Tree.register_namespace("adlcp", _ADL)
    Tree.register_namespace("xsi", _XSI)
    own = hashlib.sha256(name.encode()).hexdigest()[:16]  # a name may have letters that ids may not
    root = Tree.Element(
        f"{{{_IMS}}}manifest",
        {"identifier": f"lecture_{own}", "version": "1.1", f"{{{_XSI}}}schemaLocation": _SCHEMAS},
    )
    about = _below(root, "metadata")
    _below(about, "schema", "ADL SCORM")
    _below(about, "schemaversion", "1.2")
    courses = _below(root, "organizations", default=f"course_{own}")
    course = _below(courses, "organization", identifier=f"course_{own}")
    line = " ".join(_allowed(title).split())[:_LONGEST_TITLE]
    _below(course, "title", line)
    item = _below(course, "item", identifier=f"item_{own}", identifierref=f"player_{own}")
    _below(item, "title", line)
    resources = _below(root, "resources")
    player = _below(
        resources,
        "resource",
        **{"identifier": f"player_{own}", "type": "webcontent", f"{{{_ADL}}}scormtype": "sco"},
        href=names[0],
    )
    for it in names:
        _below(player, "file", href=quote(it))
    Tree.indent(root)
    made: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _allowed(text: str) -> str:
    """Return a text without the signs that no XML may have."""
    return "".join(it for it in text if it >= " " or it in "\t\n\r")


def _below(above: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    child = Tree.SubElement(above, f"{{{_IMS}}}{name}", attributes)
    child.text = text
    return child


SCORM = Item((ENDING,), _write, of_lesson=False, needs_material=True)
