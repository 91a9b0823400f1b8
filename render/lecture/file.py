"""The lecture file: data only, checked to the last key before anything is drawn.

Whoever opens a lecture may not know who wrote it. So it holds no code, and no path in it leads out
of its own folder, whether by ``..``, by ``~`` or by a link.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import LANGUAGES, N_
from backprop_studio.core.base.messages import sentence
from backprop_studio.core.base.parameters import Theme
from backprop_studio.core.base.user_files import kind_of_file, read_text, toml_values
from backprop_studio.core.base.validation_messages import one_line, shown, validation_message
from backprop_studio.render.catalogue import require_scene
from backprop_studio.render.files.data_paths import PATH_KEYS
from backprop_studio.render.messages.frame_format import Quality
from backprop_studio.render.messages.jobs import Language

__all__ = [
    "FORMAT",
    "Lecture",
    "Part",
    "in_language",
    "lecture_of",
    "read_lecture",
]

FORMAT = 1
MAX_PARTS = 200
MAX_DEPTH = 30
"""Of the tables and lists in a part's parameters."""

MAX_TITLE = 200
"""Letters."""

_KIND = N_("lecture file")
_OUTSIDE = "must be a path within the lecture's own folder, without '..' and '~'"

M = TypeVar("M", bound=BaseModel)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _each_once(languages: tuple[str, ...]) -> tuple[str, ...]:
    if not languages or len(set(languages)) < len(languages):
        raise ValueError(f"expected one or more of {', '.join(LANGUAGES)}, each once")
    return languages


def _title(value: Any) -> Any:
    """Check a title here: of a union, pydantic complains in words of its own."""
    if isinstance(value, dict):
        for language in value:
            if language not in get_args(Language):
                raise ValueError(f"expected a text for each of {', '.join(LANGUAGES)}")
    for text in value.values() if isinstance(value, dict) else [value]:
        if not isinstance(text, str):
            raise ValueError("expected a text, or a table with one for each language")
        if len(text) > MAX_TITLE:
            raise ValueError(f"expected at most {MAX_TITLE} letters, found {len(text)}")
        if any(unicodedata.category(it) == "Cc" and it != "\n" for it in text):
            raise ValueError("expected letters that can be seen, found a control character")
    return value


Title: TypeAlias = Annotated[str | dict[Language, str], PlainValidator(_title)]
"""One text for all languages, or a table with one for each."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(_Data):
    """One lesson of a lecture.

    Attributes
    ----------
    scene : str
        Id in the catalogue.
    title : str or dict
        On the card before the lesson; empty is the scene's own.
    notes : str
        For the speaker.
    params : dict
        The scene's parameters; paths in it are absolute once the file is read.
    """

    scene: str
    title: Title = ""
    notes: str = ""
    params: dict[str, Any] = Field(default_factory=dict)


class Header(_Data):
    """What a lecture says about itself."""

    format: Literal[1]
    title: Title
    languages: Annotated[
        tuple[Language, ...], BeforeValidator(_tuple), AfterValidator(_each_once)
    ] = ("en",)
    quality: Quality = "m"
    theme: Theme = "dark"


class Lecture(_Data):
    """A lecture as its file describes it.

    Attributes
    ----------
    header : Header
    parts : tuple of Part
        In their order.
    path : Path
        The file.
    """

    header: Header
    parts: tuple[Part, ...]
    path: Path


def in_language(title: str | dict[Language, str], language: Language) -> str:
    """Return a title in a language, or in the first it has.

    Examples
    --------
    >>> in_language("Week 1", "zh"), in_language({"en": "Week 1", "zh": "第一周"}, "zh")
    ('Week 1', '第一周')
    """
    if isinstance(title, str):
        return title
    return title.get(language) or next(iter(title.values()), "")


def read_lecture(path: Path) -> Lecture:
    """Read a lecture file.

    Raises
    ------
    InputError
        With one sentence: line and column of wrong TOML, or which part and key is wrong and what is
        allowed.
    """
    return lecture_of(read_text(path, _KIND), path)


def lecture_of(text: str, path: Path) -> Lecture:
    """Read a lecture from the text that its file has, or shall have.

    Raises
    ------
    InputError
        As :func:`read_lecture` does.
    """
    values = toml_values(text, path, _KIND)
    _check_format(path, values)
    parts = values.pop("part", None)
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_PARTS:
        text = N_("the {kind} {file} needs 1 to {most} lessons, each below [[part]]")
        kind = kind_of_file(_KIND)
        raise InputError("lecture.parts", text, kind=kind, file=path, most=MAX_PARTS)
    return Lecture(
        header=_checked(Header, values, f"In {path.name}"),
        parts=tuple(_part(path, number, part) for number, part in enumerate(parts, start=1)),
        path=path,
    )


def _check_format(path: Path, values: dict[str, Any]) -> None:
    found = values.get("format")
    if found is None:
        text = N_("the {kind} {file} does not say format = {format}")
        kind = kind_of_file(_KIND)
        raise InputError("lecture.format", text, kind=kind, file=path, format=FORMAT)
    if isinstance(found, bool):  # which Python takes for a number
        raise InputError(f"In {path.name}: Wrong value for format: {shown(found)}; expected 1.")
    if isinstance(found, int) and found > FORMAT:
        text = N_(
            "the {kind} {file} has format {found}, which needs a newer version; "
            "this one reads {format}"
        )
        fields = {"kind": kind_of_file(_KIND), "file": path, "found": found, "format": FORMAT}
        raise InputError("lecture.newer", text, **fields)


def _part(path: Path, number: int, given: Any) -> Part:
    where = f"In {path.name}, part {number}"
    if not isinstance(given, dict):
        raise InputError(f"{where}: expected keys with values.")
    part = _checked(Part, given, where)
    try:
        require_scene(part.scene)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    return part.model_copy(update={"params": _within(part.params, path, where)})


def _checked(model: type[M], values: dict[str, Any], where: str) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(f"{where}: {sentence(validation_message(model, error))}") from error


def _within(value: Any, path: Path, where: str, key: str = "params", depth: int = 0) -> Any:
    """Return parameters with every path in them made absolute, if it is allowed."""
    if depth > MAX_DEPTH:
        raise InputError(f"{where}: params is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, dict):
        return {k: _within(v, path, where, f"{key}.{k}", depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_within(item, path, where, key, depth + 1) for item in value]
    if isinstance(value, str) and key.rpartition(".")[2] in PATH_KEYS and value:
        return _own_path(value, path, f"{where}: {key}")
    return value


def _own_path(text: str, path: Path, where: str) -> str:
    """Return where a path in a lecture leads, which is within its folder."""
    refusal = InputError(one_line(f"{where} is {shown(text)}; it {_OUTSIDE}."))
    pieces = text.replace("\\", "/").split("/")
    # A drive letter is absolute where the next reader may be, even if not here.
    if ".." in pieces or text.startswith("~") or pieces[0] == "" or pieces[0].endswith(":"):
        raise refusal
    try:
        folder = path.resolve().parent
        target = Path(os.path.realpath(folder / text))
    except (OSError, ValueError, RuntimeError) as error:
        raise refusal from error
    if not target.is_relative_to(folder):
        raise refusal
    return str(target)
