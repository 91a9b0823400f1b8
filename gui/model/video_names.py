"""What the file of a video is called: a template with fields, filled for a job."""

from __future__ import annotations

import re
import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, get_args

from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.data_paths import PATH_KEYS
from backprop_studio.render.messages.frame_format import FrameShape

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat
    from backprop_studio.render.messages.jobs import VideoJob

DEFAULT_TEMPLATE = "{scene}-{settings}-{quality}-{language}"

FIELD_TITLES = {
    "scene": N_("Scene"),
    "title": N_("Title of the lesson"),
    "settings": N_("Settings that are not the scene's own"),
    "quality": N_("Quality"),
    "shape": N_("Shape of the picture"),
    "language": N_("Language of the lesson"),
    "colours": N_("Colours"),
    "date": N_("Date"),
    "time": N_("Time"),
}
"""The fields of a template, and what each stands for."""

MOST_SETTINGS = 48
MOST_BYTES = 160
"""Of a name: leaves room for a number, an ending and what other programs put before it."""

_FIELD = re.compile(r"([-_., ]*)\{(\w*)\}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f{}]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def unknown_fields(template: str) -> list[str]:
    """Return what stands in braces and is no field.

    Examples
    --------
    >>> unknown_fields("{scene} {titel}")
    ['titel']
    """
    return [name for _before, name in _FIELD.findall(template) if name not in FIELD_TITLES]


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a name without ending that every system takes.

    A field without a value goes with the signs before it.

    Examples
    --------
    >>> filled("{scene}-{settings}-{quality}", {"scene": "backprop", "quality": "720p"})
    'backprop-720p'
    >>> filled("a/b: {title}?", {"title": "con"})
    'a_b_ con'
    """

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[2], "")
        return match[1] + value if value else ""

    name = _FORBIDDEN.sub("_", _FIELD.sub(value_of, template)).strip(" .-_,")
    name = name.encode("utf-8", "ignore")[:MOST_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if not name:
        return values.get("scene") or "video"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def values_for(job: VideoJob, title: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the fields of a template stand for in a job.

    Parameters
    ----------
    job : VideoJob
        What is drawn.
    title : str
        Of the lesson, in its language.
    names : mapping, optional
        From each copy of a data file to what the user calls it.
    """
    picture = job.picture
    shape = shape_of(picture.width, picture.height)
    return {
        "scene": job.scene,
        "title": title,
        "settings": _settings(job.params, names or {}),
        "quality": quality_text(picture),
        "shape": shape.replace(":", "x"),
        "language": job.language,
        "colours": job.theme,
        "date": time.strftime("%Y-%m-%d"),
        "time": time.strftime("%H%M"),
    }


def free_path(folder: Path, name: str, ending: str, taken: Container[str] = ()) -> Path:
    """Return a path that nothing has yet; a number makes it so.

    Parameters
    ----------
    folder : Path
        Where; it is looked into.
    name, ending : str
        Wished for.
    taken : container of str
        Further names that are promised to somebody, in small letters.
    """
    there = {it.name.casefold() for it in folder.iterdir()}
    number = 1
    while True:
        found = f"{name}-{number}{ending}" if number > 1 else f"{name}{ending}"
        if found.casefold() not in there and found.casefold() not in taken:
            return folder / found
        number += 1


def shape_of(width: int, height: int) -> FrameShape:
    """Return the shape of a picture: that whose sides it is nearest to."""
    ratio = width / height
    shapes: tuple[FrameShape, ...] = get_args(FrameShape)
    return min(shapes, key=lambda it: abs(ratio - _ratio(it)))


def quality_text(picture: FrameFormat) -> str:
    """Return the size of a picture as it is called."""
    side = min(picture.width, picture.height)
    return "4K" if side == 2160 else f"{side}p"


def _ratio(shape: str) -> float:
    width, height = shape.split(":")
    return int(width) / int(height)


def _settings(params: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return as many parameters as there is room for."""
    text = ""
    for name, value in _leaves(params):
        is_path = name in PATH_KEYS and isinstance(value, str)
        short = PurePath(names.get(value, value)).stem if is_path else _short(value)
        longer = "-".join(filter(None, (text, name, short)))
        if len(longer) > MOST_SETTINGS:
            break
        text = longer
    return text


def _leaves(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in params.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield name, value


def _short(value: Any) -> str:
    """Return a value so that it can be part of a name; a table is only named."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return "" if any(isinstance(it, list) for it in value) else "-".join(map(_short, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if value is None:
        return "none"
    return str(value)
